"""The pictures of the replica: each address answers as the truth has it, and every address is shown by a post."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from forumcrawl.items import Post
from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection
from tests.replica.links import proxied
from tests.replica.pictures.gallery import HOSTILE, HOSTS
from tests.replica.pictures.truth import PictureTruth
from tests.replica.process import ReplicaProcess
from tests.replica.world import World


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=20, pictures=3) as process:
        yield process


def status_of(url: str) -> int:
    try:
        with urlopen(url, timeout=5) as response:
            return int(response.status)
    except HTTPError as error:
        with error:
            return error.code


def test_every_address_that_is_shown_sends_the_file_of_the_truth(replica: ReplicaProcess) -> None:
    gallery = replica.world.gallery
    for each in gallery.alive:
        with urlopen(each.url, timeout=5) as response:
            assert sha256(response.read()).hexdigest() == each.sha256
    dead = [each for each in gallery.exhibits if each.is_dead]
    assert [status_of(each.url) for each in dead] == [404, 404, 200]  # the last is a page that says it is gone
    for each in dead:
        with urlopen(replica.origin + proxied(replica.world.urls, each.url), timeout=5) as response:
            assert sha256(response.read()).hexdigest() == each.sha256


def test_a_stream_without_an_end_goes_on(replica: ReplicaProcess) -> None:
    url = next(each.url for each in replica.world.gallery.exhibits if each.form == "endless")
    with urlopen(url, timeout=5) as response:
        assert len(response.read(3_000_000)) == 3_000_000
    assert sum(line["path"] == "/odd/endless.jpg" for name in HOSTS for line in replica.log(name)) == 1


def test_hostile_files_are_what_they_should_be_called(replica: ReplicaProcess) -> None:
    kinds = {each.form: each for each in replica.world.gallery.exhibits if each.form in HOSTILE}
    for kind in set(HOSTILE) - {"endless", "missing", "forbidden"}:
        found = inspect(kinds[kind].body)
        assert not isinstance(found, Inspection)
        assert found.outcome == HOSTILE[kind]
    assert (status_of(kinds["missing"].url), status_of(kinds["forbidden"].url)) == (404, 403)


def test_every_address_is_shown_and_few_hold_the_same_file() -> None:
    world = World(threads=20, pictures=6)
    truth = PictureTruth(world)
    assert {each.url for each in world.gallery.exhibits} <= set(truth.shown)
    gallery = {each.url for each in world.gallery.exhibits}
    assert [len(urls) for urls in truth.groups if urls & gallery] == [5] * 6
    assert sum(each.sha256 is None for each in truth.shown.values()) == len(HOSTILE)
    assert not [url for url in truth.shown if not url.startswith(("http://127.0.0.", world.origin))]


def test_a_world_without_pictures_shows_none_of_ours() -> None:
    posts = [item for item in World(threads=20).truth() if isinstance(item, Post)]
    assert not [image.url for post in posts for image in post.images if "/data/gallery/" in image.url]
    with pytest.raises(ValueError, match="without pictures"):
        PictureTruth(World(threads=20))
