"""`scrapy runs`: the crawls of the past, one of them in full, two of them compared."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar, TypeAlias

from scrapy.commands import ScrapyCommand

from forumcrawl.commands.status import told
from forumcrawl.stats.compare import compare
from forumcrawl.stats.report import coverages, differences, groups_of_errors, list_of_runs, whole_run
from forumcrawl.stats.runs import NoRun, Runs
from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.redis import RedisUnavailable

_MOST = 50  # runs that are listed


class Command(ScrapyCommand):
    """Exit code 0; 1 where there is no such run or no server, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[-n N] | show RUN | compare RUN RUN | page RUN NUMBER   [--json]"

    def short_desc(self) -> str:
        return "List the runs; show one, compare two, print the page of an error"

    def long_desc(self) -> str:
        return (
            f"{self.short_desc()}. RUN is the id of a run or of one of its workers, a job for its latest run, or last."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-n", dest="most", type=int, default=_MOST, help=f"how many are listed (default: {_MOST})")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        action = args[0] if args else "list"
        step, wanted = _ACTIONS.get(action, (None, 0))
        if step is None or len(args[1:]) != wanted or opts.most < 1:
            print(f"say scrapy runs {self.syntax()}", file=sys.stderr)
            self.exitcode = 2
            return
        try:
            asyncio.run(self._do(step, args[1:] or [str(opts.most)], opts.json))
            sys.stdout.flush()
        except (NoRun, StorageUnavailable, RedisUnavailable) as error:
            print(error, file=sys.stderr)
            self.exitcode = 1
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1

    async def _do(self, step: _Step, args: list[str], as_json: bool) -> None:
        assert self.settings is not None
        async with Runs(self.settings) as runs:
            await step(runs, args, as_json)


async def _list(runs: Runs, args: list[str], as_json: bool) -> None:
    found = await runs.latest(int(args[0]))
    listed = [{name: value for name, value in asdict(run).items() if name != "stats"} for run in found]
    _print({"runs": listed} if as_json else list_of_runs(found))


async def _show(runs: Runs, args: list[str], as_json: bool) -> None:
    run = await runs.one(args[0])
    errors = await runs.errors(run.run)
    if as_json:
        points = [{"at": point.at, **point.stats} for point in await runs.points(run.run)]
        _print({**told(run), "error_groups": [asdict(error) for error in errors], "points": points})
    else:
        _print([*whole_run(run), *coverages(run), *groups_of_errors(errors)])


async def _compare(runs: Runs, args: list[str], as_json: bool) -> None:
    first, second = [await runs.one(name) for name in args]
    found = compare(first.stats, second.stats, (await runs.errors(first.run), await runs.errors(second.run)))
    if as_json:
        _print({"from": first.run, "to": second.run, "differences": [asdict(each) for each in found]})
    else:
        _print(differences(found, first, second))


async def _page(runs: Runs, args: list[str], as_json: bool) -> None:
    """The page that led to an error, as it came; the number is that of `show`."""
    run = await runs.one(args[0])
    errors = await runs.errors(run.run)
    if not (args[1].isdecimal() and 1 <= int(args[1]) <= len(errors)):
        raise NoRun(f"run {run.run} has no error {args[1]!r}: scrapy runs show {run.run} numbers them")
    chosen = errors[int(args[1]) - 1]
    kept = [await runs.store.error(key) for key in chosen.keys]
    html = next((zlib.decompress(group.html) for group in kept if group and group.html), None)
    if as_json:
        _print({**asdict(chosen), "html": None if html is None else html.decode("utf-8", "replace")})
        return
    if chosen.traceback:
        print(chosen.traceback, file=sys.stderr)
    if html is None:
        raise NoRun(f"no page is kept of this error: {chosen.kind} {chosen.url or ''}".rstrip())
    sys.stdout.buffer.write(html)


def _print(said: dict[str, Any] | Iterable[str]) -> None:
    if isinstance(said, dict):
        print(json.dumps(said, ensure_ascii=False, default=datetime.isoformat))
    else:
        print("\n".join(said))


_Step: TypeAlias = Callable[[Runs, list[str], bool], Awaitable[None]]
_ACTIONS: dict[str, tuple[_Step, int]] = {
    "list": (_list, 0),
    "show": (_show, 1),
    "compare": (_compare, 2),
    "page": (_page, 2),
}
