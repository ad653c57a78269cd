"""Posts and articles with invented texts, some of which share words."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from random import Random

from forumcrawl.items.article import Article, Picture
from forumcrawl.items.forum import Link, Post

FORUM = "forum.example"
ARTICLE = "https://www.alarabiya.net/arab-and-world/2024/12/04/عنوان-طويل-"
OTHER = "https://unknown.example/politics/51.html"
TWEET = "https://twitter.com/somebody/status/12345"
UUID = "b2c55502-1679-43f8-b580-1ebaa3c37bd5"
_ROOTS = "كتب درس علم حرب سلم وزر حكم دفع طير بحر برر مدن صنع جيش قود شرق غرب شمل وصل قرر عمل نظم مصر خبر"
_FORMS = (
    "{}",
    "ال{}",
    "{}ون",
    "ال{}ة",
    "ي{}",
    "{}ات",
    "م{}",
    "ت{}وا",
    "و{}",
    "ب{}",
    "ا{}ا",
    "{}ي",
    "ال{}ية",
    "ل{}",
    "{}ها",
    "سي{}",
)


@lru_cache(maxsize=1)
def _vocabulary() -> list[str]:
    return [form.format(root) for form, root in product(_FORMS, _ROOTS.split())]


def prose(seed: int, count: int) -> str:
    """So many words in sentences of twelve, two a line; the common ones far more often, as in any language."""
    chance = Random(seed)
    vocabulary = _vocabulary()
    drawn = [vocabulary[int(chance.random() ** 2 * len(vocabulary))] for _ in range(count)]
    sentences = [" ".join(drawn[start : start + 12]) + "." for start in range(0, count, 12)]
    return "\n".join(" ".join(sentences[start : start + 2]) for start in range(0, len(sentences), 2))


def edited(text: str, share: float, seed: int = 1) -> str:
    """`text` with that share of its words replaced."""
    chance = Random(seed)
    lines = [[f"بدل{chance.randrange(999)}" if chance.random() < share else word for word in line.split()]
             for line in text.split("\n")]  # fmt: skip
    return "\n".join(map(" ".join, lines))


def post_of(text: str, *links: Link, **changes: object) -> Post:
    """A post with this text."""
    post = Post(forum=FORUM, post_id=7, thread_id=3, text=text, links=list(links))
    for name, value in changes.items():
        setattr(post, name, value)
    return post


def link(url: str, text: str | None = None, kind: str = "external", *, in_quote: bool = False) -> Link:
    """A link that shows its address, or a text."""
    return Link(url=url, text=url if text is None else text, kind=kind, in_quote=in_quote)


def article_of(text: str, headline: str = "عنوان من خمس كلمات طويلة", name: str = "a") -> Article:
    """An article with this text and one picture."""
    picture = Picture(url=f"https://vid.alarabiya.net/images/2024/12/04/{UUID}/{UUID}_16x9_1200x676.jpg")
    return Article(
        site="alarabiya.net", url=f"https://alarabiya.net/{name}", headline=headline, text=text, images=[picture]
    )
