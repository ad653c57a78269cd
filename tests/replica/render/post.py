"""One post: the card of who wrote it, when, its body, and what hangs on it."""

from __future__ import annotations

from datetime import timedelta

from tests.replica.people import Person
from tests.replica.posts import PostInfo
from tests.replica.render.body import BodyHtml
from tests.replica.render.card import CardHtml
from tests.replica.render.files import files_html
from tests.replica.render.parts import Parts, esc

_VOTES = '<div class="message-cell message-cell--vote"><span class="contentVote-score">3</span></div>\n'


class PostHtml:
    """Writes posts for one moment."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.moment = parts.moment
        self.urls = parts.urls
        self.version = parts.version
        self.bodies = BodyHtml(parts)
        self.cards = CardHtml(parts)

    def html(self, post: PostInfo, *, article: bool = False, votes: bool = False) -> str:
        """A post whole. `article`: it is the article of an article thread; `votes`: readers vote on it."""
        when = self.moment.written_at(post.thread, post.number)
        name, kind = esc(post.author.name), "article" if article else "post"
        day = self.parts.world.lang.day(when.astimezone(self.parts.world.lang.zone))
        return f"""\
    <article class="message message--{kind} js-post js-inlineModContainer  "
        data-author="{name}"
        data-content="post-{post.id}"
        id="js-post-{post.id}">

        <span class="u-anchorTarget" id="post-{post.id}"></span>

        <div class="message-inner">
{self.cards.html(post.author)}
            <div class="message-cell message-cell--main">
                <div class="message-main js-quickEditTarget">
{self.attribution(post)}
                    <div class="message-content js-messageContent">
                        <div class="message-userContent lbContainer js-lbContainer "
                            data-lb-id="post-{post.id}"
                            data-lb-caption-desc="{name} &middot; {day}">
                            <article class="message-body js-selectToQuote">
                                <div class="bbWrapper">{self.bodies.html(post.body)}</div>
                                <div class="js-selectToQuoteEnd">&nbsp;</div>
                            </article>
{files_html(self.parts, post.files)}                        </div>
{self.edited(post)}{self.signature(post.author)}                    </div>
{self.footer(post)}                </div>
            </div>
{_VOTES if votes else ""}        </div>
    </article>
"""

    def attribution(self, post: PostInfo) -> str:
        """When and which: 2.0 a link, 2.1 a div, from 2.2 a list; some threads link neither."""
        path = self.parts.thread_path(post.thread, f"post-{post.id}")
        when = self.moment.written_at(post.thread, post.number)
        time = self.parts.time(when, more=self.parts.prop("datePublished") if self.version >= "2.2" else "")
        number = f"#{self.parts.world.lang.number(post.number)}"
        if self.version == "2.0":
            return f"""\
<header class="message-attribution">
    <a href="{path}" class="message-attribution-main u-concealed" rel="nofollow">{time}</a>
    <div class="message-attribution-opposite">
        <a href="{path}" class="u-concealed" rel="nofollow">{number}</a>
    </div>
</header>"""
        mark = f'<a href="{path}" rel="nofollow">\n\t\t{number}\n\t</a>'
        shown = f'<a href="{path}" rel="nofollow">\n{time}\n</a>'
        if post.thread.hides_permalinks:
            mark, shown = f'<span class="username">{number}</span>', time
        main = f'<ul class="message-attribution-main listInline ">\n<li class="u-concealed">\n{shown}\n</li>\n</ul>'
        if self.version == "2.1":
            link = f'<a href="{path}" class="u-concealed"\n\trel="nofollow">\n{time}\n</a>'
            main = f'<div class="message-attribution-main">\n{link}\n</div>'
        return f"""\
<header class="message-attribution message-attribution--split">
    {main}
    <ul class="message-attribution-opposite message-attribution-opposite--list ">
        <li>
            <a href="{path}"
                class="message-attribution-gadget"
                data-xf-init="share-tooltip"
                data-href="{self.urls.route(f"posts/{post.id}/share")}"
                aria-label="{self.parts.words["share"]}"
                rel="nofollow">
                <i class="fa--xf far fa-share-alt" aria-hidden="true"></i>
            </a>
        </li>
        <li>
            {mark}
        </li>
    </ul>
</header>"""

    def signature(self, person: Person) -> str:
        """The author's signature: a .bbWrapper with a link and an image that are no part of the post."""
        if not person.signs:
            return ""
        return f"""\
<aside class="message-signature">
    <div class="bbWrapper"><b>&quot;{esc(person.name)}&quot;</b><br />
<a href="https://example.org/me" target="_blank" class="link link--external">example.org/me</a>
<img src="https://example.org/sig.png" data-url="https://example.org/sig.png" class="bbImage" alt="" /></div>
</aside>
"""

    def edited(self, post: PostInfo) -> str:
        """When it was last edited."""
        if post.edited_after is None:
            return ""
        when = self.moment.written_at(post.thread, post.number) + timedelta(seconds=post.edited_after)
        time = self.parts.time(when, more=self.parts.prop("dateModified") if self.version >= "2.2" else "")
        return f'<div class="message-lastEdit">\n{self.parts.words["edited"]} {time}\n</div>\n'

    def footer(self, post: PostInfo) -> str:
        """Who liked it: a likesBar in 2.0, a reactionsBar since."""
        history = '<div class="js-historyTarget message-historyTarget toggleTarget" data-href="trigger-href"></div>'
        names, active = self._reacted(post), "is-active" if post.liked_by else ""
        if self.version == "2.0":
            link = f'<a href="{self.urls.route(f"posts/{post.id}/likes")}" data-xf-click="overlay">{names}</a>'
            bar = f'<div class="likesBar js-likeList {active}">\n{link if names else ""}\n</div>'
            return f'{bar}\n<footer class="message-footer">\n{history}\n</footer>\n'
        bar = f"""\
<ul class="reactionSummary">
    <li><span class="reaction reaction--small reaction--1" data-reaction-id="1"><i aria-hidden="true"></i></span></li>
</ul>
<span class="u-srOnly">{self.parts.words["reactions"]}</span>
<a class="reactionsBar-link" href="{self.urls.route(f"posts/{post.id}/reactions")}" data-xf-click="overlay"
    data-cache="false" rel="nofollow">{names}</a>
"""
        return f"""\
<footer class="message-footer">
<div class="reactionsBar js-reactionsList {active}">
{bar if names else ""}</div>
{history}
</footer>
"""

    def _reacted(self, post: PostInfo) -> str:
        """The names, and how many others; empty where nobody reacted."""
        words, names = self.parts.words, [f"<bdi>{esc(name)}</bdi>" for name in post.liked_by]
        if post.others:
            many = self.parts.world.lang.number(post.others)
            names.append(words["other"] if post.others == 1 else words["others"].format(many))
        return names[0] if len(names) == 1 else f" {words['and']} ".join([", ".join(names[:-1]), *names[-1:]])
