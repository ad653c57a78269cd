"""`scrapy extract`: what the parsers see in saved pages, as JSON lines; no network."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from forumcrawl.text.urls import join


class Command(ScrapyCommand):
    """Print what is read from saved pages; exit 1 where a page holds no content, 2 where a file cannot be read."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "[--url URL] FILE..."

    def short_desc(self) -> str:
        return "Print what the parsers read from saved pages, as JSON lines"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="address the page was saved from (default: what the page itself says)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if not args:
            raise UsageError("name at least one saved page")
        if opts.url is not None and join(None, opts.url) is None:
            raise UsageError(f"--url {opts.url!r} is no address: write it like https://forum.example/threads/x.1/")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        try:
            self.exitcode = max(print_file(name, opts.url) for name in args)
            sys.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.exitcode = 1


def print_file(name: str, url: str | None = None) -> int:
    """Print the records of one file and return its exit code: 0 content, 1 none, 2 unreadable."""
    try:
        body = Path(name).read_bytes()
    except OSError as error:
        print(f"{name}: cannot be read: {error.strerror}", file=sys.stderr)
        return 2
    from forumcrawl.pages.extracting import (
        records,
    )  # here: every command of Scrapy loads this file, and parsers are large

    code = 0
    for record in records(body, url):
        code = max(code, 1 if record["type"] in ("Outcome", "Unrecognised") else 0)
        print(json.dumps({**record, "file": name}, ensure_ascii=False, default=_plain))
    return code


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no JSON")
