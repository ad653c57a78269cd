"""Expectations as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from forumcrawl.items import Article, Post, Thread
from forumcrawl.monitors.expectations import ExpectationsError, expectations
from forumcrawl.stats.coverage import _fields
from forumcrawl.stats.vocabulary import OURS


def written(folder: Path, text: str) -> str:
    path = folder / "expectations.toml"
    path.write_text(text)
    return str(path)


def test_a_forum_may_be_expected_to_do_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, '["forum.example"]\nserver_errors = 0.5\n["forum.example".coverage]\n"posts.text" = 0.1\n')
    own, other = expectations("forum.example", path), expectations("other.example", path)
    assert (own.server_errors, other.server_errors) == (0.5, expectations("").server_errors)
    assert own.coverage["posts.text"] == 0.1
    assert own.coverage["posts.number"] == other.coverage["posts.number"]


@pytest.mark.parametrize("text", ["[default]\nsevere_errors = 1\n", "default = 3\n", "[default\n"])
def test_a_file_that_cannot_be_used_is_said_in_a_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExpectationsError, match=r"^[^\n]+$"):
        expectations("forum.example", written(tmp_path, text))


def test_a_file_that_is_not_there_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(ExpectationsError, match="cannot be read"):
        expectations("forum.example", str(tmp_path / "none.toml"))


def test_every_field_that_must_be_filled_exists() -> None:
    known = {field.filled for kind in (Post, Thread, Article) for field in _fields(kind, kind.collection)}
    known |= {"filled/posts.author/name"}
    assert OURS
    for path in expectations("").coverage:
        part, _, field = path.rpartition(".")
        assert f"filled/{part}/{field}" in known
