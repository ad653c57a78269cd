from __future__ import annotations

import re

import pytest
from aiohttp.test_utils import make_mocked_request

from tests.replica.answers import Answer, html
from tests.replica.gates import EVERY, GATES, Gates

_PAGE = html("thread", "<p>page</p>")


def asked(gates: Gates, cookie: str = "", agent: str = "A", **headers: str) -> Answer | None:
    request = make_mocked_request("GET", "/", headers={"User-Agent": agent, "Cookie": cookie, **headers})
    return gates.stand_before(request, _PAGE)


def passed(gates: Gates, agent: str = "A") -> str:
    """The cookie that the gate's script sets."""
    gate = asked(gates, agent=agent)
    assert gate is not None
    number = re.search(rb"const n=(\d+)", gate.body)
    assert number is not None
    return f"gate={int(number[1])}.{int(number[1]) * 7919 % 1_000_003}"


@pytest.mark.parametrize("kind", [kind for kind in GATES if kind != "open"])
def test_a_plain_request_meets_the_gate(kind: str) -> None:
    assert asked(Gates(kind)) is not None
    assert asked(Gates(kind), "gate=1.1") is not None


@pytest.mark.parametrize("kind", ["cookie", "refresh", "agent", "returning"])
def test_what_its_script_sets_opens_it(kind: str) -> None:
    gates = Gates(kind)
    assert asked(gates, passed(gates)) is None


def test_a_clearance_is_bound_to_the_agent() -> None:
    gates = Gates("agent")
    assert asked(gates, passed(gates, "A"), "B") is not None


def test_the_gate_returns() -> None:
    gates = Gates("returning")
    cookie = passed(gates)
    assert [asked(gates, cookie) is None for _ in range(EVERY + 1)] == [True] * EVERY + [False]


def test_the_endless_one_never_opens() -> None:
    gates = Gates("endless")
    assert asked(gates, passed(gates)) is not None


def test_a_shell_s_content_comes_to_its_script() -> None:
    assert asked(Gates("shell"), **{"X-Content": "1"}) is None


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no gate 'wall'"):
        Gates("wall")
