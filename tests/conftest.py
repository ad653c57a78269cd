"""For all tests."""

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None)  # a machine that stalls for a moment fails no test
settings.load_profile("steady")
os.environ["IMAGES_STORE"] = ""  # the replica's pictures stand at hosts of the real web; tests of pictures name a store
