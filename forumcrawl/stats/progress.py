"""What a crawl is doing: live on a terminal, as a log line now and then anywhere else."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from forumcrawl.stats.numbers import Numbers, told

logger = logging.getLogger(__name__)

_REFRESH = 0.25  # seconds between two looks when live
_WINDOW = 20  # looks over which a live rate is averaged


class Progress:
    """Shows the numbers of a running crawl; the setting PROGRESS says where."""

    def __init__(self, crawler: Crawler, console: Console | None, interval: float) -> None:
        self._crawler = crawler
        self._live = _live(console) if console else None
        self._interval = _REFRESH if console else interval
        self._task = create_looping_call(self._refresh if console else self._log)
        self._seen: deque[Numbers] = deque(maxlen=_WINDOW if console else 2)
        self._began = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        settings = crawler.settings
        console = terminal(settings["PROGRESS"])
        interval = settings.getfloat("LOGSTATS_INTERVAL")
        if console is None and not interval:
            raise NotConfigured
        progress = cls(crawler, console, interval)
        crawler.signals.connect(progress.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signal=signals.spider_closed)
        return progress

    def spider_opened(self, spider: Spider) -> None:
        self._began = time.monotonic()
        self._seen.append(Numbers.of(self._crawler))
        if self._live:
            self._live.start()
            self._live.console.show_cursor(True)  # hidden, it would stay so after a kill
            _log_above(self._live.console)
        self._task.start(self._interval, now=False)

    def spider_closed(self, spider: Spider, reason: str) -> None:
        if not self._live and self._crawler.engine.start_time:  # a crawl that never began has nothing to tell
            logger.info("Ended (%s): %s", reason, self._line())
        self.stop()

    def stop(self) -> None:
        """Give the terminal back. Stopping twice is harmless."""
        if self._task.running:
            self._task.stop()
        if self._live and self._live.is_started:
            self._live.stop()
            _log_above(None)

    def _refresh(self) -> None:
        assert self._live is not None
        self._live.update(_picture(*self._look()), refresh=True)

    def _log(self) -> None:
        logger.info("%s", self._line())

    def _line(self) -> str:
        return "; ".join(f"{name} {text}" for name, text in told(*self._look()).items())

    def _look(self) -> tuple[Numbers, Numbers, float]:
        """The numbers now, those that rates are reckoned from, and the seconds since the start."""
        now = Numbers.of(self._crawler)
        self._seen.append(now)
        return now, self._seen[0], now.at - self._began


def terminal(wanted: str) -> Console | None:
    """The terminal to show progress on, for PROGRESS "auto", "on" or "off"; None for none."""
    if wanted == "on":
        return Console(stderr=True, force_terminal=True)
    console = Console(stderr=True)
    return console if wanted == "auto" and sys.stderr.isatty() and not console.is_dumb_terminal else None


def _live(console: Console) -> Live:
    return Live(console=console, auto_refresh=False, transient=True, redirect_stdout=False)


def _picture(now: Numbers, then: Numbers, elapsed: float) -> Table:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold cyan", no_wrap=True)
    grid.add_column()
    for name, text in told(now, then, elapsed).items():
        grid.add_row(name, Text(text, style="red" if name == "failures" and now.failures else ""))
    return grid


class _Above:
    """A stream that writes above what is live; long lines are left to the terminal, so that they can be copied."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, text: str) -> None:
        self._console.print(text, end="", soft_wrap=True, markup=False, highlight=False, emoji=False)

    def flush(self) -> None:
        """Each write is shown at once."""


def _log_above(console: Console | None) -> None:
    """Send the log, where it goes to the terminal, above what is live on `console`; None: as it was."""
    handler = get_scrapy_root_handler()
    if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
        handler.setStream(_Above(console) if console else sys.stderr)
