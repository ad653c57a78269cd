"""Alert rules and the board: every metric and label that they name exists, and Prometheus takes them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from forumcrawl.stats.prometheus import RUN, STATS, metric_name, metric_names
from tests.storage import ROOT

DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana" / "dashboards" / "forumcrawl.json").read_text("utf-8"))
PANELS = {panel["title"]: panel["targets"][0]["expr"] for panel in BOARD["panels"]}
EXPRESSIONS = {**{rule["alert"]: rule["expr"] for rule in RULES}, **PANELS}
SELECTED = re.compile(r"(forumcrawl_\w+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"(?:by|on|group_left) \(([^)]*)\)")


def labels_named(expression: str) -> set[str]:
    """Labels that an expression groups or selects by."""
    grouped = {label.strip() for found in GROUPED.findall(expression) for label in found.split(",")}
    selected = {
        part.split("=")[0].strip(" ~!") for _, found in SELECTED.findall(expression) for part in found.split(",")
    }
    return (grouped | selected) - {""}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_metric_and_label_of_an_expression_exists(name: str) -> None:
    known, expression = metric_names(), EXPRESSIONS[name]
    metrics = {metric for metric, _ in SELECTED.findall(expression)}
    assert metrics <= known.keys()
    labels = {label for metric in metrics for label in known[metric]} | set(RUN)
    assert labels_named(expression) <= (labels if metrics else {"job"} | labels_named(expression))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_message_tells_only_labels_that_its_alert_has(rule: dict[str, Any]) -> None:
    told = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    metrics = {metric for metric, _ in SELECTED.findall(rule["expr"])}
    grouped = GROUPED.findall(rule["expr"].strip())
    kept = set(re.split(r",\s*", grouped[0])) if rule["expr"].strip().startswith("sum by") else None
    assert told <= (
        kept if kept is not None else {label for each in metrics for label in metric_names()[each]} | set(RUN)
    )


def test_the_board_asks_for_runs_that_exist_and_for_each_thing_once() -> None:
    assert BOARD["templating"]["list"][0]["query"] == "label_values(forumcrawl_run_state, run)"
    assert len(PANELS) == len(BOARD["panels"])
    assert all('run=~"$run"' in expression for expression in PANELS.values())


def test_no_two_stats_share_a_metric() -> None:
    names = [metric_name(stat) for stat in STATS]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool (Debian package prometheus) is not installed")
def test_prometheus_takes_configuration_and_rules(tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "prometheus", tmp_path, dirs_exist_ok=True)
    (tmp_path / "metrics_password").write_text("secret")
    done = subprocess.run(
        ["promtool", "check", "config", "prometheus.yml"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(RULES)} rules found" in done.stdout
