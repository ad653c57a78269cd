"""Every secret of the environment is a canary: none is written anywhere by a node, a worker or a command."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pymongo import MongoClient
from redis import Redis

from tests.cluster.nodes import USERNAME, ScrapydNode, addresses
from tests.replica.process import ReplicaProcess
from tests.servers import MongoServer, ValkeyServer
from tests.storage import ROOT, until

pytestmark = pytest.mark.timeout(600)  # a busy machine takes long to start so many processes

CANARIES = {
    name: f"canary-{name}-{number:04d}"
    for number, name in enumerate(("mongodb", "redis", "scrapyd", "s3", "token", "metrics", "wrong"), 1)
}
PAGES = ("", "jobs", "logs/", "logs/forumcrawl/forum/", "listjobs.json", "daemonstatus.json", "no-such-page")


class Scene:
    """Servers that ask for passwords, a node whose workers know them, and a forum."""

    def __init__(self, folder: Path, owned: ExitStack) -> None:
        self.valkey = owned.enter_context(ValkeyServer(folder / "valkey"))
        self.mongodb = owned.enter_context(MongoServer(folder / "mongodb"))
        self.replica = owned.enter_context(ReplicaProcess(threads=12, language="en", delay=0.1))
        with Redis.from_url(self.valkey.url) as client:
            client.config_set("requirepass", CANARIES["redis"])
        roles = [{"role": "root", "db": "admin"}]
        with MongoClient[dict[str, object]](self.mongodb.uri) as mongo:
            mongo.admin.command("createUser", "crawler", pwd=CANARIES["mongodb"], roles=roles)
        self.variables = {
            "MONGODB_URI": self._mongodb(CANARIES["mongodb"]),
            "REDIS_URL": f"redis://:{CANARIES['redis']}@127.0.0.1:{self.valkey.port}/0",
            "AWS_ACCESS_KEY_ID": CANARIES["s3"],
            "AWS_SECRET_ACCESS_KEY": CANARIES["s3"],
            "AWS_SESSION_TOKEN": CANARIES["token"],
            "METRICS_PASSWORD": CANARIES["metrics"],
            "IMAGES_STORE": "",
        }
        self.node = owned.enter_context(ScrapydNode("node1", folder / "node1", CANARIES["scrapyd"], self.variables))

    def _mongodb(self, password: str) -> str:
        return f"mongodb://crawler:{password}@127.0.0.1:{self.mongodb.port}/?directConnection=true&authSource=admin"

    def command(self, *arguments: str, wrong: bool = False) -> str:
        """All that `scrapy` writes; with a password that is refused everywhere."""
        variables = {**self.node.variables, **addresses(self.node)}
        if wrong:
            redis = f"redis://:{CANARIES['wrong']}@127.0.0.1:{self.valkey.port}/0"
            variables |= {"SCRAPYD_PASSWORD": CANARIES["wrong"], "REDIS_URL": redis}
            variables |= {"MONGODB_URI": self._mongodb(CANARIES["wrong"])}
        command = [sys.executable, "-m", "scrapy", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=200)
        return done.stdout + done.stderr

    def page(self, path: str, *, login: bool = True) -> str:
        """What the node shows."""
        token = base64.b64encode(f"{USERNAME}:{CANARIES['scrapyd']}".encode()).decode()
        headers = {"Authorization": f"Basic {token}"} if login else {}
        try:
            with urlopen(Request(f"{self.node.url}/{path}", headers=headers), timeout=10) as answer:
                return str(answer.read().decode())
        except HTTPError as error:
            return error.read().decode()

    def processes(self) -> str:
        """The command lines of all that runs."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                found.append((process / "cmdline").read_text(errors="replace"))
            except OSError:
                continue
        return "\n".join(found)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as owned:
        yield Scene(tmp_path, owned)


def test_no_secret_is_written_anywhere(scene: Scene) -> None:
    url = f"url={scene.replica.url}"
    written = {"deploy": scene.command("cluster", "deploy")}
    start = ("cluster", "start", "forum", "--workers=1", "-a", url, "-a", "sources=0", "-s", "HOST_DELAY=5")
    written["start"] = scene.command(*start)
    until(lambda: "frontier at" in scene.node.log(), 200)
    written["processes"] = scene.processes()
    written["status"] = scene.command("cluster", "status") + scene.command("cluster", "status", "--json")
    written |= {f"page {path}": scene.page(path) for path in PAGES}
    written |= {f"page {path} without a login": scene.page(path, login=False) for path in PAGES}
    written["stop"] = scene.command("cluster", "stop")
    written["deploy refused"] = scene.command("cluster", "deploy", wrong=True)
    written["status refused"] = scene.command("cluster", "status", wrong=True)
    written["crawl refused"] = scene.command("crawl", "forum", "-a", url, wrong=True)
    written["setting refused"] = scene.command(*start, "-s", f"MONGODB_URI={CANARIES['wrong']}")
    written["address refused"] = scene.command(*start, "-a", f"url=http://u:{CANARIES['wrong']}@h.example/")
    written["logs"] = scene.node.log()
    assert [(name, secret) for name, text in written.items() for secret in CANARIES.values() if secret in text] == []
    _was_real(written)


def _was_real(written: dict[str, str]) -> None:
    """What was looked through is what it should be: each step did, or refused, what it was for."""
    assert "has version" in written["deploy"]
    assert "(new): node1 1" in written["start"]
    assert "scrapyd.runner" in written["processes"]
    assert '"state": "running"' in written["status"]
    assert "forumcrawl" in written["page jobs"]
    assert "1 of 1 workers have ended" in written["stop"]
    assert "refuses the login" in written["deploy refused"]
    assert "refuses the login" in written["crawl refused"]
    assert "-s MONGODB_URI may hold a secret" in written["setting refused"]
    assert "holds a user name" in written["address refused"]
    assert "Storing in forumcrawl at mongodb://***@127.0.0.1" in written["logs"]
