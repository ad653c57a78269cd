"""What an operator may do to a job."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from redis.asyncio import Redis
from scrapy import Request

from forumcrawl.frontier.bands import BAND, Band, score
from forumcrawl.frontier.scripts import run
from forumcrawl.frontier.streams import CHUNK, JOBS, job_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Requeued:
    """What became of a job's dead letters."""

    waiting: int
    """Letters whose requests wait again."""
    kept: int
    """Letters that hold no request which could be queued."""
    reopened: bool
    """The job had ended and is unfinished again."""


async def pause(client: Redis, job: str, host: str = "") -> bool:
    """Deliver nothing more, of one host or at all; False for a host that the job does not know."""
    return bool((await run(client, ("halt", job_key(job), [1, host])))[0])


async def resume(client: Redis, job: str, host: str = "") -> bool:
    """Take a pause back; False for a host that the job does not know."""
    return bool((await run(client, ("halt", job_key(job), [0, host])))[0])


async def tell_worker(client: Redis, job: str, worker: str, order: Literal["stop", "kill"]) -> None:
    """Have a worker end at its next turn: in order, or at once without giving back what it holds."""
    await client.hset(f"{job_key(job)}:orders", worker, order)


async def waiting_of(client: Redis, job: str, host: str) -> int:
    """How many requests wait for a host."""
    return int(await client.zcard(f"{job_key(job)}:queue:{host}"))


async def drop(client: Redis, job: str, host: str) -> int:
    """Remove all requests that wait for a host, and do not queue them again; how many."""
    return int((await run(client, ("drop", job_key(job), [host])))[0])


async def requeue_dead(client: Redis, job: str, entry: Mapping[str, Any]) -> Requeued:
    """Put a job's dead letters back in line, in the band they had; `entry` is the job's in the register.

    Each letter moves in one step; the register comes last, so that doing it again completes what was cut short.
    """
    letters = await client.hgetall(f"{job_key(job)}:dead")
    places = [(id, place) for id, text in letters.items() if (place := _place(text)) is not None]
    counts, moved, waiting = json.dumps(entry.get("counts", {})), 0, 0
    for start in range(0, max(len(places), 1), CHUNK):
        some = [part for pair in places[start : start + CHUNK] for part in pair]
        new, waiting = (await run(client, ("requeue", job_key(job), [counts, *some])))[0]
        moved += new
    reopened = bool(waiting and (await run(client, ("reopen", JOBS, [job])))[0])
    return Requeued(waiting=moved, kept=len(letters) - len(places), reopened=reopened)


def _place(letter: bytes | str) -> int | None:
    """The score of a letter's request; None where it is none, but only the description of one that was refused."""
    try:
        made = json.loads(json.loads(letter)["request"])
        request = Request(made["url"], priority=made.get("priority", 0))
        band = made.get("meta", {}).get(BAND)
        request.meta[BAND] = band if str(band).upper() in Band.__members__ else None
        return score(request)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
