"""The hash of a stored picture reaches all that show it, whatever is durable first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest

from forumcrawl.items import Article, ImageFile, Item
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Attachment, Image
from forumcrawl.text.urls import canonical
from tests.items.samples import NOON, card, full_post
from tests.storage.conftest import Place
from tests.storage.matched import Archive

AS_SHOWN = "HTTPS://Pictures.example:443/a.jpg#top"
URL = canonical(AS_SHOWN)
OTHER = "https://pictures.example/b.jpg"
HASH = "a" * 64


def shown(*urls: str) -> list[Image]:
    return [Image(url=url) for url in urls]


POST = full_post(1, images=shown(AS_SHOWN, OTHER, URL))
ARTICLE = Article(
    site="s.example", url="http://www.s.example/1", images=[Picture(url=OTHER), Picture(url=AS_SHOWN)], fetched_at=NOON
)


def picture(outcome: str = "pending", *shown_in: Item, url: str = URL, **said: Any) -> ImageFile:
    ids = [each.key for each in shown_in]
    return ImageFile(site="pictures.example", url=url, outcome=outcome, seen_in=ids, fetched_at=NOON, **said)


def stored(*shown_in: Item, sha256: str = HASH) -> ImageFile:
    return picture("stored", *shown_in, sha256=sha256, tries=1)


@pytest.fixture
def archive(place: Place) -> Archive:
    return Archive(place)


def hashes(archive: Archive, collection: str = "posts") -> list[str | None]:
    """Of the pictures of the only post or article."""
    (document,) = archive.all(collection)
    return [each["sha256"] for each in document["images"]]


WHAT_COMES = [[POST, picture("pending", POST)], [ARTICLE, picture("pending", ARTICLE)], [stored()]]


@pytest.mark.parametrize("order", list(permutations(WHAT_COMES)))
def test_the_hash_reaches_posts_and_articles_in_any_order(archive: Archive, order: Sequence[list[Item]]) -> None:
    archive.store(*order)
    assert hashes(archive) == [HASH, None, HASH]
    assert hashes(archive, "articles") == [None, HASH]


def test_two_posts_of_a_batch_that_show_a_known_picture_both_learn_it(archive: Archive) -> None:
    second = full_post(2, images=shown(URL))
    archive.store([stored()], [POST, second, picture("pending", POST), picture("pending", second)])
    found = {each["_id"]: each["images"][0]["sha256"] for each in archive.all("posts")}
    assert found == {POST.key: HASH, second.key: HASH}


def test_a_post_that_changed_is_told_again(archive: Archive) -> None:
    changed = full_post(1, text="نص آخر", images=shown(OTHER, AS_SHOWN))
    archive.store([POST, picture("pending", POST)], [stored()], [changed, picture("pending", changed)])
    assert hashes(archive) == [None, HASH]


def test_a_picture_that_was_fetched_again_with_another_hash_is_told(archive: Archive) -> None:
    archive.store([POST, picture("pending", POST)], [picture("failed", sha256="b" * 64)])
    assert hashes(archive) == ["b" * 64, None, "b" * 64]
    archive.store([stored()])
    assert hashes(archive) == [HASH, None, HASH]


def test_what_has_no_file_is_not_told(archive: Archive) -> None:
    archive.store([POST, picture("pending", POST)], [picture("gone", tries=1)])
    assert hashes(archive) == [None, None, None]


def test_a_post_that_is_not_stored_harms_nothing(archive: Archive) -> None:
    archive.store([stored(POST, ARTICLE)])
    assert archive.all("posts") == archive.all("articles") == []


def test_attached_files_and_members_learn_it_too(archive: Archive) -> None:
    post = full_post(2, images=[], attachments=[Attachment(url=AS_SHOWN, name="a.jpg"), Attachment(url=OTHER)])
    member = card(member_id=7, avatar_url=AS_SHOWN)
    archive.store([post, member, picture("pending", post, member)], [stored()], [member])
    assert [each["sha256"] for each in archive.all("posts")[0]["attachments"]] == [HASH, None]
    assert archive.all("members")[0]["avatar_sha256"] == HASH
