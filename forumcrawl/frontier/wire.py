"""Requests as JSON: what a shared server holds is data, never code."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from scrapy import Request, Spider

VERSION = 1
"""Of the format. Every older one is read too, so that a job outlives an upgrade; a newer one is never guessed at."""
_PLAIN = frozenset({str, int, float, bool, type(None)})
_PASSING = frozenset({"download_latency", "download_slot", "download_timeout"})
"""Meta that Scrapy sets anew at each download."""
_DEFAULTS: dict[str, Any] = {
    "method": "GET", "priority": 0, "dont_filter": False, "encoding": "utf-8", "cookies": {}, "flags": []
}  # fmt: skip


class NotSerialisable(TypeError):
    """The request holds what JSON cannot, or names a callback that is no method of the spider."""


class Unreadable(ValueError):
    """The text is no request that this version and spider understand; the message says why."""


class Newer(Unreadable):
    """A newer version of forumcrawl wrote it, and can read it: it is left to a worker of that one."""


def dumps(request: Request, spider: Spider) -> bytes:
    """The request as JSON. What it was a subclass of is not kept: on the wire they are alike.

    Callbacks travel by name. Values in `meta` and `cb_kwargs` may be plain JSON, bytes, datetimes, tuples and sets.
    Raises NotSerialisable.
    """
    try:
        return json.dumps(_made(request, spider), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise NotSerialisable(f"{request.url}: {error}") from None


def _made(request: Request, spider: Spider) -> dict[str, Any]:
    made: dict[str, Any] = {"v": VERSION, "url": request.url}
    for name in ("callback", "errback"):
        if (function := getattr(request, name)) is not None:
            made[name] = _method_name(spider, function)
    for name, default in _DEFAULTS.items():
        if (value := getattr(request, name)) != default:
            made[name] = _packed(value)
    if request.body:
        made["body"] = base64.b64encode(request.body).decode()
    if request.headers:
        made["headers"] = [
            [name.decode("latin-1"), value.decode("latin-1")]
            for name, values in request.headers.items()
            for value in values
        ]
    if meta := {name: value for name, value in request.meta.items() if name not in _PASSING}:
        made["meta"] = _packed_dict(meta)
    if request.cb_kwargs:
        made["cb_kwargs"] = _packed_dict(request.cb_kwargs)
    return made


def loads(text: bytes, spider: Spider) -> Request:
    """The request that `dumps` made, in this version or an older one. Raises Unreadable."""
    try:
        made = json.loads(text)
        _check_version(made["v"])
        values = {name: _unpacked(made[name]) for name in _DEFAULTS if name in made}
        return Request(
            made["url"],
            callback=_method(spider, made.get("callback")),
            errback=_method(spider, made.get("errback")),
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in made.get("headers", ())],
            body=base64.b64decode(made["body"]) if "body" in made else b"",
            meta=_unpacked(made["meta"]) if "meta" in made else None,
            cb_kwargs=_unpacked(made["cb_kwargs"]) if "cb_kwargs" in made else None,
            **values,
        )
    except Newer:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from None


def _check_version(version: object) -> None:
    if type(version) is not int or version < 1:
        raise Unreadable(f"its format is {version!r}, this version reads 1 to {VERSION}")
    if version > VERSION:
        raise Newer(f"its format is {version}, this version reads up to {VERSION}")


def url_of(text: bytes) -> str:
    """The address in a request's JSON, for a report; the start of the text where it is none."""
    try:
        return str(json.loads(text)["url"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return repr(text[:80])


def _method_name(spider: Spider, function: Any) -> str:
    if isinstance(function, str):
        return function
    name = getattr(function, "__name__", "")
    if getattr(function, "__self__", None) is spider and getattr(spider, name, None) == function:
        return str(name)
    raise NotSerialisable(f"{function!r} is no method of the spider {spider.name}")


def _method(spider: Spider, name: str | None) -> Any:
    if name is None:
        return None
    if not isinstance(name, str) or getattr(method := getattr(spider, name, None), "__self__", None) is not spider:
        raise Unreadable(f"the spider {spider.name} has no method {name!r}")
    return method


def _packed_dict(values: dict[str, Any]) -> Any:
    for value in values.values():
        if type(value) not in _PLAIN:
            return _packed(values)
    return _packed(values) if any(type(name) is not str or name[:1] == "$" for name in values) else values


def _packed(value: Any) -> Any:
    """What JSON has no type for becomes an object with one key that begins with "$"."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, dict):
        if all(type(name) is str and name[:1] != "$" for name in value):
            return {name: _packed(each) for name, each in value.items()}
        return {"$dict": [[_packed(name), _packed(each)] for name, each in value.items()]}
    if isinstance(value, list):
        return [_packed(each) for each in value]
    if isinstance(value, tuple):
        return {"$tuple": [_packed(each) for each in value]}
    if isinstance(value, set | frozenset):
        return {"$frozenset" if isinstance(value, frozenset) else "$set": [_packed(each) for each in value]}
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    raise NotSerialisable(f"a {type(value).__name__} cannot travel as JSON: {value!r:.200}")


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and (tag := next(iter(value)))[:1] == "$":
        return _tagged(tag, value[tag])
    return {name: _unpacked(each) for name, each in value.items()}


def _tagged(tag: str, inner: Any) -> Any:
    match tag:
        case "$bytes":
            return base64.b64decode(inner)
        case "$datetime":
            return datetime.fromisoformat(inner)
        case "$dict":
            return {_unpacked(name): _unpacked(each) for name, each in inner}
        case "$tuple" | "$set" | "$frozenset":
            kind = {"$tuple": tuple, "$set": set, "$frozenset": frozenset}[tag]
            return kind(_unpacked(each) for each in inner)
    raise Unreadable(f"unknown type {tag}")
