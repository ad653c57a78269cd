"""`scrapy db` as one types it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from pymongo import MongoClient
from redis import Redis

from tests.storage import ROOT, gone, until


def scrapy_db(home: Path, *, uri: str = "", url: str = "") -> subprocess.Popen[str]:
    env = {**os.environ, "FORUMCRAWL_HOME": str(home), "MONGODB_URI": uri, "REDIS_URL": url}
    command = [sys.executable, "-m", "scrapy", "db"]
    return subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL
    )


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[IO[str]]:
    """What a process prints; it is gone after the block."""
    assert process.stdout is not None
    try:
        yield process.stdout
    finally:
        process.kill()
        process.communicate()


def typed(example: str) -> str:
    return subprocess.check_output(example.replace("python", sys.executable, 1), shell=True, text=True, timeout=20)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_addresses_that_work_and_ends_cleanly(tmp_path: Path, ending: signal.Signals) -> None:
    home = tmp_path / "home"
    process = scrapy_db(home)
    with ended(process) as output:
        first, shell, example, second, cli, redis_example = (output.readline().strip() for _ in range(6))
        uri = next(word for word in first.split() if word.startswith("mongodb://127.0.0.1:"))
        with MongoClient[dict[str, object]](uri, serverSelectionTimeoutMS=5000) as client:
            client.forumcrawl.numbers.insert_one({"_id": 1})
        assert shell == f'mongosh "{uri.replace("/?", "/forumcrawl?")}"'
        assert typed(example) == "['numbers']\n"
        url = next(word for word in second.split() if word.startswith("redis://127.0.0.1:"))
        with Redis.from_url(url, socket_timeout=5) as redis:
            redis.set("number", 1)
        assert cli == f'redis-cli -u "{url}"'
        assert typed(redis_example) == "[b'number']\n"
        process.send_signal(ending)
        assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0
    until(lambda: gone(home))


def test_servers_of_the_users_own_are_named_without_their_passwords(tmp_path: Path) -> None:
    uri, url = "mongodb://reader:se:cr@t@db.example/forumcrawl?replicaSet=a", "redis://:secret@db.example/1"
    process = scrapy_db(tmp_path / "home", uri=uri, url=url)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")
    mongodb, redis = out.splitlines()
    assert mongodb.endswith(" mongodb://***@db.example/forumcrawl")
    assert redis.endswith(" redis://***@db.example/1")
    assert not (tmp_path / "home").exists()


def test_of_two_servers_that_of_the_users_own_is_not_started(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = scrapy_db(home, uri="mongodb://db.example")
    with ended(process) as output:
        assert output.readline().endswith(" mongodb://db.example\n")
        assert " redis://127.0.0.1:" in output.readline()
        assert not (home / "mongodb").exists()
    until(lambda: gone(home))


def test_what_is_wrong_is_one_line_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = scrapy_db(tmp_path / "file" / "home")
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert err.startswith("cannot keep the embedded servers in ")
    assert err.count("\n") == 1
