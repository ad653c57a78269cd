"""Headers of a response for readers that do not know Scrapy."""

from __future__ import annotations

from scrapy.http import Response


def headers_of(response: Response) -> dict[str, str]:
    """Names and values as text."""
    return {str(name): str(value) for name, value in response.headers.to_unicode_dict().items()}
