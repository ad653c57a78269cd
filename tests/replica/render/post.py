"""One post: the card of who wrote it, its body, and what hangs on it."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from tests.replica.people import Person
from tests.replica.posts import FileInfo, PostInfo
from tests.replica.render.body import BodyHtml
from tests.replica.render.parts import Parts, esc

_ICONS = {
    "joined": ("uix_icon--user", "fa-user"),
    "messages": ("uix_icon--messages", "fa-comments"),
    "score": ("uix_icon--like", "fa-thumbs-up"),
    "points": ("uix_icon--trophy", "fa-trophy"),
}


class PostHtml:
    """Writes posts for one moment."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.moment = parts.moment
        self.urls = parts.urls
        self.version = parts.version
        self.bodies = BodyHtml(parts)
        self.card = lru_cache(maxsize=4096)(self._card)

    def html(self, post: PostInfo, *, article: bool = False, votes: bool = False) -> str:
        """A post whole. `article`: it is the article of an article thread; `votes`: readers vote on it."""
        parts, when = self.parts, self.moment.written_at(post.thread, post.number)
        name, kind = esc(post.author.name), "article" if article else "post"
        path = parts.thread_path(post.thread, f"post-{post.id}")
        caption = f"{name} &middot; {parts.world.lang.day(when.astimezone(parts.world.lang.zone))}"
        vote = '<div class="message-cell message-cell--vote"><span class="contentVote-score">3</span></div>\n'
        return (
            f'\t<article class="message message--{kind} js-post js-inlineModContainer  "\n\t\tdata-author="{name}"\n'
            f'\t\tdata-content="post-{post.id}"\n\t\tid="js-post-{post.id}">\n\n\t\t<span class="u-anchorTarget" '
            f'id="post-{post.id}"></span>\n\n\t\t<div class="message-inner">\n{self.card(post.author)}'
            '\t\t\t<div class="message-cell message-cell--main">\n\t\t\t\t<div class="message-main js-quickEditTarget">\n'
            f"{self.attribution(post, path)}"
            '\t\t\t\t\t<div class="message-content js-messageContent">\n\t\t\t\t\t\t<div class="message-userContent '
            f'lbContainer js-lbContainer "\n\t\t\t\t\t\t\tdata-lb-id="post-{post.id}"\n\t\t\t\t\t\t\t'
            f'data-lb-caption-desc="{caption}">\n\t\t\t\t\t\t\t<article class="message-body js-selectToQuote">\n'
            f'\t\t\t\t\t\t\t\t<div class="bbWrapper">{self.bodies.html(post.body)}</div>\n'
            '\t\t\t\t\t\t\t\t<div class="js-selectToQuoteEnd">&nbsp;</div>\n\t\t\t\t\t\t\t</article>\n'
            f"{self.files(post.files)}\t\t\t\t\t\t</div>\n{self.edited(post)}{self.signature(post.author)}"
            f"\t\t\t\t\t</div>\n{self.footer(post)}\t\t\t\t</div>\n\t\t\t</div>\n{vote if votes else ''}"
            "\t\t</div>\n\t</article>\n"
        )

    def attribution(self, post: PostInfo, path: str) -> str:
        """When and which: 2.0 a link, 2.1 a div, from 2.2 a list; some boards link neither."""
        when = self.moment.written_at(post.thread, post.number)
        published = self.parts.prop("datePublished") if self.version >= "2.2" else ""
        time = self.parts.time(when, "u-dt", published)
        number = f"#{self.parts.world.lang.number(post.number)}"
        if self.version == "2.0":
            return (
                f'<header class="message-attribution">\n\t<a href="{path}" class="message-attribution-main u-concealed" '
                f'rel="nofollow">{time}</a>\n\t<div class="message-attribution-opposite">\n\t\t<a href="{path}" '
                f'class="u-concealed" rel="nofollow">{number}</a>\n\t</div>\n</header>\n'
            )
        share = (
            f'<li>\n<a href="{path}"\n\tclass="message-attribution-gadget"\n\tdata-xf-init="share-tooltip"\n\t'
            f'data-href="{self.urls.route(f"posts/{post.id}/share")}"\n\taria-label="{self.parts.words["share"]}"\n\t'
            'rel="nofollow">\n<i class="fa--xf far fa-share-alt" aria-hidden="true"></i>\n</a>\n</li>\n'
        )
        if post.thread.hides_permalinks:
            shown, mark = time, f'<span class="username">{number}</span>'
        else:
            shown = f'<a href="{path}" rel="nofollow">\n{time}\n</a>'
            mark = f'<a href="{path}" rel="nofollow">\n\t\t{number}\n\t</a>'
        if self.version == "2.1":
            main = (
                f'<div class="message-attribution-main">\n<a href="{path}" class="u-concealed"\n\trel="nofollow">\n'
                f"{time}\n</a>\n</div>\n"
            )
        else:
            main = f'<ul class="message-attribution-main listInline ">\n<li class="u-concealed">\n{shown}\n</li>\n</ul>\n'
        return (
            f'<header class="message-attribution message-attribution--split">\n{main}<ul class="'
            f'message-attribution-opposite message-attribution-opposite--list ">\n{share}<li>\n{mark}\n</li>\n</ul>\n'
            "</header>\n"
        )

    def _card(self, person: Person) -> str:
        parts = self.parts
        banners = "".join(
            '<div class="userBanner userBanner--staff message-userBanner" dir="auto" itemprop="jobTitle">'
            f'<span class="userBanner-before"></span><strong>{esc(b)}</strong><span class="userBanner-after"></span></div>\n'
            for b in person.banners
        )
        return (
            '\t\t\t<div class="message-cell message-cell--user">\n<section itemscope itemtype="https://schema.org/Person" '
            'class="message-user">\n\t<div class="message-avatar ">\n\t\t<div class="message-avatar-wrapper">\n\t'
            f'{parts.avatar(person, "m")}\n\t\t</div>\n\t</div>\n\t<div class="message-userDetails">\n\t\t'
            f'<h4 class="message-name">{parts.username(person, parts.prop("name"))}</h4>\n\t\t<h5 class="userTitle '
            f'message-userTitle" dir="auto" itemprop="jobTitle">{esc(person.title)}</h5>\n{banners}\t</div>\n'
            f'{self._extras(person)}\t<span class="message-userArrow"></span>\n</section>\n\t\t\t</div>\n'
        )

    def _extras(self, person: Person) -> str:
        if not person.id:
            return ""
        world, tick = self.parts.world, self.moment.tick
        number, label = world.lang.number, self._label
        rows = []
        if world.shows_dates:
            rows.append((label("joined"), world.lang.day(person.joined.astimezone(world.lang.zone))))
        rows += [
            (label("messages"), number(person.messages_at(tick))),
            (label("score"), number(person.score_at(tick))),
            (label("points"), number(person.points)),
        ]
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
        return f'<span data-xf-init="tooltip" title="{text}"><i class="fa--xf far {new}" aria-hidden="true"></i></span>'

    def signature(self, person: Person) -> str:
        """The author's signature: a .bbWrapper with links and images that are no part of the post."""
        if not person.signs:
            return ""
        return (
            '<aside class="message-signature">\n\t<div class="bbWrapper"><b>&quot;'
            f'{esc(person.name)}&quot;</b><br />\n<a href="https://example.org/me" target="_blank" class="link '
            'link--external">example.org/me</a> <img src="https://example.org/sig.png" data-url="https://example.org/'
            'sig.png" class="bbImage" alt="" /></div>\n</aside>\n'
        )

    def edited(self, post: PostInfo) -> str:
        """When it was last edited."""
        if post.edited_after is None:
            return ""
        when = self.moment.written_at(post.thread, post.number) + timedelta(seconds=post.edited_after)
        modified = self.parts.prop("dateModified") if self.version >= "2.2" else ""
        return f'<div class="message-lastEdit">\n{self.parts.words["edited"]} {self.parts.time(when, more=modified)}\n</div>\n'

    def files(self, files: tuple[FileInfo, ...]) -> str:
        """The list of attached files."""
        if not files:
            return ""
        row = self._file_old if self.version < "2.2" else self._file
        return (
            f'<section class="message-attachments">\n<h4 class="block-textHeader">{self.parts.words["attachments"]}'
            f'</h4>\n<ul class="attachmentList">\n{"".join(row(f) for f in files)}</ul>\n</section>\n'
        )

    def _file_old(self, file: FileInfo) -> str:
        path = self.urls.of("attachments", file.name, file.id)
        return (
            '<li class="attachment">\n<div class="attachment-icon attachment-icon--img" data-extension="jpg">\n'
            f'<a href="{path}" target="_blank"><img src="{self._thumb(file)}" alt="{esc(file.name)}" /></a>\n</div>\n'
            f'<div class="attachment-name">\n<a href="{path}" target="_blank" title="{esc(file.name)}">{esc(file.name)}'
            '</a>\n</div>\n<div class="attachment-details"><span class="attachment-details-size">31.2 KB</span></div>\n</li>\n'
        )

    def _file(self, file: FileInfo) -> str:
        path = self.urls.of("attachments", file.name, file.id)
        return (
            f'<li class="file file--linked">\n<a class="u-anchorTarget" id="attachment-{file.id}"></a>\n<a class='
            f'"file-preview js-lbImage" href="{path}" target="_blank">\n<img src="{self._thumb(file)}" '
            f'alt="{esc(file.name)}"{self.parts.lazy} />\n</a>\n<div class="file-content">\n<div class="file-info">\n'
            f'<span class="file-name" title="{esc(file.name)}">{esc(file.name)}</span>\n<div class="file-meta">\n'
            "31.2 KB\n&middot; 4\n</div>\n</div>\n</div>\n</li>\n"
        )

    def _thumb(self, file: FileInfo) -> str:
        return self.urls.file(f"data/attachments/{file.id // 1000}/{file.id}-{file.id:x}.jpg")

    def footer(self, post: PostInfo) -> str:
        """Who liked it: a likesBar in 2.0, a reactionsBar since."""
        history = '<div class="js-historyTarget message-historyTarget toggleTarget" data-href="trigger-href"></div>'
        words, names = self.parts.words, [f"<bdi>{esc(name)}</bdi>" for name in post.liked_by]
        if post.others:
            names.append(words["other"] if post.others == 1 else words["others"].format(self._number(post.others)))
        text = names[0] if len(names) == 1 else f" {words['and']} ".join([", ".join(names[:-1]), *names[-1:]])
        active = "is-active" if names else ""
        if self.version == "2.0":
            link = self.urls.route(f"posts/{post.id}/likes")
            bar = f'<a href="{link}" data-xf-click="overlay" data-cache="false">{text}</a>' if names else ""
            return f'<div class="likesBar js-likeList {active}">\n{bar}\n</div>\n<footer class="message-footer">{history}</footer>\n'
        link = self.urls.route(f"posts/{post.id}/reactions")
        bar = (
            '<ul class="reactionSummary">\n<li><span class="reaction reaction--small reaction--1" data-reaction-id="1">'
            f'<i aria-hidden="true"></i></span></li>\n</ul>\n<span class="u-srOnly">{words["reactions"]}</span>\n'
            f'<a class="reactionsBar-link" href="{link}" data-xf-click="overlay" data-cache="false" rel="nofollow">{text}</a>'
        )
        return (
            f'<footer class="message-footer">\n<div class="reactionsBar js-reactionsList {active}">\n'
            f"{bar if names else ''}\n</div>\n{history}\n</footer>\n"
        )

    def _number(self, value: int) -> str:
        return self.parts.world.lang.number(value)
