"""A crawl of hostile pictures in a process of its own: `python -m bench.bars_hostile ADDRESS…`, with the environment of
a crawl. It prints one JSON object: how long its event loop was held up at the most."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.utils.project import get_project_settings

from forumcrawl.items import ImageFile
from forumcrawl.spiders.picture_reading import PictureReading
from forumcrawl.spiders.picture_requests import picture_request
from forumcrawl.spiders.shown_pictures import this_second
from forumcrawl.text.addresses import site_of

ANNOUNCED = 2 << 30
"""Bytes that a file says it has."""
_TICK = 0.005
_PIECE = bytes(64 * 1024)


class Hostile(PictureReading):
    """Asks for pictures, and measures the loop that it runs in."""

    name = "hostile"
    addresses: tuple[str, ...] = ()

    async def start(self) -> AsyncIterator[Any]:
        self.held_up, self.busy = 0.0, 0.0
        self._watching = asyncio.get_running_loop().create_task(self._watch())
        for url in self.addresses:
            image = ImageFile(site=site_of(url), url=url, outcome="pending", next_try_at=this_second(), page_url=url)
            yield image
            yield picture_request(image, self, self.crawler.settings.getint("IMAGES_MAX_BYTES"))

    async def _watch(self) -> None:
        while True:
            began, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_TICK)
            self.held_up = max(self.held_up, time.perf_counter() - began - _TICK)
            self.busy = max(self.busy, time.thread_time() - worked)

    def closed(self, reason: str) -> None:
        self._watching.cancel()
        print(json.dumps({"held_up": self.held_up, "busy": self.busy, "reason": reason}), flush=True)


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[str]:
    """Files at "/NAME", an "/endless" stream and an "/announced" file of 2 GB; gives the address they begin with."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            if name in ("endless", "announced"):
                self._pour(name == "announced")
                return
            body = files.get(name, b"")
            self.send_response(200 if name in files else 404)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Type", "image/jpeg")
            self.end_headers()
            self.wfile.write(body)

        def _pour(self, announced: bool) -> None:
            """Bytes for as long as anybody listens."""
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            if announced:
                self.send_header("Content-Length", str(ANNOUNCED))
            self.end_headers()
            try:
                self.wfile.write(b"\xff\xd8\xff\xe0")
                for _ in range(ANNOUNCED // len(_PIECE)):
                    self.wfile.write(_PIECE)
            except OSError:  # the other end has hung up
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(addresses: list[str]) -> None:
    """Crawl and end."""
    settings = get_project_settings()
    settings.setdict({"HOST_DELAY": 0, "ROBOTSTXT_OBEY": False, "PROGRESS": "off"}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    spider: type[Spider] = type("Given", (Hostile,), {"addresses": tuple(addresses), "scope": {"of": "hostile"}})
    process.crawl(spider)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1:])
