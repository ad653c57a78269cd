"""Addresses as forums have them."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

words = st.from_regex(r"[a-z0-9][a-z0-9_~-]{0,7}", fullmatch=True)
slugs = st.one_of(words, st.from_regex(r"[\u0621-\u064a]{1,6}", fullmatch=True).map(quote))
hosts = st.from_regex(r"h[a-z0-9]{0,7}(-[a-z0-9]{1,3})?\.example", fullmatch=True)
ports = st.sampled_from(["", ":8080", ":8443"])
paths = st.lists(slugs, max_size=4).map(lambda parts: "".join(f"/{part}" for part in parts))
queries = st.one_of(st.just(""), st.builds("?{}={}".format, words, slugs))
addresses = st.builds("{}://{}{}{}{}".format, st.sampled_from(["http", "https"]), hosts, ports, paths, queries)
base_paths = st.sampled_from(["/", "/forum/", "/board/xf/"])
