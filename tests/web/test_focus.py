"""The keyboard's place on the page: whatever happens to the list, the focus is somewhere in it."""

import pytest
from playwright.async_api import expect

from tests.web.journey import Visitor

pytestmark = pytest.mark.slow


async def test_the_focus_goes_with_a_row_that_gets_another_place(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent", "Call the dentist", "Water the lemon tree")

    await visitor.focus("Call the dentist")
    await visitor.press("t")
    await visitor.page.get_by_role("dialog", name="Due date").get_by_role("button", name="Tomorrow").click()

    await visitor.sees("Call the dentist", "Pay the rent", "Water the lemon tree")
    await visitor.is_at("Call the dentist")
    await visitor.press("j")
    await visitor.is_at("Pay the rent")


async def test_the_focus_stays_in_the_list_whatever_another_device_does(two: tuple[Visitor, Visitor]) -> None:
    one, other = two
    await one.add("Call the dentist", "Water the lemon tree")
    await one.page.get_by_label("Order").select_option("Priority")
    await one.sees("Water the lemon tree", "Call the dentist", "Pay the rent")

    await one.focus("Call the dentist")
    await other.focus("Call the dentist")
    await other.press("1")
    await one.sees("Call the dentist", "Water the lemon tree", "Pay the rent")
    await one.is_at("Call the dentist")
    await other.press("Delete")

    await one.sees("Water the lemon tree", "Pay the rent")
    await one.is_at("Water the lemon tree")


async def test_where_the_last_task_has_gone_the_focus_is_on_what_makes_one(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent")
    await visitor.is_at("Pay the rent")

    await visitor.press("Delete")
    await expect(visitor.page.get_by_role("main").get_by_role("button", name="Add a task")).to_be_focused()
    await visitor.press("z")

    await visitor.is_at("Pay the rent")


async def test_a_row_that_goes_to_the_far_end_of_a_long_list_leaves_the_focus_where_it_was(
    visitor: Visitor, email: str
) -> None:
    await visitor.register(email)
    await visitor.press("q")
    await visitor.paste(*(f"Line {number}" for number in range(150)))
    await visitor.page.get_by_role("button", name="Add 150 tasks").click()
    await visitor.press("Escape")
    await visitor.focus("Line 0")
    await visitor.press("1")
    await visitor.page.get_by_label("Order").select_option("Priority")
    await visitor.focus("Line 0")

    await visitor.press("4")

    await visitor.is_at("Line 149")
    await expect(visitor.page.locator(".row")).to_have_count(100)


async def test_a_task_is_added_also_where_another_lies_over_the_list(visitor: Visitor, email: str) -> None:
    await visitor.page.set_viewport_size({"width": 1024, "height": 768})
    await visitor.register(email)
    await visitor.add("Pay the rent")
    await visitor.open("Pay the rent")

    await visitor.press("q")
    await visitor.page.keyboard.type("Call the dentist")
    await visitor.press("Enter")

    await visitor.sees("Pay the rent", "Call the dentist")
