"""Source sites beside a forum: every article that can be had, what became of the other links, and who cites what."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.e2e.crawling import Document, Site
from tests.e2e.reading_news import figures, following, reading
from tests.replica.news.truth import NewsTruth
from tests.replica.process import ReplicaProcess

PAST, FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(threads=30, language="ar", news=40) as process:
        yield process


@pytest.fixture(autouse=True)
def _nothing_asked_yet(replica: ReplicaProcess) -> None:
    for name in served(replica):
        replica.reset_log(name)


def served(replica: ReplicaProcess) -> list[str]:
    """The source sites that answer at all."""
    return [name for name in replica.sites if name != "down"]


def asked(replica: ReplicaProcess) -> Counter[str]:
    """How many pages each source site was asked for, robots.txt aside; those it was not asked for are not in it."""
    pages = {name: sum(line["kind"] != "robots" for line in replica.log(name)) for name in served(replica)}
    return Counter({name: count for name, count in pages.items() if count})


def check_truth(site: Site, replica: ReplicaProcess) -> None:
    """All articles, links and citations are as the truth has them; a copy stands in for each article refused."""
    found = figures(site, replica)
    assert found.differences == []
    assert (found.links, found.precision, found.recall) == (1.0, 1.0, 1.0)
    assert found.resolved_cuts == found.due_cuts > 0
    assert not found.fields_wrong
    assert found.articles > 20
    assert found.due_links > 20
    copies = {each["_id"] for each in site.database["articles"].find({"origin": "repost"})}
    refused = site.database["links"].find({"outcome": {"$in": ["blocked", "gone"]}})
    assert {each["article_id"] for each in refused} == copies
    assert len(copies) > 4


def outcomes(site: Site) -> Counter[str]:
    return Counter(each["outcome"] for each in site.database["links"].find())


def one(site: Site, collection: str, key: str) -> Document:
    found: Document | None = site.database[collection].find_one({"_id": key})
    assert found is not None
    return found


def blocked_link(site: Site, replica: ReplicaProcess) -> Document:
    """The link that the site "forbidden" refuses."""
    found: Document | None = site.database["links"].find_one({"url": {"$regex": f"^{replica.sites['forbidden']}"}})
    assert found is not None
    return found


def test_a_crawl_that_follows_links_reads_every_article_once(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl(replica.url, *following(replica)) == 0, site.log()
    check_truth(site, replica)
    assert site.differences(replica) == []

    for name in served(replica):
        replica.reset_log(name)
    before = list(site.database["links"].find())
    assert site.crawl(replica.url, *following(replica), "-a", "full=1") == 0, site.log()
    assert asked(replica) == Counter()
    assert list(site.database["links"].find()) == before
    check_truth(site, replica)


def test_links_wait_until_the_sources_spider_asks_for_them(site: Site, replica: ReplicaProcess) -> None:
    assert site.crawl(replica.url, *reading(replica)) == 0, site.log()
    assert [replica.log(name) for name in served(replica)] == [[] for _ in served(replica)]
    assert set(outcomes(site)) == {"pending", "unresolved"}
    assert site.database["articles"].count_documents({}) == 0

    only = replica.sites["jsonld"].partition("//")[2]
    assert site.crawl("", "-a", f"site={only}", *reading(replica), spider="sources") == 0, site.log()
    assert set(asked(replica)) == {"jsonld"}
    assert site.database["links"].count_documents({"site": only, "outcome": "pending"}) == 0

    own = ("-s", "SCHEDULER=scrapy.core.scheduler.Scheduler")
    assert site.crawl("", *own, *reading(replica), spider="sources") == 0, site.log()
    assert outcomes(site)["pending"] == 0
    check_truth(site, replica)

    check_that_a_blocked_link_is_asked_for_when_it_is_due(site, replica)


def check_that_a_blocked_link_is_asked_for_when_it_is_due(site: Site, replica: ReplicaProcess) -> None:
    """Not before, and then its article takes the place of the forum's copy."""
    link = blocked_link(site, replica)
    assert (link["outcome"], link["tries"]) == ("blocked", 1)
    assert one(site, "articles", link["article_id"])["origin"] == "repost"
    site.database["links"].update_many({"next_try_at": {"$ne": None}}, {"$set": {"next_try_at": FUTURE}})
    for name in served(replica):
        replica.reset_log(name)
    started = time.monotonic()
    assert site.crawl("", *reading(replica), spider="sources") == 0, site.log()
    assert time.monotonic() - started < 20
    assert asked(replica) == Counter()

    site.database["links"].update_one({"_id": link["_id"]}, {"$set": {"next_try_at": PAST}})
    replica.manner("forbidden", "open")
    try:
        assert site.crawl("", *reading(replica), spider="sources") == 0, site.log()
    finally:
        replica.manner("forbidden", "forbidden")
    assert asked(replica) == Counter(forbidden=1)
    settled = one(site, "links", link["_id"])
    assert (settled["outcome"], settled["tries"], settled["next_try_at"]) == ("fetched", 2, None)
    article = one(site, "articles", settled["article_id"])
    assert (article["_id"], article["origin"], article["outcome"]) == (link["article_id"], "source", "fetched")


def test_articles_of_feeds_are_known_before_posts_name_them(site: Site, replica: ReplicaProcess) -> None:
    base = replica.sites["alarabiya"]
    truth = {each.key: each for each in NewsTruth(replica.world).articles() if each.url and base[7:] in each.url}
    days = sorted(each.published_at for each in truth.values() if each.published_at)
    since = days[len(days) // 2].replace(hour=0, minute=0)
    option = f"since={since:%Y-%m-%d}"
    assert site.crawl(base, "-a", option, *reading(replica), spider="alarabiya") == 0, site.log()
    recent = {key for key, each in truth.items() if each.published_at and each.published_at >= since}
    stored = {each["_id"]: each["origin"] for each in site.database["articles"].find()}
    assert stored == dict.fromkeys(recent, "source")
    assert 0 < len(recent) < len(truth)

    assert site.crawl(base, *reading(replica), spider="alarabiya") == 0, site.log()
    assert {each["_id"] for each in site.database["articles"].find({"origin": "source"})} == set(truth)
    pages = Counter(line["path"] for line in replica.log("alarabiya") if line["kind"] == "article")
    assert set(pages.values()) == {1}
    assert len(pages) == len(truth)

    replica.reset_log("alarabiya")
    assert site.crawl(replica.url) == 0, site.log()
    assert asked(replica) == Counter()
    cited = {(each["post_id"], each["article_id"]): each["how"] for each in site.database["citations"].find()}
    due = {
        (post.post_id, post.article_id): post for post in NewsTruth(replica.world).posts() if post.article_id in truth
    }
    assert set(cited) == set(due)
    reached = {post_id: each["article_id"] for each in site.database["links"].find() for post_id in each["post_ids"]}
    cut = [post for post in due.values() if post.cut]
    assert {post.post_id: reached.get(post.post_id) for post in cut} == {post.post_id: post.article_id for post in cut}
    assert cut


@pytest.mark.parametrize("seed", [1])
def test_a_crawl_killed_while_it_follows_links_is_completed_by_the_next(
    site: Site, replica: ReplicaProcess, seed: int
) -> None:
    process = site.start(replica.url, *following(replica))
    wanted = random.Random(seed).randrange(60)
    while process.poll() is None and stored_of_news(site) < wanted:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert site.crawl(replica.url, *following(replica)) == 0, site.log()
    check_truth(site, replica)
    assert site.differences(replica) == []


def stored_of_news(site: Site) -> int:
    return sum(site.database[name].estimated_document_count() for name in ("links", "articles"))
