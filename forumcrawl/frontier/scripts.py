"""The Lua scripts, each a step that happens whole or not at all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

Argument: TypeAlias = str | bytes | int | float


@dataclass(frozen=True, slots=True)
class Script:
    """A script's text and the name by which the server knows it."""

    text: str
    sha: str


@cache
def script(name: str) -> Script:
    """The script of the file `name`.lua, with what all scripts of a job share before it."""
    parts = [(files(__package__) / f"{each}.lua").read_text("utf-8") for each in ("common", name)]
    whole = "\n".join(parts)
    return Script(whole, hashlib.sha1(whole.encode(), usedforsecurity=False).hexdigest())


def text(value: bytes | str) -> str:
    """A reply of the server as text; redis-py types every reply as either."""
    return value.decode() if isinstance(value, bytes) else value


async def run(client: Redis, *calls: tuple[str, str, list[Argument]]) -> list[Any]:
    """Run (script, key, arguments) in this order in one round trip; what each returns.

    Raises redis-py's errors: the first one, and then it is unknown which of the calls were done.
    """
    results = await _send(client, calls)
    for result in results:
        if isinstance(result, NoScriptError):
            for name, _, _ in calls:
                await client.script_load(script(name).text)
            results = await _send(client, calls)
            break
    for result in results:
        if isinstance(result, RedisError):
            raise result
    return results


async def _send(client: Redis, calls: tuple[tuple[str, str, list[Argument]], ...]) -> list[Any]:
    if len(calls) == 1:
        name, key, arguments = calls[0]
        try:
            return [await client.evalsha(script(name).sha, 1, key, *arguments)]
        except NoScriptError as error:
            return [error]
    pipe = client.pipeline(transaction=False)
    for name, key, arguments in calls:
        pipe.evalsha(script(name).sha, 1, key, *arguments)
    return await pipe.execute(raise_on_error=False)
