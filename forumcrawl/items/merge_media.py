"""What is stored of a picture's address, and what is now known."""

from __future__ import annotations

from dataclasses import replace

from forumcrawl.items.media import ImageFile

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
    latest.seen_in = list(dict.fromkeys([*old.seen_in, *new.seen_in]))
    for name in ("forum", "proxy_url", "page_url", "source_uuid"):  # who asks for it knows less than who shows it
        setattr(latest, name, getattr(old, name) or getattr(new, name))
    return latest
