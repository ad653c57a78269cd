"""The vocabulary as Markdown: `python -m forumcrawl.stats.describe > docs/stats.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from forumcrawl.stats.names import Stat
from forumcrawl.stats.scrapy_names import SCRAPY
from forumcrawl.stats.vocabulary import OURS

_INTRODUCTION = """\
# Stats

<!-- Made by `python -m forumcrawl.stats.describe > docs/stats.md`; a test fails when it is out of date. -->

What a worker counts. Names are flat, as Scrapy's are; what stands in braces is a label. `scrapy status`, `scrapy runs`
and `scrapy metrics` tell these and no others.

The column *of a job* says what several workers make together: a `counter` adds up, with dead workers; a `level`
adds up over living workers; `shared` is the same for all of them; of a `peak` the largest counts, of a `least` the
smallest, of a `fact` the newest. The first hosts that a worker asks (`STATS_HOSTS`) have names of their own, the others
are `other` together.
"""


def vocabulary() -> str:
    """The whole document."""
    ours = ["## What forumcrawl counts\n", *_table(OURS)]
    return "\n".join([_INTRODUCTION, *ours, "\n## What Scrapy counts\n", *_table(SCRAPY)]) + "\n"


def _table(stats: Iterable[Stat]) -> Iterator[str]:
    yield "| name | of a job | unit | meaning |\n|---|---|---|---|"
    for stat in stats:
        yield f"| `{stat}` | {stat.kind} | {stat.unit} | {stat.meaning} |"


if __name__ == "__main__":
    sys.stdout.write(vocabulary())
