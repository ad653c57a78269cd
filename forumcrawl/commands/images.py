"""`scrapy images`: whether the store of pictures holds what the archive says, and what to do about it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand

from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.files.report import Report
from forumcrawl.storage.files.store import FilesUnavailable

if TYPE_CHECKING:
    from forumcrawl.pipelines.verifying import Mended


class Command(ScrapyCommand):
    """Exit code 0 when all was sound, 1 when it was not or there is no database or store, 2 for wrong arguments."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        return "verify [--mend] [--json]"

    def short_desc(self) -> str:
        return "Compare the store of pictures with the archive; mend what differs"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        told = (
            "remove what is altered or nobody's, have the next crawl fetch what is missing; no crawl may run meanwhile"
        )
        parser.add_argument("--mend", action="store_true", help=told)
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if args != ["verify"]:
            print(f"say scrapy images {self.syntax()}", file=sys.stderr)
            self.exitcode = 2
            return
        from forumcrawl.pipelines.verifying import Refusal, verified

        try:
            report, mended = asyncio.run(verified(self.settings, mend=opts.mend))
        except (Refusal, StorageUnavailable, FilesUnavailable) as error:
            print(error, file=sys.stderr)
            self.exitcode = 1
            return
        print(_as_json(report, mended) if opts.json else "\n".join(_lines(report, mended, mend=opts.mend)))
        self.exitcode = 0 if report.sound else 1


def _as_json(report: Report, mended: Mended) -> str:
    told = {**asdict(report), "sound": report.sound, "mended": asdict(mended)}
    return json.dumps(told | {"fetch": len(report.fetch), "redraw": len(report.redraw)}, ensure_ascii=False)


def _lines(report: Report, mended: Mended, *, mend: bool) -> Sequence[str]:
    lines = [f"{report.records:,} pictures recorded, {report.files:,} files in the store"]
    for name in ("missing", "altered", "orphaned"):
        finding = getattr(report, name)
        lines += [f"{name:<9}{finding.count:,}", *(f"  {path}" for path in finding.examples)]
        if (more := finding.count - len(finding.examples)) > 0:
            lines.append(f"  and {more:,} more")
    if mend:
        lines.append(
            f"removed {report.removed:,} files and {report.swept:,} half ones, drew {mended.redrawn:,} thumbnails; "
            f"the next crawl fetches {mended.due:,} pictures again"
        )
    return lines
