"""A home folder for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.storage import gone, until


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home folder yet to be made; every process of it must be gone soon after the test."""
    path = tmp_path / "home"
    yield path
    if (path / "supervisor").exists():
        until(lambda: gone(path))
