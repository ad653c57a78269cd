"""Alarms as their receivers get them."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from typing import Any

import pytest
from scrapy.settings import Settings

from forumcrawl.monitors.actions import Message, actions, send
from tests.monitors.receiver import Receiver

MESSAGE = Message(
    event="raised",
    name="disk_low",
    subject="",
    place="منتدى.example (forum)",
    reason="0.9 GB are left",
    run="20260303T120000-abcdef",
    link="https://ops.example/runs/1",
    numbers={"pages": 1200, "new": 0},
)
UNSET = dict.fromkeys(("ALERT_WEBHOOK", "ALERT_SLACK", "ALERT_TELEGRAM", "ALERT_EMAIL", "ALERT_SMTP", "TELEGRAM_API"))


def sent(**settings: Any) -> bool:
    return asyncio.run(send(MESSAGE, actions(Settings({**UNSET, **settings}))))


def test_webhook_slack_and_telegram_get_reason_run_numbers_and_link() -> None:
    with Receiver() as receiver:
        base = receiver.url.removesuffix("/alarms")
        assert sent(
            ALERT_WEBHOOK=receiver.url, ALERT_SLACK=f"{base}/slack", ALERT_TELEGRAM="12:AB@-100", TELEGRAM_API=base
        )
    got = dict(receiver.got)
    assert set(got) == {"/alarms", "/slack", "/bot12:AB/sendMessage"}
    assert got["/alarms"]["reason"] == MESSAGE.reason
    assert got["/alarms"]["numbers"] == {"pages": 1200, "new": 0}
    assert got["/bot12:AB/sendMessage"]["chat_id"] == "-100"
    for text in (got["/alarms"]["text"], got["/slack"]["text"], got["/bot12:AB/sendMessage"]["text"]):
        assert all(part in text for part in (MESSAGE.place, MESSAGE.reason, MESSAGE.run, "pages 1,200", MESSAGE.link))


def test_a_receiver_that_fails_is_tried_again() -> None:
    with Receiver() as receiver:
        receiver.failing = 1
        assert sent(ALERT_WEBHOOK=receiver.url)
        assert len(receiver.got) == 1


def test_a_receiver_that_is_away_is_logged_without_its_address(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/secret"
        with caplog.at_level(logging.ERROR):
            assert not sent(ALERT_WEBHOOK=address)
    assert "webhook" in caplog.text
    assert "secret" not in caplog.text


def test_mail_has_a_subject_and_the_same_text() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        lines: list[str] = []
        thread = threading.Thread(target=_take_mail, args=(listening, lines))
        thread.start()
        assert sent(ALERT_EMAIL="ops@x.example", ALERT_SMTP=f"smtp://127.0.0.1:{listening.getsockname()[1]}?from=a@b.c")
        thread.join(10)
    assert "From: a@b.c" in lines
    assert "To: ops@x.example" in lines
    assert any(line.startswith("Subject:") for line in lines)


def _take_mail(listening: socket.socket, lines: list[str]) -> None:
    """As much of SMTP as it takes to get one mail."""
    connection, _ = listening.accept()
    with connection, connection.makefile("rw", encoding="utf-8", newline="\r\n") as stream:
        data = False

        def say(text: str) -> None:
            stream.write(f"{text}\n")
            stream.flush()

        say("220 here")
        for line in map(str.rstrip, stream):
            if data:
                lines.append(line)
                if line == ".":
                    data = False
                    say("250 taken")
            elif line.upper() == "DATA":
                data = True
                say("354 go on")
            elif line.upper() == "QUIT":
                say("221 bye")
                return
            else:
                say("250 fine")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("ALERT_WEBHOOK", "file:///etc/passwd"),
        ("ALERT_SLACK", "hooks.example"),
        ("ALERT_TELEGRAM", "12:AB"),
        ("ALERT_EMAIL", "ops@x.example"),
    ],
)
def test_a_setting_that_is_no_good_is_named(setting: str, value: str) -> None:
    with pytest.raises(ValueError, match=setting):
        actions(Settings({**UNSET, setting: value}))
