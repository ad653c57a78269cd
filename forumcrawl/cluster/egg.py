"""The project as an egg: what every node is sent."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scrapy.utils.conf import closest_scrapy_cfg

from forumcrawl.cluster.targets import ClusterError

_SECONDS = 120.0  # to build one


@dataclass(frozen=True, slots=True)
class Egg:
    """An egg and the name under which nodes keep it."""

    version: str
    data: bytes = field(repr=False)


def build_egg(version: str = "") -> Egg:
    """Build the project in whose folder we are. By default the version is the time and a hash of the contents.

    Raises ClusterError.
    """
    root = Path(closest_scrapy_cfg()).parent
    if not (root / "setup.py").exists():
        raise ClusterError(f"{root} has no setup.py: run this where the sources are, or name an egg with --egg")
    with tempfile.TemporaryDirectory(prefix="forumcrawl-egg-") as place:
        # Everything it makes lies there: nothing of an earlier build gets in, and two builds do not meet.
        steps = ["egg_info", "--egg-base", place, "build", "--build-base", f"{place}/build"]
        steps += ["bdist_egg", "--dist-dir", f"{place}/dist", "--bdist-dir", f"{place}/bdist"]
        try:
            command = [sys.executable, "-W", "ignore", "setup.py", "-q", *steps]
            subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=_SECONDS)
        except subprocess.CalledProcessError as error:
            last = next((line for line in reversed(error.stderr.splitlines()) if line.strip()), "no reason given")
            raise ClusterError(f"the egg cannot be built: {last.strip()[:300]}") from None
        except subprocess.TimeoutExpired:
            raise ClusterError(f"the egg was not built within {_SECONDS:g} s") from None
        (path,) = Path(place, "dist").glob("*.egg")
        return _named(path.read_bytes(), version)


def read_egg(path: Path, version: str = "") -> Egg:
    """An egg that is there already. Raises ClusterError."""
    try:
        return _named(path.read_bytes(), version)
    except OSError as error:
        raise ClusterError(f"{path} cannot be read: {error.strerror}") from None
    except zipfile.BadZipFile:
        raise ClusterError(f"{path} is no egg: it is not a ZIP file") from None


def _named(data: bytes, version: str) -> Egg:
    # Scrapyd turns every other character into "_", and would list another version than it was sent.
    if version and not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", version):
        raise ClusterError(f"version {version!r} may hold letters, digits, '-' and '_' only")
    with zipfile.ZipFile(io.BytesIO(data)) as egg:
        parts = sorted((each.filename, each.CRC, each.file_size) for each in egg.infolist())
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
    return Egg(version or f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{digest}", data)
