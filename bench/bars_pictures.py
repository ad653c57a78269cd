"""The promises about pictures and near duplicates at full size."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import psutil

from bench.bars_hostile import serving
from forumcrawl.items import Post
from forumcrawl.pipelines.identities import IdentitiesPipeline
from forumcrawl.storage.batch import Batches
from forumcrawl.storage.mongo import connect, prepare
from forumcrawl.storage.patience import Patience
from tests.citing.samples import edited, prose
from tests.e2e.crawling import ROOT, Site
from tests.e2e.test_pictures import KEEPING, OPTIONS, asked, check_truth, groups
from tests.items.samples import NOON, full_post
from tests.media.hostile import CASES
from tests.replica.pictures.gallery import HOSTS
from tests.replica.pictures.truth import PictureTruth
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer

Figures = dict[str, Any]
POSTS, PAGE = 20_000, 20
ROUNDS = 3
LATENCY = 2.0
"""Seconds that a page of the forum takes, so that a crawl of it waits for little else: with less, two cores are what it
waits for, and the ratios are those of the work that pictures are."""
STALL = 30.0
HOSTILE = 28
"""Files that hostile hosts send whole; two more are sent without end."""


# --- near duplicates -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Written:
    """A post to be, and the earliest with nearly its text, by number."""

    number: int
    text: str
    original: int | None = None


@cache
def originals(seed: int) -> str:
    """A text of its own."""
    return prose(seed, Random(seed).randrange(30, 400))


def written(count: int) -> Iterator[Written]:
    """Posts, of which 30 % are edited copies of an earlier one and 5 % share a third of their words with one."""
    chance, own = Random(3), [0]
    yield Written(0, originals(0))
    for number in range(1, count):
        turn, model = chance.random(), chance.choice(own[-5_000:])
        if turn < 0.30:
            yield Written(number, edited(originals(model), chance.uniform(0.02, 0.10), number), model)
        elif turn < 0.35:
            words = originals(model).split()
            yield Written(number, " ".join([*words[: len(words) // 3], prose(count + number, 2 * len(words) // 3)]))
        else:
            own.append(number)
            yield Written(number, originals(number))


def near_duplicates(home: Path) -> Figures:
    """20,000 posts in pages of twenty, in no order, through the writer."""
    posts = list(written(POSTS))
    Random(5).shuffle(posts)
    with MongoServer(home / "data") as server:
        samples, heads = asyncio.run(_stored(server.uri, posts))
    due = {each.number: each.original for each in posts if each.original is not None}
    found = {number: head for number, head in heads.items() if head is not None}
    right = sum(due.get(number) == head for number, head in found.items())
    third, fourth = (statistics.median(samples[len(samples) * n // 4 : len(samples) * (n + 1) // 4]) for n in (2, 3))
    precision, recall = right / max(1, len(found)), right / len(due)
    return {
        "kept": precision >= 0.99 and recall >= 0.97 and fourth < 1.05 * third,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "copies": len(due),
        "third_quarter_mb": round(third),
        "fourth_quarter_mb": round(fourth),
    }


async def _stored(uri: str, posts: list[Written]) -> tuple[list[float], dict[int, int | None]]:
    """Resident megabytes page by page, and what each post points to in the end, by number."""
    client, samples = connect(uri), []
    database = client["bar"]
    await prepare(database, (Post,))
    writer, process = Batches(database, Patience(60)), psutil.Process()
    for start in range(0, len(posts), PAGE):
        await writer.store([_post(each) for each in posts[start : start + PAGE]])
        samples.append(process.memory_info().rss / 2**20)
    heads: dict[int, int | None] = {}
    async for each in database["posts"].find({}, ["post_id", "near_duplicate_of"]):
        head = each["near_duplicate_of"]
        heads[each["post_id"]] = None if head is None else int(head.rpartition("/")[2])
    await client.close()
    return samples, heads


def _post(each: Written) -> Post:
    at = NOON + timedelta(minutes=each.number)
    post = full_post(each.number, text=each.text, created_at=at, images=[], links=[], quotes=[], near_duplicate_of=None)
    IdentitiesPipeline().process_item(post)
    return post


# --- pictures ------------------------------------------------------------------------------------------------------


def pictures_shared(home: Path) -> Figures:
    """Two crawls at the same time of 3,000 posts that show 800 pictures under 4,000 addresses."""
    with Site(home) as site, ReplicaProcess(threads=600, language="ar", pictures=800) as replica:
        truth, began = PictureTruth(replica.world), time.monotonic()
        jobs = [site.start(replica.url, *OPTIONS, "-a", f"job={name}", environment=KEEPING) for name in ("one", "two")]
        codes = [job.wait(3_600) for job in jobs]
        seconds = time.monotonic() - began
        wrong = _wrong(site, truth)
        twice = sum(count > 1 for count in asked(replica).values())
        posts = site.database["posts"].count_documents({})
        alike = groups(site) ^ truth.groups
    return {
        "kept": codes == [0, 0] and not (wrong or twice or alike),
        "posts": posts,
        "addresses": len(truth.shown),
        "files": len(truth.files),
        "asked_twice": twice,
        "groups": len(truth.groups),
        "groups_unlike_the_truth": len(alike),
        "wrong": wrong,
        "seconds": round(seconds),
    }


def _wrong(site: Site, truth: PictureTruth) -> str:
    """What is not as it should be, in a line; nothing where all is."""
    try:
        check_truth(site, truth)
    except AssertionError as error:
        return str(error)[:300] or "unlike the truth"
    return ""


def pictures_hostile(home: Path) -> Figures:
    """30 hostile files in one crawl: outcomes, memory and the event loop."""
    worst = [each for each in CASES if "megapixels, whole" in each.name]
    cases = [*worst, *(each for each in CASES[::2] if each not in worst)][:HOSTILE]
    files = {f"file-{number}": case.make() for number, case in enumerate(cases)}
    with Site(home) as site, serving(files) as base:
        addresses = [f"{base}/{name}" for name in (*files, "endless", "announced")]
        command = [sys.executable, "-m", "bench.bars_hostile", *addresses]
        variables = {**os.environ, "FORUMCRAWL_HOME": str(home), "IMAGES_STORE": "auto"}
        variables.pop("MONGODB_URI", None)
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        largest = _largest(process)
        told = json.loads((process.communicate()[0] or b"{}").splitlines()[-1])
        outcomes = Counter(each["outcome"] for each in site.database["images"].find())
    recorded = sum(count for outcome, count in outcomes.items() if outcome not in ("pending", "stored"))
    return {
        "kept": recorded == len(addresses) == 30 and max(largest) <= 600 and told["held_up"] <= 0.1,
        "outcomes": dict(outcomes),
        "crawl_mb": round(largest[0]),
        "decoder_mb": round(largest[1]),
        "loop_held_up_ms": round(1000 * told["held_up"]),
        "loop_busy_ms": round(1000 * told["busy"]),
    }


def _largest(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The most resident megabytes of a crawl, and of its children together, until it ends."""
    watched, own, children = psutil.Process(process.pid), 0.0, 0.0
    while process.poll() is None:
        try:
            own = max(own, watched.memory_info().rss / 2**20)
            children = max(children, sum(each.memory_info().rss for each in watched.children()) / 2**20)
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.02)
    return own, children


