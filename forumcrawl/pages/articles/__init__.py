"""Article pages of source sites: one class a site, dated versions, and a generic one for all others."""

from forumcrawl.pages.articles import alarabiya as alarabiya  # its classes register themselves
from forumcrawl.pages.articles.reading import Reading, read_article
from forumcrawl.pages.articles.verdict import NotArticle, outcome_of

__all__ = ["NotArticle", "Reading", "outcome_of", "read_article"]
