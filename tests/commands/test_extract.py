"""`scrapy extract` as one types it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.pages.golden import FIXTURES, actual, jsonable
from tests.storage import ROOT

THREAD = FIXTURES / "ThreadPage" / "xf23_arabic_reporter" / "page.html"
BOARD = FIXTURES / "BoardPage" / "xf22_rows" / "page.html"
MEMBER = FIXTURES / "MemberPage" / "xf22" / "page.html"
LOGIN = FIXTURES / "LoginPage" / "xf22" / "page.html"
ERROR = FIXTURES / "ErrorPage" / "xf20_not_found" / "page.html"
UNKNOWN = FIXTURES / "Unrecognised" / "xf22_whats_new" / "page.html"


def extract(*arguments: str | Path) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, records and what stands on stderr."""
    command = [sys.executable, "-m", "scrapy", "extract", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.fixture
def homeless(tmp_path: Path) -> Path:
    """The thread as a page that does not say where it is from."""
    page = tmp_path / "صفحة محفوظة.html"
    text = re.sub(r'<link rel="canonical"[^>]*>|<meta property="og:url"[^>]*>', "", THREAD.read_text("utf-8"))
    page.write_text(text.replace("<head>", '<head><link rel="canonical" href="index.html">'), "utf-8")
    return page


def test_a_thread_is_json_lines_in_page_order_each_with_type_and_file() -> None:
    code, records, errors = extract(THREAD)
    assert (code, errors) == (0, "")
    assert [each["type"] for each in records] == ["Page", "Thread", "Post", "Post", "Member", "Member"]
    assert {each["file"] for each in records} == {str(THREAD)}
    assert [each["post_id"] for each in records if each["type"] == "Post"] == [20001, 20002]
    without_file = [{name: value for name, value in each.items() if name != "file"} for each in records]
    assert jsonable(without_file) == actual("ThreadPage/xf23_arabic_reporter")


def test_the_first_record_is_the_page() -> None:
    _, records, _ = extract(BOARD)
    own = records[0].pop("board")
    assert (own["type"], own["_id"], own["title"]) == ("Board", "boards.example/board/9", "Here")
    assert records[0] == {
        "type": "Page",
        "template": "forum_view",
        "kind": "thread_list",
        "title": "Here",
        "url": "https://boards.example/forums/here.9/",
        "file": str(BOARD),
    }


def test_threads_read_from_rows_are_marked_and_times_have_an_offset() -> None:
    code, records, _ = extract(BOARD)
    rows = [each for each in records if each["type"] == "Thread"]
    assert code == 0
    assert [each["thread_id"] for each in rows] == [1001, 1002, 1003, 1004, 1005]
    assert {each["from"] for each in rows} == {"row"}
    assert not any("from" in each for each in records if each["type"] != "Thread")
    assert datetime.fromisoformat(rows[0]["last_post_at"]).isoformat() == "2022-06-01T10:00:00+00:00"


def test_several_files_keep_their_order_and_the_highest_exit_code_wins(tmp_path: Path) -> None:
    missing = tmp_path / "missing.html"
    code, records, errors = extract(MEMBER, missing, LOGIN, tmp_path, ERROR, UNKNOWN)
    assert code == 2
    assert [(each["file"], each["type"]) for each in records] == [
        (str(MEMBER), "Page"),
        (str(MEMBER), "Member"),
        (str(LOGIN), "Page"),
        (str(LOGIN), "Outcome"),
        (str(ERROR), "Page"),
        (str(ERROR), "Outcome"),
        (str(UNKNOWN), "Page"),
        (str(UNKNOWN), "Unrecognised"),
    ]
    lines = errors.splitlines()
    assert len(lines) == 2
    assert str(missing) in lines[0]
    assert str(tmp_path) in lines[1]


@pytest.mark.parametrize("pages", [[LOGIN], [ERROR], [UNKNOWN], [MEMBER, ERROR], [UNKNOWN, MEMBER]])
def test_a_page_without_content_is_exit_code_1(pages: list[Path]) -> None:
    code, records, errors = extract(*pages)
    assert (code, errors) == (1, "")
    assert {each["type"] for each in records} & {"Outcome", "Unrecognised"}


def test_outcomes_and_reasons() -> None:
    _, records, _ = extract(ERROR, LOGIN, UNKNOWN)
    assert [each["outcome"] for each in records if each["type"] == "Outcome"] == ["not_found", "login_required"]
    assert [bool(each["reason"]) for each in records if each["type"] == "Unrecognised"] == [True]


def test_an_unreadable_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    code, records, errors = extract(tmp_path / "missing.html")
    assert (code, records) == (2, [])
    assert errors.count("\n") == 1
    assert "missing.html" in errors
    assert "Traceback" not in errors


def test_an_empty_file_is_unrecognised(tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.touch()
    code, records, errors = extract(empty)
    assert (code, errors) == (1, "")
    assert [each["type"] for each in records] == ["Unrecognised"]


def test_without_an_address_there_is_no_id(homeless: Path) -> None:
    code, records, _ = extract(homeless)
    assert code == 0
    assert records[0]["url"] is None
    assert len(records) == 6
    assert [each["_id"] for each in records[1:]] == [None] * 5
    assert {each["file"] for each in records} == {str(homeless)}


def test_a_given_address_makes_the_ids(homeless: Path) -> None:
    _, records, _ = extract("--url", "http://www.saved.example:8080/board/threads/x.15021/page-3", homeless)
    assert records[0]["url"] == "http://www.saved.example:8080/board/threads/x.15021/page-3"
    assert [each["_id"] for each in records[1:4]] == [
        "saved.example:8080/board/thread/15021",
        "saved.example:8080/board/post/20001",
        "saved.example:8080/board/post/20002",
    ]
    assert records[1]["url"] == "http://www.saved.example:8080/board/threads/x.15021/"


def test_a_given_address_wins_over_what_the_page_says() -> None:
    _, told, _ = extract("--url", "https://mirror.example/threads/x.15021/", THREAD)
    assert told[1]["_id"] == "mirror.example/thread/15021"
    assert actual("ThreadPage/xf23_arabic_reporter")[1]["_id"] == "muntada.example/thread/15021"


def test_no_file_is_a_usage_error() -> None:
    code, records, errors = extract()
    assert (code, records) == (2, [])
    assert "name at least one saved page" in errors
    assert "Traceback" not in errors


def test_closed_output_is_no_traceback() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "extract", *[str(BOARD)] * 200],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert json.loads(process.stdout.readline())["type"] == "Page"
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_output_is_utf8_in_any_locale() -> None:
    command = [sys.executable, "-m", "scrapy", "extract", str(THREAD)]
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0
    assert "المراسل الآلي" in done.stdout.decode("utf-8")


def test_an_article_is_a_page_and_an_article() -> None:
    page = ROOT / "tests/pages/articles/fixtures/AlArabiyaPage/long/page.html"
    code, records, errors = extract(page)
    assert (code, errors) == (0, "")
    assert [each["type"] for each in records] == ["Page", "Article"]
    assert (records[0]["template"], records[0]["kind"]) == (None, "article")
    assert records[0]["title"] == records[1]["headline"]
    assert records[1]["_id"].startswith("https://alarabiya.net/arab-and-world/2024/12/04/")
    assert records[1]["url"] == records[0]["url"] == records[1]["_id"].replace("://", "://www.")
    assert records[1]["published_at"].startswith("2024-12-04T")
    assert not {"keys", "sketch", "tail", "run_id"} & records[1].keys()


def test_a_challenge_is_an_outcome_and_exit_code_1() -> None:
    page = next((ROOT / "tests/pages/articles/fixtures").glob("*/challenge*/page.html"))
    code, records, _ = extract(page)
    assert (code, [each["type"] for each in records]) == (1, ["Page", "Outcome"])
    assert records[1]["outcome"] == "forbidden"
