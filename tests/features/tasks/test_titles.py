"""The order of titles: marks and cases do not count, and the rest goes by code point."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from taskflow.features.tasks.titles import title_key
from tests.client import Client
from tests.drawn import titles

# In order; titles of one line have one key, so that their ids decide.
IN_ORDER = (
    (" b",),
    ("10 eggs", "\uff11\uff10 eggs", "⑩ eggs"),
    ("2 eggs",),
    ("apple", "APPLE", "Äpple", "\uff21pple", "a\u0308pple"),
    ("B",),
    ("ﬁnd", "find"),
    ("istanbul", "İstanbul", "ISTANBUL"),
    ("K", "\u212a"),
    ("Ljubljana", "ǈubljana", "ǉubljana"),
    ("Straße", "STRASSE", "STRAẞE", "strasse"),
    ("zebra", "Žebra"),
    ("\u0131stanbul",),
    ("Łódź",),
    ("ΟΔΥΣΣΕΎΣ", "Οδυσσεύς", "οδυσσευσ"),
    ("ёж", "Еж", "ЕЖ"),
    ("الإيجار",),
    ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ("東京",),
    ("👩‍👩‍👧‍👦",),
)


@pytest.mark.parametrize("sort", ["title", "-title"])
async def test_titles_are_listed_in_their_order(ada: Client, sort: str) -> None:
    made = [await ada.task(title) for title in random.Random(7).sample(titles_in_order(), len(titles_in_order()))]
    place = {title: number for number, same in enumerate(IN_ORDER) for title in same}

    answer = await ada.get("/api/v1/tasks", params={"sort": sort, "limit": "200"})

    ordered = sorted(made, key=lambda task: (place[task["title"]], task["id"]), reverse=sort == "-title")
    assert [task["title"] for task in answer.json()["items"]] == [task["title"] for task in ordered]


def titles_in_order() -> list[str]:
    return [title for same in IN_ORDER for title in same]


@given(title=titles)
def test_a_title_is_sorted_alike_however_it_is_composed(title: str) -> None:
    forms = {title_key(unicodedata.normalize(form, title)) for form in ("NFC", "NFD")}

    assert forms == {title_key(title)}


@given(title=titles)
def test_case_does_not_count(title: str) -> None:
    assert title_key(title.lower()) == title_key(title)


@given(title=some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=500, max_size=500))
def test_a_key_is_no_longer_than_a_title(title: str) -> None:
    assert len(title_key(title)) <= 500
