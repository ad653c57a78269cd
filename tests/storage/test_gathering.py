"""Questions that come together are asked as one, and each gets what it asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from forumcrawl.storage.errors import StorageUnavailable
from forumcrawl.storage.gathering import Gathering
from forumcrawl.storage.mongo import Document


class Stored:
    """Answers for the `_id`s that have a letter of "abc", and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.failure: Exception | None = None

    async def __call__(self, keys: Sequence[str]) -> list[Document]:
        self.asked.append(sorted(keys))
        if self.failure:
            raise self.failure
        return [{"_id": key} for key in keys if key in "abc"]


def ids(found: list[Document]) -> list[str]:
    return [each["_id"] for each in found]


def test_questions_that_come_together_are_one() -> None:
    async def main() -> None:
        stored = Stored()
        gathering = Gathering(stored)
        first, second, nothing = await asyncio.gather(
            gathering.of(["b", "x", "a"]), gathering.of(["a", "c", "a"]), gathering.of([])
        )
        assert (ids(first), ids(second), nothing) == (["b", "a"], ["a", "c"], [])
        assert ids(await gathering.of(["c"])) == ["c"]
        assert stored.asked == [["a", "b", "c", "x"], ["c"]]

    asyncio.run(main())


def test_a_failure_is_told_to_all_and_the_next_question_is_asked_anew() -> None:
    async def main() -> None:
        stored = Stored()
        stored.failure = StorageUnavailable("away")
        gathering = Gathering(stored)
        failed = await asyncio.gather(gathering.of(["a"]), gathering.of(["b"]), return_exceptions=True)
        assert [str(each) for each in failed] == ["away", "away"]
        stored.failure = None
        assert ids(await gathering.of(["a"])) == ["a"]

    asyncio.run(main())


def test_one_who_is_cancelled_takes_nothing_from_the_others() -> None:
    async def main() -> None:
        gathering = Gathering(Stored())
        leaving = asyncio.create_task(gathering.of(["a"]))
        staying = asyncio.create_task(gathering.of(["b"]))
        await asyncio.sleep(0)
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert ids(await staying) == ["b"]

    asyncio.run(main())
