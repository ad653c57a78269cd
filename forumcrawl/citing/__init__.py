"""How posts tell where their text comes from: pure decisions on items, without a network or a database."""
