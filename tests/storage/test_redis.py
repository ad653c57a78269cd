"""Named Redis servers: which are used, what is said of those that cannot be, and no secret shown."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio.connection
from redis import Redis
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,
    DataError,
    MasterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,
    TryAgainError,
)
from scrapy.settings import Settings

from forumcrawl import settings as project
from forumcrawl.storage.redis import RedisSession, RedisUnavailable, connect, redacted, transient
from tests.storage import alive, gone, state, until
from tests.storage.valkey import free_port, valkey


def configured(**changes: Any) -> Settings:
    """The project's settings of Redis, with changes."""
    names = [name for name in dir(project) if name.startswith(("REDIS_", "EMBEDDED_", "FORUMCRAWL_", "FRONTIER_"))]
    return Settings({name: getattr(project, name) for name in names} | changes)


def used(use: Callable[[RedisSession], Awaitable[None]], **changes: Any) -> None:
    """Open a session, use it, close it."""

    async def main() -> None:
        session = await RedisSession.open(configured(**changes))
        try:
            await use(session)
        finally:
            await session.close()

    asyncio.run(main())


async def works(session: RedisSession) -> None:
    await session.client.set("name", "value")
    assert await session.client.get("name") == b"value"
    await session.ensure()


def refusal(url: str, **changes: Any) -> str:
    """The line with which a session on an address is refused."""
    with pytest.raises(RedisUnavailable) as raised:
        used(works, REDIS_URL=url, **changes)
    assert "\n" not in str(raised.value)
    assert "geheim" not in str(raised.value)
    return str(raised.value)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Port of a server that asks for a password, and has a user who may do little."""
    folder = tmp_path_factory.mktemp("guarded")
    with valkey(folder, "--requirepass", "geheim") as port:
        with Redis(port=port, password="geheim") as client:
            client.acl_setuser("guest", True, passwords=["+geheim"], keys=["*"], commands=["+get", "+hello"])
        yield port


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_server_with_a_password_is_used_and_the_password_not_shown(guarded: int) -> None:
    async def use(session: RedisSession) -> None:
        await works(session)
        assert session.address == f"redis://***@127.0.0.1:{guarded}/3"
        assert (await session.client.client_info())["db"] == 3

    used(use, REDIS_URL=f"redis://:geheim@127.0.0.1:{guarded}/3")


def test_a_socket_file_is_used(tmp_path: Path) -> None:
    path = tmp_path / "redis.sock"
    with valkey(tmp_path, "--unixsocket", str(path)):
        used(works, REDIS_URL=f"unix://{path}?db=1")


@pytest.mark.parametrize("url", ["rediss://h:1/0", "rediss+sentinel://h:1/main/0"])
def test_rediss_makes_a_verified_tls_connection(url: str) -> None:
    connection = connect(url).connection_pool.make_connection()  # type: ignore[no-untyped-call]
    assert isinstance(connection, redis.asyncio.connection.SSLConnection)
    assert connection.check_hostname


async def _get(client: redis.asyncio.Redis) -> None:
    await client.get("name")


def test_rediss_begins_with_a_tls_greeting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        url = f"rediss://127.0.0.1:{server.getsockname()[1]}/0"

        async def greet() -> bytes:
            client = connect(url)
            asking = asyncio.create_task(_get(client))
            peer, _ = await asyncio.to_thread(server.accept)
            with peer:
                peer.settimeout(10)
                greeting = await asyncio.to_thread(peer.recv, 3)
            with pytest.raises(ConnectionError):
                await asking
            await client.aclose()
            return greeting

        assert asyncio.run(greet())[:2] == b"\x16\x03"


@pytest.mark.parametrize(
    "url",
    [
        "redis://user:geheim@h:port/0",
        "redis://:geheim@h/name",
        "http://:geheim@h",
        "h:6379",
        "redis://h?geheim=1",
        "redis+sentinel://:geheim@h1,h2",
        "redis+sentinel://:geheim@h1,/m",
        "redis+sentinel://:geheim@h1:x/m",
        "redis+sentinel://:geheim@h1/m/x",
        "redis+sentinel://:geheim@h1/m?other=geheim",
        "unix+sentinel://:geheim@h1/m",
    ],
)
def test_an_address_that_cannot_be_is_said_at_once(url: str) -> None:
    assert refusal(url).startswith(f"REDIS_URL is not a valid address ({redacted(url)}): ")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://user:geheim@h:6379/0", "redis://***@h:6379/0"),
        ("rediss://:geh@eim@h/0?ssl_cert_reqs=none", "rediss://***@h/0"),
        ("redis://:ge?heim@h/0", "redis://***"),
        ("redis://h/0?password=ge@heim", "redis://***"),
        ("redis://user:geheim", "redis://user:***"),
        ("redis://[::1]:6379/0", "redis://[::1]:6379/0"),
        ("redis+sentinel://:geheim@a:1,b:2/m/0?sentinel_password=geheim", "redis+sentinel://***@a:1,b:2/m/0"),
        ("unix:///run/redis.sock?password=geheim", "unix:///run/redis.sock"),
        ("h:1", "h:1"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert redacted(url) == shown


# --- what a server must be -------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["", ":wrong@", "guest:wrong@"])
def test_a_wrong_login_is_said_at_once(guarded: int, login: str) -> None:
    began = time.monotonic()
    line = refusal(f"redis://{login}127.0.0.1:{guarded}/0")
    assert " refuses the login (AuthenticationError: " in line
    assert line.endswith("): correct user and password")
    assert time.monotonic() - began < 3


def test_a_user_who_may_too_little_is_told(guarded: int) -> None:
    assert " allows this user too little (" in refusal(f"redis://guest:geheim@127.0.0.1:{guarded}/0")


def test_a_server_that_evicts_keys_is_refused_until_it_is_told_not_to(tmp_path: Path) -> None:
    with valkey(tmp_path, "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru") as port:
        url = f"redis://127.0.0.1:{port}/0"
        assert refusal(url) == (
            f"the Redis at {url} evicts keys when its memory is full (allkeys-lru): set maxmemory-policy noeviction"
        )
        with Redis(port=port) as client:
            client.config_set("maxmemory-policy", "noeviction")
        used(works, REDIS_URL=url)


def test_a_policy_without_a_limit_evicts_nothing(tmp_path: Path) -> None:
    with valkey(tmp_path, "--maxmemory-policy", "allkeys-lru") as port:
        used(works, REDIS_URL=f"redis://127.0.0.1:{port}/0")


_HELLO_OF_6 = b"%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n"
_HELLO_OF_5 = b"-ERR unknown command `HELLO`, with args beginning with: `3`, \r\n"
_INFO = b"# Server\r\nredis_version:6.0.16\r\nredis_mode:standalone\r\n# Replication\r\nrole:master\r\n"


@pytest.mark.parametrize(
    ("hello", "is_old"), [(_HELLO_OF_6, "has version 6.0.16"), (_HELLO_OF_5, "is older than 6.0")], ids=["6.0", "5.0"]
)
def test_an_old_server_is_refused(hello: bytes, is_old: str) -> None:
    """No old server is at hand, so this speaks like one for as long as it is listened to."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers = {b"HELLO": hello, b"INFO": b"$%d\r\n%s\r\n" % (len(_INFO), _INFO)}
        while head := await reader.readline():
            lines = [(await reader.readline()).strip() for _ in range(2 * int(head[1:]))]
            writer.write(answers.get(lines[1].upper(), b"+OK\r\n"))
        writer.close()

    async def main() -> tuple[str, str]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
        with pytest.raises(RedisUnavailable) as raised:
            await RedisSession.open(configured(REDIS_URL=url))
        server.close()
        return url, str(raised.value)

    url, line = asyncio.run(main())
    assert line == f"the Redis at {url} {is_old}: use Redis 6.2 or newer, or Valkey"


