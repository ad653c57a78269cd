"""The pipelines in a real crawl, with a real database."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forumcrawl.storage.mongo import connect
from tests.pipelines.crawl import MANY
from tests.storage.conftest import Server


@pytest.fixture
def own_server(tmp_path: Path) -> Any:
    server = Server(tmp_path / "data")
    server.start()
    yield server
    server.kill()


def started(scenario: str, **settings: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.pipelines.crawl", scenario]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, cwd=Path(__file__).parents[2])
    assert process.stdin
    process.stdin.write(json.dumps(settings))
    process.stdin.close()
    process.stdin = None
    return process


def finished(process: subprocess.Popen[str]) -> tuple[dict[str, Any], str]:
    """What the crawl printed last, and its log."""
    try:
        output, log = process.communicate(timeout=30)
    finally:
        process.kill()
    return json.loads(output.splitlines()[-1]), log


def test_items_go_on_when_they_are_durable_and_are_counted(own_server: Server) -> None:
    told, log = finished(started("items", MONGODB_URI=own_server.uri, STORAGE_BATCH_WAIT=0.01))
    stats = told["stats"]
    expected = {
        "items/posts/new": 30,
        "items/posts/rejected": 1,
        "items/threads/new": 1,
        "items/threads/changed": None,  # the second part of a new thread makes it no changed one
        "items/members/new": 1,
        "items/thread_reads/new": 1,
        "finish_reason": "finished",
        "item_scraped_count": 37,
    }
    assert {name: stats.get(name) for name in expected} == expected
    assert stats["storage/batches"] >= 5
    assert 0 < stats["storage/seconds"] < 30
    assert "storage/retries" not in stats
    assert "Rejected posts:forum.example/post/31: text holds a character that UTF-8 cannot express, at 0" in log
    assert "Traceback" not in log

    async def look() -> None:
        client = connect(own_server.uri)
        try:
            database = client["forumcrawl"]
            keys = {document["_id"] async for document in database.posts.find({}, ["_id"])}
            assert keys == {key for key in told["scraped"] if "/post/" in key and not key.startswith("posts:")}
            post = await database.posts.find_one({"_id": "forum.example/post/2"})
            assert post is not None
            assert post["run_id"] == "the run"
            assert post["fetched_at"] == post["first_seen_at"] is not None
            rejected = await database.rejected.find_one({})
            assert rejected is not None
            assert (rejected["field"], rejected["run_id"]) == ("text", "the run")
        finally:
            await client.close()

    asyncio.run(look())


def test_a_database_that_is_away_for_a_moment_costs_nothing_but_time(own_server: Server) -> None:
    process = started("many", MONGODB_URI=own_server.uri, STORAGE_BATCH_WAIT=0.01)
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    own_server.kill()
    assert process.stderr
    while "The database is away, trying again: " not in process.stderr.readline():
        assert process.poll() is None
    own_server.start()
    told, log = finished(process)
    assert told["stats"]["finish_reason"] == "finished"
    assert told["stats"]["items/posts/new"] == len(told["scraped"]) == MANY
    assert told["stats"]["storage/retries"] >= 1
    assert "Traceback" not in log


def test_a_database_that_stays_away_ends_the_crawl_with_its_reason(own_server: Server) -> None:
    process = started("many", MONGODB_URI=own_server.uri, STORAGE_BATCH_WAIT=0.01, STORAGE_PATIENCE=1)
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    own_server.kill()
    told, log = finished(process)
    stats = told["stats"]
    assert stats["finish_reason"] == "storage_unavailable"
    assert stats["items/posts/new"] == len(told["scraped"])
    assert stats["item_dropped_count"] > 0
    assert log.count("Ending the crawl, nothing more can be stored: no success in 1 s: ") == 1
    assert "Traceback" not in log

    own_server.start()

    async def look() -> set[str]:
        client = connect(own_server.uri)
        try:
            return {document["_id"] async for document in client["forumcrawl"].posts.find({}, ["_id"])}
        finally:
            await client.close()

    assert set(told["scraped"]) <= asyncio.run(look())


def test_an_embedded_server_that_is_killed_is_brought_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = started("many", MONGODB_URI=None, FORUMCRAWL_HOME=str(home))
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    state = json.loads((home / "mongodb.supervisor").read_text())
    subprocess.run(["kill", "-9", str(state["server_pid"])], check=True)
    told, log = finished(process)
    assert told["stats"]["finish_reason"] == "finished"
    assert told["stats"]["items/posts/new"] == len(told["scraped"]) == MANY
    assert "Traceback" not in log


def test_a_crawl_without_its_database_does_not_start(own_server: Server) -> None:
    own_server.kill()
    uri = own_server.uri.replace("://", "://user:geheim@")
    told, log = finished(started("items", MONGODB_URI=uri, STORAGE_PATIENCE=1))
    assert told["error"].startswith("StorageUnavailable: cannot use the MongoDB at mongodb://***@127.0.0.1:")
    assert "geheim" not in told["error"] + log
