"""A member's own page: the exact times that cards only hint at."""

from __future__ import annotations

from tests.replica.people import Person
from tests.replica.render.page import Content, Frame
from tests.replica.render.parts import Parts, esc


class MemberHtml:
    """Writes members' pages for one moment."""

    def __init__(self, parts: Parts, frame: Frame) -> None:
        self.parts = parts
        self.frame = frame

    def page(self, person: Person) -> str:
        """The page: 2.0 shows registration among the numbers, later versions above them."""
        parts, words, number = self.parts, self.parts.words, self.parts.world.lang.number
        banners = "".join(
            '<em class="userBanner userBanner--staff"><span class="userBanner-before"></span>'
            f'<strong>{esc(b)}</strong><span class="userBanner-after"></span></em>\n'
            for b in person.banners
        )
        joined = (words["joined"], parts.time(person.joined))
        stats = [
            (words["messages"], f'\n<a href="{parts.urls.route("search/member", f"user_id={person.id}")}" '
             f'class="fauxBlockLink-linkRow u-concealed">\n{number(person.messages_at(parts.moment.tick))}\n</a>\n'),
            (words["score"], f"\n{number(person.score_at(parts.moment.tick))}\n"),
            (words["points"], f"\n{number(person.points)}\n"),
        ]  # fmt: skip
        blurbs = [(words["last_seen"], parts.time(person.last_seen))]
        if parts.version == "2.0":
            stats.insert(0, joined)
        else:
            blurbs.insert(0, joined)
        name = f'<span class="username " dir="auto" data-user-id="{person.id}">{esc(person.name)}</span>'
        header = (
            f'<div class="memberHeader ">\n<div class="memberHeader-main">\n<div class="memberHeader-mainContent">\n<span '
            f'class="memberHeader-avatar">\n{parts.avatar(person, "l")}\n</span>\n<div class="memberHeader-content '
            f'memberHeader-content--info">\n<h1 class="memberHeader-name"><span class="memberHeader-nameWrapper">{name}</span>'
            f'</h1>\n<div class="memberHeader-banners">{banners}</div>\n<div class="memberHeader-blurbContainer">\n<div class='
            f'"memberHeader-blurb" dir="auto"><span class="userTitle" dir="auto">{esc(person.title)}</span></div>\n'
            + "".join(f'<div class="memberHeader-blurb">\n{parts.pairs(*blurb, "inline")}</div>\n' for blurb in blurbs)
            + '</div>\n</div>\n</div>\n</div>\n<div class="memberHeader-content">\n<div class="memberHeader-stats">\n<div '
            'class="pairJustifier">\n'
            + "".join(parts.pairs(*stat, "rows pairs--rows--centered") for stat in stats)
            + "</div>\n</div>\n</div>\n</div>\n"
        )
        content = Content(
            template="member_view",
            title=person.name,
            heading="",
            html=f'<div class="block">\n<div class="block-container">\n<div class="block-body">\n{header}</div>\n'
            f"{self._tabs(person)}</div>\n</div>\n{self._wall(person)}",
            path=parts.member_path(person),
            crumbs=[(parts.urls.route("members/"), parts.world.lang.words["members"])],
        )
        return self.frame.page(content)

    def _tabs(self, person: Person) -> str:
        tabs = "".join(
            f'<a href="{self.parts.member_path(person, tail)}" rel="nofollow" class="tabs-tab" role="tab">{tail or "…"}</a>\n'
            for tail in ("", "latest-activity", "recent-content", "about")
        )
        return f'<h2 class="block-tabHeader block-tabHeader--memberTabs tabs hScroller" data-xf-init="tabs">{tabs}</h2>\n'

    def _wall(self, person: Person) -> str:
        """A profile post: a message with a .bbWrapper that is no post of a thread."""
        return (
            '<ul class="tabPanes js-memberTabPanes">\n<li class="is-active" role="tabpanel" id="profile-posts">\n<article '
            f'class="message message--simple  js-inlineModContainer" data-author="{esc(person.name)}" data-content='
            f'"profile-post-{person.id}" id="js-profilePost-{person.id}">\n<div class="message-content js-messageContent">\n'
            '<article class="message-body"><div class="bbWrapper">Hello!</div></article>\n</div>\n</article>\n</li>\n</ul>\n'
        )
