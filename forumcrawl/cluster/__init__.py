"""Many Scrapyd nodes as one: deploy, start, stop, watch and mend the workers of a crawl job."""
