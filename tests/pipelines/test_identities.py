from __future__ import annotations

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler

from forumcrawl.items import Article
from forumcrawl.items.article import Picture
from forumcrawl.items.forum import Image
from forumcrawl.pipelines.identities import IdentitiesPipeline
from forumcrawl.text.addresses import cut_tail
from tests.citing.samples import ARTICLE, UUID, article_of, post_of, prose
from tests.items.samples import card

OTHER = "d66f811f-09b5-49c0-ade1-45c88c963624"
TEXT = prose(1, 300)


@pytest.fixture
def pipeline() -> IdentitiesPipeline:
    return IdentitiesPipeline.from_crawler(Crawler(Spider))


@pytest.mark.parametrize(
    ("image", "identity"),
    [
        (Image(url=f"https://vid.example/{UUID}_16x9.jpg"), UUID),
        (Image(url="https://forum.example/attachments/9/", alt=f"{UUID.upper()}.jpg"), UUID),
        (Image(url=f"https://vid.example/{OTHER}.jpg", alt=f"{UUID}.jpg"), OTHER),
        (Image(url="https://h.example/a", proxy_url=f"https://forum.example/proxy.php?image={UUID}.jpg"), UUID),
        (Image(url="https://h.example/a", alt="صورة"), None),
    ],
)
def test_the_identity_of_a_posts_picture(pipeline: IdentitiesPipeline, image: Image, identity: str | None) -> None:
    assert pipeline.process_item(post_of("نص", images=[image])).images[0].source_uuid == identity


def test_the_identity_of_an_articles_picture_is_in_its_address(pipeline: IdentitiesPipeline) -> None:
    assert pipeline.process_item(article_of(TEXT)).images[0].source_uuid == UUID


def test_an_identity_that_is_known_stays(pipeline: IdentitiesPipeline) -> None:
    copied = article_of(TEXT)
    copied.images = [Picture(url="https://forum.example/attachments/9/", source_uuid=UUID)]
    assert pipeline.process_item(copied).images[0].source_uuid == UUID


def test_a_cut_link_finds_an_article_by_the_end_of_its_address(pipeline: IdentitiesPipeline) -> None:
    long = f"https://www.alarabiya.net/arab-and-world/2024/12/04/{'كلمة-' * 20}"
    article = pipeline.process_item(Article(site="alarabiya.net", url=long))
    assert article.tail == cut_tail(f"{long[:35]}...{long[-45:]}")
    assert article.tail is not None
    assert pipeline.process_item(Article(site="h.example", url="https://h.example/a")).tail is None


def test_the_address_of_the_key_counts_whatever_form_the_url_has(pipeline: IdentitiesPipeline) -> None:
    one, other = (Article(site="alarabiya.net", url=url) for url in (ARTICLE, f"{ARTICLE}?utm_source=x#top"))
    assert pipeline.process_item(one).tail == pipeline.process_item(other).tail


def test_what_is_neither_post_nor_article_passes_as_it_is(pipeline: IdentitiesPipeline) -> None:
    for item in ({"a": 1}, card()):
        before = repr(item)
        assert pipeline.process_item(item) is item
        assert repr(item) == before
