"""What this process stored last under each key: the very same again need not be looked up."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from forumcrawl.items import Board, Item, Member, Thread
from forumcrawl.items.document import field_names
from forumcrawl.items.shapes import shapes

_ENVELOPE = frozenset(field_names(Item)) - {"forum", "url"}
# What page after page repeats word for word. Posts come once, and an account of reading is never skipped.
_REPEATED: dict[type[Item], list[str]] = {
    kind: [name for name in shapes(kind) if name not in _ENVELOPE] for kind in (Board, Thread, Member)
}


class Seen:
    """Bounded memory of the last item of a key that is durable.

    Skipping its repetition is safe beside other writers: merging it again would change nothing, and where another
    has written since, its page was read later than the one this item repeats.
    """

    def __init__(self, bound: int = 50_000) -> None:
        self._bound = bound
        self._prints: OrderedDict[tuple[type[Item], str], bytes] = OrderedDict()

    def has(self, item: Item) -> bool:
        """Whether `item` says, field by field, what was last added under its key."""
        kind: type[Item] = type(item)
        if kind not in _REPEATED:
            return False
        return self._prints.get((kind, item.key)) == _print(item)

    def add(self, item: Item) -> None:
        """Note that `item` is durable."""
        kind: type[Item] = type(item)
        if kind not in _REPEATED:
            return
        self._prints[kind, item.key] = _print(item)
        self._prints.move_to_end((kind, item.key))
        if len(self._prints) > self._bound:
            self._prints.popitem(last=False)


def _print(item: Item) -> bytes:
    said = repr([getattr(item, name) for name in _REPEATED[type(item)]])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=16).digest()
