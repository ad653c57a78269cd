"""A home folder for each test, and each test for both servers where it does not care."""

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
    until(lambda: gone(path))


@pytest.fixture(params=["mongodb", "redis"])
def server(request: pytest.FixtureRequest) -> str:
    """Name of the server that a test is about."""
    name: str = request.param
    return name
