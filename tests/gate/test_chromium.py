from __future__ import annotations

from pathlib import Path

import pytest

from forumcrawl.gate.chromium import NoChromium, find_chromium


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_one_that_is_named_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / "bin" / "chromium").parent))
    named = program(tmp_path / "mine")
    assert find_chromium(str(named)) == named


def test_one_that_is_named_and_missing_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(NoChromium, match="BROWSER_PATH names /nowhere/chromium"):
        find_chromium("/nowhere/chromium")


def test_the_system_s_goes_before_playwright_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = program(tmp_path / "bin" / "google-chrome")
    monkeypatch.setenv("PATH", str(found.parent))
    program(tmp_path / "cache" / "chromium-1" / "chrome-linux" / "chrome")
    assert find_chromium(None, str(tmp_path / "cache")) == found


def test_the_newest_of_playwright_s_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for version in ("1100", "1200"):
        newest = program(tmp_path / f"chromium_headless_shell-{version}" / "chrome-linux" / "headless_shell")
    assert find_chromium(None, str(tmp_path)) == newest


def test_none_at_all_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoChromium, match="install Debian's chromium-headless-shell, or name one by BROWSER_PATH"):
        find_chromium(None, str(tmp_path))
