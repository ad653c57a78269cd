"""The forum's copy of an article that its source does not give."""

from __future__ import annotations

from forumcrawl.citing.repost import LEAST, repost_of
from forumcrawl.items import Article
from forumcrawl.items.forum import Image
from tests.citing.samples import ARTICLE, UUID, link, post_of, prose

TEXT = prose(4, 120)
TITLE = "عنوان من خمس كلمات طويلة"


def copy_of(text: str = TEXT, **changes: object) -> Article | None:
    return repost_of(post_of(text, link(ARTICLE), **{"number": 1, **changes}), TITLE, ARTICLE, "blocked")


def test_a_copy_says_whose_it_is_and_what_it_was_made_of() -> None:
    copy = copy_of(html="<p>x</p>")
    assert copy is not None
    assert (copy.site, copy.url, copy.origin, copy.outcome) == ("alarabiya.net", ARTICLE, "repost", "blocked")
    assert (copy.headline, copy.text, copy.html) == (TITLE, TEXT, "<p>x</p>")
    assert copy.provenance == {"headline": "post", "text": "post"}
    assert copy.key == Article(site="alarabiya.net", url=ARTICLE).key


def test_the_line_that_names_the_source_is_not_in_the_copy() -> None:
    copy = copy_of(f"{TEXT}\n\nالمصدر: {ARTICLE}\n")
    assert copy is not None
    assert copy.text == TEXT


def test_a_post_of_few_words_beside_its_source_is_no_copy() -> None:
    source = f"\nالمصدر: {ARTICLE}"
    assert copy_of(" ".join(["كلمة"] * (LEAST - 1)) + source) is None
    assert copy_of(" ".join(["كلمة"] * LEAST) + source) is not None
    assert copy_of(ARTICLE) is None
    assert copy_of("") is None


def test_its_pictures_keep_their_identities_and_quoted_ones_are_left_out() -> None:
    images = [
        Image(url=f"https://vid.example/{UUID}_16x9.jpg", alt="وصف"),
        Image(url="https://forum.example/attachments/9/", alt=f"{UUID}.jpg"),
        Image(url="https://h.example/b.jpg"),
        Image(url=f"https://vid.example/{UUID}.jpg", in_quote=True),
    ]
    copy = copy_of(images=images)
    assert copy is not None
    assert [(each.url, each.caption, each.source_uuid) for each in copy.images] == [
        (images[0].url, "وصف", UUID),
        (images[1].url, images[1].alt, UUID),
        (images[2].url, "", None),
    ]
    assert copy.provenance is not None
    assert copy.provenance["images"] == "post"


def test_the_title_of_a_thread_is_no_headline_of_its_replies() -> None:
    for number in (2, None):
        copy = copy_of(number=number)
        assert copy is not None
        assert copy.headline is None
        assert copy.provenance == {"text": "post"}


def test_a_copy_without_a_title_has_no_headline() -> None:
    copy = repost_of(post_of(TEXT, number=1), None, ARTICLE, "gone")
    assert copy is not None
    assert (copy.headline, copy.outcome) == (None, "gone")
