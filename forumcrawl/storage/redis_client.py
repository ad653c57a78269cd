"""A client for any address of a Redis, what such a server must be, and what its errors mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    ConnectionError,
    NoPermissionError,
    RedisError,
    ResponseError,
    TimeoutError,
)

from forumcrawl.storage.errors import one_line
from forumcrawl.storage.patience import Trouble

_OLDEST, _NEWER = (6, 2), "use Redis 6.2 or newer, or Valkey"
_SENTINEL_PORT = 26379
_OPTIONS: Mapping[str, Any] = {
    "socket_connect_timeout": 5.0,
    "socket_timeout": 10.0,
    "health_check_interval": 30,
    "retry": Retry(NoBackoff(), 0),  # the frontier waits itself
}
# A server that starts, fails over, is full or has trouble with its disk; 6.2 puts an error of a script inside another.
_PASSING = re.compile(
    r"(^|: -)(LOADING|READONLY|MASTERDOWN|TRYAGAIN|CLUSTERDOWN|OOM|BUSY|MISCONF|NOREPLICAS|UNBLOCKED)\b"
)


class RedisUnavailable(Exception):
    """Redis cannot be used, and waiting longer will not help; the message is one line that says what to do."""


def transient(error: BaseException) -> bool:
    """Whether the same command may succeed a little later."""
    if isinstance(error, AuthenticationError | AuthorizationError):
        return False
    if isinstance(error, ConnectionError | TimeoutError | OSError):
        return True
    if not isinstance(error, ResponseError):
        return False
    return bool(_PASSING.search(f"{error.status_code or ''} {error}".lstrip()))


REDIS = Trouble("Redis", (RedisError, OSError), transient, RedisUnavailable)


def connect(url: str) -> Redis:
    """A client for `url` with replies in bytes and no tries of its own; it connects when it is first used.

    redis://, rediss:// and unix:// as redis-py has them. [redis|rediss]+sentinel://user:password@host:port,host:port/
    MASTER/DB asks Sentinels for the master; they are given the same password, or that of `?sentinel_password=`,
    which may be empty. Raises RedisUnavailable when `url` is no valid address.
    """
    try:
        client = _through_sentinels(url) if "+sentinel://" in url else _direct(url)
        # Not connected yet: this finds an option that does not exist.
        client.connection_pool.make_connection()  # type: ignore[no-untyped-call]
    except (ValueError, TypeError) as error:
        # The message of such an error may quote the password, so its name alone is told.
        reason = f"REDIS_URL is not a valid address ({redacted(url)}): {type(error).__name__}"
        raise RedisUnavailable(reason) from None
    return client


def _direct(url: str) -> Redis:
    parts = urlsplit(url)
    if parts.scheme != "unix":
        _database(parts.path)
    return Redis.from_url(url, client_name="forumcrawl", **_OPTIONS)


def _through_sentinels(url: str) -> Redis:
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    master, _, database = parts.path.strip("/").partition("/")
    if not master:
        raise ValueError("the name of the master is missing")
    secure = {"redis+sentinel": False, "rediss+sentinel": True}.get(parts.scheme)
    if secure is None:
        raise ValueError("unknown scheme")
    plain = parse_url(f"redis://{login}{at}master/{_database(database)}?{parts.query}")
    options: dict[str, Any] = {**_OPTIONS, **plain, "ssl": secure}
    del options["host"]
    asked = options.pop("sentinel_password", None)
    own = parse_qs(parts.query, keep_blank_values=True)
    password = asked if "sentinel_password" in own else options.get("password")
    shared = {name: value for name, value in options.items() if name in _OPTIONS or name.startswith("ssl")}
    addresses = [_address(each) for each in hosts.split(",")]
    sentinel = Sentinel(addresses, sentinel_kwargs={**shared, "password": password})  # type: ignore[no-untyped-call]
    client: Redis = sentinel.master_for(unquote(master), client_name="forumcrawl", **options)
    return client


def _address(text: str) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname:
        raise ValueError("a host is missing")
    return parts.hostname, parts.port or _SENTINEL_PORT


def _database(path: str) -> int:
    # redis-py takes database 0 for what is no number.
    return int(path.strip("/") or 0)


def redacted(url: str) -> str:
    """An address for messages: without user, password and options, also when it is malformed."""
    scheme = re.match(r"([a-z+]*://)?", url)
    start = scheme.group() if scheme else ""
    rest = url[len(start) :]
    if "@" in re.sub(r"^[^?#]*", "", rest):
        return f"{start}***"  # a password that holds a "?", or an option that holds an "@"
    user, at, place = re.split(r"[?#]", rest)[0].rpartition("@")
    hosts, slash, path = place.partition("/")
    shown = ",".join(map(_shown, hosts.split(",")))
    return f"{start}{'***@' if user or at else ''}{shown}{slash}{path}"


def _shown(host: str) -> str:
    # "user:password" without a host looks like a host with a strange port.
    return host if re.fullmatch(r"(\[[\da-fA-F:.]+\]|[^:]*)(:\d*)?", host) else f"{host.partition(':')[0]}:***"


async def check(client: Redis, url: str) -> None:
    """See that a server can carry a frontier.

    Raises RedisUnavailable for one that refuses the login, is too old, is no single master, or may forget keys;
    redis-py's errors where it does not answer.
    """
    try:
        info = await client.info()
        masters = await _masters(client) if info.get("cluster_enabled") else 1
    except (AuthenticationError, AuthorizationError) as error:
        raise _refused(url, f"refuses the login ({one_line(error)})", "correct user and password") from None
    except NoPermissionError as error:
        raise _refused(url, f"allows this user too little ({one_line(error)})", "give it ~* +@all") from None
    except ResponseError as error:
        if "HELLO" not in str(error):
            raise
        raise _refused(url, "is older than 6.0", _NEWER) from None
    if trouble := _trouble(info, masters):
        raise _refused(url, *trouble)


async def _masters(client: Redis) -> int:
    told = await client.execute_command("CLUSTER INFO")  # type: ignore[no-untyped-call]
    return int(told["cluster_size"])


def _trouble(info: Mapping[str, Any], masters: int) -> tuple[str, str] | None:
    """What is wrong with a server, and what to do."""
    version, policy = str(info["redis_version"]), info.get("maxmemory_policy", "noeviction")
    if "sentinel" in (info.get("redis_mode"), info.get("server_mode")):
        return "is a Sentinel", "write redis+sentinel://HOST:PORT/MASTER"
    if tuple(int(part) for part in version.split(".")[:2]) < _OLDEST:
        return f"has version {version}", _NEWER
    if masters > 1:
        return f"is one of the {masters} masters of a cluster", "name a server that holds all keys"
    if info.get("role") == "slave":
        return "is a replica", "name its master, or its Sentinels (redis+sentinel://)"
    if info.get("maxmemory") and policy != "noeviction":
        return f"evicts keys when its memory is full ({policy})", "set maxmemory-policy noeviction"
    return None


def _refused(url: str, trouble: str, remedy: str) -> RedisUnavailable:
    return RedisUnavailable(f"the Redis at {redacted(url)} {trouble}: {remedy}")
