"""The shared frontier: what waits, what is delivered and at what pace, in Redis, for any number of workers."""
