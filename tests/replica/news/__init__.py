"""Source sites of our own, whose articles the forum's posts quote, with the truth as data to compare with.

vocabulary.py, prose.py      words as frequent as in a language, and text made of them
sites.py, stories.py         the sites and what goes wrong at each; the articles, computed from (seed, number)
addresses.py, newsroom.py    where an article stands and in what other forms it is linked; all of it in one hand
styles.py, alarabiya.py …    the pages, one file a kind of site
routes.py, server.py         HTTP, one host a site
copies.py, naming.py         what people make of a text, and how they name its source
quoting.py, posting.py       the posts, and where in the forum they stand
truth.py, compare.py         what a crawl of it all should store, and how what it stored differs
"""
