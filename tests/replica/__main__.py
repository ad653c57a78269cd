"""`python -m tests.replica [options] [-- COMMAND …]`: serve a forum, alone or around a command."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

from tests.replica.faults import Faults
from tests.replica.gates import GATES
from tests.replica.labels import LANGUAGES
from tests.replica.news.server import serving_sites
from tests.replica.pictures.server import serving_pictures
from tests.replica.server import HOST, Server, bound, serving
from tests.replica.site import Site
from tests.replica.urls import ROUTES
from tests.replica.world import VERSIONS, World


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line; what follows `--` is the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.replica", description=__doc__)
    parser.add_argument("--threads", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--version", choices=VERSIONS, default="2.3")
    parser.add_argument("--language", choices=LANGUAGES, default="ar")
    parser.add_argument("--routes", choices=ROUTES, default="plain")
    parser.add_argument("--posts-per-page", type=int, default=20)
    parser.add_argument("--threads-per-page", type=int, default=20)
    parser.add_argument("--icon-cards", action="store_true", help="cards name their fields by icons")
    switch = argparse.BooleanOptionalAction
    parser.add_argument("--card-dates", action=switch, help="cards tell the day of registration")
    parser.add_argument("--native-slugs", action=switch, help="addresses keep the letters of titles")
    parser.add_argument("--news", type=int, default=0, help="articles of source sites that posts quote, see news/")
    parser.add_argument("--pictures", type=int, default=0, help="pictures of our own that posts show, see pictures/")
    parser.add_argument("--stall", type=float, default=2.0, help="seconds that the slow source sites take")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--faults", type=float, default=0.0, help="rate of spoilt answers, 0 to 1")
    parser.add_argument("--gate", choices=GATES, default="open", help="what stands before the forum's pages")
    parser.add_argument("--tick", type=int, default=0)
    parser.add_argument("--grow-posts", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    parser.add_argument("command", nargs="*", metavar="COMMAND")
    return parser.parse_args(argv)


def make_world(options: argparse.Namespace, port: int) -> World:
    """The world the command line asks for."""
    return World(
        seed=options.seed,
        threads=options.threads,
        version=options.version,
        language=options.language,
        routes=options.routes,
        posts_per_page=options.posts_per_page,
        threads_per_page=options.threads_per_page,
        grow_posts=options.grow_posts,
        icon_cards=options.icon_cards,
        card_dates=options.card_dates,
        native_slugs=options.native_slugs,
        news=options.news,
        pictures=options.pictures,
        origin=f"http://{HOST}:{port}",
    )


async def run(options: argparse.Namespace) -> int:
    """Serve until told to end, or until the command ends; the exit code is the command's."""
    listener = bound(HOST, options.port)
    port = listener.getsockname()[1]
    world = make_world(options, port)
    server = Server(Site(world, options.tick), Faults(options.seed, options.faults), options.delay, options.gate)
    url = world.urls.absolute(world.urls.index)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(serving(server.handle, listener))
        if world.news:
            await stack.enter_async_context(serving_sites(world.newsroom, port, options.stall))
        if world.pictures:
            await stack.enter_async_context(serving_pictures(world.gallery, port, options.delay, options.stall))
        sites = world.newsroom.bases if world.news else {}
        if options.command:
            told = {"SOURCE_SITES": json.dumps(sites), "SOURCE_CLASSES": json.dumps(_classes(sites))}
            return await _around(options.command, {"FORUM_URL": url, **told})
        hosts = world.gallery.bases if world.pictures else {}
        print(json.dumps({"url": url, "forum": world.forum, "sites": {**sites, **hosts}}), flush=True)
        await _ended(watch_stdin=options.until_stdin_closes)
        return 0


def _classes(sites: Mapping[str, str]) -> dict[str, str]:
    """The crawl's SOURCE_CLASSES: one of the sites has the markup of Al Arabiya."""
    return {urlsplit(url).netloc: "alarabiya.net" for name, url in sites.items() if name == "alarabiya"}


async def _around(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run the command with more variables in its environment; signals are passed on to it, once each."""
    child = await asyncio.create_subprocess_exec(*command, env={**os.environ, **variables}, start_new_session=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, child.send_signal, number)
    code = await child.wait()
    return code if code >= 0 else 128 - code


async def _ended(*, watch_stdin: bool) -> None:
    """Wait for SIGINT or SIGTERM, or for the other end of stdin to go."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, done.set)
    if watch_stdin:
        loop.add_reader(sys.stdin, lambda: done.set() if not os.read(sys.stdin.fileno(), 64) else None)
    await done.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(run(arguments(sys.argv[1:]))))
