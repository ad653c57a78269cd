from __future__ import annotations

from pathlib import Path

from scrapy import Request

from forumcrawl.gate.clearance import HostGate, undress
from forumcrawl.gate.consent import consent_cookie
from forumcrawl.gate.keepsakes import keep

_AGENT = "forumcrawl/0 (nobody)"


def asked() -> Request:
    return Request("http://forum.example/", headers={"User-Agent": _AGENT})


def test_a_clearance_is_worn_and_taken_off() -> None:
    gate, request = HostGate(), asked()
    assert not gate.dress(request)
    gate.cleared("gate=1", "Mozilla/5.0")
    assert gate.dress(request)
    assert request.headers["Cookie"] == b"gate=1"
    assert request.headers["User-Agent"] == b"Mozilla/5.0"
    assert undress(request, _AGENT) == 1
    assert "Cookie" not in request.headers
    assert request.headers["User-Agent"] == _AGENT.encode()


def test_what_a_request_carries_of_its_own_stays_where_there_is_no_clearance() -> None:
    request = Request("http://forum.example/", headers={"Cookie": "own=1"})
    assert undress(request, _AGENT) == 0
    assert request.headers["Cookie"] == b"own=1"


def test_each_clearance_has_a_number_of_its_own() -> None:
    gate = HostGate()
    gate.cleared("a=1", "Mozilla/5.0")
    gate.agreed("consent=yes")
    assert (gate.number, gate.cookies, gate.agent) == (2, "a=1; consent=yes", "Mozilla/5.0")


def test_consent_goes_with_the_crawl_s_own_agent() -> None:
    gate, request = HostGate(), asked()
    gate.agreed("consent=yes")
    gate.dress(request)
    assert request.headers["User-Agent"] == _AGENT.encode()


def test_a_host_stays_with_the_browser_after_three_visits_that_helped_nobody() -> None:
    gate = HostGate(fruitless=2)
    assert not gate.by_browser
    gate.fruitless += 1
    assert gate.by_browser


def test_the_operator_s_cookie_goes_before_a_product_s() -> None:
    body = b"<script src='https://cdn.example/optanon.js'></script>"
    assert consent_cookie("news.example", body, {"news.example": "yes=1"}) == "yes=1"
    assert consent_cookie("news.example", body, {}).startswith("OptanonAlertBoxClosed=")
    assert consent_cookie("news.example", b"<h1>Before you continue</h1>", {}) == ""


def test_pages_are_kept_by_host_and_kind(tmp_path: Path) -> None:
    place = keep(tmp_path, "forum.example:80", "challenge", b"<h1>1</h1>", b"png")
    assert place == tmp_path / "forum.example_80" / "challenge.html"
    assert place.with_suffix(".png").read_bytes() == b"png"
    keep(tmp_path, "forum.example:80", "challenge", b"<h1>2</h1>", None)
    assert place.read_bytes() == b"<h1>2</h1>"
    assert not place.with_suffix(".png").exists()


def test_a_page_that_cannot_be_kept_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert keep(tmp_path / "file", "forum.example", "blocked", b"", None) is None
