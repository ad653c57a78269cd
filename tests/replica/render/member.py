"""A member's own page: the exact times that cards only hint at."""

from __future__ import annotations

from tests.replica.people import Person
from tests.replica.render.head import Content
from tests.replica.render.page import Frame
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
        search = parts.urls.route("search/member", f"user_id={person.id}")
        messages = number(person.messages_at(parts.moment.tick))
        stats = [
            (words["messages"], f'\n<a href="{search}" class="fauxBlockLink-linkRow u-concealed">\n{messages}\n</a>\n'),
            (words["score"], f"\n{number(person.score_at(parts.moment.tick))}\n"),
            (words["points"], f"\n{number(person.points)}\n"),
        ]
        blurbs = [(words["last_seen"], parts.time(person.last_seen))]
        if parts.version == "2.0":
            stats.insert(0, joined)
        else:
            blurbs.insert(0, joined)
        content = Content(
            template="member_view",
            title=person.name,
            heading="",
            html=self._block(person, banners, blurbs, stats) + self._wall(person),
            path=parts.member_path(person),
            crumbs=[(parts.urls.route("members/"), parts.world.lang.words["members"])],
        )
        return self.frame.page(content)

    def _block(self, person: Person, banners: str, blurbs: list[tuple[str, str]], stats: list[tuple[str, str]]) -> str:
        pairs = self.parts.pairs
        lines = "".join(f'<div class="memberHeader-blurb">\n{pairs(*blurb, "inline")}</div>\n' for blurb in blurbs)
        numbers = "".join(pairs(*stat, "rows pairs--rows--centered") for stat in stats)
        return f"""\
<div class="block">
<div class="block-container">
    <div class="block-body">
        <div class="memberHeader ">
        <div class="memberHeader-main">
        <div class="memberHeader-mainContent">
            <span class="memberHeader-avatar">
                {self.parts.avatar(person, "l")}
            </span>
            <div class="memberHeader-content memberHeader-content--info">
                <h1 class="memberHeader-name"><span class="memberHeader-nameWrapper">
                    <span class="username " dir="auto" data-user-id="{person.id}">{esc(person.name)}</span>
                </span></h1>
                <div class="memberHeader-banners">
{banners}                </div>
                <div class="memberHeader-blurbContainer">
                    <div class="memberHeader-blurb" dir="auto">\
<span class="userTitle" dir="auto">{esc(person.title)}</span></div>
{lines}                </div>
            </div>
        </div>
        </div>
        <div class="memberHeader-content">
            <div class="memberHeader-stats">
                <div class="pairJustifier">
{numbers}                </div>
            </div>
        </div>
        </div>
    </div>
{self._tabs(person)}</div>
</div>
"""

    def _tabs(self, person: Person) -> str:
        tabs = "".join(
            f'<a href="{self.parts.member_path(person, tail)}" rel="nofollow" class="tabs-tab">{tail}</a>\n'
            for tail in ("", "latest-activity", "recent-content", "about")
        )
        return f'<h2 class="block-tabHeader block-tabHeader--memberTabs tabs hScroller">\n{tabs}</h2>\n'

    def _wall(self, person: Person) -> str:
        """A profile post: a message with a .bbWrapper that is no post of a thread."""
        return f"""\
<ul class="tabPanes js-memberTabPanes">
<li class="is-active" role="tabpanel" id="profile-posts">
    <article class="message message--simple  js-inlineModContainer" data-author="{esc(person.name)}"
        data-content="profile-post-{person.id}" id="js-profilePost-{person.id}">
        <div class="message-content js-messageContent">
            <article class="message-body"><div class="bbWrapper">Hello!</div></article>
        </div>
    </article>
</li>
</ul>
"""
