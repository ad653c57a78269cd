"""Reading article pages on one core: any site's by the generic class, Al Arabiya's by its own.

`python -m bench.articles FOLDER` reads the saved pages of a folder, else those under FORUMCRAWL_CORPUS; the site's are
the test pages. Prints one JSON line: pages a second, and how often the generic class's time the library's alone is.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from forumcrawl.pages.articles import read_article

ROUNDS = 15
_SITE = Path(__file__).parents[1] / "tests/pages/articles/fixtures/AlArabiyaPage"


def bare(body: bytes) -> None:
    """The library's body alone, in the way that suits news."""
    trafilatura.extract(body, with_metadata=False, favor_precision=True)


def generic(body: bytes) -> None:
    """Everything that is read from a page of no known site."""
    assert read_article(body, "https://site.example/2020/01/02/some-article-of-it").article is not None


def site(body: bytes) -> None:
    """Everything that the site's own class reads."""
    article = read_article(body, "https://www.alarabiya.net/a/2024/12/04/some-article-of-it-").article
    assert article is not None
    assert article.page == "AlArabiyaPage/1"


def seconds(call: Callable[[bytes], None], pages: list[bytes]) -> float:
    """Processor time of one round over all pages."""
    start = time.process_time()
    for body in pages:
        call(body)
    return time.process_time() - start


def main(names: list[str]) -> None:
    """Time the three in turn, so that a machine whose speed drifts drifts for all."""
    folder = Path(names[0]) if names else Path(os.environ["FORUMCRAWL_CORPUS"]) / "articles"
    saved = [file.read_bytes() for file in sorted(folder.glob("*.html"))]
    saved = [body for body in saved if read_article(body, "https://site.example/2020/01/02/some-article").article]
    own = [file.read_bytes() for file in sorted(_SITE.glob("*/page.html"))] * 10
    rounds = [(seconds(bare, saved), seconds(generic, saved), seconds(site, own)) for _ in range(ROUNDS)]
    result = {
        "bench": "articles",
        "generic_pages_per_s": round(len(saved) / statistics.median(each[1] for each in rounds), 1),
        "site_pages_per_s": round(len(own) / statistics.median(each[2] for each in rounds), 1),
        "generic_to_trafilatura": round(statistics.median(each[1] / each[0] for each in rounds), 2),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
