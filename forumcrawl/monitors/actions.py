"""Where alarms are sent: a webhook, Slack, Telegram, e-mail; off the event loop."""

from __future__ import annotations

import asyncio
import json
import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any, Literal, TypeAlias
from urllib.error import HTTPError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import Request, urlopen

from scrapy.settings import BaseSettings

logger = logging.getLogger(__name__)
_TIMEOUT = 10.0  # seconds a receiver may take
_PAUSES = (0.0, 1.0, 4.0)  # seconds before each try
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody is told."""

    event: Literal["raised", "recovered"]
    name: str
    subject: str
    place: str
    reason: str
    run: str
    link: str
    numbers: Mapping[str, int]
    """The run's totals."""

    @property
    def title(self) -> str:
        """In a line."""
        return f"forumcrawl: {self.name} {self.event} at {self.place}"

    @property
    def text(self) -> str:
        """In a few lines."""
        numbers = ", ".join(f"{name} {count:,}" for name, count in self.numbers.items() if count)
        return f"{self.title}\n{self.reason}\nrun {self.run}: {numbers or 'nothing yet'}\n{self.link}"

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        named = ("event", "name", "subject", "place", "reason", "run", "link", "text")
        return {**{name: getattr(self, name) for name in named}, "numbers": dict(self.numbers)}


Action: TypeAlias = Callable[[Message], None]
"""Sends a message, or raises OSError."""


def actions(settings: BaseSettings) -> dict[str, Action]:
    """What the settings name, by name. Raises ValueError, one line that says which setting is no good."""
    found: dict[str, Action] = {}
    if settings["ALERT_WEBHOOK"]:
        webhook = _web("ALERT_WEBHOOK", settings["ALERT_WEBHOOK"])
        found["webhook"] = lambda message: _post(webhook, message.as_json())
    if settings["ALERT_SLACK"]:
        slack = _web("ALERT_SLACK", settings["ALERT_SLACK"])
        found["slack"] = lambda message: _post(slack, {"text": message.text})
    if settings["ALERT_TELEGRAM"]:
        found["telegram"] = _telegram(settings["TELEGRAM_API"], settings["ALERT_TELEGRAM"])
    if settings["ALERT_EMAIL"]:
        found["e-mail"] = _email(settings["ALERT_SMTP"], settings["ALERT_EMAIL"])
    return found


async def send(message: Message, to: Mapping[str, Action]) -> bool:
    """Whether every receiver took the message; who did not is logged without the address, which may hold a secret."""
    took = await asyncio.gather(*(_send(message, name, action) for name, action in to.items()))
    return all(took)


async def _send(message: Message, name: str, action: Action) -> bool:
    said = ""
    for pause in _PAUSES:
        await asyncio.sleep(pause)
        try:
            await asyncio.to_thread(action, message)
        except HTTPError as error:
            said = f"HTTP {error.code}"
            error.close()
        except (OSError, smtplib.SMTPException) as error:
            said = type(error).__name__
        else:
            return True
    logger.error("An alarm (%s) could not be sent by %s: %s", message.title, name, said)
    return False


def _web(setting: str, address: str) -> str:
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise ValueError(f"{setting} is no address of the web: write it like https://hooks.example/…")
    return address


def _post(address: str, body: Mapping[str, Any]) -> None:
    data, headers = json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json"}
    with urlopen(Request(address, data=data, headers=headers), timeout=_TIMEOUT) as answer:
        answer.read(1024)


def _telegram(api: str, told: str) -> Action:
    token, at, chat = told.rpartition("@")
    if not at or not token:
        raise ValueError("ALERT_TELEGRAM is not written TOKEN@CHAT")
    return lambda message: _post(f"{api}/bot{token}/sendMessage", {"chat_id": chat, "text": message.text})


def _email(server: str | None, to: str) -> Action:
    parts = urlsplit(server or "")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("ALERT_EMAIL needs ALERT_SMTP, written smtp[s]://USER:PASSWORD@HOST:PORT?from=ADDRESS")
    port = parts.port or _PORTS[parts.scheme]
    sender = parse_qs(parts.query).get("from", [f"forumcrawl@{parts.hostname}"])[0]
    context = ssl.create_default_context()

    def act(message: Message) -> None:
        mail = EmailMessage()
        mail["Subject"], mail["From"], mail["To"] = message.title, sender, to
        mail.set_content(message.text)
        with _connected(parts.scheme, str(parts.hostname), port, context) as client:
            if parts.username:
                client.login(unquote(parts.username), unquote(parts.password or ""))
            client.send_message(mail)

    return act


def _connected(scheme: str, host: str, port: int, context: ssl.SSLContext) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=context)
    client = smtplib.SMTP(host, port, timeout=_TIMEOUT)
    client.ehlo()
    if client.has_extn("starttls"):
        client.starttls(context=context)
    return client
