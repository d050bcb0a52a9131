"""Misfits: where a body or a query does not have its form, in words for people."""

import re
from collections.abc import Callable

from taskflow.foundation.forms import SENTENCES
from taskflow.foundation.refusal import Fault, Invalid

PLACE = re.compile(r" - at (`key` in )?`\$")
UNKNOWN = re.compile(r"^Object contains unknown field `(.*)`$", re.DOTALL)
MISSING = re.compile(r"^Object missing required field `(.*)`$")
PATTERN = re.compile(r"^Expected `str` matching regex (.*)$", re.DOTALL)
TYPES = {"int": "whole number", "float": "number", "str": "text", "array": "list", "object": "object in braces"}
A_MOMENT = "2026-12-31T09:00:00Z"
WORDS: list[tuple[re.Pattern[str], Callable[[str], str]]] = [
    (re.compile(r"^Expected `str` of length >= (\d+)$"), lambda least: f"has fewer than {characters(least)}"),
    (re.compile(r"^Expected `str` of length <= (\d+)$"), lambda most: f"has more than {characters(most)}"),
    (re.compile(r"^Expected `int` >= (-?\d+)$"), lambda least: f"is less than {least}"),
    (re.compile(r"^Expected `int` <= (-?\d+)$"), lambda most: f"is more than {most}"),
    (re.compile(r"^Invalid enum value (.*)$", re.DOTALL), lambda value: f"can't be {value}"),
    (re.compile(r"^Expected `array` of length <= (\d+)$"), lambda most: f"has more than {most} entries"),
    (re.compile(rf"^Expected `({'|'.join(TYPES)})(?: \| null)?`, got "), lambda kind: f"is no {TYPES[kind]}"),
    (re.compile(r"^Invalid RFC3339 encoded (date)$"), lambda _: "is no day like 2026-12-31"),
    (re.compile(r"^Invalid RFC3339 encoded (datetime)$"), lambda _: f"is no moment like {A_MOMENT}"),
    (
        re.compile(r"^Expected `(datetime)` with a timezone component$"),
        lambda _: f"has no zone, as in {A_MOMENT} or 09:00:00+01:00",
    ),
]


def misplaced(message: str) -> Invalid:
    """A msgspec message as a fault: `Expected ..., got ... - at `$.title`` names /title."""
    detail, among_names, place = [*PLACE.split(message, 1), "", ""][:3]
    named = place.rstrip("`").partition("[...]")[0]  # in an object of any names msgspec does not say which
    steps = named.replace("[", ".").replace("]", "").split(".")[1:]
    if unknown := UNKNOWN.match(detail):
        return fault([*steps, unknown[1]], "is no field that this takes")
    if missing := MISSING.match(detail):
        return fault([*steps, missing[1]], "is missing")
    return fault(steps, f"has a name that {in_words(detail)}" if among_names else in_words(detail))


def in_words(detail: str) -> str:
    """What msgspec says, as a person would."""
    if matched := PATTERN.match(detail):
        return next((said for regex, said in SENTENCES.items() if repr(regex) == matched[1]), "has another form")
    for said, words in WORDS:
        if found := said.match(detail):
            return words(found[1])
    return detail


def characters(count: str) -> str:
    """So many of them."""
    return "1 character" if count == "1" else f"{count} characters"


def fault(steps: list[str], detail: str) -> Invalid:
    """One member that does not fit, by its JSON pointer (RFC 6901)."""
    return Invalid(Fault("".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps), detail))
