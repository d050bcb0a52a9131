"""Forms of text: a pattern, and the words that a person reads where something does not have it."""

SENTENCES: dict[str, str] = {}


def pattern(regex: str, sentence: str) -> str:
    """The pattern itself, for a type's Meta; `sentence` goes on from the name of the member: "is blank"."""
    SENTENCES[regex] = sentence
    return regex
