"""The card beside a post: who wrote it."""

from __future__ import annotations

from functools import lru_cache

from tests.replica.people import Person
from tests.replica.render.parts import Parts, esc

_ICONS = {
    "joined": ("uix_icon--user", "fa-user"),
    "messages": ("uix_icon--messages", "fa-comments"),
    "score": ("uix_icon--like", "fa-thumbs-up"),
    "points": ("uix_icon--trophy", "fa-trophy"),
}
"""Icons that stand for labels: of an add-on style before 2.2, Font Awesome's since."""


class CardHtml:
    """Writes cards for one moment; a card is the same on every post, so it is made once."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.version = parts.version
        self.html = lru_cache(maxsize=4096)(self._html)

    def _html(self, person: Person) -> str:
        parts = self.parts
        return f"""\
            <div class="message-cell message-cell--user">
<section itemscope itemtype="https://schema.org/Person" class="message-user">
    <div class="message-avatar ">
        <div class="message-avatar-wrapper">
    {parts.avatar(person, "m")}
        </div>
    </div>
    <div class="message-userDetails">
        <h4 class="message-name">{parts.username(person, parts.prop("name"))}</h4>
        <h5 class="userTitle message-userTitle" dir="auto" itemprop="jobTitle">{esc(person.title)}</h5>
{"".join(map(self._banner, person.banners))}    </div>
{self._extras(person)}    <span class="message-userArrow"></span>
</section>
            </div>
"""

    def _banner(self, text: str) -> str:
        return f"""\
        <div class="userBanner userBanner--staff message-userBanner" dir="auto" itemprop="jobTitle">\
<span class="userBanner-before"></span><strong>{esc(text)}</strong><span class="userBanner-after"></span></div>
"""

    def _extras(self, person: Person) -> str:
        if not person.id:
            return ""
        world, tick, label = self.parts.world, self.parts.moment.tick, self._label
        number = world.lang.number
        rows = [
            (label("messages"), number(person.messages_at(tick))),
            (label("score"), number(person.score_at(tick))),
            (label("points"), number(person.points)),
        ]
        if world.shows_dates:
            rows.insert(0, (label("joined"), world.lang.day(person.joined.astimezone(world.lang.zone))))
        if person.country:
            rows.append((self.parts.words["country"], f"\n\t\t\t{esc(person.country)}\n\t\t"))
        inner = "".join(self.parts.pairs(name, value) for name, value in rows)
        return f'\t<div class="message-userExtras">\n{inner}\t</div>\n'

    def _label(self, key: str) -> str:
        text = self.parts.words[key]
        if not self.parts.world.icon_cards:
            return text
        old, new = _ICONS[key]
        if self.version < "2.2":
            return f'\n\t\t<i class="uix_icon {old}"></i>\n\t'
        icon = f'<i class="fa--xf far {new}" aria-hidden="true"></i>'
        return f'<span data-xf-init="tooltip" title="{text}">{icon}</span>'
