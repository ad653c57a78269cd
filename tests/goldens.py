"""Saved pages, each in a folder with what must be read from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Goldens:
    """The cases below a folder: PageClass/case/page.html, and output.json beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def cases(self) -> list[str]:
        """All cases as "PageClass/case"."""
        return sorted(page.parent.relative_to(self.folder).as_posix() for page in self.folder.glob("*/*/page.html"))

    def body(self, case: str) -> bytes:
        """The saved page of a case."""
        return (self.folder / case / "page.html").read_bytes()

    def expected(self, case: str) -> Any:
        """What must be read, None where nobody wrote it down."""
        golden = self.folder / case / "output.json"
        return json.loads(golden.read_text("utf-8")) if golden.exists() else None

    def write(self, case: str, found: dict[str, Any] | Sequence[Any]) -> None:
        """Take what was found as what must be read."""
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (self.folder / case / "output.json").write_text(f"{text}\n", "utf-8")
