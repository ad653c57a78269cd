"""Crawl a XenForo forum into a typed, deduplicated archive in MongoDB."""

__version__ = "0.1.0"
