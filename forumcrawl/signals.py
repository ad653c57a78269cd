"""Signals between components that do not import each other."""

seal = object()
"""Sent without arguments: from here on nothing that is being done may count as done; it is to be done again.

A write that failed for good sends it before anybody hears that its item was not stored.
"""
