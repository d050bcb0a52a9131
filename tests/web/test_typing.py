"""What a person is typing is theirs: nothing that happens meanwhile takes a word of it."""

import pytest
from playwright.async_api import expect

from tests.web.journey import Visitor, revoke_others

pytestmark = pytest.mark.slow


async def test_words_that_were_being_typed_when_the_page_went_are_there_again(two: tuple[Visitor, Visitor]) -> None:
    one, other = two

    task = await one.open("Pay the rent")
    await task.get_by_label("Description").click()
    await one.page.keyboard.type("In cash, to Mr. Brown")
    await one.page.reload()

    await expect(one.page.get_by_label("Description")).to_have_value("In cash, to Mr. Brown")
    await one.settle()
    task = await other.open("Pay the rent")
    await expect(task.get_by_label("Description")).to_have_value("In cash, to Mr. Brown")


async def test_words_that_were_being_typed_when_the_session_was_ended_are_there_after_signing_in(
    two: tuple[Visitor, Visitor], email: str
) -> None:
    one, other = two

    task = await one.open("Pay the rent")
    await task.get_by_label("Description").click()
    await one.page.keyboard.type("In cash")
    await revoke_others(other)
    await expect(one.page.get_by_text("You have been signed out.")).to_be_visible()
    await one.sign_in(email)

    await expect(one.page.get_by_label("Description")).to_have_value("In cash")
    await one.settle()
    assert one.complaints == []


async def test_a_task_that_is_deleted_elsewhere_stays_under_the_hands_of_who_types(
    two: tuple[Visitor, Visitor],
) -> None:
    one, other = two
    await one.add("Call the dentist")
    task = await one.open("Pay the rent")
    await task.get_by_label("Description").click()
    await one.page.keyboard.type("To Mr. Brown, ")

    await other.focus("Pay the rent")
    await other.press("Delete")
    await one.sees("Call the dentist")
    await one.page.keyboard.type("question 1: cash or check?")

    await expect(one.page.get_by_label("Description")).to_have_value("To Mr. Brown, question 1: cash or check?")
    await one.press("Escape")
    await expect(task.get_by_text("This task is not here, or no longer.")).to_be_visible()
    await one.page.get_by_role("button", name="1 change not saved").click()
    dialog = one.page.get_by_role("dialog", name="Not saved")
    await expect(dialog.get_by_label("description")).to_have_value("To Mr. Brown, question 1: cash or check?")
    assert one.complaints == []


async def test_words_that_a_full_device_cannot_keep_are_given_back(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent")
    full = "IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    await visitor.page.evaluate(f"() => {{ {full} }}")

    await visitor.press("q")
    await visitor.page.keyboard.type("Call the dentist")
    await visitor.press("Enter")
    await visitor.hears("This device has no room for the change.")
    await expect(visitor.page.get_by_role("textbox", name="Title")).to_have_value("Call the dentist")
    await visitor.press("Escape")
    task = await visitor.open("Pay the rent")
    await task.get_by_label("Description").fill("In cash")
    await visitor.press("Escape")
    await expect(task.get_by_label("Description")).to_have_value("In cash")
    await visitor.page.reload()

    await visitor.settle()
    await expect(task.get_by_label("Description")).to_have_value("In cash")
    await visitor.sees("Pay the rent")
