from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forumcrawl.pages.articles.linked_data import Person, read_linked_data

_ARTICLE = {"@type": "NewsArticle", "headline": "A", "datePublished": "2020-01-02"}


@pytest.mark.parametrize(
    "block",
    [
        json.dumps(_ARTICLE),
        json.dumps([{"@type": "WebSite"}, _ARTICLE]),
        json.dumps({"@graph": [_ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": _ARTICLE}),
        json.dumps({"@type": "WebPage", "mainEntityOfPage": [_ARTICLE]}),
        json.dumps(_ARTICLE | {"@type": ["Thing", "https://schema.org/OpinionNewsArticle"]}),
        f"<![CDATA[{json.dumps(_ARTICLE)}]]>",
        f"//<![CDATA[\n{json.dumps(_ARTICLE)}\n//]]>",
        f"/*<![CDATA[*/ {json.dumps(_ARTICLE)} /*]]>*/",
        f"<!-- {json.dumps(_ARTICLE)} -->",
        json.dumps(_ARTICLE)[:-1] + ",}",
        json.dumps(_ARTICLE | {"description": "one"}).replace("one", "one\ntwo"),
        json.dumps(_ARTICLE) + ";",
    ],
)
def test_an_article_is_found_however_it_is_wrapped(block: str) -> None:
    assert read_linked_data([block]).published == "2020-01-02"


@pytest.mark.parametrize(
    ("author", "people"),
    [
        ("Ann Lee", [Person("Ann Lee")]),
        (["Ann Lee", {"@type": "Person", "name": "Bo Day"}], [Person("Ann Lee"), Person("Bo Day", "Person")]),
        ({"@type": "Organization", "name": "Desk"}, [Person("Desk", "Organization")]),
        ({"@type": "Person", "name": ["Ann Lee", "Bo Day"]}, [Person("Ann Lee", "Person"), Person("Bo Day", "Person")]),
        ([None, 5, {"name": None}], []),
    ],
)
def test_authors_have_many_forms(author: object, people: list[Person]) -> None:
    assert read_linked_data([json.dumps(_ARTICLE | {"author": author})]).authors == people


@pytest.mark.parametrize(
    "image", ["https://x/a.jpg", {"url": "https://x/a.jpg"}, [{"contentUrl": "https://x/a.jpg"}], ["https://x/a.jpg"]]
)
def test_pictures_have_many_forms(image: object) -> None:
    assert read_linked_data([json.dumps(_ARTICLE | {"image": image})]).images == ["https://x/a.jpg"]


def test_related_articles_are_not_taken_for_the_page_s_own() -> None:
    page = {"@type": "WebPage", "hasPart": _ARTICLE, "itemListElement": [_ARTICLE]}
    assert not read_linked_data([json.dumps(page)]).is_article


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from("@type @graph @id author image headline video name url keywords mainEntity".split()),
                inner,
            )
        ),
        max_leaves=25,
    )
)
def test_any_json_is_read(value: object) -> None:
    read_linked_data([json.dumps([value, _ARTICLE | {"author": value, "image": value, "video": value}])])


@given(st.text())
def test_any_text_is_read(block: str) -> None:
    assert not read_linked_data([block]).headline
