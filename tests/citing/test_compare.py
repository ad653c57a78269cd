"""How posts relate to articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.citing.compare import ReadyArticle, ReadyPost, compare, strongest
from forumcrawl.items.article import Article, Citation, Picture
from forumcrawl.items.forum import Attachment, Image, Post
from tests.citing.samples import ARTICLE, UUID, article_of, edited, link, post_of, prose
from tests.replica import seed_thread
from tests.text.test_addresses import SEED_CUT

TEXT = prose(1, 300)
OWN = prose(2, 120)
HEADLINE = "الوزير يعلن خطة جديدة لتطوير الميناء"


def cite(post: Post, article: Article, *, linked: bool, title: str | None = None) -> Citation | None:
    """How a post in a thread of that title relates to an article."""
    return compare(ReadyPost.of(post, title), ReadyArticle.of(article), linked=linked)


def test_a_repost_with_its_source_is_linked() -> None:
    post = post_of(f"{HEADLINE}\n{TEXT}\n\nالمصدر: {ARTICLE}", link(ARTICLE))
    found = cite(post, article_of(TEXT, HEADLINE), linked=True)
    assert found is not None
    assert found == Citation(
        site="alarabiya.net",
        post_id="forum.example/post/7",
        article_id="https://alarabiya.net/a",
        how="link",
        containment=found.containment,
        article_containment=1.0,
        headline_match=True,
    )
    assert found.containment > 0.97  # where headline and text meet there are words that the article has not together


def test_the_seed_thread_is_a_copy_of_its_article_without_a_link() -> None:
    pictures = [Image(url=f"https://forum.example/proxy.php?{number}", alt=url.rsplit("/", 1)[1])
                for number, url in enumerate(seed_thread.PICTURES)]  # fmt: skip
    body = "\n".join(seed_thread.PARAGRAPHS)
    article = article_of(body, seed_thread.TITLE)
    article.images = [Picture(url=url) for url in seed_thread.PICTURES]
    post = post_of(f"{body}\n\nالمصدر: {SEED_CUT}\n", images=pictures)
    found = cite(post, article, linked=False, title=f"{seed_thread.PREFIX} {seed_thread.TITLE}")
    assert found is not None
    assert (found.how, found.containment, found.article_containment, found.headline_match) == ("copy", 1.0, 1.0, True)
    assert found.shared_images == ["b2c55502-1679-43f8-b580-1ebaa3c37bd5", "d66f811f-09b5-49c0-ade1-45c88c963624"]
    assert (found.missing, found.added) == ([], [])


@pytest.mark.parametrize(
    "source", ["المصدر: https://h.example/a...بعيد-جدا-", "المصدر\nhttps://h.example/a", "Source: Reuters"]
)
def test_the_line_that_names_the_source_is_no_part_of_the_text(source: str) -> None:
    found = cite(post_of(f"{TEXT}\n{source}"), article_of(TEXT), linked=False)
    assert found is not None
    assert (found.containment, found.added) == (1.0, [])


@pytest.mark.parametrize("share", [0.02, 0.05, 0.1])
def test_an_edited_copy_is_a_copy(share: float) -> None:
    found = cite(post_of(edited(TEXT, share)), article_of(TEXT), linked=False)
    assert found is not None
    assert found.how == "copy"


@pytest.mark.parametrize("start", [0, 4, 8])
def test_a_third_of_an_article_is_a_copy(start: int) -> None:
    lines = TEXT.split("\n")
    excerpt = "\n".join(lines[start : start + len(lines) // 3])
    found = cite(post_of(excerpt), article_of(TEXT), linked=False)
    assert found is not None
    assert (found.how, found.containment, found.added) == ("copy", 1.0, [])
    assert found.article_containment < 0.4
    left_out = " ".join(found.missing)
    assert all(line in left_out for line in lines[:start] + lines[start + len(lines) // 3 :])


def test_a_whole_article_within_an_essay_is_a_copy_with_what_was_added() -> None:
    essay = prose(3, 500)
    found = cite(post_of(f"{essay}\n{TEXT}"), article_of(TEXT), linked=False)
    assert found is not None
    assert (found.how, found.article_containment, found.missing) == ("copy", 1.0, [])
    assert found.containment < 0.6
    assert " ".join(found.added).split()[:12] == essay.split()[:12]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("shared", [0.15, 0.3, 0.45])
def test_another_article_on_the_same_event_is_no_copy(seed: int, shared: float) -> None:
    quotes = prose(50 + seed, int(300 * shared))
    rest = 300 - int(300 * shared)
    one, other = f"{prose(100 + seed, rest)}\n{quotes}", f"{quotes}\n{prose(200 + seed, rest)}"
    assert cite(post_of(one), article_of(other), linked=False) is None


def test_a_quotation_of_a_few_words_is_no_copy() -> None:
    few = " ".join(TEXT.split()[5:18])
    assert cite(post_of(few), article_of(TEXT), linked=False) is None
    assert cite(post_of(f"{OWN}\n{few}"), article_of(few), linked=False) is None


def test_an_excerpt_of_quotations_is_of_the_article_that_has_most_of_it() -> None:
    quotes, own = prose(50, 60), prose(60, 30)
    post = ReadyPost.of(post_of(f"{quotes}\n{own}"))
    right = compare(post, ReadyArticle.of(article_of(f"{quotes}\n{own}\n{prose(61, 200)}", name="right")), linked=False)
    wrong = compare(post, ReadyArticle.of(article_of(f"{prose(62, 200)}\n{quotes}", name="wrong")), linked=False)
    assert right is not None
    assert wrong is not None
    assert strongest([wrong, right]) == [right]
    wrong.how = "link"
    assert strongest([wrong, right]) == [wrong, right]
    assert strongest([]) == []


def test_agency_copies_of_one_text_are_all_kept() -> None:
    post = ReadyPost.of(post_of(TEXT))
    found = [
        compare(post, ReadyArticle.of(article_of(text, name=name)), linked=False)
        for name, text in (("a", TEXT), ("b", edited(TEXT, 0.02)))
    ]
    citations = [each for each in found if each is not None]
    assert strongest(citations) == citations
    assert len(citations) == 2


@pytest.mark.parametrize("shown", [
    Image(url=f"https://vid.alarabiya.net/images/2024/12/04/{UUID}/{UUID}_16x9_600x338.jpg"),
    Image(url="https://forum.example/attachments/9/", alt=f"{UUID}_16x9_1200x676.jpg"),
    Image(url="https://h.example/a", proxy_url=f"https://forum.example/proxy.php?image=https%3A%2F%2Fv.example%2F{UUID}.jpg"),
    Image(url="https://h.example/a", source_uuid=UUID),
    Attachment(url="https://forum.example/attachments/9/", name=f"{UUID}.jpg"),
])  # fmt: skip
def test_a_shared_picture_ties_them(shown: Image | Attachment) -> None:
    post = post_of(OWN)
    if isinstance(shown, Image):
        post.images.append(shown)
    else:
        post.attachments.append(shown)
    found = cite(post, article_of(TEXT), linked=False)
    assert found is not None
    assert (found.how, found.shared_images, found.missing, found.added) == ("image", [UUID], [], [])


def test_a_quoted_picture_is_that_of_another_post() -> None:
    quoted = Image(url=f"https://h.example/{UUID}.jpg", in_quote=True)
    assert cite(post_of(OWN, images=[quoted]), article_of(TEXT), linked=False) is None


@pytest.mark.parametrize(
    ("title", "match"),
    [
        (HEADLINE, True),
        (f"مقالة {HEADLINE}", True),
        ("مقالة: الوزير يُعلن خطّة جديده لتطوير", True),
        (f"{HEADLINE.replace('أ', 'ا')}!", True),
        ("الوزير يعلن", False),
        ("خطة جديدة", False),
        ("", False),
        (None, False),
    ],
)
def test_a_thread_title_is_the_headline_with_or_without_a_prefix(title: str | None, match: bool) -> None:
    found = cite(post_of(TEXT), article_of(TEXT, HEADLINE), linked=False, title=title)
    assert found is not None
    assert found.headline_match is match


def test_a_linked_article_without_text_is_cited() -> None:
    found = cite(post_of(OWN), article_of(""), linked=True)
    assert found is not None
    assert (found.how, found.containment, found.missing, found.added) == ("link", 0.0, [], [])


def test_nothing_in_common_is_no_citation() -> None:
    assert cite(post_of(OWN), article_of(TEXT), linked=False) is None
    assert cite(post_of(""), article_of(""), linked=False) is None


@given(st.text(), st.text(), st.text(), st.booleans())
def test_no_text_raises(one: str, other: str, title: str, linked: bool) -> None:
    found = cite(post_of(one), article_of(other, title), linked=linked, title=title)
    assert (found is not None) or not linked
    if found is not None:
        assert 0 <= found.containment <= 1
        assert 0 <= found.article_containment <= 1
