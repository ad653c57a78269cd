"""Pictures are inspected in processes of their own: no file can block the crawl, eat its memory or end it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import asdict
from types import TracebackType

from forumcrawl.media import child
from forumcrawl.media.verdict import Inspection, Limits, Refusal

MEMORY = 600_000_000
"""Bytes of address space that a process may have, hence also of memory."""
SECONDS = 30.0
"""What a picture may take; 50 megapixels take about one second."""


class Inspectors:
    """`async with Inspectors() as inspectors: await inspectors.inspect(data)`; its processes end with the block.

    There are never more than `processes` of them, each started when it is first needed and again after a picture that
    ended it. They also end when this process does.
    """

    def __init__(
        self, limits: Limits | None = None, *, processes: int = 1, seconds: float = SECONDS, memory: int = MEMORY
    ) -> None:
        self._settings = json.dumps({"limits": asdict(limits or Limits()), "memory": memory})
        self._seconds = seconds
        self._turn = asyncio.Semaphore(processes)
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._closed = False

    async def __aenter__(self) -> Inspectors:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def inspect(self, data: bytes) -> Inspection | Refusal:
        """Inspect a file as `media.inspect` does. What takes too long is too large, what ends the process is broken.

        Raises `RuntimeError` where all is closed meanwhile.
        """
        async with self._turn:
            process = await self._ready()
            self._busy.add(process)
            try:
                async with asyncio.timeout(self._seconds):
                    found = await _ask(process, data)
            except TimeoutError:
                await _end(process)
                return Refusal("too_large", f"not decoded within {self._seconds:g} s")
            except (asyncio.IncompleteReadError, ConnectionError):
                await _end(process)
                if self._closed:
                    raise RuntimeError("closed while it inspected a picture") from None
                return Refusal("broken", f"its decoder ended with {process.returncode}")
            except BaseException:  # cancelled, with half an answer in the pipe
                await _end(process)
                raise
            finally:
                self._busy.discard(process)
            self._idle.append(process)
            return found

    async def close(self) -> None:
        """End all processes; what they inspect has no answer."""
        self._closed = True
        for process in (busy := list(self._busy)):
            _kill(process)  # its inspection, which reads from it, sees that it ended
        while self._idle:
            await _end(self._idle.pop())
        for process in busy:
            await process.wait()

    async def _ready(self) -> Process:
        while self._idle:
            process = self._idle.pop()
            if process.returncode is None:
                return process
            await _end(process)
        process = await self._start()
        if self._closed:
            await _end(process)
            raise RuntimeError("closed before it inspected a picture")
        return process

    async def _start(self) -> Process:
        path = os.pathsep.join(entry or os.getcwd() for entry in sys.path)  # this package may come from an egg
        environment = {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}  # an arena reserves address space
        command = [sys.executable, "-W", "ignore", "-m", child.__name__, self._settings]
        return await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, start_new_session=True
        )


def _kill(process: Process) -> None:
    if process.returncode is None:
        process.kill()


async def _end(process: Process) -> None:
    _kill(process)
    await process.communicate()  # closes the pipes too


async def _ask(process: Process, data: bytes) -> Inspection | Refusal:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(child.LENGTH.pack(len(data)))
    process.stdin.write(data)
    await process.stdin.drain()
    (length,) = child.LENGTH.unpack(await process.stdout.readexactly(child.LENGTH.size))
    return child.read_answer(await process.stdout.readexactly(length))
