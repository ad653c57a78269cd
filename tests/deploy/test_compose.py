"""compose.yaml, as far as it can be checked without Docker."""

from __future__ import annotations

import re

import pytest

from tests.deploy.reading import DEPLOY, Document, documents, is_pinned, known_variables, strings
from tests.storage import ROOT

TEXT = (DEPLOY / "compose.yaml").read_text("utf-8")
(COMPOSE,) = documents(DEPLOY / "compose.yaml")
SERVICES: dict[str, Document] = COMPOSE["services"]
OTHERS = {"mongodb", "valkey", "prometheus", "grafana"}
"""Services of other projects, with variables of their own."""


def test_it_has_all_parts() -> None:
    assert set(SERVICES) == OTHERS | {"node1", "node2", "metrics", "watch"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_pinned_or_built_and_has_a_health_check(name: str) -> None:
    service = SERVICES[name]
    assert is_pinned(service["image"]) if name in OTHERS else (ROOT / service["build"]["dockerfile"]).is_file()
    built_in = name.startswith("node")  # the image's own
    assert "healthcheck" in service or (built_in and "HEALTHCHECK" in (DEPLOY / "scrapyd/Dockerfile").read_text())
    assert service["restart"] == "unless-stopped"


def test_every_secret_must_be_given() -> None:
    used = re.findall(r"\$\{(\w+)([^}]*)\}", TEXT)
    assert used
    assert [name for name, default in used if default != ":?"] == []
    asked = {name for name, _ in used}
    example = (DEPLOY / ".env.example").read_text("utf-8")
    assert asked == set(re.findall(r"^(\w+)=$", example, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(set(SERVICES) - OTHERS))
def test_our_services_are_given_what_settings_know(name: str) -> None:
    given = set(SERVICES[name]["environment"])
    assert given - known_variables() <= {"METRICS_PASSWORD"}
    assert {"MONGODB_URI", "REDIS_URL"} <= given


def test_ports_are_published_on_loopback_alone() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_data_lies_in_named_volumes_and_mounts_exist() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or source.startswith("./"), (name, volume)
    kept = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert set(COMPOSE["volumes"]) <= kept


def test_services_wait_for_what_they_need_to_be_healthy() -> None:
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            assert other in SERVICES
            assert how == {"condition": "service_healthy"}


def test_no_password_stands_in_a_command_line() -> None:
    for service in SERVICES.values():
        lines = [*strings(service.get("command")), *strings(service.get("healthcheck"))]
        assert not [line for line in lines if re.search(r"-(p|a)\s+\"?\$|--pass", line)]


def test_the_database_is_a_replica_set_with_a_login_and_valkey_keeps_a_log() -> None:
    mongodb, valkey = (" ".join(strings(SERVICES[name]["entrypoint"])) for name in ("mongodb", "valkey"))
    assert "--replSet rs0" in mongodb
    assert "--keyFile" in mongodb
    assert "replicaSet=rs0" in SERVICES["node1"]["environment"]["MONGODB_URI"]
    for needed in ("requirepass %s", "appendonly yes", "maxmemory-policy noeviction"):
        assert needed in valkey
