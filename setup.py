"""For `scrapyd-deploy` and `scrapy cluster deploy`, which build an egg; all else stands in pyproject.toml."""

from __future__ import annotations

from setuptools import setup

setup(zip_safe=False)
