"""`scrapy db`: hold the embedded database open, for a look into it with any MongoDB client."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand

from forumcrawl.storage.embedded import EmbeddedError, hold
from forumcrawl.storage.mongo import redacted

_LOOK_SECONDS = 1.0  # how soon a server whose supervisor was killed is back


class Command(ScrapyCommand):
    """Prints where the database is, and keeps an embedded one running until Ctrl-C or SIGTERM."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def short_desc(self) -> str:
        """The line in `scrapy`'s list of commands."""
        return "Hold the embedded database open and print its address"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 0 after Ctrl-C, SIGTERM or with a database of the user's own; 1 without a database."""
        assert self.settings is not None
        if uri := self.settings.get("MONGODB_URI"):
            print(f"MONGODB_URI is set, so nothing is started here: {redacted(uri)}")
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        home, port = Path(self.settings["FORUMCRAWL_HOME"]), self.settings.getint("EMBEDDED_MONGODB_PORT")
        try:
            with suppress(KeyboardInterrupt):
                _hold_open(home, port, self.settings["MONGODB_DATABASE"])
        except EmbeddedError as error:
            print(error, file=sys.stderr)
            self.exitcode = 1


def _hold_open(home: Path, port: int, database: str) -> None:
    with hold(home, mongodb_port=port) as held:
        uri = held.mongodb_uri.replace("/?", f"/{database}?")
        listing = f"pymongo.MongoClient('{uri}').get_default_database().list_collection_names()"
        print(f"MongoDB of {home.absolute()}: {held.mongodb_uri} (Ctrl-C ends it)")
        print(f'  mongosh "{uri}"')
        print(f'  python -c "import pymongo; print({listing})"', flush=True)
        while True:
            time.sleep(_LOOK_SECONDS)
            held.ensure()
