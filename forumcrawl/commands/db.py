"""`scrapy db`: hold the embedded servers open, for a look into them with any MongoDB or Redis client."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.settings import BaseSettings

from forumcrawl.storage import mongo, redis
from forumcrawl.storage.embedded import EmbeddedError, Hold, hold

_SETTINGS = {"mongodb": "MONGODB_URI", "redis": "REDIS_URL"}
_LOOK_SECONDS = 1.0  # how soon a server whose supervisor was killed is back


class Command(ScrapyCommand):
    """Prints where the servers are, and keeps the embedded ones running until Ctrl-C or SIGTERM."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """The line in `scrapy`'s list of commands."""
        return "Hold the embedded servers open and print their addresses"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 0 after Ctrl-C, SIGTERM or with servers of the user's own alone; 1 without a server."""
        assert self.settings is not None
        servers = [name for name, setting in _SETTINGS.items() if not self.settings.get(setting)]
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            with suppress(KeyboardInterrupt):
                _show(self.settings, servers)
        except EmbeddedError as error:
            print(error, file=sys.stderr)
            self.exitcode = 1


def _show(settings: BaseSettings, servers: list[str]) -> None:
    home = Path(settings["FORUMCRAWL_HOME"])
    ports = {f"{name}_port": settings.getint(f"EMBEDDED_{name.upper()}_PORT") for name in servers}
    if not servers:
        _tell_mongodb(settings, None, home)
        _tell_redis(settings, None, home)
        return
    with hold(home, servers=servers, **ports) as held:
        _tell_mongodb(settings, held if "mongodb" in servers else None, home)
        _tell_redis(settings, held if "redis" in servers else None, home)
        while True:
            time.sleep(_LOOK_SECONDS)
            held.ensure()


def _tell_mongodb(settings: BaseSettings, held: Hold | None, home: Path) -> None:
    if held is None:
        print(f"MONGODB_URI is set, so nothing is started here: {mongo.redacted(settings['MONGODB_URI'])}", flush=True)
        return
    uri = held.mongodb_uri.replace("/?", f"/{settings['MONGODB_DATABASE']}?")
    listing = f"pymongo.MongoClient('{uri}').get_default_database().list_collection_names()"
    print(f"MongoDB of {home.absolute()}: {held.mongodb_uri} (Ctrl-C ends it)")
    print(f'  mongosh "{uri}"')
    print(f'  python -c "import pymongo; print({listing})"', flush=True)


def _tell_redis(settings: BaseSettings, held: Hold | None, home: Path) -> None:
    if held is None:
        print(f"REDIS_URL is set, so nothing is started here: {redis.redacted(settings['REDIS_URL'])}", flush=True)
        return
    url = held.redis_url
    print(f"Valkey of {home.absolute()}: {url} (Ctrl-C ends it)")
    print(f'  redis-cli -u "{url}"')
    print(f"  python -c \"import redis; print(sorted(redis.Redis.from_url('{url}').scan_iter()))\"", flush=True)