def pictures_kills(home: Path) -> Figures:
    """kill -9 of one of two workers among 500 pictures, and of both; what the store is like after the next run."""
    one, both = (_killed(home / str(count), count) for count in (1, 2))
    return {"kept": not (one["wrong"] or both["wrong"]), "one_of_two": one, "both_and_again": both}


def _killed(home: Path, count: int) -> Figures:
    home.mkdir(parents=True)
    with Site(home) as site, ReplicaProcess(threads=100, language="ar", pictures=100, delay=0.02) as replica:
        truth = PictureTruth(replica.world)
        job = [*OPTIONS, "-a", "job=shared"]
        workers = [site.start(replica.url, *job, environment=KEEPING) for _ in range(2)]
        while (stored := site.database["images"].count_documents({"outcome": "stored"})) < 150:
            assert any(worker.poll() is None for worker in workers), site.log()
            time.sleep(0.02)
        for worker in workers[:count]:
            worker.kill()
        codes = [worker.wait(600) for worker in workers]
        if count == 2:
            codes.append(site.crawl(replica.url, *OPTIONS, environment=KEEPING))
        wrong = _wrong(site, truth) or ("" if groups(site) == truth.groups else "groups unlike the truth")
        verified = _verified(home)
    sound = codes[-1] == 0 and verified["exit_code"] == 0
    return {"wrong": wrong or ("" if sound else "not sound"), "stored_when_killed": stored, "codes": codes, **verified}


def _verified(home: Path) -> Figures:
    """What `scrapy images verify` says."""
    variables = {**os.environ, "FORUMCRAWL_HOME": str(home), "IMAGES_STORE": "auto"}
    command = [sys.executable, "-m", "scrapy", "images", "verify", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=600)
    return {"exit_code": done.returncode, "verify": done.stdout.strip()[:300]}


def pictures_pace(home: Path) -> Figures:
    """How fast posts are stored with two pictures a page, and while hosts of pictures answer after 30 s or never."""
    world: dict[str, Any] = {"threads": 300, "language": "ar", "pictures": 100, "delay": LATENCY, "stall": STALL}
    slowly = dict(zip(HOSTS, ("stall", "silent", "stall"), strict=True))
    rounds = []
    for number in range(ROUNDS):
        alone = _paced(home / f"alone{number}", world, {}, keeping=False)
        rounds.append((alone, _paced(home / f"open{number}", world, {}), _paced(home / f"slow{number}", world, slowly)))
    with_pictures, with_slow = (
        statistics.median(each[0]["seconds"] / each[place]["seconds"] for each in rounds) for place in (1, 2)
    )
    return {
        "kept": with_pictures >= 0.8 and with_slow >= 0.95,
        "with_pictures": round(with_pictures, 3),
        "with_slow_hosts": round(with_slow, 3),
        "seconds": [[each["seconds"] for each in several] for several in rounds],
        "posts": rounds[0][0]["posts"],
        "pictures_stored": [[each["pictures_stored"] for each in several] for several in rounds],
    }


def _paced(home: Path, world: dict[str, Any], manners: dict[str, str], *, keeping: bool = True) -> Figures:
    """Seconds from the first request to the forum until its last post is stored, when the crawl is told to end."""
    home.mkdir(parents=True)
    with Site(home) as site, ReplicaProcess(**world) as replica:
        for name, manner in manners.items():
            replica.manner(name, manner)
        due = sum(isinstance(each, Post) for each in replica.world.truth())
        crawl = site.start(replica.url, *OPTIONS, environment=KEEPING if keeping else {})
        while (posts := site.database["posts"].estimated_document_count()) < due and crawl.poll() is None:
            time.sleep(1.0 if posts < 0.9 * due else 0.2)  # counting is work for the embedded server
        ended = time.time()
        stored = site.database["images"].count_documents({"outcome": "stored"})
        crawl.send_signal(signal.SIGINT)
        code = crawl.wait(120)
        began = min(line["time"] for line in replica.log())
    return {"seconds": round(ended - began, 1), "posts": posts, "pictures_stored": stored, "exit_code": code}
