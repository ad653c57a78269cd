"""Nodes as scrapy.cfg names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from forumcrawl.cluster.targets import ClusterError, Target, read_targets

BASE = "[settings]\ndefault = forumcrawl.settings\n[deploy]\nproject = forumcrawl\nusername = operator\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path / "scrapy.cfg"


def test_sections_take_what_deploy_says_for_all(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THE_PASSWORD", "s3cret$%")
    config.write_text(
        f"{BASE}password = $THE_PASSWORD\n[deploy:a]\nurl = http://a:1/\n[deploy:b]\nurl=https://b\nusername=x\n"
    )
    common = {"project": "forumcrawl", "password": "s3cret$%"}
    assert read_targets() == [
        Target(name="a", url="http://a:1", username="operator", **common),
        Target(name="b", url="https://b", username="x", **common),
    ]
    assert [target.name for target in read_targets(["b"])] == ["b"]
    assert "s3cret" not in repr(read_targets())


def test_a_node_whose_address_is_not_set_is_left_out(config: Path) -> None:
    config.write_text(f"{BASE}[deploy:a]\nurl = http://a:1\n[deploy:b]\nurl = $NO_SUCH_ADDRESS\n")
    assert [target.name for target in read_targets()] == ["a"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no node is known"),
        ("[deploy:a]\nurl = http://a:1\npassword = $NO_SUCH_PASSWORD", "node a: password is \\$NO_SUCH_PASSWORD"),
        ("[deploy:a]\nurl = a:6800", "no address like"),
        ("[deploy:a]\nurl = http://u:hidden@a:6800", "holds a login"),
        ("[deploy:a]\nurl = %(nothing)s", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said(config: Path, text: str, said: str) -> None:
    config.write_text(BASE + text)
    with pytest.raises(ClusterError, match=said) as caught:
        read_targets()
    assert "hidden" not in str(caught.value)


def test_an_unknown_name_is_said_with_the_known_ones(config: Path) -> None:
    config.write_text(f"{BASE}[deploy:a]\nurl = http://a:1\n")
    with pytest.raises(ClusterError, match=r"no node 'c'.*known: a"):
        read_targets(["c"])
