"""The forum's pages as XenForo 2.0, 2.1, 2.2 and 2.3 show them, one file a kind of page."""
