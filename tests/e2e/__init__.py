"""The whole line: real processes from a replica forum to documents in a real database."""
