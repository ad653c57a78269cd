"""Two real nodes for all tests of this folder, and a deployed egg."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from forumcrawl.cluster.egg import Egg, build_egg
from tests.cluster.nodes import ScrapydNode, new_password
from tests.servers import ValkeyServer


@pytest.fixture(scope="session")
def egg() -> Egg:
    return build_egg()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ValkeyServer]:
    with ValkeyServer(tmp_path_factory.mktemp("valkey") / "data") as server:
        yield server


@pytest.fixture(scope="session")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ScrapydNode]]:
    """Two, whose workers have no servers."""
    folder, password = tmp_path_factory.mktemp("nodes"), new_password()
    with ExitStack() as owned:
        yield [owned.enter_context(ScrapydNode(name, folder / name, password, {})) for name in ("node1", "node2")]
