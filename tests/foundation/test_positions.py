"""The order made by hand: between any two keys there is another one, or a clear no."""

import random
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from taskflow.foundation.positions import DIGITS, MOST, NoRoom, between, last, spread

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

# Few digits and the ends of the alphabet: keys that lie close, are each other's beginning, or end in 0.
close = some.text("01yz", min_size=1, max_size=6) | some.integers(90, 100).flatmap(
    lambda length: some.text("0z", min_size=length, max_size=length)
)
keys = close | some.text(DIGITS, min_size=1, max_size=MOST)
ends = some.none() | keys


def well_formed(key: str) -> bool:
    return 1 <= len(key) <= MOST and set(key) <= set(DIGITS) and not key.endswith("0")


@given(before=ends, after=ends)
def test_a_key_between_two_others_lies_between_them_or_is_refused(before: str | None, after: str | None) -> None:
    try:
        key = between(before, after)
    except NoRoom:
        return

    assert well_formed(key)
    assert before is None or before < key
    assert after is None or key < after


@given(before=keys, after=keys)
def test_it_is_refused_only_where_hardly_anything_fits(before: str, after: str) -> None:
    before, after = min(before, after), max(before, after)
    shared = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    if shared is None or shared > MOST - 4 or DIGITS.index(after[shared]) - DIGITS.index(before[shared]) < 2:
        return

    assert before < between(before, after) < after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "0"),
        (None, "0000"),
        ("A", "A0"),
        ("A", "A00"),
        ("A0", "A00"),
        ("A", "A"),
        ("B", "A"),
        ("z" * 100, None),
        (None, "0" * 99 + "1"),
        ("z" * 99 + "1", "z" * 99 + "2"),
    ],
)
def test_where_nothing_fits_it_is_refused(before: str | None, after: str | None) -> None:
    with pytest.raises(NoRoom):
        between(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("0", None),
        ("0", "1"),
        ("0", "01"),
        ("A", "A01"),
        ("A0", "A1"),
        ("z", None),
        ("z" * 99, None),
        (None, "01"),
        ("9" + "z" * 99, "A0"),
    ],
)
def test_a_key_that_only_a_client_would_make_has_its_neighbours_too(before: str | None, after: str | None) -> None:
    key = between(before, after)

    assert (before or "") < key
    assert after is None or key < after


@given(seed=some.integers())
def test_after_a_thousand_inserts_the_list_is_in_its_order(seed: int) -> None:
    chance = random.Random(seed)
    order = [last(NOON)]

    for _ in range(1000):
        place = chance.randrange(len(order) + 1)
        before, after = order[place - 1] if place else None, order[place] if place < len(order) else None
        order.insert(place, between(before, after))

    assert order == sorted(set(order))
    assert max(len(key) for key in order) <= 25


@pytest.mark.parametrize("stays", ["before", "after"])
def test_four_hundred_fit_into_one_place(stays: Literal["before", "after"]) -> None:
    before, after = last(NOON), last(NOON + timedelta(seconds=1))

    for _ in range(400):
        key = between(before, after)
        assert before < key < after
        before, after = (before, key) if stays == "before" else (key, after)


def test_any_number_goes_to_an_end_without_longer_keys() -> None:
    first = end = last(NOON)

    for _ in range(2000):
        first, end = between(None, first), between(end, None)

    assert len(first) == len(end) == 11


def test_what_is_made_later_stands_behind_what_was_dragged_to_the_end() -> None:
    dragged = between(last(NOON), None)

    assert dragged < last(NOON + timedelta(seconds=1))


@given(before=some.sampled_from([None, "A", "A0"]), after=some.sampled_from([None, "B", "B0"]))
def test_two_people_who_drag_to_the_same_place_get_two_keys(before: str | None, after: str | None) -> None:
    assert len({between(before, after) for _ in range(20)}) >= 19


@given(
    moment=some.datetimes(datetime(1970, 1, 1), datetime(2398, 1, 1), timezones=some.just(UTC)),  # noqa: DTZ001
    nth=some.integers(0, 100_000),
)
def test_the_last_key_stands_behind_those_before_it(moment: datetime, nth: int) -> None:
    assert last(moment, nth) < last(moment, nth + 1)
    assert well_formed(last(moment, nth))


def test_the_last_key_has_its_length_at_any_time() -> None:
    assert {len(last(year.replace(tzinfo=UTC))) for year in (datetime.min, datetime.max)} == {11}  # noqa: DTZ901


@given(before=ends, after=ends, count=some.integers(0, 300))
def test_keys_are_spread_in_order_and_with_room_between_them(before: str | None, after: str | None, count: int) -> None:
    try:
        made = spread(count, before, after)
    except NoRoom:
        return

    assert len(made) == count
    assert made == sorted(set(made))
    assert all(well_formed(key) for key in made)
    assert all((before is None or before < key) and (after is None or key < after) for key in made)


def test_spread_keys_are_short_again() -> None:
    made = spread(1000, "A", "B")

    assert max(len(key) for key in made) <= 6
    assert len(between(made[500], made[501])) <= 7
