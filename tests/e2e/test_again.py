"""Crawling again: nothing is written that did not change, and nothing is fetched that cannot have."""

from __future__ import annotations

from tests.e2e.crawling import Document, Site
from tests.replica.process import ReplicaProcess


def envelopes(site: Site, name: str) -> dict[str, tuple[object, ...]]:
    """Key to what must not move in a document that did not change."""
    fields = ("changed_at", "first_seen_at", "content_hash", "fetched_at", "run_id")
    return {each["_id"]: tuple(each[field] for field in fields) for each in site.database[name].find()}


def requests(replica: ReplicaProcess, kind: str) -> int:
    return sum(entry["kind"] == kind for entry in replica.log())


def test_counters_grow_and_posts_stay(site: Site) -> None:
    with ReplicaProcess(threads=40, language="ar") as replica:
        assert site.crawl(replica.url, "-a", "full=1") == 0, site.log()
        before = {name: envelopes(site, name) for name in ("posts", "threads", "members", "boards")}
        replica.tick(1)
        assert site.crawl(replica.url, "-a", "full=1") == 0, site.log()
        assert {name: envelopes(site, name) for name in before} == before
        assert site.database["revisions"].count_documents({}) == 0
        differences = site.differences(replica, tick=1)
        # A post that did not change keeps the counters of the day it was written; threads and members have the new.
        counters = ("author.messages", "author.reaction_score", "author.points")
        assert [line for line in differences if not any(f": {counter} is" in line for counter in counters)] == []
        assert differences

        replica.reset_log()
        assert site.crawl(replica.url) == 0, site.log()
        assert requests(replica, "thread") == 0
        assert requests(replica, "forum") > 0


def test_new_posts_are_read_from_the_page_that_can_differ(site: Site) -> None:
    with ReplicaProcess(threads=40, language="en", grow_posts=True) as replica:
        assert site.crawl(replica.url) == 0, site.log()
        replica.tick(1)
        replica.reset_log()
        assert site.crawl(replica.url) == 0, site.log()
        missing = [line for line in site.differences(replica, tick=1) if "missing" in line or "extra" in line]
        assert missing == []
        grown = replica.world.at(1)
        read = [entry["path"] for entry in replica.log() if entry["kind"] == "thread"]
        assert 0 < len(read) < site.database["threads"].count_documents({}) / 2
        assert grown is not None


def test_a_changed_post_is_written_once_and_its_earlier_text_kept(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en") as replica:
        assert site.crawl(replica.url) == 0, site.log()
        post: Document | None = site.database["posts"].find_one()
        assert post is not None
        site.database["posts"].update_one({"_id": post["_id"]}, {"$set": {"text": "old", "content_hash": "0" * 64}})
        assert site.crawl(replica.url, "-a", "full=1") == 0, site.log()
        again: Document | None = site.database["posts"].find_one({"_id": post["_id"]})
        assert again is not None
        assert again["text"] == post["text"]
        assert again["content_hash"] == post["content_hash"]
        assert again["first_seen_at"] == post["first_seen_at"]
        assert again["changed_at"] > post["changed_at"]
        (earlier,) = site.database["revisions"].find()
        assert (earlier["item"], earlier["text"], earlier["html"]) == (post["_id"], "old", post["html"])
        assert (earlier["seen_from"], earlier["seen_to"]) == (post["first_seen_at"], again["changed_at"])
