"""What some thread pages hold besides posts: a poll, structured data."""

from __future__ import annotations

import json

from tests.replica.render.parts import Parts, esc
from tests.replica.threads import ThreadInfo


def poll_html(parts: Parts, thread: ThreadInfo) -> str:
    """A thread's poll with its result; empty where it has none."""
    if thread.ballot is None:
        return ""
    number, words, total = parts.world.lang.number, parts.words, max(1, thread.ballot.voters)
    options = "".join(
        f"""\
<li>
    <div class="pollResult">
        <h3 class="pollResult-response">{esc(text)}</h3>
        <span class="pollResult-votes"><span class="u-muted">{words["votes"]}</span> {number(votes)}</span>
        <span class="pollResult-percentage">{votes / total:.1%}</span>
        <span class="pollResult-graph" aria-hidden="true"></span>
    </div>
</li>
"""
        for text, votes in thread.ballot.options
    )
    return f"""\
<div class="block js-pollContainer-{thread.id}">
    <div class="block-container">
        <h2 class="block-header">
            <i class="fa--xf far fa-chart-bar" aria-hidden="true"></i>
            {esc(thread.ballot.question)}
        </h2>
        <ul class="block-body listPlain pollResults">
{options}        </ul>
        <div class="block-row block-row--separated block-row--minor">
{parts.pairs(words["voters"], number(thread.ballot.voters), "inline")}        </div>
    </div>
</div>
"""


def ld_json(parts: Parts, thread: ThreadInfo) -> str:
    """Structured data: a posting, for questions a QAPage around a question."""
    moment, url = parts.moment, parts.urls.absolute(parts.thread_path(thread))
    posting = {
        "@context": "https://schema.org",
        "@type": "Question" if thread.kind == "question" else "DiscussionForumPosting",
        "@id": url,
        "headline": thread.title,
        "author": {"@type": "Person", "name": moment.starter(thread).name},
        "datePublished": moment.written_at(thread, 1).isoformat(),
        "interactionStatistic": {
            "@type": "InteractionCounter",
            "interactionType": "https://schema.org/ReplyAction",
            "userInteractionCount": moment.posts(thread) - 1,
        },
    }
    page = {"@context": "https://schema.org", "@type": "WebPage", "url": url, "mainEntity": posting}
    if thread.kind == "question":
        page["@type"] = "QAPage"
    nested = thread.kind == "question" or parts.version >= "2.3"
    return json.dumps(page if nested else posting, indent=1).replace("</", "<\\/")
