"""A tree of pages over HTTP, each reachable by one path only, so that whatever a crawl loses is missed."""
