"""Arguments of the spiders for source sites: what is given is read, what cannot be used is told in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.spiders.arguments import (
    ALARABIYA,
    AlArabiyaArguments,
    ArgumentError,
    SourcesArguments,
    alarabiya_arguments,
    sources_arguments,
)

Read = Callable[[Mapping[str, Any]], SourcesArguments | AlArabiyaArguments]


def refused(read: Read, name: str, value: str) -> str:
    """The line that a bad value gives."""
    with pytest.raises(ArgumentError) as caught:
        read({name: value})
    said = str(caught.value)
    assert len(said.splitlines()) == 1
    return said


def test_by_default_all_due_links_are_asked_for() -> None:
    assert sources_arguments({}) == SourcesArguments(site=None, job=None)
    assert sources_arguments({"site": "", "job": ""}) == SourcesArguments()


def test_by_default_the_start_page_of_al_arabiya_is_read() -> None:
    assert alarabiya_arguments({}) == AlArabiyaArguments(url=ALARABIYA, sections=(), since=None, job=None)
    assert alarabiya_arguments({"url": "", "section": "", "since": "", "job": ""}) == AlArabiyaArguments()


@pytest.mark.parametrize(
    ("given_site", "site"),
    [
        ("alarabiya.net", "alarabiya.net"),
        (" WWW.AlArabiya.net ", "alarabiya.net"),
        ("https://www.alarabiya.net/arab-and-world/", "alarabiya.net"),
        ("127.0.0.2:8000", "127.0.0.2:8000"),
        ("http://127.0.0.2:8000/", "127.0.0.2:8000"),
        ("m.youm7.com", "youm7.com"),
    ],
)
def test_a_site_is_named_as_links_have_it(given_site: str, site: str) -> None:
    assert sources_arguments({"site": given_site}).site == site


@pytest.mark.parametrize(
    "site", ["two words", "a.example, b.example", "https://", "://", "a.example:port", "[::1", "%zz"]
)
def test_what_is_no_host_is_told_with_an_example(site: str) -> None:
    assert refused(sources_arguments, "site", site) == f"site={site!r} is no host: write it like alarabiya.net"


def test_all_arguments_of_al_arabiya_are_read() -> None:
    values = {
        "url": " http://127.0.0.2:8000/ ",
        "section": " arab-and-world/syria, /sport/,,",
        "since": "2024-12-04",
        "job": "nightly",
    }
    assert alarabiya_arguments(values) == AlArabiyaArguments(
        url="http://127.0.0.2:8000/",
        sections=("arab-and-world/syria", "sport"),
        since=datetime(2024, 12, 4, tzinfo=UTC),
        job="nightly",
    )


@pytest.mark.parametrize("section", ["a b", "../x", "a//b", "sport?x=1", "https://x.example/sport", "a.xml"])
def test_what_is_no_section_is_told_with_an_example(section: str) -> None:
    said = refused(alarabiya_arguments, "section", section)
    assert said.startswith("section=")
    assert said.endswith("is no section: write it as its address does, like arab-and-world/syria")


@pytest.mark.parametrize("since", ["yesterday", "04.12.2024", "2024-02-30"])
def test_a_bad_day_is_told_with_an_example(since: str) -> None:
    assert refused(alarabiya_arguments, "since", since) == f"since={since!r} is no day: write it like 2024-12-04"


@pytest.mark.parametrize(
    "url", ["alarabiya.net", "ftp://alarabiya.net/", "https://", "https://me:secret@alarabiya.net/"]
)
def test_a_bad_address_is_told(url: str) -> None:
    said = refused(alarabiya_arguments, "url", url)
    assert said.startswith("url=")
    assert "secret" not in said


@pytest.mark.parametrize("read", [sources_arguments, alarabiya_arguments])
def test_a_bad_name_of_a_job_is_told(read: Read) -> None:
    assert refused(read, "job", "a b").startswith("job='a b' is no name of a job")


@pytest.mark.parametrize(
    ("read", "names"),
    [(sources_arguments, "site, job"), (alarabiya_arguments, "url, section, since, job")],
)
def test_an_unknown_name_is_told_with_the_known_ones(read: Read, names: str) -> None:
    said = refused(read, "boards", "1")
    assert said.startswith("unknown argument 'boards': the ")
    assert said.endswith(f" spider takes {names}")


def test_crawls_of_the_same_subject_share_a_job() -> None:
    assert sources_arguments({}).scope == sources_arguments({"job": "x"}).scope == {}
    assert sources_arguments({"site": "www.a.example"}).scope == {"site": "a.example"}
    one = alarabiya_arguments({"url": "https://alarabiya.net/", "section": "/sport/", "job": "x"})
    assert (
        one.scope == alarabiya_arguments({"section": "sport"}).scope == {"site": "alarabiya.net", "sections": "sport"}
    )


@pytest.mark.parametrize("other", [{"since": "2024-12-04"}, {"section": "sport"}, {"url": "http://127.0.0.2:8000/"}])
def test_crawls_of_another_subject_do_not(other: dict[str, str]) -> None:
    assert alarabiya_arguments(other).scope != alarabiya_arguments({}).scope


@given(st.dictionaries(st.sampled_from(["site", "url", "section", "since", "job"]), st.text(max_size=12)))
def test_any_values_are_read_or_refused_in_one_line(values: dict[str, str]) -> None:
    for read in (sources_arguments, alarabiya_arguments):
        try:
            said = ",".join(read(values).scope.values())
        except ArgumentError as error:
            said = str(error)
        assert len(said.splitlines()) <= 1
