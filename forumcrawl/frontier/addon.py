"""Who keeps the pace: the frontier, or under another scheduler Scrapy's downloader."""

from __future__ import annotations

from scrapy.settings import BaseSettings

from forumcrawl.frontier.scheduler import uses_frontier


class PaceAddon:
    """HOST_DELAY is the pace under any scheduler. A DOWNLOAD_DELAY that was asked for with more weight goes before it.

    Under the frontier DOWNLOAD_DELAY is then 0: a second wait in the downloader would spoil the turns.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the settings are frozen."""
        asked = settings.getpriority("DOWNLOAD_DELAY") or 0
        if asked > (settings.getpriority("HOST_DELAY") or 0):
            settings.set("HOST_DELAY", settings.getfloat("DOWNLOAD_DELAY"), asked)
        settings.set(
            "DOWNLOAD_DELAY", 0.0 if uses_frontier(settings) else settings.getfloat("HOST_DELAY"), max(asked, 20)
        )
