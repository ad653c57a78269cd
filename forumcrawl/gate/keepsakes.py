"""The first page of each kind that did not open, kept for the operator: its HTML, and a picture where there is one."""

from __future__ import annotations

import logging
import re
from pathlib import Path

logger = logging.getLogger(__name__)


def keep(folder: Path, host: str, kind: str, html: bytes, picture: bytes | None) -> Path | None:
    """Write `folder`/host/kind.html and .png over those of an earlier run; where they are, None when that failed."""
    place = folder / re.sub(r"[^\w.-]", "_", host)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        (place / f"{kind}.html").write_bytes(html)
        (place / f"{kind}.png").unlink(missing_ok=True)
        if picture is not None:
            (place / f"{kind}.png").write_bytes(picture)
    except OSError as error:
        logger.warning("A page of %s could not be kept: %s", host, error)
        return None
    return place / f"{kind}.html"
