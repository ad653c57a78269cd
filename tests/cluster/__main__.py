"""`python -m tests.cluster`: two Scrapyd nodes and all they need on this machine, and a job over the replica forum.

Ctrl-C ends all of it; nothing stays.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from forumcrawl.cluster.views import JobView
from tests.cluster.desk import Desk

_LOOK_SECONDS = 2.0
_LONGEST = 1800.0  # seconds without an end that are given up


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster", description=__doc__)
    parser.add_argument("--threads", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--language", default="ar")
    parser.add_argument("--delay", type=float, default=0.05, help="seconds before each answer of the forum")
    return parser.parse_args(argv)


def run(options: argparse.Namespace, folder: Path) -> int:
    """Deploy, start, watch and compare; 0 when what is stored is the truth."""
    with Desk(folder, threads=options.threads, language=options.language, delay=options.delay) as desk:
        print(f"forum {desk.replica.url}, nodes {', '.join(node.url for node in desk.nodes)}")
        print(desk.said("deploy"), end="")
        print(desk.start(options.workers), end="", flush=True)
        _watch(desk)
        print(desk.said("status"), end="", flush=True)
        differences = desk.differences()
        for line in differences[:20]:
            print(line)
        if differences:
            print(desk.logs(), file=sys.stderr)
        print("finished: stored is the truth" if not differences else f"finished: {len(differences)} differences")
        return 1 if differences else 0


def _watch(desk: Desk) -> None:
    deadline = time.monotonic() + _LONGEST
    while (job := desk.job()).state != "ended" or any(worker.state != "gone" for worker in job.workers):
        print(_line(job), flush=True)
        if job.state != "ended" and job.workers and all(worker.state == "gone" for worker in job.workers):
            raise SystemExit(f"all workers have ended before the job did\n{desk.logs()}")
        if time.monotonic() > deadline:
            raise SystemExit(f"no end after {_LONGEST:g} s\n{desk.logs()}")
        time.sleep(_LOOK_SECONDS)


def _line(job: JobView) -> str:
    workers = ", ".join(f"{worker.node} {worker.state}" for worker in job.workers)
    counts = f"done {job.done:,}, waiting {job.waiting:,}, in flight {job.in_flight:,}"
    return f"{datetime.now():%H:%M:%S}  {counts}  ({workers})"


def _interrupt(number: int, frame: object) -> None:
    """The first signal ends all in order, and what comes meanwhile does not disturb that."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def main(argv: Sequence[str]) -> int:
    """0: the truth. 1: something else. 130: ended by Ctrl-C or a signal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        with tempfile.TemporaryDirectory(prefix="forumcrawl-cluster-") as folder:
            return run(arguments(argv), Path(folder))
    except KeyboardInterrupt:
        print("ended", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