def test_a_replica_is_refused(tmp_path: Path) -> None:
    with valkey(tmp_path / "a") as master, valkey(tmp_path / "b", "--replicaof", f"127.0.0.1 {master}") as port:
        assert refusal(f"redis://127.0.0.1:{port}/0").endswith(
            " is a replica: name its master, or its Sentinels (redis+sentinel://)"
        )


def test_one_of_several_masters_of_a_cluster_is_refused_and_an_only_one_used(tmp_path: Path) -> None:
    options = ("--cluster-enabled", "yes")
    # Half of the range: the bus listens 10,000 above the port.
    ports = [next(port for port in iter(free_port, 0) if port < 55000) for _ in range(2)]
    with valkey(tmp_path / "a", *options, port=ports[0]), valkey(tmp_path / "b", *options, port=ports[1]):
        one, two = (Redis(port=port) for port in ports)
        ask: Any = one.execute_command
        with one, two:
            ask("CLUSTER ADDSLOTSRANGE", 0, 16382)
            ask("CONFIG SET", "cluster-require-full-coverage", "no")
            until(lambda: ask("CLUSTER INFO")["cluster_state"] == "ok")
            used(works, REDIS_URL=f"redis://127.0.0.1:{ports[0]}/0")
            two.cluster("ADDSLOTSRANGE", 16383, 16383)
            ask("CLUSTER MEET", "127.0.0.1", ports[1])
            until(lambda: ask("CLUSTER INFO")["cluster_size"] == "2")
            assert refusal(f"redis://127.0.0.1:{ports[0]}/0").endswith(
                " is one of the 2 masters of a cluster: name a server that holds all keys"
            )


