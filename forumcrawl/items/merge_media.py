"""What is stored of a picture's address, and what is now known."""

from __future__ import annotations

from dataclasses import replace

from forumcrawl.items.media import ImageFile

_OPEN = frozenset({None, "pending"})


def further_image(old: ImageFile, new: ImageFile) -> ImageFile:
    """All that show it, and the latest answer; a file that was stored stays, whatever its host answers later."""
    if old.outcome == "stored" or (new.outcome in _OPEN and old.outcome is not None):
        latest = replace(old)
    else:
        latest = replace(new, source_uuid=new.source_uuid or old.source_uuid, forum=old.forum or new.forum)
        latest.tries = max((each for each in (old.tries, new.tries) if each is not None), default=None)
    latest.seen_in = list(dict.fromkeys([*old.seen_in, *new.seen_in]))
    latest.proxy_url, latest.page_url = old.proxy_url or new.proxy_url, old.page_url or new.page_url
    return latest
