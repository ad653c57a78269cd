"""Arguments: what is given is read, what cannot be used is told in one line."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.spiders.arguments import ArgumentError, ForumArguments, forum_arguments

URL = "https://forum.example/"
NAMES = tuple(field.name for field in dataclasses.fields(ForumArguments))


def refused(name: str, value: str) -> str:
    """The line that a bad value gives."""
    with pytest.raises(ArgumentError) as caught:
        forum_arguments({"url": URL, name: value}, None)
    return str(caught.value)


def test_defaults_are_a_crawl_of_everything_new() -> None:
    assert forum_arguments({}, URL) == ForumArguments(
        url=URL,
        boards=frozenset(),
        max_threads=None,
        members=False,
        sources=True,
        full=False,
        since=None,
        job=None,
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name != "url"])
def test_an_empty_value_is_the_default(name: str) -> None:
    assert forum_arguments({"url": URL, name: ""}, None) == forum_arguments({"url": URL}, None)


def test_a_given_address_wins_over_the_default() -> None:
    assert forum_arguments({"url": " https://other.example/f/ "}, URL).url == "https://other.example/f/"


def test_without_any_address_both_ways_to_name_one_are_told() -> None:
    for given_url in ({}, {"url": ""}):
        with pytest.raises(ArgumentError, match=r"say -a url=.* or set FORUM_URL"):
            forum_arguments(given_url, None)


def test_all_arguments_are_read() -> None:
    given_values = {
        "url": URL,
        "boards": " 3, 1,3,",
        "max_threads": " 10 ",
        "members": "1",
        "sources": "no",
        "full": "TRUE",
        "since": " 2024-12-04 ",
        "job": "nightly",
    }
    assert forum_arguments(given_values, None) == ForumArguments(
        url=URL,
        boards=frozenset({1, 3}),
        max_threads=10,
        members=True,
        sources=False,
        full=True,
        since=datetime(2024, 12, 4, tzinfo=UTC),
        job="nightly",
    )


@pytest.mark.parametrize(
    "url",
    [
        "forum.example",
        "//forum.example/",
        "ftp://forum.example/",
        "javascript:alert(1)",
        "https://",
        "https:///forums/",
        "https://forum.example:99999/",
        "https://forum.example:port/",
        "http://[::1/",
        "forum\n.example",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    said = refused("url", url)
    assert said == f"url={url!r} is no address of a forum: write it like https://forum.example/"
    assert "\n" not in said


@pytest.mark.parametrize("url", ["https://:80/", "https://forum .example/", "http://%zz/"])
def test_what_has_no_possible_host_is_refused(url: str) -> None:
    assert "is no address of a forum" in refused("url", url)


BAD_NUMBERS = ["0", "-1", "1.5", "many", "1e3", "٣", "²", "1 2", "9" * 19, "0x1", "+1", "1\n2"]


@pytest.mark.parametrize("value", BAD_NUMBERS)
def test_a_bad_number_is_told_with_its_name(value: str) -> None:
    assert refused("max_threads", value) == f"max_threads={value!r} is no number above 0"
    assert refused("boards", f"7,{value}") == f"boards={value!r} is no number above 0"


@pytest.mark.parametrize("value", [",", " , ", ",,"])
def test_boards_that_name_none_are_not_taken_for_all(value: str) -> None:
    assert refused("boards", value) == f"boards={value!r} is no number above 0"


@pytest.mark.parametrize("url", ["https://me@forum.example/", "https://me:secret@forum.example/"])
def test_a_user_name_is_refused_and_not_repeated(url: str) -> None:
    said = refused("url", url)
    assert "user name" in said
    assert "secret" not in said


@pytest.mark.parametrize("name", ["members", "sources", "full"])
@pytest.mark.parametrize("value", ["2", "on", "ja", "-1", " x"])
def test_a_bad_flag_is_told_with_its_name(name: str, value: str) -> None:
    assert refused(name, value) == f"{name}={value!r} is neither 1 nor 0"


@pytest.mark.parametrize("value", ["yesterday", "04.12.2024", "2024-13-01", "2024-02-30", "2024-12-04T10:00", "0"])
def test_a_bad_day_is_told_with_an_example(value: str) -> None:
    assert refused("since", value) == f"since={value!r} is no day: write it like 2024-12-04"


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    said = refused("bords", "1")
    assert said.startswith("unknown argument 'bords'")
    assert all(name in said for name in NAMES)


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), st.text(max_size=12)))
def test_any_values_are_read_or_refused_in_one_line(values: dict[str, Any]) -> None:
    try:
        said = forum_arguments(values, URL).url
    except ArgumentError as error:
        said = str(error)
    assert len(said.splitlines()) == 1