def test_a_named_server_that_is_not_there_is_one_clear_line_in_time() -> None:
    url = f"redis://user:geheim@127.0.0.1:{free_port()}/0"
    line = refusal(url, FRONTIER_PATIENCE="0.2")
    assert line.startswith(f"cannot use the Redis at {redacted(url)} (ConnectionError: ")
    assert line.endswith("): start it, correct REDIS_URL, or unset it to use the embedded server")


def test_a_named_server_that_accepts_and_is_silent_is_one_clear_line_in_time() -> None:
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = refusal(f"redis://127.0.0.1:{server.getsockname()[1]}/0", FRONTIER_PATIENCE="1")
    assert "(no answer)" in line
    assert time.monotonic() - began < 5


def test_a_server_that_is_just_starting_is_waited_for(tmp_path: Path) -> None:
    port = free_port()

    async def main() -> None:
        opening = asyncio.create_task(RedisSession.open(configured(REDIS_URL=f"redis://127.0.0.1:{port}/0")))
        await asyncio.sleep(0.3)
        with ExitStack() as stack:
            await asyncio.to_thread(stack.enter_context, valkey(tmp_path, port=port))
            session = await opening
            await works(session)
            await session.close()

    asyncio.run(main())


# --- Sentinel --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["geheim", ""], ids=["sentinel with the password", "sentinel without"])
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """An address through a Sentinel, and the Sentinel's port."""
    with valkey(tmp_path / "master", "--requirepass", "geheim") as master:
        config = tmp_path / "sentinel.conf"
        lines = [f"sentinel monitor main 127.0.0.1 {master} 1", "sentinel auth-pass main geheim"]
        lines += [f"requirepass {request.param}"] if request.param else []
        config.write_text("\n".join(lines) + "\n")
        with valkey(tmp_path / "sentinel", str(config), "--sentinel") as port:
            option = "" if request.param else "?sentinel_password="
            yield f"redis+sentinel://:geheim@127.0.0.1:{free_port()},127.0.0.1:{port}/main/2{option}", port


def test_the_master_is_found_through_a_sentinel(watched: tuple[str, int]) -> None:
    async def use(session: RedisSession) -> None:
        await works(session)
        assert (await session.client.client_info())["db"] == 2

    used(use, REDIS_URL=watched[0])


def test_a_sentinel_that_is_named_as_a_server_is_refused(watched: tuple[str, int]) -> None:
    login = "" if "sentinel_password" in watched[0] else ":geheim@"
    line = refusal(f"redis://{login}127.0.0.1:{watched[1]}/0")
    assert line.endswith(" is a Sentinel: write redis+sentinel://HOST:PORT/MASTER")


