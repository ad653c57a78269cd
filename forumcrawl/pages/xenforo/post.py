"""One post of a thread page."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from lxml import etree
from lxml.etree import _Element

from forumcrawl.citing.source_link import source_of
from forumcrawl.items.forum import Attachment, Post, Reactions
from forumcrawl.pages.html import Index, Selection, first, first_tag, index, text_of, time_of
from forumcrawl.pages.xenforo.body import Body
from forumcrawl.pages.xenforo.card import read_author
from forumcrawl.text import urls
from forumcrawl.text.numbers import parse_count, whole_number

if TYPE_CHECKING:
    from forumcrawl.pages.xenforo.thread import ThreadPage

_PARTS = Selection(
    frozenset({"message-attribution", "message-body", "likesBar"}),
    leaves=frozenset(
        "message-user message-articleUserInfo message-attribution-main message-attribution-opposite bbWrapper "
        "message-lastEdit message-attachments reactionsBar-link reactionSummary message-signature message-fields "
        "message-actionBar".split()
    ),
)
_OTHERS = re.compile(r"[\d٠-٩][\d٠-٩.,٬\u00a0\u202f]*[KkMm]?")
_NUMBER = re.compile(r"#\s*([\d٠-٩۰-۹][\d٠-٩۰-۹.,٬\u00a0\u202f]*)")


def post_id_of(element: _Element) -> int | None:
    """Id of the post that an `article` is (`data-content="post-N"`, else `id="js-post-N"`), or None."""
    for given in (element.get("data-content") or "", (element.get("id") or "").removeprefix("js-")):
        number = given.removeprefix("post-")
        if number != given and number.isdecimal() and number.isascii() and len(number) < 19:
            return int(number)
    return None


def read_post(element: _Element, post_id: int, thread_id: int, thread_url: str | None, page: ThreadPage) -> Post:
    """The post that `element` shows. Fields that cannot be read are counted on the page, not raised."""
    parts = index(element, _PARTS)
    post = Post(forum=page.forum, post_id=post_id, thread_id=thread_id)
    post.url = None if thread_url is None else f"{thread_url}post-{post_id}"
    cards = [*parts.get("message-user", ()), *parts.get("message-articleUserInfo", ())]
    post.author = read_author(element, cards, page)
    post.number = _number(parts)
    post.created_at = _first_time(parts, "message-attribution-main", "message-attribution")
    post.edited_at = _first_time(parts, "message-lastEdit")
    _read_body(element, parts, post, page)
    listed = _attachments(parts, page)
    below = {each.url for each in listed}
    post.attachments = [each for each in post.attachments if each.url not in below] + listed
    post.reactions = _reactions(parts)
    for name, value in (("number", post.number), ("created_at", post.created_at), ("author.name", post.author.name)):
        if value is None:
            page.unread["posts", name] += 1
    return post


def _first_time(parts: Index, *names: str) -> datetime | None:
    for name in names:
        for each in parts.get(name, ()):
            if (found := time_of(each)) is not None:
                return found
    return None


def _number(parts: Index) -> int | None:
    for each in reversed(parts.get("message-attribution-opposite", ())):
        for place in (each[-1], each) if len(each) else (each,):  # it stands last, behind the share link
            link = place if place.tag == "a" or not len(place) else place[-1]
            shown = (link.text or "").strip()
            if shown[:1] == "#" and (plain := whole_number(shown[1:])) is not None:  # nearly always
                return plain
            text = text_of(place)
            found = _NUMBER.findall(text)
            count = parse_count(found[-1].rstrip(".,")) if found else parse_count(text)
            if count is not None:
                return count.value
    return None


def _read_body(element: _Element, parts: Index, post: Post, page: ThreadPage) -> None:
    wrapper = _wrapper(parts)
    if wrapper is None:
        page.unread["posts", "text"] += 1
        return
    body = Body(wrapper, page)
    post.text, post.quotes, post.links = body.text, body.quotes, body.links
    post.images, post.embeds, post.attachments = body.images, body.embeds, body.files
    named = source_of(post)
    post.source_url = None if named is None else named.url
    post.html = page.source.body_of(post.post_id) or _written(wrapper)


def _written(wrapper: _Element) -> str:
    """The inside of an element as HTML, where the page's source could not be cut."""
    sent = etree.tostring(wrapper, encoding="unicode", method="html", with_tail=False)
    return sent[sent.index(">") + 1 : sent.rindex("<")]


def _wrapper(parts: Index) -> _Element | None:
    holder = first(parts.get("message-body"))
    for wrapper in parts.get("bbWrapper", ()):
        if holder is None or any(each is holder for each in wrapper.iterancestors()):
            return wrapper
    return None


def _attachments(parts: Index, page: ThreadPage) -> list[Attachment]:
    found: list[Attachment] = []
    for section in parts.get("message-attachments", ()):
        read = (_attachment(entry, page) for entry in section.iter("li"))
        found += [attachment for attachment in read if attachment is not None]
    return found


def _attachment(entry: _Element, page: ThreadPage) -> Attachment | None:
    href = name = None
    for each in entry.iter("a", "span", "div"):
        names = (each.get("class") or "").split()
        if each.tag == "a" and "file-preview" in names:
            href = href or each.get("href")
        elif "file-name" in names or "attachment-name" in names:
            link = each if each.tag == "a" else first_tag(each, "a")
            name = each.get("title") or (link is not None and link.get("title")) or text_of(each)
            href = href or (None if link is None else link.get("href"))
    url = page.absolute(href)
    if url is None:
        return None
    return Attachment(url=urls.unwrap(url) or url, name=name or "")


def _reactions(parts: Index) -> Reactions:
    bar = first(parts.get("reactionsBar-link"))
    if bar is None:
        bar = first_tag(first(parts.get("likesBar")), "a")
    if bar is None:
        return Reactions()
    names = [text_of(each) for each in bar.iter("bdi")]
    others = 0
    for each in bar.iter("bdi"):
        if (tail := each.tail) and len(tail) > 2:  # more than ", "
            for run in _OTHERS.findall(tail):
                count = parse_count(run.strip(".,"))
                others = count.value if count else others
    return Reactions(count=len(names) + others, names=names)
