"""Stub nodes that speak as much of Scrapyd's API as `status` asks: `python -m tests.cluster.stubs N SECONDS`."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.storage import ROOT

_ANSWERS: dict[str, dict[str, list[str]]] = {
    "listjobs": {"pending": [], "running": [], "finished": []},
    "listversions": {"versions": ["20260101T000000-aaaaaaaa", "20260102T000000-bbbbbbbb"]},
}


async def _serve(count: int, latency: float) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            name = head.split(b" ", 2)[1].decode().strip("/").partition(".json")[0]
            body = json.dumps({"status": "ok", "node_name": "stub", **_ANSWERS[name]}).encode()
            await asyncio.sleep(latency)  # what it takes to answer
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()

    async def forgiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(forgiving, "127.0.0.1", 0) for _ in range(count)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.to_thread(sys.stdin.read)  # until who started it is gone
    os._exit(0)  # connections that are kept alive would be told of one by one


@contextmanager
def stub_nodes(folder: Path, count: int, latency: float) -> Iterator[Path]:
    """So many nodes; a folder whose scrapy.cfg names them."""
    command = [sys.executable, "-m", "tests.cluster.stubs", str(count), str(latency)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        ports = json.loads(process.stdout.readline())
        nodes = [f"[deploy:stub{number}]\nurl = http://127.0.0.1:{port}\n" for number, port in enumerate(ports)]
        folder.mkdir(exist_ok=True)
        head = "[settings]\ndefault = forumcrawl.settings\n\n[deploy]\nproject = forumcrawl\n\n"
        (folder / "scrapy.cfg").write_text(head + "\n".join(nodes))
        yield folder


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
