"""HTML in, items out: no network, no Scrapy, no database."""
