"""The browser: started at the first need, bounded in pages, time and memory, replaced when it crashes or hangs."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from scrapy.settings import BaseSettings

from forumcrawl.gate.chromium import find_chromium
from forumcrawl.gate.process import FLAGS, BrowserProcess
from forumcrawl.gate.visit import STEP, Hangs, Leads, visit
from forumcrawl.gate.visited import BrowserFailed, LedAway, PageFailed, Visit

logger = logging.getLogger(__name__)
_START = 30.0  # seconds for a start
_TRIES = 2  # starts of a browser that does not come up


class Browser:
    """`visit` opens pages; `close` ends what was started. Nothing is started before the first visit."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings = settings
        self._folder = Path(settings["FORUMCRAWL_HOME"]) / "gate"
        self._timeout = settings.getfloat("BROWSER_TIMEOUT")
        self._idle = settings.getfloat("BROWSER_IDLE")
        self._most_memory = settings.getint("BROWSER_MEMORY")
        self._slots = asyncio.Semaphore(settings.getint("BROWSER_PAGES"))
        self._starting = asyncio.Lock()
        self._running: _Running | None = None
        self._rest: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False
        self.starts = 0

    async def visit(self, url: str, cookies: str = "") -> Visit:
        """The page at `url`, in a context of its own that begins with `cookies`.

        Raises NoChromium where there is no browser, BrowserFailed, PageFailed for a page that cannot be loaded, and
        LedAway.
        """
        async with self._slots:
            running = await self._run()
            running.pages += 1
            try:
                return await self._visit(running, url, cookies)
            except PlaywrightError as error:
                if await running.is_well() and "crash" not in str(error):
                    raise PageFailed(str(error).splitlines()[0][:200]) from None
                self._drop(running)
                raise BrowserFailed(f"crashed: {str(error).splitlines()[0][:200]}") from None
            except Hangs as error:
                self._drop(running, by_force=True)
                raise BrowserFailed(str(error)) from None
            except Leads as error:
                raise LedAway(str(error)) from None
            finally:
                running.pages -= 1
                self._look_after(running)

    async def close(self) -> None:
        """End the browser, whatever it is doing; it is not started again."""
        self._closed = True
        if self._rest is not None:
            self._rest.cancel()
        if self._running is not None:
            self._drop(self._running)
        if self._ending:
            await asyncio.wait(self._ending, timeout=3 * STEP)

    async def _visit(self, running: _Running, url: str, cookies: str) -> Visit:
        context = await running.chromium.new_context(service_workers="block", accept_downloads=False)
        hangs = False
        try:
            if cookies:
                parts = urlsplit(url)
                pairs = (pair.split("=", 1) for pair in cookies.split("; ") if "=" in pair)
                origin = f"{parts.scheme}://{parts.netloc}/"
                await context.add_cookies([{"name": name, "value": value, "url": origin} for name, value in pairs])
            return await visit(context, url, time.monotonic() + self._timeout)
        except Hangs:
            hangs = True
            raise
        finally:
            if not hangs and not await _closes(context):
                self._drop(running, by_force=True)

    # --- its life ----------------------------------------------------------------------------------------------

    async def _run(self) -> _Running:
        if self._rest is not None:
            self._rest.cancel()
        async with self._starting:
            if self._closed:
                raise BrowserFailed("the crawl is ending")
            if self._running is None or not self._running.chromium.is_connected():
                if self._running is not None:
                    self._drop(self._running)
                self._running = await self._start()
            return self._running

    async def _start(self) -> _Running:
        program = find_chromium(self._settings["BROWSER_PATH"], self._settings["BROWSER_DOWNLOADS"])
        for turn in range(_TRIES):
            process = BrowserProcess(program, self._folder)
            running: _Running | None = None
            try:
                async with asyncio.timeout(_START):
                    playwright = await async_playwright().start()
                    running = await _launch(playwright, process)
            except (PlaywrightError, TimeoutError, OSError) as error:
                process.kill()
                said = str(error).strip().splitlines() or [f"no start within {_START:g} s"]
                logger.warning("The browser did not start (%d of %d): %s", turn + 1, _TRIES, said[0][:300])
                continue
            self.starts += 1
            logger.info("Browser started: %s", program)
            return running
        raise BrowserFailed(f"{program} does not start")

    def _drop(self, running: _Running, *, by_force: bool = False) -> None:
        """This browser is used no more; whoever waits for it hears that it is gone."""
        if self._running is running:
            self._running = None
        if not running.ended:
            running.ended = True
            if by_force:
                running.process.kill()
            task = asyncio.get_running_loop().create_task(running.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    def _look_after(self, running: _Running) -> None:
        """A browser that has grown too large is replaced when it has no page; one that is not needed is ended."""
        if running.pages or self._running is not running:
            return
        if running.process.memory() > self._most_memory * 2**20:
            logger.info("The browser holds more than %d MB: replaced", self._most_memory)
            self._drop(running)
        elif not self._closed:
            self._rest = asyncio.get_running_loop().call_later(self._idle, self._retire, running)

    def _retire(self, running: _Running) -> None:
        if not running.pages:
            self._drop(running)


class _Running:
    """A browser that was started, with Playwright's driver."""

    def __init__(self, playwright: Playwright, chromium: Chromium, process: BrowserProcess) -> None:
        self.chromium = chromium
        self.process = process
        self.pages = 0
        self.ended = False
        self._playwright = playwright

    async def is_well(self) -> bool:
        """Whether it can still open a page."""
        return not self.ended and self.chromium.is_connected()

    async def end(self) -> None:
        """In order where it listens, else by force."""
        for closing in (self.chromium.close, self._playwright.stop):
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(STEP / 2):
                    await closing()
            self.process.kill()


async def _closes(context: BrowserContext) -> bool:
    """Close a context; whether the browser did so in time, or is gone."""
    with suppress(PlaywrightError):
        try:
            async with asyncio.timeout(STEP):
                await context.close()
        except TimeoutError:
            return False
    return True


async def _launch(playwright: Playwright, process: BrowserProcess) -> _Running:
    root = os.geteuid() == 0  # Chromium's sandbox refuses to work for root
    try:
        chromium = await playwright.chromium.launch(
            executable_path=process.launcher,
            args=list(FLAGS),
            chromium_sandbox=not root,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=1000 * _START,
        )
    except BaseException:
        with suppress(PlaywrightError):
            await playwright.stop()
        raise
    return _Running(playwright, chromium, process)
