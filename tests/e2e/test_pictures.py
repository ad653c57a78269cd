"""Pictures that posts show: every file once under its hash, every address asked for once, whatever ends a crawl."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePath

import pytest

from tests.e2e.crawling import Document, Site
from tests.replica.answers import PIXEL
from tests.replica.pictures.gallery import HOSTILE, HOSTS
from tests.replica.pictures.truth import PictureTruth
from tests.replica.process import ReplicaProcess

KEEPING = {"IMAGES_STORE": "auto"}
LIMIT = 2_000_000
OPTIONS = ("-s", "HOST_DELAY=0", "-s", f"IMAGES_MAX_BYTES={LIMIT}")
PICTURES = ("picture", "picture_copy", "asset", "trap_attachment")
"""Kinds of requests to the forum that are for pictures."""


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=20, language="ar", pictures=12, delay=0.005) as process:
        yield process


@pytest.fixture(scope="module")
def truth(replica: ReplicaProcess) -> PictureTruth:
    return PictureTruth(replica.world)


@pytest.fixture(autouse=True)
def _nothing_asked_yet(replica: ReplicaProcess) -> None:
    for name in ("", *HOSTS):
        replica.reset_log(name)


def asked(replica: ReplicaProcess) -> Counter[str]:
    """How often each picture was asked for, by its address."""
    lines = [(replica.origin, line) for line in replica.log() if line["kind"] in PICTURES]
    lines += [(replica.sites[name], line) for name in HOSTS for line in replica.log(name) if line["kind"] == "picture"]
    return Counter(base + line["path"] for base, line in lines)


def files(site: Site) -> dict[str, str]:
    """Path of every file in the store, thumbnails aside, to the hash of what is in it."""
    store = site.home / "images"
    paths = {str(path.relative_to(store)): path for path in store.rglob("*") if path.is_file()}
    return {
        name: sha256(path.read_bytes()).hexdigest()
        for name, path in paths.items()
        if not name.startswith("thumbnails/")
    }


def records(site: Site) -> dict[str, Document]:
    return {each["_id"]: each for each in site.database["images"].find()}


def check_truth(site: Site, truth: PictureTruth) -> None:
    """Every address has its outcome, every file is stored once, and every post says which file it shows."""
    found = records(site)
    expected = {url: (each.outcome, each.sha256) for url, each in truth.shown.items()}
    assert {url: (each["outcome"], each["sha256"]) for url, each in found.items()} == expected
    stored = files(site)
    assert {name: digest for name, digest in stored.items() if PurePath(name).stem != digest} == {}
    assert sorted(stored.values()) == sorted(truth.files)
    assert {each["path"] for each in found.values() if each["sha256"]} == set(stored)
    attached = [file for post in site.database["posts"].find() for file in post["attachments"]]
    assert {file["url"]: file["sha256"] for file in attached} == {
        file["url"]: truth.shown[file["url"]].sha256 if file["url"] in truth.shown else None for file in attached
    }
    posts = site.database["posts"].find({"_id": {"$in": [*truth.posts]}})
    assert {post["_id"]: [image["sha256"] for image in post["images"]] for post in posts} == {
        key: [truth.shown[url].sha256 for url in urls] for key, urls in truth.posts.items()
    }


def groups(site: Site) -> set[frozenset[str]]:
    """The addresses of the same picture, as they are stored: each set of them."""
    found: dict[str, set[str]] = {}
    for key, each in records(site).items():
        if each["outcome"] == "stored":
            found.setdefault(each["same_as"], set()).add(key)
    assert all(first in members for first, members in found.items())
    return {frozenset(members) for members in found.values()}


def crawl(site: Site, replica: ReplicaProcess, *options: str) -> None:
    assert site.crawl(replica.url, *OPTIONS, *options, environment=KEEPING, timeout=60) == 0, site.log()


def test_every_file_is_stored_once_and_asked_for_once(site: Site, replica: ReplicaProcess, truth: PictureTruth) -> None:
    crawl(site, replica)
    check_truth(site, truth)
    assert groups(site) == truth.groups
    assert site.differences(replica) == []
    first = asked(replica)
    assert set(first.values()) == {1}
    assert len(truth.files) < len(truth.shown)
    assert {each.outcome for each in truth.shown.values()} == {"stored", *HOSTILE.values()}

    before = records(site)
    crawl(site, replica, "-a", "full=1")
    assert asked(replica) == first
    assert records(site) == before
    check_truth(site, truth)


def test_avatars_where_they_are_asked_for(site: Site, replica: ReplicaProcess) -> None:
    crawl(site, replica, "-a", "avatars=1", "-a", "max_threads=3")
    members = list(site.database["members"].find({"avatar_url": {"$ne": None}}))
    shown_by = [member for member in members if member["avatar_sha256"]]
    assert shown_by
    found = records(site)
    assert {member["avatar_url"] for member in shown_by} <= set(found)
    assert {found[member["avatar_url"]]["sha256"] for member in shown_by} == {sha256(PIXEL).hexdigest()}


def test_two_jobs_at_once_ask_for_no_picture_twice(site: Site, replica: ReplicaProcess, truth: PictureTruth) -> None:
    jobs = [site.start(replica.url, *OPTIONS, "-a", f"job={name}", environment=KEEPING) for name in ("first", "second")]
    assert [ended(process) for process in jobs] == [0, 0], site.log()
    assert {address: count for address, count in asked(replica).items() if count > 1} == {}
    check_truth(site, truth)
    assert groups(site) == truth.groups


def test_a_crawl_killed_among_its_pictures_is_completed_by_the_next(
    site: Site, replica: ReplicaProcess, truth: PictureTruth
) -> None:
    process = site.start(replica.url, *OPTIONS, environment=KEEPING)
    deadline = time.monotonic() + 30
    while site.database["images"].count_documents({"outcome": "stored"}) < 5:
        assert process.poll() is None, site.log()
        assert time.monotonic() < deadline, site.log()
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert site.database["images"].count_documents({"outcome": "stored"}) < len(truth.shown) - len(HOSTILE)
    crawl(site, replica)
    check_truth(site, truth)
    assert groups(site) == truth.groups

    before = asked(replica)
    crawl(site, replica)
    assert asked(replica) == before


def test_a_run_stops_asking_when_it_has_its_bytes_and_the_next_goes_on(
    site: Site, replica: ReplicaProcess, truth: PictureTruth
) -> None:
    most = 150_000
    crawl(site, replica, "-s", f"IMAGES_MAX_RUN_BYTES={most}", "-s", "CONCURRENT_REQUESTS=4")
    first = records(site)
    sizes = [each["bytes"] for each in first.values() if each["bytes"]]
    assert most <= sum(sizes) + LIMIT
    assert sum(sizes) < most + 4 * max(sizes)
    waiting = {each["outcome"] for key, each in first.items() if truth.shown[key].sha256 and not each["sha256"]}
    assert waiting == {"pending"}
    assert site.differences(replica) == []
    crawl(site, replica)
    check_truth(site, truth)


def ended(process: subprocess.Popen[bytes]) -> int:
    """The exit code of a crawl, which is killed where it does not end in time."""
    try:
        return process.wait(60)
    finally:
        process.kill()
        process.wait()
