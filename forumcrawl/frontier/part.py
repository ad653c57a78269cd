"""A process's part in a job, from joining it to leaving it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from redis.exceptions import RedisError
from scrapy import Spider
from scrapy.settings import BaseSettings

from forumcrawl.frontier.jobs import Job, JobError, end, take_part
from forumcrawl.frontier.leases import Leases
from forumcrawl.frontier.neighbours import whereabouts
from forumcrawl.frontier.pace import pace_of
from forumcrawl.frontier.streams import Streams
from forumcrawl.frontier.worker import Worker
from forumcrawl.storage.redis import RedisSession, RedisUnavailable

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Part:
    """The server, the job and the worker; made by `take`, ended by `leave`."""

    session: RedisSession
    job: Job
    worker: Worker

    @classmethod
    async def take(cls, settings: BaseSettings, spider: Spider, **calls: Any) -> Part:
        """Join the job that the spider names or goes on with; `calls` are those that a `Worker` makes.

        Raises RedisUnavailable or JobError with one line that says what to do.
        """
        session = await RedisSession.open(settings)
        try:
            job = await take_part(session.client, spider, join_only=settings.getbool("JOB_JOIN_ONLY"))
            worker = _worker(settings, session, job, calls)
            await worker.join()
        except RedisError as error:
            await session.close()
            raise RedisUnavailable(f"Redis failed: {type(error).__name__}: {error}") from error
        except (RedisUnavailable, JobError):
            await session.close()
            raise
        return cls(session, job, worker)

    async def leave(self, reason: str) -> None:
        """Say what is left to say, give back what is held, and end a job that has nothing left to do."""
        try:
            await self.worker.close()
            if self.worker.nothing_left() and (counts := await self.worker.streams.finish()):
                await end(self.session.client, self.job.id, reason, counts)
        except (RedisUnavailable, RedisError) as error:
            logger.error("The frontier was not told all; it is done again: %s", error)
        finally:
            await self.session.close()


def _worker(settings: BaseSettings, session: RedisSession, job: Job, calls: dict[str, Any]) -> Worker:
    return Worker(
        Streams(session.client, job.id, pace_of(settings)),
        session,
        Leases(settings.getint("WORKER_IN_FLIGHT"), settings.getint("WORKER_IN_FLIGHT_BESIDE")),
        prefetch=settings.getint("FRONTIER_PREFETCH"),
        patience=settings.getfloat("FRONTIER_PATIENCE"),
        about=whereabouts(settings["SCRAPYD_JOB"], settings["SCRAPYD_VERSION"]),
        **calls,
    )
