"""The project's own `scrapy NAME` commands, one a file.

Scrapy loads all of them for each: what is large and only one needs is loaded by that one, when it runs.
"""

import gc

gc.freeze()  # what Scrapy has loaded by now stays: the collector walks it no more while the rest is loaded
