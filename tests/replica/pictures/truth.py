"""What a crawl of the forum should know of pictures, told from the model and never from a page."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from forumcrawl.items import Post
from forumcrawl.text.urls import canonical
from tests.replica.answers import PIXEL
from tests.replica.world import World

_PICTURES = ("photo one.jpg", "IMG_0012.PNG")
_PIXEL = sha256(PIXEL).hexdigest()


@dataclass(frozen=True, slots=True)
class Shown:
    """What should become of an address that posts show."""

    outcome: str
    sha256: str | None
    """Hash of the file that should be stored; None where none should."""
    group: int | None
    """Addresses of one group look alike; None for files of the forum's that look like nothing."""


class PictureTruth:
    """The truth about the pictures that the posts of a world show."""

    def __init__(self, world: World) -> None:
        if world.hanging is None:
            raise ValueError("a world without pictures has no truth about them")
        posts = [item for item in world.truth() if isinstance(item, Post)]
        self.posts = {post.key: [canonical(image.url) for image in post.images] for post in posts if post.images}
        """`_id` of every post that shows pictures to their addresses, in order."""
        attached = [canonical(file.url) for post in posts for file in post.attachments if file.name in _PICTURES]
        self.shown = {url: _shown(world, url) for urls in (*self.posts.values(), attached) for url in urls}
        """Every address to what should become of it: also of attached pictures."""

    @property
    def files(self) -> set[str]:
        """Hashes of all files that should be stored."""
        return {each.sha256 for each in self.shown.values() if each.sha256}

    @property
    def groups(self) -> set[frozenset[str]]:
        """The addresses of the same picture, each set of them."""
        found: dict[int | str, set[str]] = {}
        for url, each in self.shown.items():
            if each.sha256 is not None:
                found.setdefault(each.sha256 if each.group is None else each.group, set()).add(url)
        return {frozenset(urls) for urls in found.values()}


def _shown(world: World, url: str) -> Shown:
    found = world.gallery.at(url)
    if found is None:  # a file of the forum's own, all of which are one pixel
        return Shown("stored", _PIXEL, None)
    return Shown(found.outcome, found.sha256, found.group)
