"""The stats that Scrapy itself counts, declared so that they can be told from names nobody declared."""

from __future__ import annotations

from forumcrawl.stats.names import Kind, Stat

_NAMES: dict[Kind, dict[str, str]] = {
    "counter": {
        "downloader/request_count": "requests|Requests sent.",
        "downloader/request_bytes": "bytes|Requests sent, with their heads.",
        "downloader/request_method_count/{method}": "requests|Requests sent, by method.",
        "downloader/response_count": "responses|Responses received, those tried again included.",
        "downloader/response_bytes": "bytes|Responses received, with their heads.",
        "downloader/response_status_count/{status}": "responses|Responses received, by HTTP status.",
        "downloader/exception_count": "requests|Requests that got no response.",
        "downloader/exception_type_count/{error}": "requests|Requests that got no response, by the error's class.",
        "response_received_count": "responses|Responses that reached the engine.",
        "httpcompression/response_count": "responses|Compressed responses.",
        "httpcompression/response_bytes": "bytes|Compressed responses, unpacked.",
        "robotstxt/request_count": "requests|Requests for robots.txt.",
        "robotstxt/response_count": "responses|Responses to them.",
        "robotstxt/response_status_count/{status}": "responses|Responses to them, by HTTP status.",
        "robotstxt/exception_count/{error}": "requests|Requests for robots.txt that got no response.",
        "robotstxt/forbidden": "requests|Requests that robots.txt does not allow.",
        "retry/count": "requests|Downloads tried again.",
        "retry/max_reached": "requests|Downloads given up after all their tries.",
        "retry/reason_count/{reason}": "requests|Downloads tried again, by reason.",
        "scheduler/enqueued": "requests|Requests queued by Scrapy's own scheduler.",
        "scheduler/enqueued/{where}": "requests|The same, in memory or on disk.",
        "scheduler/dequeued": "requests|Requests taken from Scrapy's own scheduler.",
        "scheduler/dequeued/{where}": "requests|The same, from memory or from disk.",
        "dupefilter/filtered": "requests|Requests dropped as seen before, by Scrapy's own scheduler.",
        "offsite/filtered": "requests|Requests dropped for their host.",
        "offsite/domains": "hosts|Hosts of such requests.",
        "urllength/request_ignored_count": "requests|Requests dropped for the length of their address.",
        "depth/request_ignored_count": "requests|Requests dropped for their depth.",
        "httperror/response_ignored_count": "responses|Responses dropped for their status.",
        "request_depth_count/{depth}": "requests|Requests by the number of pages that led to them.",
        "item_scraped_count": "items|Items that passed all pipelines.",
        "item_dropped_count": "items|Items that a pipeline dropped.",
        "item_dropped_reasons_count/{reason}": "items|The same, by reason.",
        "spider_exceptions/count": "errors|Errors in callbacks.",
        "spider_exceptions/{error}": "errors|Errors in callbacks, by the error's class.",
        "log_count/{level}": "lines|Lines of the log, by level.",
        "feedexport/success_count/{storage}": "feeds|Feeds written.",
        "feedexport/failed_count/{storage}": "feeds|Feeds that could not be written.",
        "memusage/limit_reached": "|Whether the limit of memory was reached.",
        "memusage/warning_reached": "|Whether the warning of memory was reached.",
        "elapsed_time_seconds": "seconds|From start to end, of all workers together.",
    },
    "peak": {
        "request_depth_max": "pages|The longest way that led to a request.",
        "memusage/startup": "bytes|Memory at the start.",
        "memusage/max": "bytes|Memory at the most.",
    },
    "level": {
        "items_per_minute": "items|Items a minute over the whole crawl.",
        "responses_per_minute": "responses|Responses a minute over the whole crawl.",
    },
    "fact": {
        "start_time": "|When the worker began.",
        "finish_time": "|When it ended.",
        "finish_reason": "|Why it ended: finished, shutdown, storage_unavailable ...",
    },
}

SCRAPY: tuple[Stat, ...] = tuple(
    Stat(name, kind, *told.split("|")) for kind, names in _NAMES.items() for name, told in names.items()
)
"""All of them."""
