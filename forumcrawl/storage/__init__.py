"""Where a crawl keeps what it reads: databases, their collections, and local servers when none is named."""
