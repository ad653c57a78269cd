"""The rows of the closing table."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scrapy.settings import Settings

from forumcrawl.items import Failure
from forumcrawl.stats.summary import failure_facts, host_facts, item_rows, place_facts, run_facts

HERE = {"MONGODB_DATABASE": "forumcrawl", "FORUMCRAWL_HOME": "."}


def test_items_are_listed_by_collection_in_the_order_of_the_documentation() -> None:
    stats = {"items/posts/new": 1234, "items/posts/rejected": 1, "items/boards/unchanged": 2, "items/other/new": 1}
    assert item_rows(stats) == [
        ("boards", "0", "0", "2", "0", "0"),
        ("posts", "1,234", "0", "0", "1", "0"),
        ("other", "1", "0", "0", "0", "0"),
    ]


def test_a_run_is_told_with_everything_that_went_wrong() -> None:
    stats = {
        "finish_reason": "shutdown",
        "elapsed_time_seconds": 3725.4,
        "pages/board": 2,
        "pages/thread": 1000,
        "outcomes/forbidden": 3,
        "retries/503": 4,
        "unread/posts/created_at": 5,
        "downloader/response_status_count/200": 1002,
    }
    assert run_facts(stats, "20261123T190102-ab12cd") == [
        ("ended", "shutdown, after 1:02:05"),
        ("run", "20261123T190102-ab12cd"),
        ("pages", "thread 1,000, board 2"),
        ("responses", "status 200: 1,002"),
        ("no content", "forbidden 3"),
        ("retries", "503 4"),
        ("unread fields", "posts/created_at 5"),
    ]


def test_a_run_without_trouble_says_so_and_one_that_was_killed_too() -> None:
    facts = dict(run_facts({}, "id"))
    assert facts["no content"] == facts["retries"] == "none"
    assert "unread fields" not in facts
    assert facts["ended"] == "killed, after 0:00:00"


def test_failures_are_told_with_outcome_address_and_reason() -> None:
    failures = [Failure(forum="f", url=f"https://f/{n}", outcome="timeout", reason="30 s") for n in (1, 2)]
    assert failure_facts(failures) == [
        ("first failures", "timeout  https://f/1  30 s"),
        ("", "timeout  https://f/2  30 s"),
    ]
    assert failure_facts([]) == []


def test_the_place_is_told_without_a_password() -> None:
    uri = "mongodb://reader:secret@db.example/?replicaSet=a"
    facts = place_facts(Settings({**HERE, "MONGODB_URI": uri}), "mongodb://***@db.example/")
    assert "secret" not in str(facts)
    assert facts[0] == ("stored in", "forumcrawl at mongodb://***@db.example/")
    assert all("$MONGODB_URI" in command for _, command in facts[1:])


def test_an_address_without_secrets_is_written_out() -> None:
    uri = "mongodb://db.example/?replicaSet=a"
    commands = [text for _, text in place_facts(Settings({**HERE, "MONGODB_URI": uri}), "mongodb://db.example/")[1:]]
    assert all(uri in command for command in commands)
    assert not any("scrapy" in command for command in commands)


def test_the_embedded_server_has_to_be_started_first(tmp_path: Path) -> None:
    settings = Settings({**HERE, "MONGODB_URI": None, "FORUMCRAWL_HOME": str(tmp_path)})
    facts = place_facts(settings, "mongodb://127.0.0.1:20000/")
    assert ("", f"files in {tmp_path}") in facts
    program = dict(facts)["type next"].removesuffix(" db")
    assert subprocess.check_output([program, "version"], text=True).startswith("Scrapy ")


def test_each_of_the_busiest_hosts_is_told_by_type() -> None:
    counts = {"host_items/posts/new/forum.example/board": 7, "host_items/posts/new/other.example": 2}
    more = {"host_items/requests/duplicate/forum.example/board": 3, "items/posts/new": 9}
    few = {f"host_items/images/new/{number}.example": 1 for number in range(9)}
    facts = host_facts({**counts, **more, **few})
    assert facts[:2] == [
        ("by host", "forum.example/board: posts new 7; requests duplicate 3"),
        ("", "other.example: posts new 2"),
    ]
    assert len(facts) == 5
