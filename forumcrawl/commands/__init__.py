"""The project's own `scrapy NAME` commands, one a file."""
