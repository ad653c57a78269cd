"""`scrapy metrics` as Prometheus meets it."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from prometheus_client.parser import text_string_to_metric_families

from forumcrawl.stats.prometheus import metric_names
from tests.replica.process import ReplicaProcess
from tests.stats.recording import Watched
from tests.storage import ROOT


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with Watched(tmp_path_factory.mktemp("metrics"), ReplicaProcess(threads=10)) as watched:
        assert watched.crawl() == 0, watched.log()
        yield watched


@contextmanager
def endpoint(watched: Watched, **variables: str) -> Iterator[str]:
    """The address at which the command serves."""
    command = [sys.executable, "-m", "scrapy", "metrics", "--port", "0"]
    environment = {**watched.environment(), **variables}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().split()[0]
        finally:
            process.terminate()
            assert process.wait(10) == 0


def read(url: str, login: str = "") -> str:
    headers = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}
    with urlopen(Request(url, headers=headers), timeout=20) as response:
        text: str = response.read().decode()
        return text


def status(url: str, login: str = "") -> int:
    with pytest.raises(HTTPError) as raised:
        read(url, login)
    with raised.value as answer:
        return answer.code


def test_the_endpoint_tells_what_the_run_says(crawled: Watched) -> None:
    with endpoint(crawled) as url:
        families = {family.name: family for family in text_string_to_metric_families(read(url))}
        assert status(url.replace("/metrics", "/")) == 404
    samples = [sample for family in families.values() for sample in family.samples]
    assert {sample.name for sample in samples} <= metric_names().keys()
    for name in ("forumcrawl_items_total", "forumcrawl_host_items_total"):
        posts = [each.value for each in samples if each.name == name and each.labels["type"] == "posts"]
        assert sum(posts) == crawled.documents()["posts"]
    answers = sum(sample.value for sample in samples if sample.name == "forumcrawl_status_total")
    assert answers == sum(crawled.replica.counters()["statuses"].values())
    counted = [sample.value for sample in samples if sample.name == "forumcrawl_latency_seconds_count"]
    assert counted == [answers]
    places = {sample.labels["place"] for sample in samples}
    assert places == {crawled.replica.forum}


def test_with_a_password_nothing_is_told_without_it(crawled: Watched) -> None:
    with endpoint(crawled, METRICS_PASSWORD="a secret") as url:
        assert status(url) == 401
        assert status(url, "metrics:wrong") == 401
        assert status(url, "metrics:a secréť") == 401
        assert "forumcrawl_pages_total" in read(url, "metrics:a secret")


def test_without_a_password_only_loopback_is_served(crawled: Watched) -> None:
    code, out, err = crawled.said("metrics", "--host", "0.0.0.0", "--port", "0")
    assert (code, out) == (2, "")
    assert err == "set METRICS_PASSWORD to listen at 0.0.0.0: without a login, only loopback is served\n"


def test_a_port_that_is_taken_and_a_database_that_is_away_are_said_in_a_line(crawled: Watched) -> None:
    with endpoint(crawled) as url:
        code, _, err = crawled.said("metrics", "--port", url.rpartition(":")[2].removesuffix("/metrics"))
        assert code == 1
        assert err.startswith("cannot listen at 127.0.0.1:")
        assert err.count("\n") == 1
        crawled.mongodb.kill()
        try:
            assert status(url) == 503
        finally:
            crawled.mongodb.start()


def test_a_name_is_made_of_letters_that_prometheus_takes() -> None:
    assert all(name.isidentifier() and name.islower() for name in metric_names())


def test_the_folder_of_prometheus_holds_no_password() -> None:
    assert not (Path(ROOT) / "deploy" / "prometheus" / "metrics_password").exists()
