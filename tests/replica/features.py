"""The body of a post: a paragraph or two, and in every second post something a parser must get right."""

from __future__ import annotations

from collections.abc import Callable

from tests.replica.body import (
    Anchor,
    Block,
    Break,
    Code,
    Inline,
    Items,
    Media,
    Node,
    Quoted,
    Rule,
    Smilie,
    Spoiler,
    Table,
    Text,
)
from tests.replica.compose import ODD, Composer
from tests.replica.words import EMOJI


def compose(composer: Composer) -> list[Node]:
    """A body's nodes. Which feature it holds depends on its place, so that small worlds hold all of them."""
    c = composer
    place = c.thread.index * 5 + c.number * 3 + c.world.seed
    opening = c.quotes() if c.number > 1 and c.chance.random() < 0.3 else []
    if place % 2:
        return [*opening, *c.paragraphs()]
    feature = FEATURES[place // 2 % len(FEATURES)]
    return [*opening, *c.paragraphs(), Break(), Break(), *feature(c), Break(), *c.paragraphs()]


def _table(c: Composer) -> list[Node]:
    cells: list[list[list[Node]]] = [[[Text(c.sentence())], [Text(c.sentence())]] for _ in range(3)]
    return [Table(cells)]


def _list(c: Composer) -> list[Node]:
    items: list[list[Node]] = [[Text(c.sentence())], [Inline("b", [Text(c.sentence())])], c.link(c.url())]
    return [Items(items, ordered=c.number % 2 == 0)]


def _blocks(c: Composer) -> list[Node]:
    indent: list[Node] = [Block("div", [Text(c.sentence())], ' style="margin-left: 20px"', zero_width=True)]
    empty = Block("div", [], ' style="margin-left: 20px"', zero_width=True)
    centre = Block("div", [Text(c.sentence())], ' style="text-align: center"', zero_width=True)
    return [centre, *indent, empty, Block("h3", [Text(c.sentence())], zero_width=True), Rule()]


_CODE = 'def land(speed):\n    if speed < 3 and speed > -1:\n\n        return "<down> & safe"\n    return None'
FEATURES: tuple[Callable[[Composer], list[Node]], ...] = (
    lambda c: [c.picture("plain")],
    lambda c: [c.picture("proxied", ".png?w=1200&h=676")],
    lambda c: [c.picture("bare")],
    lambda c: [c.picture("lazy")],
    lambda c: [c.attached("attached")],
    lambda c: [c.attached("thumb")],
    lambda c: [Anchor(c.url("?page=1&x=%D9%85"), [c.picture("inline")])],
    lambda c: c.link(c.url("?a=1&lt=2")),
    lambda c: c.link(c.long_url()),
    lambda c: c.link(c.long_url(), "confirmation"),
    lambda c: c.link(c.url("/?q=a+b"), "redirect"),
    Composer.internal,
    Composer.mention,
    Composer.unfurl,
    Composer.coloured,
    Composer.quote_with_all,
    lambda c: [Media(f"https://www.youtube.com/embed/v{c.thread.id}_{c.number}?wmode=opaque", "youtube")],
    lambda c: [Media(c.url("?x=1&y=2"), "bitchute", "s9e")],
    lambda c: [Media(c.url("?x=1&y=2"), "tiktok", "s9e-json")],
    lambda c: [Spoiler([Text(c.sentence()), Break(), *c.link(c.url())], c.words[c.number % 30])],
    lambda c: [Spoiler([c.picture("proxied"), Break(), Quoted([Text(c.sentence())])])],
    lambda c: [Code(_CODE, "python"), Text(c.sentence()), Inline("code", [Text("a &lt; b")], ' class="bbCodeInline"')],
    _list,
    _table,
    _blocks,
    lambda c: [Text(c.sentence() + " "), Smilie(":)"), Text(" " + c.sentence() + " "), Smilie(";)")],
    lambda c: [Text(" ".join(ODD)), Break(), Text("".join(EMOJI))],
)
"""What a post may hold, each in turn."""
