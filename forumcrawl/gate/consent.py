"""Cookies by which consent pages know that they were answered."""

from __future__ import annotations

from collections.abc import Mapping

_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"consent.google.com", "SOCS=CAESEwgDEgk0ODE3Nzk3MjQaAmVuIAEaBgiA_LyaBg"),
    (b"optanon", "OptanonAlertBoxClosed=2024-01-01T00:00:00.000Z"),
    (b"cookieconsent.min.js", "cookieconsent_status=dismiss"),
    (b"cookie-law-info", "viewed_cookie_policy=yes"),
)
"""By a mark in the page: Google, OneTrust, Osano, CookieYes. None says more than that the question was seen."""


def consent_cookie(host: str, body: bytes, named: Mapping[str, str]) -> str:
    """The cookie that answers a consent page: of the host as the operator `named` it, else of its product, else ""."""
    if host in named:
        return named[host]
    lower = body[:300_000].lower()
    return next((cookie for mark, cookie in _KNOWN if mark in lower), "")
