"""Parts that many pages share: times, names, avatars, labels, page navigation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from html import escape

from tests.replica.labels import shortened
from tests.replica.moment import Moment
from tests.replica.people import Person
from tests.replica.threads import ThreadInfo


def esc(text: str) -> str:
    """Text for HTML and for attribute values, escaped as XenForo does."""
    return escape(text).replace("&#x27;", "&#039;")


class Parts:
    """What a page is put together with, at one moment of one world."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.world = moment.world
        self.urls = moment.world.urls
        self.words = {key: esc(label) for key, label in self.world.lang.words.items()}
        self.version = self.world.version
        self._offset = f"{datetime.now(self.world.lang.zone):%z}"
        self.username = lru_cache(maxsize=8192)(self._username)
        self.avatar = lru_cache(maxsize=8192)(self._avatar)

    def time(self, moment: datetime, classes: str = "u-dt", more: str = "") -> str:
        """A time tag: the epoch is `data-time` until 2.2 and `data-timestamp` in 2.3."""
        local = moment.astimezone(self.world.lang.zone)
        day, clock = self.world.lang.day(local), f"{local.hour}:{local.minute:02}"
        iso = f"{local.isoformat()[:19]}{self._offset}"
        epoch = int(moment.timestamp())
        if self.version >= "2.3":
            data = f'data-timestamp="{epoch}" data-date="{day}" data-time="{clock}" data-short="{day}"'
        else:
            data = f'data-time="{epoch}" data-date-string="{day}" data-time-string="{clock}"'
        title = f'title="{day}, {clock}"'
        return f'<time  class="{classes}" dir="auto" datetime="{iso}" {data} {title}{more}>{day}</time>'

    def member_path(self, person: Person, tail: str = "") -> str:
        """Path of a member's page."""
        return self.urls.of("members", person.name, person.id, tail)

    def _username(self, person: Person, more: str = "") -> str:
        name = esc(person.name)
        if not person.id:
            zero = "" if person.deleted and self.version == "2.0" else ' data-user-id="0"'
            return f'<span class="username " dir="auto"{zero}{more}>{name}</span>'
        if person.banners:
            name = f'<span class="username--staff username--moderator">{name}</span>'
        return (
            f'<a href="{self.member_path(person)}" class="username " dir="auto" '
            f'data-user-id="{person.id}" data-xf-init="member-tooltip"{more}>{name}</a>'
        )

    def avatar_path(self, person: Person, size: str) -> str:
        """Path of a member's picture."""
        return self.urls.file(f"data/avatars/{size}/{person.avatar}")

    def _avatar(self, person: Person, size: str) -> str:
        classes = f"avatar avatar--{size}"
        inner = f'<span class="avatar-u{person.id}-{size}" role="img">{esc(person.name[:1].upper())}</span>'
        if person.avatar:
            wide = f' srcset="{self.avatar_path(person, "l")} 2x"' if size != "l" else ""
            inner = (
                f'<img src="{self.avatar_path(person, size)}"{wide} alt="{esc(person.name)}" '
                f'class="avatar-u{person.id}-{size}"{self.lazy}{self.prop("image")} />'
            )
        else:
            classes += " avatar--default avatar--default--dynamic"
        if not person.id:
            return f'<span class="{classes}" data-user-id="0" title="{esc(person.name)}">\n\t\t{inner}\n\t</span>'
        return (
            f'<a href="{self.member_path(person)}" class="{classes}" data-user-id="{person.id}" '
            f'data-xf-init="member-tooltip">\n\t\t{inner} \n\t</a>'
        )

    @property
    def lazy(self) -> str:
        """The attribute that defers images, from 2.2."""
        return ' loading="lazy"' if self.version >= "2.2" else ""

    def prop(self, name: str) -> str:
        """A schema.org attribute."""
        return f' itemprop="{name}"'

    def count(self, number: int) -> str:
        """A count in lists: in full in 2.0, short from 2.1."""
        return self.world.lang.number(number) if self.version == "2.0" else shortened(number)

    def thread_path(self, thread: ThreadInfo, tail: str = "") -> str:
        """Path of a thread."""
        return self.urls.of("threads", thread.title, thread.id, tail)

    def pairs(self, label: str, value: str, kind: str = "justified") -> str:
        """A label and a value."""
        return f'<dl class="pairs pairs--{kind}">\n\t<dt>{label}</dt>\n\t<dd>{value}</dd>\n</dl>\n'

    def page_nav(self, path: Callable[[str], str], page: int, pages: int) -> str:
        """The page navigation, empty for a single page. `path` gives the address for "", "page-2" …"""
        if pages < 2:
            return ""

        def link(number: int, classes: str, text: str) -> str:
            return f'<a href="{path(f"page-{number}" if number > 1 else "")}" class="{classes}">{text}</a>'

        items = []
        for number in sorted({1, 2, page - 1, page, page + 1, pages} & set(range(1, pages + 1))):
            current = "pageNav-page--current " if number == page else ""
            items.append(f'<li class="pageNav-page {current}">{link(number, "", str(number))}</li>\n')
        prev = link(page - 1, "pageNav-jump pageNav-jump--prev", self.words["prev"]) if page > 1 else ""
        onward = link(page + 1, "pageNav-jump pageNav-jump--next", self.words["next"]) if page < pages else ""
        last = link(pages, "pageNavSimple-el pageNavSimple-el--last", self.words["last"]) if page < pages else ""
        return f"""\
<div class="block-outer-main"><nav class="pageNavWrapper pageNavWrapper--mixed ">
<div class="pageNav  ">
    {prev}
    <ul class="pageNav-main">
{"".join(items)}    </ul>
    {onward}
</div>
<div class="pageNavSimple">
    <a class="pageNavSimple-el pageNavSimple-el--current" data-xf-init="tooltip" role="button"
        tabindex="0" aria-expanded="false">{self.words["page_of"].format(page, pages)}</a>
    <div class="menu menu--pageJump" data-menu="menu" aria-hidden="true"><div class="menu-content">
        <h4 class="menu-header">{self.words["go_to_page"]}</h4>
        <div class="menu-row" data-xf-init="page-jump" data-page-url="{path("page-%page%")}">
            <div class="inputGroup inputGroup--numbers">
                <input type="number" pattern="\\d*" class="input input--number js-numberBoxTextInput js-pageJumpPage"
                    value="{page}"  min="1" max="{pages}" step="1" required="required" data-menu-autofocus="true" />
            </div>
        </div>
    </div></div>
    {last}
</div>
</nav></div>"""
