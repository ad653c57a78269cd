from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler

from forumcrawl.items import Post, Rejected
from forumcrawl.pipelines.validate import ValidatePipeline
from tests.items.samples import NOON, full_post


@pytest.fixture
def crawler() -> Crawler:
    return Crawler(Spider)


def test_a_valid_item_goes_on_with_time_and_run(crawler: Crawler) -> None:
    crawler.run_id = "this run"  # type: ignore[attr-defined]
    item = full_post(fetched_at=None, run_id=None)
    assert ValidatePipeline.from_crawler(crawler).process_item(item) is item
    assert item.run_id == "this run"
    assert item.fetched_at is not None
    assert abs(datetime.now(UTC) - item.fetched_at) < timedelta(seconds=5)
    assert item.fetched_at.microsecond % 1000 == 0


def test_what_an_item_says_of_its_time_and_run_stays(crawler: Crawler) -> None:
    item = full_post(fetched_at=NOON, run_id="its own")
    ValidatePipeline.from_crawler(crawler).process_item(item)
    assert (item.fetched_at, item.run_id) == (NOON, "its own")


def test_a_crawl_without_a_run_id_gets_one_for_all_its_items(crawler: Crawler) -> None:
    pipeline = ValidatePipeline.from_crawler(crawler)
    items: list[Post] = [pipeline.process_item(full_post(number, run_id=None)) for number in (1, 2)]
    assert len({item.run_id for item in items}) == 1
    assert len(items[0].run_id or "") == 32


def test_an_item_at_fault_becomes_a_record_of_it_and_one_warning(
    crawler: Crawler, caplog: pytest.LogCaptureFixture
) -> None:
    crawler.run_id = "this run"  # type: ignore[attr-defined]
    item = full_post(run_id=None, created_at=datetime(2026, 1, 1))
    with caplog.at_level(logging.WARNING):
        rejected = ValidatePipeline.from_crawler(crawler).process_item(item)
    assert isinstance(rejected, Rejected)
    assert (rejected.key, rejected.field, rejected.run_id) == ("posts:forum.example/post/7", "created_at", "this run")
    assert [record.getMessage() for record in caplog.records] == [
        "Rejected posts:forum.example/post/7: created_at is a time without a zone"
    ]


def test_what_is_no_item_of_ours_passes(crawler: Crawler) -> None:
    other = {"a": 1}
    assert ValidatePipeline.from_crawler(crawler).process_item(other) is other
