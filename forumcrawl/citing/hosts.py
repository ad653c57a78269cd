"""What stands at well-known hosts, from a file of data: news, or what is never the source of an article."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from forumcrawl.text.addresses import site_of


def is_news(url: str) -> bool:
    """Whether a known outlet, agency or defence site stands at the host, or at one it is a subdomain of."""
    return _group(url) == "news"


def is_never_source(url: str) -> bool:
    """Whether the host has what posts show and name but copy no article from: social, video and picture sites, forums,
    file stores, search, shops, and works of reference."""
    return _group(url) == "never"


@lru_cache(maxsize=4096)
def _group(url: str) -> str | None:
    """The table of the file that has the longest name for the host; None for a host that is not known."""
    groups = _groups()
    host = site_of(url).partition(":")[0]
    while host and host not in groups:
        host = host.partition(".")[2]
    return groups.get(host)


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    tables = tomllib.loads(files(__package__).joinpath("news_hosts.toml").read_text("utf-8"))
    return {host: group for group, kinds in tables.items() for hosts in kinds.values() for host in hosts}
