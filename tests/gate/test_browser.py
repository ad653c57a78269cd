from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from aiohttp import web
from scrapy.settings import Settings

from forumcrawl.gate.detect import Verdict
from forumcrawl.gate.visited import BrowserFailed, LedAway, PageFailed
from tests.gate.conftest import browsing, serving_pages
from tests.gate.gate_pages import page, script
from tests.gate.processes import browsers_of, seconds_until_gone

_STORY = "<h1>البحيرة</h1>" + "<p>ارتفع منسوب البحيرة هذا العام وأحصى الشيوخ الحجارة.</p>" * 5
_SHELL = page('<div id="root"></div>' + script("fetch('/content').then(r=>r.text()).then(t=>{root.innerHTML=t})"))


def test_a_shell_is_filled_and_nothing_but_what_fills_it_is_loaded(browser_settings: Settings) -> None:
    filled = _STORY + '<img src="/picture.png"><video src="/film.mp4"></video>'

    async def visit() -> None:
        async with serving_pages({"/": _SHELL, "/content": filled}) as served, browsing(browser_settings) as browser:
            found = await browser.visit(f"{served.url}/")
            assert (found.finding.verdict, found.rendered) == (Verdict.OPEN, True)
            assert "البحيرة" in found.body.decode()
            assert served.asked == ["/", "/content"]

    asyncio.run(visit())


def test_what_the_server_sends_is_brought_as_it_was_sent(browser_settings: Settings) -> None:
    text = page(_STORY + script("document.querySelector('h1').textContent = 'changed'"))

    async def visit() -> None:
        async with serving_pages({"/": text}) as served, browsing(browser_settings) as browser:
            found = await browser.visit(f"{served.url}/")
            assert (found.body.decode(), found.rendered, found.status) == (text, False, 200)
            assert "Chrome" in found.agent

    asyncio.run(visit())


def test_no_redirect_to_another_site_is_followed(browser_settings: Settings) -> None:
    async def visit() -> None:
        async with serving_pages({"/": page(_STORY)}, "127.0.0.2") as other:
            away = web.Response(status=302, headers={"Location": f"{other.url}/"})
            by_script = page(script(f"location.href = '{other.url}/'"))
            async with serving_pages({"/a": away, "/b": by_script}) as served, browsing(browser_settings) as browser:
                for path in ("/a", "/b"):
                    with pytest.raises(LedAway, match=f"^{other.url}/$"):
                        await browser.visit(f"{served.url}{path}")
            assert other.asked == []

    asyncio.run(visit())


def test_a_page_cannot_reach_what_listens_on_this_machine(browser_settings: Settings) -> None:
    async def visit() -> None:
        async with serving_pages({"/": page(_STORY)}, "127.0.0.2") as inside:
            shell = _SHELL.replace("fetch('/content')", f"fetch('{inside.url}/').catch(()=>fetch('/content'))")
            async with serving_pages({"/": shell, "/content": _STORY}) as served, browsing(browser_settings) as browser:
                assert (await browser.visit(f"{served.url}/")).opened
            assert inside.asked == []

    asyncio.run(visit())


def test_a_page_that_loads_itself_before_it_can_be_read_is_read_when_it_is_stopped(browser_settings: Settings) -> None:
    text = page("<p>Please wait</p>" + script("document.cookie='a=1';setTimeout(()=>location.reload(),0)"))

    async def visit() -> None:
        async with serving_pages({"/": text}) as served, browsing(browser_settings) as browser:
            found = await browser.visit(f"{served.url}/")
            assert (found.finding.verdict, found.body.decode()) == (Verdict.JS_GATE, text)
            assert found.picture is not None
            assert len(served.asked) < 100

    asyncio.run(visit())


def test_a_challenge_is_told_with_a_picture(browser_settings: Settings) -> None:
    text = page('<h1>Are you a human?</h1><div class="h-captcha"></div>')

    async def visit() -> None:
        async with serving_pages({"/": text}) as served, browsing(browser_settings) as browser:
            found = await browser.visit(f"{served.url}/")
            assert (found.finding.verdict, found.opened) == (Verdict.CHALLENGE, False)
            assert (found.picture or b"").startswith(b"\x89PNG")

    asyncio.run(visit())


def test_a_browser_that_was_killed_or_stopped_is_replaced(browser_settings: Settings) -> None:
    async def visit() -> None:
        pages: dict[str, str | web.Response] = {"/": page(_STORY), "/wait": page(script("setTimeout(x, 9000)"))}
        async with serving_pages(pages) as served, browsing(browser_settings) as browser:
            for number in (signal.SIGKILL, signal.SIGSTOP):
                served.asked.clear()
                visiting = asyncio.create_task(browser.visit(f"{served.url}/wait"))
                while "/wait" not in served.asked:
                    await asyncio.sleep(0.02)
                for each in browsers_of(os.getpid()):
                    each.send_signal(number)
                with pytest.raises(BrowserFailed):
                    await visiting
                assert (await browser.visit(f"{served.url}/")).opened
            assert browser.starts == 3
        assert browsers_of(os.getpid()) == []

    asyncio.run(visit())


def test_it_is_ended_when_it_is_not_needed_and_replaced_when_it_is_too_large(browser_settings: Settings) -> None:
    browser_settings.setdict({"BROWSER_IDLE": 0.1, "BROWSER_MEMORY": 1})

    async def visit() -> None:
        async with serving_pages({"/": page(_STORY)}) as served, browsing(browser_settings) as browser:
            for _ in range(2):
                await browser.visit(f"{served.url}/")
            assert browser.starts == 2
            browser._most_memory = 10_000
            await browser.visit(f"{served.url}/")
            deadline = time.monotonic() + 10
            while browsers_of(os.getpid()) and time.monotonic() < deadline:
                await asyncio.sleep(0.05)
            assert browsers_of(os.getpid()) == []

    asyncio.run(visit())


def test_an_address_that_does_not_answer_is_told_in_one_line(browser_settings: Settings) -> None:
    async def visit() -> None:
        async with browsing(browser_settings) as browser:
            with pytest.raises(PageFailed, match="ERR_CONNECTION_REFUSED"):
                await browser.visit("http://127.0.0.1:65533/")
            assert list(Path(browser_settings["FORUMCRAWL_HOME"], "gate").glob("browser-*.pid"))
        assert not list(Path(browser_settings["FORUMCRAWL_HOME"], "gate").iterdir())

    asyncio.run(visit())


def test_it_dies_with_its_owner(browser_settings: Settings) -> None:
    home = browser_settings["FORUMCRAWL_HOME"]
    code = (
        "import asyncio, forumcrawl.settings as s\nfrom scrapy.settings import Settings\n"
        "from forumcrawl.gate.browser import Browser\n"
        f"async def main():\n settings = Settings(); settings.setmodule(s); settings.set('FORUMCRAWL_HOME', {home!r})\n"
        " browser = Browser(settings); running = await browser._run(); await running.chromium.new_page()\n"
        " print('up', flush=True); await asyncio.sleep(60)\nasyncio.run(main())\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert owner.stdout is not None
    assert owner.stdout.readline() == b"up\n"
    processes = psutil.Process(owner.pid).children(recursive=True)
    assert len(browsers_of(owner.pid)) >= 3
    owner.kill()
    owner.wait()
    owner.stdout.close()
    assert seconds_until_gone(processes) < 10
    assert not list(Path(home, "gate").iterdir())
