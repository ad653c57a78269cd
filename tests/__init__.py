"""Tests of forumcrawl, and the forum they run against."""
