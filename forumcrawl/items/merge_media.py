"""What is stored of a picture's address, and what is now known."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

from forumcrawl.items.media import ImageFile

SEEN_IN = 1_000
"""How many of those that show a picture are named."""
_OPEN = frozenset({None, "pending"})


def further_image(old: ImageFile, new: ImageFile) -> ImageFile:
    """All that show it, and the latest answer; a file that was stored stays, whatever its host answers later.

    An answer ends the claim of who asked.
    """
    if old.outcome == "stored" or (new.outcome in _OPEN and old.outcome is not None):
        latest = replace(old)
    else:
        latest = replace(new)
        latest.tries = max((each for each in (old.tries, new.tries) if each is not None), default=None)
    latest.seen_in, latest.seen = _shown(old, new)
    for name in ("forum", "proxy_url", "page_url", "source_uuid"):  # who asks for it knows less than who shows it
        setattr(latest, name, getattr(old, name) or getattr(new, name))
    return latest


def _shown(old: ImageFile, new: ImageFile) -> tuple[list[str], int]:
    """Who shows it, and how many do.

    Of too many the ones with the smallest hashes are kept: the same whatever the order they come in and however often
    they come, and from how small their hashes are follows of how many they are the smallest (Bar-Yossef et al.,
    "Counting distinct elements in a data stream", 2002).
    """
    keys = list(dict.fromkeys([*old.seen_in, *new.seen_in]))
    if len(keys) <= SEEN_IN:
        return keys, len(keys) if len(keys) < SEEN_IN else max(len(keys), old.seen or 0, new.seen or 0)
    kept = sorted(keys, key=_hash)[:SEEN_IN]
    return kept, max(SEEN_IN + 1, round((SEEN_IN - 1) * 2**64 / (_hash(kept[-1]) + 1)))


def _hash(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