def test_a_master_that_no_sentinel_knows_is_one_clear_line(watched: tuple[str, int]) -> None:
    line = refusal(watched[0].replace("/main", "/other"), FRONTIER_PATIENCE="0.5")
    assert "No master found for 'other'" in line


# --- errors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ConnectionError("Connection refused"),
        TimeoutError("Timeout reading"),
        OSError("no route"),
        BusyLoadingError("Redis is loading", status_code="LOADING"),
        ReadOnlyError("You can't write against a read only replica.", status_code="READONLY"),
        MasterDownError("Link with MASTER is down", status_code="MASTERDOWN"),
        TryAgainError("Multiple keys request during rehashing of slot", status_code="TRYAGAIN"),
        OutOfMemoryError("command not allowed", status_code="OOM"),
        ResponseError("MISCONF Errors writing to the AOF file"),
        ResponseError("BUSY Valkey is busy running a script."),
        ResponseError(
            "Error running script (call to f_1): @user_script:1: -OOM command not allowed", status_code="ERR"
        ),
    ],
)
def test_what_passes_is_tried_again(error: Exception) -> None:
    assert transient(error)


@pytest.mark.parametrize(
    "error",
    [
        AuthenticationError("invalid username-password pair", status_code="WRONGPASS"),
        ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value"),
        ResponseError("BUSYGROUP Consumer Group name already exists"),
        ResponseError("Error running script: the turn is OOM", status_code="ERR"),
        DataError("Invalid input of type"),
        ValueError("no"),
    ],
)
def test_what_stays_is_not(error: Exception) -> None:
    assert not transient(error)


def test_errors_of_a_server_are_told_apart(tmp_path: Path) -> None:
    with valkey(tmp_path) as port:

        async def main() -> None:
            client = connect(f"redis://127.0.0.1:{port}/0")
            await client.set("text", "x")
            await client.config_set("maxmemory", "1")
            for passing in ("return redis.call('set', 'a', 'b')", "redis.call('lpush', KEYS[1], 1)"):
                with pytest.raises(OutOfMemoryError) as full:
                    await client.eval(passing, 1, "list")
                assert transient(full.value)
            await client.config_set("maxmemory", "0")
            with pytest.raises(ResponseError) as wrong:
                await client.eval("return redis.call('incr', KEYS[1])", 1, "text")
            assert not transient(wrong.value)
            await client.aclose()

        asyncio.run(main())


# --- the embedded server ---------------------------------------------------------------------------------------


def test_without_an_address_the_embedded_server_is_used_and_keeps_the_data(tmp_path: Path) -> None:
    home = tmp_path / "home"
    used(works, REDIS_URL=None, FORUMCRAWL_HOME=str(home))
    until(lambda: gone(home))

    async def use(session: RedisSession) -> None:
        assert await session.client.get("name") == b"value"
        info = await session.client.info()
        assert (info["aof_enabled"], info["maxmemory_policy"], info["rdb_saves"]) == (1, "noeviction", 0)
        assert session.address == f"redis://127.0.0.1:{state(home, 'redis').port}/0"

    used(use, REDIS_URL="", FORUMCRAWL_HOME=str(home))
    assert not (home / "mongodb").exists()
    until(lambda: gone(home))


def test_an_embedded_server_that_died_is_back_after_ensure(tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def use(session: RedisSession) -> None:
        await works(session)
        await session.client.waitaof(1, 0, 5000)
        before = state(home, "redis")
        os.kill(before.pid, signal.SIGKILL)
        await asyncio.to_thread(until, lambda: not alive(before.server_pid))
        with pytest.raises(ConnectionError) as away:
            await session.client.get("name")
        assert transient(away.value)
        await session.ensure()
        assert await session.client.get("name") == b"value"

    used(use, REDIS_URL=None, FORUMCRAWL_HOME=str(home))
    until(lambda: gone(home))


def test_an_embedded_server_that_cannot_be_had_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RedisUnavailable, match="set FORUMCRAWL_HOME"):
        used(works, REDIS_URL=None, FORUMCRAWL_HOME=str(tmp_path / "file" / "home"))
