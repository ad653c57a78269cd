"""Pure functions on text: numbers, dates, addresses. No network, no parser, no database."""
