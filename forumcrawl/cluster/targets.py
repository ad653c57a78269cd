"""Which nodes there are: the `[deploy:NAME]` sections of scrapy.cfg, as scrapyd-client reads them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from configparser import ConfigParser
from configparser import Error as ConfigError
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapy.utils.conf import get_config

_SECTION = re.compile(r"deploy(?::(?P<name>.+))?")


class ClusterError(Exception):
    """It cannot be done; the message is one line that says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A node's address and login."""

    name: str
    url: str
    """Without a slash at its end."""
    project: str
    username: str = ""
    password: str = field(default="", repr=False)


def read_targets(only: Iterable[str] = ()) -> list[Target]:
    """The nodes in scrapy.cfg, or those of them with these names.

    `$VARIABLES` of the environment are filled in; a node whose address names one that is not set is left out.
    Raises ClusterError when a section cannot be used, a name is not known, or no node is left.
    """
    config = get_config()
    try:
        targets = {each.name: each for name in config.sections() if (each := _target(config, name))}
    except ConfigError as error:
        raise ClusterError(f"scrapy.cfg cannot be read: {' '.join(str(error).split())}") from None
    if unknown := sorted(set(only) - set(targets)):
        known = ", ".join(targets) or "none"
        raise ClusterError(f"there is no node {unknown[0]!r} in scrapy.cfg, or its address is not set; known: {known}")
    if not targets:
        raise ClusterError("no node is known: add a [deploy:NAME] section with url to scrapy.cfg, or set its variables")
    return [each for each in targets.values() if each.name in only or not only]


def _target(config: ConfigParser, section: str) -> Target | None:
    match = _SECTION.fullmatch(section)
    if match is None:
        return None
    name = match["name"] or "default"
    values = {**(config["deploy"] if config.has_section("deploy") else {}), **config[section]}
    filled = {key: os.path.expandvars(value) for key, value in values.items()}
    if not filled.get("url") or _unset(values["url"], filled["url"]):
        return None
    for key in ("username", "password"):
        if _unset(values.get(key, ""), filled.get(key, "")):
            raise ClusterError(f"node {name}: {key} is {values[key]} in scrapy.cfg, and that variable is not set")
    return Target(
        name=name,
        url=_address(name, filled["url"]),
        project=filled.get("project", "forumcrawl"),
        username=filled.get("username", ""),
        password=filled.get("password", ""),
    )


def _unset(written: str, filled: str) -> bool:
    return "$" in written and written == filled


def _address(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ClusterError(f"node {name}: its url in scrapy.cfg is no address like http://host:6800")
    if parts.username or parts.password:
        raise ClusterError(f"node {name}: its url in scrapy.cfg holds a login: write it as username and password")
    return url.rstrip("/")
