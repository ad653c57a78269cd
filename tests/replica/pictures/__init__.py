"""Pictures that posts of the replica show, at addresses of its own and of other loopback hosts.

drawing.py    the files: every picture in several forms, and what only pretends to be one
gallery.py    which address holds which file, and what a crawl should make of it
hanging.py    which post shows which address
server.py     the hosts over HTTP
truth.py      every address that posts show, with what should become of it
"""
