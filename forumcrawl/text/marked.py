"""Text with marks for what plain white space cannot tell, as a page's walk writes it, into lines."""

from __future__ import annotations

import re

# Control characters that HTML cannot hold; in Latin-1, so that a Latin text with marks in it stays one byte a letter.
BREAK, BLOCK, SPACE, TAB = "\x01", "\x02", "\x03", "\x04"
"""A `<br>`; the edge of a block; a space and a tab that are not to be folded."""

_RUNS = re.compile("  +")
_LAYOUT = re.compile("[\\n\\t\\r]+")
_RARE_SPACES = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_CONTROLS = ("\u200b", "\u2060", "\ufeff")


def shape(marked: str) -> str:
    """Marked text as lines: one a `<br>` and one a block, other white space folded, one blank line at most."""
    if not marked.isascii():
        for space in _RARE_SPACES:
            if space in marked:
                marked = marked.replace(space, " ")
        for control in _CONTROLS:
            if control in marked:
                marked = marked.replace(control, "")
    # Each step only where it is needed, and by the cheapest means: a regular expression costs several times as much.
    text = marked.strip(" \n\t\r")
    if "\t" in text or "\r" in text:
        text = _LAYOUT.sub(" ", text)
    text = text.replace("\n", " ")
    if "  " in text:
        text = " ".join(text.split("  "))
    if BLOCK in text or BREAK in text:
        lines = _lines(text)
        text = "\n".join([line for line, before in zip(lines, ["", *lines], strict=False) if line or before]).rstrip(
            "\n"
        )
    elif "  " in text:
        text = _RUNS.sub(" ", text)
    return text.replace(SPACE, " ").replace(TAB, "\t")


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for block in text.split(BLOCK):
        if block and block != " ":
            rows = [row.strip(" ") for row in block.split(BREAK)]
            if len(rows) > 1 and not rows[-1]:
                rows.pop()  # a <br> at the end of a block opens no line
            lines += [_RUNS.sub(" ", row) if "  " in row else row for row in rows] if "  " in block else rows
    return lines
