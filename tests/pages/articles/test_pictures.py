from __future__ import annotations

import pytest

from forumcrawl.pages.articles.document import Document
from forumcrawl.pages.articles.pictures import images_in, pictures, videos

_UUID = "d66f811f-09b5-49c0-ade1-000000000002"


def document(body: str) -> Document:
    return Document.of(f"<html><body>{body}</body></html>".encode(), "https://x.example/a/b")


def urls(body: str, *main: str) -> list[str]:
    page = document(body)
    return [each.url for each in pictures(page, main, images_in(page.root))]


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("<img src=/a.jpg>", "https://x.example/a.jpg"),
        ("<img src=data:image/gif;base64,R0 data-src=/a.jpg>", "https://x.example/a.jpg"),
        ("<img src=/s.jpg srcset='/s.jpg 300w, /l.jpg 900w'>", "https://x.example/l.jpg"),
        ("<picture><source srcset='/l.webp 900w'><img src=/s.jpg></picture>", "https://x.example/l.webp"),
        ("<picture><source srcset=/only.jpg></picture>", "https://x.example/only.jpg"),
        ("<img src=/a.jpg?w=300><img src=/a.jpg?w=900>", "https://x.example/a.jpg?w=300"),
    ],
)
def test_the_one_address_of_a_picture(body: str, url: str) -> None:
    assert urls(body) == [url]


@pytest.mark.parametrize(
    "body",
    [
        "<img src=/logo.png>",
        "<img src=/a.jpg width=20>",
        "<img src=data:image/gif;base64,R0>",
        "<img>",
        "<div class=related-news><img src=/a.jpg></div>",
        "<aside><img src=/a.jpg></aside>",
    ],
)
def test_ornaments_and_pictures_of_other_articles_are_left_out(body: str) -> None:
    assert urls(body) == []


def test_the_main_picture_comes_first_and_is_no_logo() -> None:
    assert urls("<img src=/b.jpg>", "/logo.png", "/a.jpg") == ["https://x.example/a.jpg", "https://x.example/b.jpg"]
    assert urls("", "/logo.png") == ["https://x.example/logo.png"]


def test_a_picture_with_a_uuid_is_listed_once_in_its_largest_form() -> None:
    sizes = [f"/{_UUID}_16x9_600x338.jpg", f"/{_UUID}_16x9_1200x676.jpg", f"/{_UUID}_4x3_186x139.jpg"]
    body = "".join(f"<img src={each} alt=''>" for each in sizes)
    assert urls(body, sizes[0]) == [f"https://x.example/{_UUID}_16x9_1200x676.jpg"]
    assert urls(f"{body}<img src=/{_UUID}.jpg>") == [f"https://x.example/{_UUID}.jpg"]


def test_captions_come_before_alternative_texts() -> None:
    page = document("<figure><img src=/a.jpg alt=x><figcaption>The lake</figcaption></figure><img src=/b.jpg alt=Wall>")
    assert [each.caption for each in pictures(page, [], images_in(page.root))] == ["The lake", "Wall"]


def test_videos_are_players_and_files() -> None:
    page = document(
        "<video src=/a.mp4></video><video><source src=/b.webm><source src=/b.mp4></video><iframe src=https://www.youtube.com/embed/x></iframe>"
        "<iframe src=https://ads.example/></iframe><picture><source src=/c.jpg></picture>"
    )
    assert videos(page, ["/a.mp4"], [page.root]) == [
        "https://x.example/a.mp4",
        "https://x.example/b.webm",
        "https://x.example/b.mp4",
        "https://www.youtube.com/embed/x",
    ]
