"""A thread whose posts move between its pages while crawls of it are cut short: real crawls of a small server."""

from __future__ import annotations

from tests.download.server import ROBOTS, Reply, SmallServer, index
from tests.e2e.crawling import Site

PER_PAGE = 2
QUICK = ("-s", "RETRY_TIMES=0", "-s", "LOG_LEVEL=ERROR")


class OneThread:
    """A forum of one thread with these posts (id and minute in one); pages in `broken` cannot be had."""

    def __init__(self, count: int) -> None:
        self.posts = list(range(1, count + 1))
        self.broken: set[int] = set()

    def __call__(self, path: str, before: int) -> Reply:
        if path == "/":
            return Reply(body=index(1))
        if path == "/forums/b.1/":
            return Reply(body=self.board())
        if not path.startswith("/threads/t.7/"):
            return ROBOTS
        number = int(path.partition("page-")[2] or 1)
        return Reply(500) if number in self.broken else Reply(body=self.page(number))

    def board(self) -> str:
        row = f"""\
<div class="structItem structItem--thread js-threadListItem-7"><div class="structItem-title">
<a href="/threads/t.7/">T</a></div><div class="structItem-cell--meta"><dl><dt>R</dt><dd>{len(self.posts) - 1}</dd></dl>
</div><div class="structItem-latestDate">{stamp(self.posts[-1])}</div></div>"""
        return f'<html id="XF" data-template="forum_view" data-container-key="node-1"><body>{row}</body></html>'

    def page(self, number: int) -> str:
        first = (number - 1) * PER_PAGE
        shown = enumerate(self.posts[first : first + PER_PAGE], first + 1)
        pages = range(1, -(-len(self.posts) // PER_PAGE) + 1)
        links = "".join(
            f'<li class="pageNav-page {"pageNav-page--current" if each == number else ""}">{each}</li>'
            for each in pages
        )
        return (
            f'<html id="XF" data-template="thread_view" data-content-key="thread-7"><body>{links}'
            f"{''.join(article(post, place) for place, post in shown)}</body></html>"
        )


def stamp(minute: int) -> str:
    return f'<time data-timestamp="{1_700_000_000 + 60 * minute}"></time>'


def article(post: int, place: int) -> str:
    return (
        f'<article class="message message--post" data-content="post-{post}" data-author="A">'
        f'<header class="message-attribution"><div class="message-attribution-main">{stamp(post)}</div>'
        f'<ul class="message-attribution-opposite"><li>#{place}</li></ul></header>'
        f'<div class="message-body"><div class="bbWrapper">{post}</div></div></article>'
    )


def stored(site: Site) -> set[int]:
    return set(site.database["posts"].distinct("post_id"))


def crawl(site: Site, server: SmallServer, thread: OneThread, *broken: int) -> list[str]:
    """Crawl once, with some pages of the thread broken; which of its pages were asked for."""
    thread.broken, before = set(broken), len(server.asked)
    assert site.crawl(server.origin, *QUICK) == 0, site.log()
    return [path.rpartition("/")[2] for path in server.paths()[before:] if path.startswith("/threads/")]


def test_pages_that_failed_are_read_by_the_next_run(site: Site) -> None:
    thread = OneThread(12)
    with SmallServer(thread) as server:
        crawl(site, server, thread, 3, 5)
        assert stored(site) == {*range(1, 13)} - {5, 6, 9, 10}
        assert set(crawl(site, server, thread)) == {"page-2", "page-3", "page-4", "page-5", "page-6"}
        assert stored(site) == {*range(1, 13)}
        assert crawl(site, server, thread) == []


def test_removed_posts_make_it_be_read_from_its_first_page(site: Site) -> None:
    thread = OneThread(12)
    with SmallServer(thread) as server:
        crawl(site, server, thread, 4, 5, 6)
        thread.posts = [1, *range(6, 17)]  # four gone from the first pages, four more at the end
        crawl(site, server, thread)
        assert stored(site) == {*range(1, 17)}
        assert crawl(site, server, thread) == []


def test_the_last_page_that_grew_after_it_was_read_ahead_of_a_gap_is_read_again(site: Site) -> None:
    thread = OneThread(9)
    with SmallServer(thread) as server:
        crawl(site, server, thread, 2)  # the fifth page is read with the one post it holds
        thread.posts += [10, 11]
        crawl(site, server, thread, 5)
        crawl(site, server, thread)
        assert stored(site) == {*range(1, 12)}


def test_posts_that_moved_to_pages_already_read_are_not_lost(site: Site) -> None:
    thread = OneThread(12)
    with SmallServer(thread) as server:
        crawl(site, server, thread, 4, 5, 6)
        thread.posts = [1, *range(6, 17)]  # four gone from the first pages, four more at the end
        crawl(site, server, thread, 1, 2, 4, 5, 6)
        crawl(site, server, thread)
        assert set(thread.posts) <= stored(site)
