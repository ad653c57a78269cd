"""The forum's members and guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.replica.chance import MEMBER, dice
from tests.replica.words import BANNERS, COUNTRIES, NAMES, TITLES

REPORTER = 3
"""Member id of the automatic reporter, who wrote the seed thread."""
_FIRST_DAY = datetime(2008, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes. `id` is 0 for guests and deleted members, of whom only the name is known."""

    id: int
    name: str
    title: str
    banners: tuple[str, ...] = ()
    joined: datetime = _FIRST_DAY
    last_seen: datetime = _FIRST_DAY
    messages: int = 0
    score: int = 0
    points: int = 0
    avatar: str | None = None
    country: str | None = None
    signs: bool = False
    deleted: bool = False

    def messages_at(self, tick: int) -> int:
        """Messages as the card says at a tick."""
        return self.messages + tick * (self.id % 4)

    def score_at(self, tick: int) -> int:
        """Reaction score as the card says at a tick."""
        return self.score + tick * (self.id % 3)


def member(seed: int, language: str, number: int) -> Person:
    """Member `number`, from 1."""
    chance = dice(seed, MEMBER, number)
    joined = _FIRST_DAY + timedelta(seconds=chance.randrange(6 * 365 * 86400))
    if number == REPORTER:
        return Person(
            id=number, name="المراسل الآلي", title="عضو مميز", joined=joined, last_seen=joined + timedelta(days=900),
            messages=69062, score=0, points=1, avatar=f"0/{number}.jpg?1733300000", country="مصر",
        )  # fmt: skip
    name = chance.choice(NAMES[language])
    has_avatar = chance.random() < 0.6
    return Person(
        id=number,
        name=name if number <= 2 else f"{name} {number}",
        title=chance.choice(TITLES[language]),
        banners=tuple(chance.sample(BANNERS, chance.choice((1, 2)))) if chance.random() < 0.12 else (),
        joined=joined,
        last_seen=joined + timedelta(seconds=chance.randrange(900 * 86400)),
        messages=int(10 ** chance.uniform(0, 4.8)),
        score=int(10 ** chance.uniform(0, 4)) - 1,
        points=chance.choice((0, 1, 3, 18, 63, 1113)),
        avatar=f"{number // 1000}/{number}.jpg?{1400000000 + number * 997}" if has_avatar else None,
        country=chance.choice(COUNTRIES) if chance.random() < 0.4 else None,
        signs=chance.random() < 0.3,
    )


def visitor(language: str, guest_label: str, number: int) -> Person:
    """A guest, or for every third number a deleted member: both are shown as a bare name."""
    return Person(id=0, name=f"{NAMES[language][number % 7]}{number}", title=guest_label, deleted=number % 3 == 0)
