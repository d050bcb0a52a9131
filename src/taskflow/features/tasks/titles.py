"""The key that tasks are ordered by where they are listed by title."""

import unicodedata

TITLE_DIGITS = 500  # as a title has; NFKD makes up to 18 of one, and a cursor has to carry the key


def title_key(title: str) -> str:
    """What titles are sorted by, by code point: NFKD without marks, lower case, ß as ss, final sigma as sigma."""
    letters = unicodedata.normalize("NFKD", title)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.lower().replace("ß", "ss").replace("\u03c2", "\u03c3")[:TITLE_DIGITS]
