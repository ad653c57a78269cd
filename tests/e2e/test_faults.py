"""Faults of the forum cost time and nothing else."""

from __future__ import annotations

import pytest

from tests.e2e.crawling import Site
from tests.replica.process import ReplicaProcess

PATIENT = ("-s", "RETRY_BACKOFF=0.05", "-s", "RETRY_TIMES=10")


@pytest.mark.timeout(240)
def test_nothing_is_missing_with_every_fault_at_five_percent(site: Site) -> None:
    with ReplicaProcess(threads=60, language="ar", fault_rate=0.05) as replica:
        assert site.crawl(replica.url, *PATIENT) == 0, site.log()
        assert site.differences(replica) == []
        faults = replica.counters()["faults"]
    assert sum(faults.values()) > 0
    outcomes = {each["outcome"] for each in site.database["failures"].find()}
    assert outcomes == {"forbidden", "login_required", "not_found", "moved", "redirected_out", "unrecognised"}


def test_a_page_that_always_fails_is_recorded_with_its_reason(site: Site) -> None:
    with ReplicaProcess(threads=10, language="en", fault_rate=0.0) as replica:
        assert site.crawl(replica.url) == 0, site.log()
        replica.faults(1.0, kinds=["500"])
        assert site.crawl(replica.url, "-s", "RETRY_BACKOFF=0.01", "-s", "RETRY_TIMES=2") == 1
    failed = site.database["failures"].find_one({"outcome": "http_error"})
    assert failed is not None
    assert failed["status"] == 500
    assert failed["tries"] == 3
    assert "no forum to crawl" in site.log()
