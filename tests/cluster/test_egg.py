"""The egg holds all that the package reads, and says where the settings are."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from forumcrawl.cluster.egg import Egg, build_egg, read_egg
from forumcrawl.cluster.targets import ClusterError
from tests.storage import ROOT


def test_every_file_of_the_package_is_in_the_egg(egg: Egg) -> None:
    with zipfile.ZipFile(io.BytesIO(egg.data)) as opened:
        inside = {name for name in opened.namelist() if name.startswith("forumcrawl/") and not name.endswith(".pyc")}
    files = (path for path in (ROOT / "forumcrawl").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert inside == {str(path.relative_to(ROOT)) for path in files}


def test_it_says_where_the_settings_are(egg: Egg) -> None:
    with zipfile.ZipFile(io.BytesIO(egg.data)) as opened:
        assert b"settings = forumcrawl.settings" in opened.read("EGG-INFO/entry_points.txt")
        assert "EGG-INFO/not-zip-safe" in opened.namelist()


def test_scripts_and_lists_are_read_from_inside_it(egg: Egg, tmp_path: Path) -> None:
    path = tmp_path / "project.egg"
    path.write_bytes(egg.data)
    code = (
        f"import sys; sys.path[:0] = [{str(path)!r}]; import forumcrawl.citing.hosts as hosts\n"
        "from forumcrawl.frontier.scripts import script\n"
        "assert '.egg/' in hosts.__file__; print(len(script('turn').text) > 1000)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.stdout == "True\n", done.stderr


def test_versions_differ_with_the_contents_and_sort_by_time(egg: Egg, tmp_path: Path) -> None:
    path = tmp_path / "other.egg"
    path.write_bytes(egg.data)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("forumcrawl/more.py", "")
    other = read_egg(path)
    assert other.version.rpartition("-")[2] != egg.version.rpartition("-")[2]
    assert other.version > egg.version
    assert read_egg(path, "2026-spring").version == "2026-spring"


@pytest.mark.parametrize(("name", "text", "said"), [("a.egg", b"text", "is no egg"), ("none", None, "cannot be read")])
def test_what_is_no_egg_is_refused(tmp_path: Path, name: str, text: bytes | None, said: str) -> None:
    if text is not None:
        (tmp_path / name).write_bytes(text)
    with pytest.raises(ClusterError, match=said):
        read_egg(tmp_path / name)


def test_a_version_that_scrapyd_would_change_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="may hold letters"):
        build_egg("1.0")
