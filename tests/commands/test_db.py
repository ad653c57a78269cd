"""`scrapy db` as one types it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from pymongo import MongoClient

from tests.storage import ROOT, gone, until


def scrapy_db(home: Path, uri: str = "") -> subprocess.Popen[str]:
    env = {**os.environ, "FORUMCRAWL_HOME": str(home), "MONGODB_URI": uri}
    command = [sys.executable, "-m", "scrapy", "db"]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_an_address_that_works_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    home = tmp_path / "home"
    process = scrapy_db(home)
    try:
        assert process.stdout is not None
        first, shell, example = (process.stdout.readline().strip() for _ in range(3))
        uri = next(word for word in first.split() if word.startswith("mongodb://127.0.0.1:"))
        with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=5000) as client:
            client.forumcrawl.numbers.insert_one({"_id": 1})
        assert shell == f'mongosh "{uri.replace("/?", "/forumcrawl?")}"'
        typed = example.replace("python", sys.executable, 1)
        assert subprocess.check_output(typed, shell=True, text=True, timeout=20) == "['numbers']\n"
        process.send_signal(ending)
        assert process.communicate(timeout=10) == ("", "")
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    until(lambda: gone(home))


def test_a_database_of_the_users_own_is_named_without_its_password(tmp_path: Path) -> None:
    process = scrapy_db(tmp_path / "home", "mongodb://reader:se:cr@t@db.example/forumcrawl?replicaSet=a")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    assert out.endswith(" mongodb://***@db.example/forumcrawl\n")
    assert not (tmp_path / "home").exists()


def test_what_is_wrong_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = scrapy_db(tmp_path / "file" / "home")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("cannot keep the embedded servers in ")
    assert err.count("\n") == 1
