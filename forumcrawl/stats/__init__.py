"""What the crawl counts."""
