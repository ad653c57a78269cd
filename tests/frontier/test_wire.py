"""Requests as JSON: all that may travel comes back as it was, all else is refused, and nothing is ever run."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from scrapy import FormRequest, Request, Spider
from scrapy.http import Response

from forumcrawl.frontier.wire import VERSION, Newer, NotSerialisable, Unreadable, dumps, loads, url_of


class _Spider(Spider):
    name = "wire"
    label = "no method"

    def parse(self, response: Response, **kwargs: Any) -> None: ...

    def failed(self, failure: Any) -> None: ...


class _Colour(IntEnum):
    RED = 1


SPIDER = _Spider()
_ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=3)), timezone(-timedelta(minutes=90))])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = st.one_of(texts, texts.map("${}".format), st.sampled_from(["$bytes", "$dict", "$tuple", "$set", "$datetime"]))
hashable = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    keys,
    st.binary(max_size=8),
    st.datetimes(timezones=_ZONES).map(lambda time: time.replace(fold=0)),  # ISO text cannot say it
    st.tuples(texts, st.integers()),
    st.frozensets(st.integers(), max_size=3),
)
values = st.recursive(
    st.one_of(hashable, st.sets(hashable, max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(keys, inner, max_size=3),
        st.dictionaries(hashable, inner, max_size=3),
    ),
    max_leaves=8,
)
kwargs = st.dictionaries(keys, values, max_size=4)
names = st.from_regex(rb"X-[A-Za-z]{1,5}", fullmatch=True)
header_values = st.lists(st.binary(max_size=8), min_size=1, max_size=3)
requests = st.builds(
    Request,
    st.from_regex(r"https?://[a-z]{1,8}\.example(:80)?/[a-z0-9%/]{0,8}(\?[a-z]=[!$-~é]{0,5})?", fullmatch=True),
    callback=st.sampled_from([None, SPIDER.parse]),
    errback=st.sampled_from([None, SPIDER.failed]),
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
    headers=st.dictionaries(names, header_values, max_size=3),
    body=st.binary(max_size=20),
    cookies=st.one_of(
        st.dictionaries(texts, texts, max_size=2),
        st.lists(st.fixed_dictionaries({"name": texts, "value": texts, "secure": st.booleans()}), max_size=2),
    ),
    meta=kwargs,
    cb_kwargs=kwargs,
    priority=st.integers(-(10**9), 10**9),
    dont_filter=st.booleans(),
    encoding=st.sampled_from(["utf-8", "latin-1", "windows-1256"]),
    flags=st.lists(texts, max_size=2),
)


def _told(request: Request) -> dict[str, Any]:
    told = request.to_dict(spider=SPIDER)
    return told | {"meta": request.meta, "cb_kwargs": request.cb_kwargs, "headers": dict(request.headers)}


def _types(value: Any) -> Any:
    """The types inside a value: 1 and True and 1.0 are equal, and they must not be taken for each other."""
    if isinstance(value, dict):
        return [(_types(name), _types(each)) for name, each in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [_types(each) for each in value]
    if isinstance(value, set | frozenset):
        return type(value), sorted(repr(_types(each)) for each in value)
    return type(value), repr(value)


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])  # shrinking such a request takes minutes
@given(requests)
def test_a_request_comes_back_as_it_went(request: Request) -> None:
    back = loads(dumps(request, SPIDER), SPIDER)
    assert _told(back) == _told(request)
    assert _types(back.meta) == _types(request.meta)
    assert _types(back.cb_kwargs) == _types(request.cb_kwargs)
    assert back.callback == request.callback
    assert back.errback == request.errback


@pytest.mark.parametrize("value", [b"\xff\xfe", "ü".encode(), "ü".encode("latin-1"), b""])
def test_header_bytes_come_back(value: bytes) -> None:
    request = Request("http://h.example/", headers={"X-One": [value, b"second"]})
    assert loads(dumps(request, SPIDER), SPIDER).headers.getlist("X-One") == [value, b"second"]


def test_a_subclass_travels_as_a_plain_request() -> None:
    form = FormRequest("http://h.example/", formdata={"q": "منتدى"}, callback=SPIDER.parse)
    back = loads(dumps(form, SPIDER), SPIDER)
    assert type(back) is Request
    assert (back.method, back.body, back.headers) == (form.method, form.body, form.headers)


def test_meta_that_belongs_to_one_download_stays_behind() -> None:
    request = Request("http://h.example/", meta={"download_latency": 0.1, "download_slot": "h", "depth": 1})
    assert loads(dumps(request, SPIDER), SPIDER).meta == {"depth": 1}


@pytest.mark.parametrize(
    "arguments",
    [
        {"callback": lambda response: None},
        {"callback": print},
        {"callback": _Spider().parse},
        {"errback": "".join},
        {"meta": {"x": object()}},
        {"meta": {"x": {"deep": [(Request("http://h.example/"),)]}}},
        {"meta": {"x": _Colour.RED}},
        {"cb_kwargs": {"x": float("nan")}},
        {"cb_kwargs": {"x": [float("inf")]}},
        {"cb_kwargs": {"x": 1j}},
        {"cb_kwargs": {"x": SPIDER.parse}},
        {"cb_kwargs": {"x": "\ud800"}},
        {"flags": [object()]},
    ],
)
def test_what_cannot_travel_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(NotSerialisable):
        dumps(Request("http://h.example/", **arguments), SPIDER)


def test_what_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(NotSerialisable):
        dumps(Request("http://h.example/", meta={"x": endless}), SPIDER)


_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=6,
)
_FIELDS = "url callback errback method headers body cookies meta cb_kwargs priority dont_filter encoding flags".split()


def _reads_or_refuses(text: bytes) -> None:
    with suppress(Unreadable):
        assert isinstance(loads(text, SPIDER), Request)
    assert isinstance(url_of(text), str)


@given(st.one_of(st.binary(), _json.map(json.dumps).map(str.encode)))
@example(b"")
@example(b"null")
def test_any_bytes_are_a_request_or_unreadable(text: bytes) -> None:
    _reads_or_refuses(text)


@pytest.mark.parametrize("depth", [300, 100_000])
def test_what_nests_too_deep_is_unreadable(depth: int) -> None:
    _reads_or_refuses(b"[" * depth)
    _reads_or_refuses(b'{"v":1,"url":"http://h/","meta":' + b'{"a":' * depth + b"1" + b"}" * (depth + 1))


@given(st.dictionaries(st.sampled_from(_FIELDS), _json, max_size=4))
@example({"encoding": "no-such-encoding"})
@example({"headers": [["X", 10**400]]})
@example({"meta": {"$dict": [1]}})
@example({"meta": {"$set": [[]]}})
@example({"meta": {"$datetime": "9999-99-99"}})
@example({"url": "http://[/"})
@example({"url": "no address"})
def test_any_fields_are_a_request_or_unreadable(fields: dict[str, Any]) -> None:
    _reads_or_refuses(json.dumps({"v": 1, "url": "http://h.example/", **fields}).encode())


VERSION_1 = (
    b'{"v":1,"url":"http://h.example/a?p=\xd8\xa7","callback":"parse","priority":3,"cookies":{"c":"1"},"body":"eA==",'
    b'"headers":[["Accept","text/html"]],"meta":{"band":"thread","at":{"$datetime":"2026-01-02T03:04:05+00:00"}},'
    b'"cb_kwargs":{"ids":{"$tuple":[1,2]},"raw":{"$bytes":"AP8="}}}'
)
"""A request as the first version of the format writes it: it stays readable, whatever comes later."""


def test_what_the_first_version_wrote_is_read() -> None:
    request = loads(VERSION_1, SPIDER)
    assert (request.url, request.callback, request.priority) == ("http://h.example/a?p=%D8%A7", SPIDER.parse, 3)
    assert (request.cookies, request.body, request.headers[b"Accept"]) == ({"c": "1"}, b"x", b"text/html")
    assert request.meta == {"band": "thread", "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}
    assert request.cb_kwargs == {"ids": (1, 2), "raw": b"\x00\xff"}


def test_a_newer_version_is_told_apart_from_what_nobody_can_read() -> None:
    with pytest.raises(Newer, match=f"its format is {VERSION + 1}, this version reads up to {VERSION}"):
        loads(json.dumps({"v": VERSION + 1, "new": {}}).encode(), SPIDER)


@pytest.mark.parametrize("version", [0, -1, 1.0, True, "1", None, [1]])
def test_what_is_no_version_is_unreadable(version: object) -> None:
    with pytest.raises(Unreadable, match="format"):
        loads(json.dumps({"v": version, "url": "http://h.example/"}).encode(), SPIDER)


@pytest.mark.parametrize("name", ["no_such", "name", "label", "", "__class__", "from_crawler", "parse.__func__", 1, []])
@pytest.mark.parametrize("which", ["callback", "errback"])
def test_what_is_no_method_of_the_spider_is_unreadable(which: str, name: object) -> None:
    with pytest.raises(Unreadable):
        loads(json.dumps({"v": 1, "url": "http://h.example/", which: name}).encode(), SPIDER)


@pytest.mark.parametrize("tag", ["$class", "$object", "$call"])
def test_unknown_types_are_unreadable(tag: str) -> None:
    with pytest.raises(Unreadable, match="unknown type"):
        loads(json.dumps({"v": 1, "url": "http://h.example/", "meta": {"x": {tag: "os.system"}}}).encode(), SPIDER)


def test_nothing_is_imported_or_run() -> None:
    names = ("_class", "__class__", "__reduce__", "py/object")
    assert "this" not in sys.modules
    made = {
        "v": 1,
        "url": "http://h.example/",
        "meta": dict.fromkeys(names, "this.s"),
        **dict.fromkeys(names, "this.s"),
    }
    back = loads(json.dumps(made).encode(), SPIDER)
    assert type(back) is Request
    assert back.meta == dict.fromkeys(names, "this.s")
    assert "this" not in sys.modules


def test_the_address_for_a_report() -> None:
    assert url_of(dumps(Request("http://h.example/a"), SPIDER)) == "http://h.example/a"
    assert url_of(b"no request") == "b'no request'"
