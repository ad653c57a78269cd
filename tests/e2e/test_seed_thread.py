"""The thread the project began with, from its page to its documents, every field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.e2e.crawling import Document, Site
from tests.replica.process import ReplicaProcess
from tests.replica.seed_thread import PARAGRAPHS

PICTURES = ("b2c55502-1679-43f8-b580-1ebaa3c37bd5_16x9_1200x676.jpg", "d66f811f-09b5-49c0-ade1-45c88c963624.jpg")
CONTENT_OF_THREAD = {
    "title": "موسكو: تواصل وثيق مع إيران وتركيا لتحقيق الاستقرار في سوريا",
    "prefixes": ["مقالة"],
    "replies": 0,
    "pages": 1,
    "sticky": False,
    "locked": False,
    "kind": "discussion",
    "poll": None,
}
CARD = {"messages": 69062, "reaction_score": 0, "points": 1, "title": "عضو مميز", "extras": {"الدولة": "مصر"}}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Document, Document, Document]]:
    """The seed thread's documents: thread, post, member."""
    home: Path = tmp_path_factory.mktemp("seed")
    with Site(home) as site, ReplicaProcess(threads=15, language="ar", version="2.3") as replica:
        assert site.crawl(replica.url) == 0, site.log()
        thread_id = replica.world.seed_thread_id
        thread = site.database["threads"].find_one({"_id": f"{replica.forum}/thread/{thread_id}"})
        post = site.database["posts"].find_one({"thread_id": thread_id})
        assert thread is not None
        assert post is not None
        member = site.database["members"].find_one({"member_id": post["author"]["member_id"]})
        assert member is not None
        yield thread, post, member


def test_thread(stored: tuple[Document, Document, Document]) -> None:
    thread, post, _ = stored
    assert {name: thread[name] for name in CONTENT_OF_THREAD} == CONTENT_OF_THREAD
    assert thread["author"] == {"name": "المراسل الآلي", "member_id": post["author"]["member_id"]}
    assert thread["created_at"] == thread["last_post_at"] == post["created_at"]
    assert thread["views"] > 0
    assert thread["board_id"] > 0
    assert thread["tags"] == []
    assert unquote(thread["url"]).endswith(f".{thread['thread_id']}/")


def test_author(stored: tuple[Document, Document, Document]) -> None:
    _, post, member = stored
    assert post["author"]["name"] == member["name"] == "المراسل الآلي"
    assert {name: post["author"][name] for name in CARD} == CARD
    assert {name: member[name] for name in CARD} == CARD
    assert post["author"]["member_id"] > 0
    assert (member["joined_at"], member["joined_raw"]) == (post["author"]["joined_at"], post["author"]["joined_raw"])


def test_text(stored: tuple[Document, Document, Document]) -> None:
    _, post, _ = stored
    lines = [line for line in post["text"].split("\n") if line]
    assert lines[:-1] == [paragraph for paragraph in PARAGRAPHS if paragraph]
    assert lines[-1].startswith("المصدر: https://www.alarabiya.net/arab-and-...")
    assert "موسكو" in post["html"]
    assert post["number"] == 1


def test_source_link_is_whole_behind_its_cut_text(stored: tuple[Document, Document, Document]) -> None:
    _, post, _ = stored
    (link,) = post["links"]
    head, cut, tail = link["text"].partition("...")
    assert (len(head), cut, len(tail)) == (35, "...", 45)
    whole = unquote(link["url"])
    assert whole.startswith("https://www.alarabiya.net/arab-and-")
    assert whole.endswith("يق-مع-ايران-وتركيا-لتحقيق-الاستقرار-في-سوريا-")
    assert len(whole) > len(link["text"])
    assert (link["kind"], link["in_quote"]) == ("external", False)
    assert post["source_url"] == link["url"]


def test_pictures(stored: tuple[Document, Document, Document]) -> None:
    _, post, _ = stored
    assert [image["url"].rpartition("/")[2] for image in post["images"]] == list(PICTURES)
    assert [image["url"].split("/")[2] for image in post["images"]] == ["vid.alarabiya.net"] * 2
    assert [image["alt"] for image in post["images"]] == list(PICTURES)
    assert [(image["in_quote"], image["sha256"]) for image in post["images"]] == [(False, None)] * 2
    assert all(image["proxied"] == bool(image["proxy_url"]) for image in post["images"])


def test_nothing_that_is_not_there(stored: tuple[Document, Document, Document]) -> None:
    _, post, _ = stored
    for name in ("quotes", "attachments", "embeds"):
        assert post[name] == []
    assert post["reactions"] == {"count": 0, "names": []}
    assert post["edited_at"] is None
    assert post["near_duplicate_of"] is None


def test_envelope(stored: tuple[Document, Document, Document]) -> None:
    for document in stored:
        # The thread's row may have been stored before its page.
        assert document["first_seen_at"] <= document["changed_at"] == document["fetched_at"]
        assert document["first_seen_at"].tzinfo is not None
        assert len(document["content_hash"]) == 64
        assert document["run_id"]
        assert document["_id"].startswith(document["forum"] + "/")
        assert document["url"].startswith("http://127.0.0.1:")
