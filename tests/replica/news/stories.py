"""The articles: everything about article n follows from the seed and n, so 100,000 of them take no room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from tests.replica import seed_thread
from tests.replica.chance import EVENT, STORY, STORY_TEXT, dice
from tests.replica.news.prose import PARAGRAPH, headline, paragraph, sentence
from tests.replica.news.sites import SITES, SourceSite, site_of, twin_of

SEED_STORY = 0
"""The article of the seed thread."""
_FIRST, _MINUTES = datetime(2024, 1, 2, tzinfo=UTC), 335 * 1440
_PARAGRAPHS = (5, 12)
_QUOTE = 19
"""Words of a quotation that two articles about one event share; such articles hold one in every second paragraph."""
_TITLES = {
    "ar": (("arab-and-world", "العرب والعالم"), ("aswaq", "اقتصاد"), ("defence", "دفاع"), ("technology", "تقنية")),
    "en": (("defence", "Defence"), ("world", "World"), ("business", "Business")),
}
_SEED_SECTION = ("arab-and-world/syria", "سوريا")
_TAGS = {
    "ar": ("سوريا", "روسيا", "الدفاع الجوي", "البحر الأحمر", "اقتصاد", "النفط", "صفقات السلاح"),
    "en": ("navy", "air defence", "shipping", "budget", "exports"),
}
_PEOPLE = {
    "ar": ("ليلى حداد", "سامر العلي", "نادية منصور", "عمر خليل", "هالة درويش", "كريم صالح"),
    "en": ("Nora Whitfield", "Tom Ashgrove", "Ines Calder", "Peter Marlow"),
}


@dataclass(frozen=True, slots=True)
class Story:
    """An article without its text."""

    number: int
    site: SourceSite
    headline: str
    subtitle: str
    authors: tuple[str, ...]
    published: datetime
    """To the minute, UTC."""
    modified: datetime
    section: tuple[str, str]
    """Word in addresses, and name."""
    tags: tuple[str, ...]
    pictures: tuple[UUID, ...]


def story_of(seed: int, number: int) -> Story:
    """Article `number`."""
    if number == SEED_STORY:
        return _seed_story()
    site, chance = site_of(number), dice(seed, STORY, number)
    language = site.language
    published = _FIRST + timedelta(minutes=chance.randrange(_MINUTES))
    published += timedelta(minutes=not published.minute)  # a stamp of exactly midnight would mean the day
    return Story(
        number=number,
        site=site,
        headline=headline(chance, language, chance.randrange(8, 12)),
        subtitle=sentence(chance, language, 14) + ".",
        authors=tuple(chance.sample(_PEOPLE[language], chance.choice((0, 1, 1, 2)))),
        published=published,
        modified=published + timedelta(minutes=chance.choice((3, 40, 600))),
        section=chance.choice(_TITLES[language]),
        tags=tuple(chance.sample(_TAGS[language], chance.choice((0, 2, 3)))),
        pictures=tuple(UUID(int=chance.getrandbits(128), version=4) for _ in range(chance.choice((1, 1, 2, 3)))),
    )


def _seed_story() -> Story:
    published = datetime(2024, 12, 4, 16, 40, tzinfo=UTC)
    return Story(
        number=SEED_STORY,
        site=SITES["alarabiya"],
        headline=seed_thread.TITLE,
        subtitle=sentence(Random(seed_thread.TITLE), "ar", 14) + ".",
        authors=(),
        published=published,
        modified=published + timedelta(minutes=5),
        section=_SEED_SECTION,
        tags=("سوريا", "روسيا"),
        pictures=tuple(UUID(url.rpartition("/")[2][:36]) for url in seed_thread.PICTURES),
    )


def text_of(seed: int, number: int) -> list[str]:
    """The paragraphs of article `number`."""
    if number == SEED_STORY:
        return [each for each in seed_thread.PARAGRAPHS if each]
    twin, chance, language = twin_of(number), dice(seed, STORY_TEXT, number), site_of(number).language
    if twin is not None:
        return _about_event(dice(seed, EVENT, min(number, twin)), chance, language, reverse=twin < number)
    fewest, most = PARAGRAPH
    return [paragraph(chance, language, chance.randint(fewest, most)) for _ in range(chance.randint(*_PARAGRAPHS))]


def _about_event(event: Random, chance: Random, language: str, *, reverse: bool) -> list[str]:
    """Own words around the quotations of an event, which its second article has in another order."""
    many = event.choice((6, 8, 10))
    quotes = [sentence(event, language, _QUOTE) for _ in range(many // 2)]
    if reverse:
        quotes.reverse()
    text = []
    for quote in quotes:
        text.append(paragraph(chance, language, chance.randint(32, 48)))
        text.append(f'{paragraph(chance, language, chance.randint(14, 30))} "{quote}".')
    return text
