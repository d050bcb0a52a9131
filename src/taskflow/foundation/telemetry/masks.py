"""What must not reach a log, taken out of texts that others wrote: messages of libraries, traces, paths."""

import re

# Longer texts are cut before they are searched.
LONGEST = 16_384
CUT = " [...] "

MASKS = (
    # PostgreSQL's DETAIL quotes the row, asyncpg's message the argument.
    (
        re.compile(r"(?ms)^(DETAIL|CONTEXT|QUERY):.*?(?=\n(?:HINT|DETAIL|CONTEXT|QUERY):|\n\n(?:The above|During)|\Z)"),
        r"\1: [masked]",
    ),
    (re.compile(r"(for query argument \$\d+): .*"), r"\1: [masked]"),
    (re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization)(['\"]?\s*[:=,]\s*).*"), r"\1\2[masked]"),
    (re.compile(r"(?i)\bbearer\s+[\w.~+/=-]+"), "Bearer [masked]"),
    (
        re.compile(
            r"(?i)\b(\w*(?:password|passwd|secret|token|api_?key))(['\"]?\s*[:=]\s*)(?:b?'[^']*'|b?\"[^\"]*\"|[^\s,;)}]+)"
        ),
        r"\1\2[masked]",
    ),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (re.compile(r"(\w://)[^/\s@'\"]+@"), r"\1[masked]@"),
    (re.compile(r"(?<=[\w/\]])\?[^\s'\"?=]*=[^\s'\"]*"), "?[masked]"),
    # Begins where a run of such characters begins: without that, a long run takes its length squared.
    (re.compile(r"(?<![\w.!#$%*+^`{|}~-])[\w.!#$%*+^`{|}~-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
)


def masked(text: str) -> str:
    """The text without e-mail addresses, tokens, cookies, passwords, query strings, and what the database quotes."""
    if len(text) > LONGEST:
        text = cut(text, len(text) - LONGEST)
    for pattern, instead in MASKS:
        text = pattern.sub(instead, text)
    return text


def cut(text: str, excess: int) -> str:
    """Without `excess` characters of its middle, and a mark there; of what is left two thirds are its end."""
    keep = max(len(text) - excess - len(CUT), 0)
    head = keep // 3
    return text[:head] + CUT + text[len(text) - (keep - head) :]
