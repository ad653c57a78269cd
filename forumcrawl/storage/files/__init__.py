"""Where picture files are kept: a folder, GridFS in the crawl's database, or S3; each file named by its SHA-256."""
