"""A server that is slow: a relay that holds each answer up."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from types import TracebackType


class SlowRelay:
    """`with SlowRelay(port) as relay:` listens at `relay.port` and passes on what `port` of loopback says, each answer
    `relay.seconds` later."""

    def __init__(self, port: int) -> None:
        self.seconds = 0.0
        self._target = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> SlowRelay:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _listen(self) -> int:
        server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, away = await asyncio.open_connection("127.0.0.1", self._target)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(
                self._pass(reader, away, slow=False), self._pass(there, writer), return_exceptions=True
            )

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool = True) -> None:
        while data := await reader.read(1 << 16):
            await asyncio.sleep(self.seconds if slow else 0)
            writer.write(data)
            await writer.drain()
        writer.close()
