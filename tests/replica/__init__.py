"""A XenForo forum of our own: a seeded world, served over HTTP, with the truth as data to compare with.

world.py, moment.py    what exists, computed from (seed, id), never held whole
truth.py, compare.py   the same as items, and how what a crawl stored differs from them
render/                the pages of XenForo 2.0, 2.1, 2.2 and 2.3, one file a kind of page
server.py, faults.py   HTTP, and what goes wrong on demand
news/                  source sites whose articles the posts quote
pictures/              pictures that the posts show, and the hosts they are at
process.py             a server as a subprocess, for tests
"""
