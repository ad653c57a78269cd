"""For all tests."""

import os

os.environ["IMAGES_STORE"] = ""  # the replica's pictures stand at hosts of the real web; tests of pictures name a store
