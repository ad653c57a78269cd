"""Spiders: which pages are fetched, and in what order."""
