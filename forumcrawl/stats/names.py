"""Every stat that forumcrawl adds to Scrapy's own: the names are an API, declared here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, Self, TypeAlias

Kind: TypeAlias = Literal["counter", "level", "shared", "peak", "least", "fact"]
"""What a stat is, and what it is of several workers.

A `counter` only rises, and workers add up, dead ones too. The others are of this moment: a `level` adds up over the
living, `shared` is the same for all of a job (the newest counts), of a `peak` the largest counts and of a `least` the
smallest, a `fact` is a text or a time (the newest counts).
"""


class Stat(str):
    """A stat's name, with what it means; what stands in its braces are its labels.

    It is a text like any other: `crawler.stats.inc_value(PAGES.format(kind="thread"))`.
    """

    kind: Kind
    unit: str
    meaning: str

    def __new__(cls, name: str, kind: Kind, unit: str, meaning: str) -> Self:
        stat = super().__new__(cls, name)
        stat.kind, stat.unit, stat.meaning = kind, unit, meaning
        return stat

    def __reduce__(self) -> tuple[type[Stat], tuple[str, Kind, str, str]]:
        """For copies."""
        return type(self), (str(self), self.kind, self.unit, self.meaning)

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands in its braces, in order."""
        return tuple(re.findall(r"\{(\w+)\}", self))


# --- What was read ---------------------------------------------------------------------------------------------
PAGES = Stat("pages/{kind}", "counter", "pages", "Pages read: board_index, board, thread, member, feed, section ...")
ITEMS = Stat(
    "items/{type}/{verdict}", "counter", "items", "Items by collection: new, changed, unchanged, duplicate, rejected."
)
HOST_ITEMS = Stat(
    "host_items/{type}/{verdict}/{host}",
    "counter",
    "items",
    "The same by forum or site, and requests by host: new, or duplicate where they had been queued before.",
)
OBJECTS = Stat(
    "objects/{part}",
    "counter",
    "objects",
    "Items, and parts inside them (`posts.quotes`), whose fields were looked at.",
)
FILLED = Stat(
    "filled/{part}/{field}",
    "counter",
    "objects",
    "Of `objects`, those whose field says something: not null, not empty.",
)
UNREAD = Stat("unread/{type}/{field}", "counter", "fields", "Fields that stood on a page and could not be read.")
OUTCOMES = Stat("outcomes/{outcome}", "counter", "requests", "Requests that yielded no content: forbidden, timeout ...")
THREADS = Stat(
    "threads/{decision}", "counter", "rows", "List rows: read, resumed (read from a later page), skipped (nothing new)."
)
SOURCES = Stat(
    "sources/{outcome}",
    "counter",
    "links",
    "Links to source sites: fetched, blocked, gone, not_article, unparsed, failed; pending where the site rests.",
)
SOURCE_WARNINGS = Stat(
    "source_warnings/{site}",
    "counter",
    "articles",
    "Articles that a site's own page class could not read and another could: the site was redesigned.",
)
SOURCE_READ = Stat("source_read/{site}", "counter", "articles", "Articles read from their own pages.")
SOURCE_LACKING = Stat(
    "source_lacking/{site}/{field}",
    "counter",
    "articles",
    "Of `source_read`, those without a field that the site promises; least_words: with too short a text.",
)
SOURCE_BELOW = Stat(
    "source_below/{site}/{field}",
    "least",
    "share",
    "Share of a site's articles that have a field, where a worker ended with less than the site promises.",
)
IMAGES = Stat(
    "images/{outcome}",
    "counter",
    "pictures",
    "Pictures asked for: stored, gone, blocked, failed, too_large, not_an_image ...; left to another job.",
)
IMAGE_BYTES = Stat("image_bytes", "counter", "bytes", "Pictures that were downloaded.")

