"""The files of deploy/, read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.storage import ROOT

DEPLOY = ROOT / "deploy"
Document = dict[str, Any]


def documents(path: Path) -> list[Document]:
    """All documents of a YAML file."""
    return [each for each in yaml.safe_load_all(path.read_text("utf-8")) if each]


def known_variables() -> set[str]:
    """What settings.py reads from the environment, and what a node's script does."""
    files = (ROOT / "forumcrawl" / "settings.py", DEPLOY / "scrapyd" / "node.py")
    text = "\n".join(path.read_text("utf-8") for path in files)
    return set(re.findall(r"environ(?:\.get)?[\[(]\s*\"(\w+)\"", text))


def strings(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def is_pinned(image: str) -> bool:
    """A tag that names a full version, or a digest."""
    return bool(re.fullmatch(r"[\w./-]+(:v?\d+\.\d+(\.\d+)?[\w.-]*|@sha256:[0-9a-f]{64})", image))
