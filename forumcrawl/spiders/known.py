"""What this crawl has already said of members: most cards on a page repeat the page before."""

from __future__ import annotations

from collections import OrderedDict

from forumcrawl.items import Member
from forumcrawl.items.document import content_hash

_LIMIT = 50_000
"""Members remembered; one forgotten is only written once more."""


class Known:
    """Remembers, within a bound, what was last yielded of each member."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit = limit
        self._said: OrderedDict[int, tuple[object, ...]] = OrderedDict()

    def is_news(self, member: Member) -> bool:
        """Whether this says something that was not said of the member before; it is remembered as said."""
        said = (content_hash(member), member.messages, member.reaction_score, member.points)
        if self._said.get(member.member_id) == said:
            self._said.move_to_end(member.member_id)
            return False
        self._said[member.member_id] = said
        if len(self._said) > self._limit:
            self._said.popitem(last=False)
        return True