# --- What hosts did --------------------------------------------------------------------------------------------
REQUESTS = Stat("requests/{host}", "counter", "requests", "Requests sent, each try and each robots.txt of its own.")
STATUS = Stat("status/{host}/{status}", "counter", "responses", "Responses by HTTP status, those tried again included.")
NO_RESPONSE = Stat("no_response/{host}/{error}", "counter", "requests", "Requests sent that got no response.")
BYTES = Stat("bytes/{host}", "counter", "bytes", "Bodies of responses as they came, compressed or not.")
LATENCY = Stat(
    "latency/{host}/{le}",
    "counter",
    "responses",
    "Responses whose head came within so many milliseconds, and not within the next smaller limit.",
)
LATENCY_SUM = Stat("latency_sum/{host}", "counter", "seconds", "From sending a request to the head of its response.")
GATE_VERDICTS = Stat(
    "gate_verdicts/{verdict}/{host}",
    "counter",
    "pages",
    "Pages by what they were: open, js_gate, challenge, blocked, consent, login.",
)
GATE = Stat(
    "gate/{what}/{host}",
    "counter",
    "pages, or seconds",
    "Of gates: browser_pages, browser_seconds, opened, reused (pages got with a clearance), troubles (crashes).",
)
RETRIES = Stat("retries/{reason}", "counter", "requests", "Downloads tried again, by what went wrong.")

# --- The job and its frontier ----------------------------------------------------------------------------------
JOB = Stat("job", "fact", "", "The id of the crawl job that this worker took part in.")
FRONTIER = Stat(
    "frontier/{what}",
    "counter",
    "requests",
    "The shared frontier: fresh (requests queued that were new), redelivered, dead, retries (Redis was away).",
)
WAITING = Stat("queue/waiting", "shared", "requests", "Requests of the job that wait for their turn.")
IN_FLIGHT = Stat("queue/in_flight", "shared", "requests", "Requests of the job that a worker holds.")
DEAD = Stat("queue/dead", "shared", "requests", "Dead letters of the job.")
DOWNLOADING = Stat("downloading", "level", "requests", "Requests that wait for their response, or in the downloader.")

# --- Where time goes -------------------------------------------------------------------------------------------
TIME = Stat(
    "time/{step}",
    "counter",
    "seconds",
    "Spent in each step, side by side: download (latency of responses), parse (callbacks), store (items on their way "
    "from the last pipeline to being durable).",
)
STORAGE_RETRIES = Stat("storage/retries", "counter", "operations", "Database operations tried again.")
STORAGE_BATCHES = Stat("storage/batches", "counter", "operations", "Bulk writes.")
STORAGE_WAIT = Stat("storage/seconds", "counter", "seconds", "Spent in bulk writes.")
CPU = Stat("process/cpu_seconds", "counter", "seconds", "Processor time of the workers.")
PUBLISHING_CPU = Stat("publishing/cpu_seconds", "counter", "seconds", "Of it, spent to publish these stats.")
DISK_FREE = Stat("disk/free", "least", "bytes", "Left on the disk of FORUMCRAWL_HOME.")

# --- Errors ----------------------------------------------------------------------------------------------------
ERRORS = Stat("errors/{kind}", "counter", "errors", "Errors by the kind of their group: see `scrapy runs show`.")


def counted(template: str, stats: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """The values of the stats that `template` names, by what stands in its braces."""
    matches = ((pattern(template).fullmatch(name), value) for name, value in stats.items())
    return {match.groups(): value for match, value in matches if match}


def by_name(template: str, stats: Mapping[str, Any]) -> dict[str, int]:
    """Counts by what stands in the first braces of `template`, summed over the others; the largest first."""
    sums: dict[str, int] = {}
    for (name, *_), value in counted(template, stats).items():
        sums[name] = sums.get(name, 0) + value
    return dict(sorted(sums.items(), key=lambda entry: (-entry[1], entry[0])))


@cache
def pattern(template: str) -> re.Pattern[str]:
    """What matches the names that `template` stands for; the last brace takes slashes too: a field may be a path."""
    *first, last = re.split(r"\{\w+\}", template)
    return re.compile("([^/]+)".join(map(re.escape, first)) + "(.+)" + re.escape(last))
