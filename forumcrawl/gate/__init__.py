"""Pages that stand before the page: telling them apart, and opening those that a browser opens by itself."""
