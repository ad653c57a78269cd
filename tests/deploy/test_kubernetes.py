"""The kustomize base: what refers to what, and what is asked of every pod."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
import yaml

from tests.deploy.reading import DEPLOY, Document, documents, is_pinned, known_variables

FOLDER = DEPLOY / "kubernetes"
(KUSTOMIZATION,) = documents(FOLDER / "kustomization.yaml")
RESOURCES = [each for name in KUSTOMIZATION["resources"] for each in documents(FOLDER / name)]
SECRETS = {"forumcrawl-servers", "forumcrawl-metrics"}


def named(kind: str) -> dict[str, Document]:
    return {each["metadata"]["name"]: each for each in RESOURCES if each["kind"] == kind}


def pods() -> Iterator[tuple[str, Document]]:
    for each in RESOURCES:
        if each["kind"] in ("Deployment", "StatefulSet"):
            yield each["metadata"]["name"], each["spec"]["template"]
        if each["kind"] == "CronJob":
            yield each["metadata"]["name"], each["spec"]["jobTemplate"]["spec"]["template"]


PODS = dict(pods())


def test_every_file_is_named_once() -> None:
    files = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    assert sorted(KUSTOMIZATION["resources"]) == sorted(files)


def test_there_is_one_of_each_kind_that_is_needed() -> None:
    kinds = {each["kind"] for each in RESOURCES}
    assert {"Deployment", "CronJob", "HorizontalPodAutoscaler", "ConfigMap", "Service"} <= kinds
    assert not named("Secret")


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_confined_and_bounded(name: str) -> None:
    spec = PODS[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["automountServiceAccountToken"] is False
    for container in spec["containers"]:
        confined = container["securityContext"]
        assert confined["allowPrivilegeEscalation"] is False
        assert confined["readOnlyRootFilesystem"] is True
        assert confined["capabilities"] == {"drop": ["ALL"]}
        assert set(container["resources"]["limits"]) == set(container["resources"]["requests"]) == {"cpu", "memory"}
        mounted = {each["name"] for each in container.get("volumeMounts", ())}
        assert mounted <= {each["name"] for each in spec.get("volumes", ())}


@pytest.mark.parametrize("name", PODS)
def test_settings_and_secrets_are_referred_to(name: str) -> None:
    for container in PODS[name]["spec"]["containers"]:
        sources = container["envFrom"]
        assert {each["secretRef"]["name"] for each in sources if "secretRef" in each} <= SECRETS
        assert {each["configMapRef"]["name"] for each in sources if "configMapRef" in each} <= set(named("ConfigMap"))
        assert {"secretRef": {"name": "forumcrawl-servers"}} in sources
        assert {each["name"] for each in container.get("env", ())} <= known_variables()


def test_the_config_holds_what_settings_know() -> None:
    assert set(named("ConfigMap")["forumcrawl"]["data"]) <= known_variables()


def test_images_are_pinned_in_one_place() -> None:
    (image,) = KUSTOMIZATION["images"]
    assert is_pinned(f"{image['newName']}:{image['newTag']}")
    used = {container["image"] for pod in PODS.values() for container in pod["spec"]["containers"]}
    assert used == {image["name"]}


def test_servers_have_probes() -> None:
    for name in named("Deployment"):
        for container in PODS[name]["spec"]["containers"]:
            assert "livenessProbe" in container
            assert {"startupProbe", "readinessProbe"} & set(container)


def test_selectors_meet_what_they_select() -> None:
    labels = [pod["metadata"]["labels"] for pod in PODS.values() if "metadata" in pod]
    selectors = [each["spec"]["selector"]["matchLabels"] for each in named("Deployment").values()]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in named("PodDisruptionBudget").values()]
    selectors += [each["spec"]["selector"] for each in named("Service").values()]
    assert all(any(selector.items() <= each.items() for each in labels) for selector in selectors)


def test_workers_are_scaled_by_what_waits() -> None:
    (scaler,) = named("HorizontalPodAutoscaler").values()
    target = scaler["spec"]["scaleTargetRef"]
    assert target["name"] in named(target["kind"])
    assert scaler["spec"]["metrics"][0]["external"]["metric"]["name"] == "forumcrawl_queue_waiting"


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kustomize_builds_it() -> None:
    done = subprocess.run(["kubectl", "kustomize", str(FOLDER)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    built = [each for each in yaml.safe_load_all(done.stdout) if each]
    assert len(built) == len(RESOURCES)
    assert all(each["metadata"].get("namespace") == "forumcrawl" for each in built if each["kind"] != "Namespace")
