"""The process that inspects pictures: `python -m forumcrawl.media.child '{"limits": {…}, "memory": BYTES}'`.

Files come in on stdin and answers go out on stdout, in turn, each behind its length. Answers are JSON: what a hostile
picture makes of this process must not be able to make anything of its owner.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from base64 import b64decode, b64encode
from dataclasses import asdict
from struct import Struct

from PIL import Image

from forumcrawl.media.inspect import inspect
from forumcrawl.media.verdict import Inspection, Limits, Refusal

LENGTH = Struct(">Q")


def write_answer(found: Inspection | Refusal) -> bytes:
    """What is found of a file, as it goes through the pipe."""
    fields = asdict(found)
    if isinstance(found, Inspection) and found.thumbnail is not None:
        fields["thumbnail"] = b64encode(found.thumbnail).decode()
    return json.dumps(fields).encode()


def read_answer(answer: bytes) -> Inspection | Refusal:
    """The reverse of `write_answer`."""
    fields = json.loads(answer)
    if "outcome" in fields:
        return Refusal(**fields)
    if fields["thumbnail"] is not None:
        fields["thumbnail"] = b64decode(fields["thumbnail"])
    return Inspection(**fields)


def main(settings: str) -> None:
    """Inspect what comes until stdin ends."""
    given = json.loads(settings)
    limits = Limits(**given["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (given["memory"], given["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = limits.pixels
    Image.init()
    files, answers = sys.stdin.buffer, sys.stdout.buffer
    while len(head := files.read(LENGTH.size)) == LENGTH.size:
        answer = write_answer(inspect(files.read(LENGTH.unpack(head)[0]), limits))
        answers.write(LENGTH.pack(len(answer)) + answer)
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # of a whole service: the owner says when there is no more to do
    os.nice(5)  # the crawl goes first
    main(sys.argv[1])
