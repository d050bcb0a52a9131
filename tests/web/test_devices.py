"""The devices of one person: each shows what it holds at once, and in the end all show the same."""

import pytest
from playwright.async_api import expect

from tests.web.journey import Visitor, cut, mend, revoke_others

pytestmark = pytest.mark.slow

STORES = "async () => (await indexedDB.databases()).map(({ name }) => name)"


async def test_what_one_device_does_the_other_shows_by_itself(two: tuple[Visitor, Visitor]) -> None:
    one, other = two

    await one.add("Call the dentist")
    await other.sees("Pay the rent", "Call the dentist")
    await other.circle("Pay the rent").click()

    await one.sees("Call the dentist")
    assert one.complaints == other.complaints == []


async def test_what_is_done_offline_waits_and_is_everywhere_afterwards(two: tuple[Visitor, Visitor]) -> None:
    one, other = two
    await cut(one)

    await one.press("q")
    await one.page.keyboard.type("Call the dentist")
    await one.press("Enter", "Escape")
    await one.focus("Pay the rent")
    await one.press("1")
    await expect(one.page.locator(".state")).to_have_text("Offline, 2 changes waiting")
    await other.sees("Pay the rent")
    await mend(one)

    await one.settle()
    await expect(one.page.locator(".state")).to_have_text("Saved")
    await expect(other.row("Call the dentist")).to_be_visible()
    await expect(other.row("Pay the rent")).to_contain_text("P1")


async def test_fields_that_two_devices_changed_apart_are_both_kept(two: tuple[Visitor, Visitor]) -> None:
    one, other = two
    await cut(one, other)

    await one.focus("Pay the rent")
    await one.press("1")
    task = await other.open("Pay the rent")
    await task.get_by_label("Title").fill("Pay the rent in cash")
    await task.get_by_role("button", name="Close").click()
    await mend(one, other)

    for each in two:
        await expect(each.row("Pay the rent in cash")).to_contain_text("P1")


async def test_words_that_the_server_does_not_take_stay_until_the_person_has_dealt_with_them(
    visitor: Visitor, email: str
) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent")
    too_long = "€" * 6000  # 18,000 bytes

    task = await visitor.open("Pay the rent")
    await task.get_by_label("Description").fill(too_long)
    await task.get_by_role("button", name="Close").click()

    await visitor.hears("“Pay the rent” is as it was. The description is longer than 16,384 bytes of UTF-8.")
    await visitor.page.reload()
    await visitor.page.get_by_role("button", name="1 change not saved").click()
    dialog = visitor.page.get_by_role("dialog", name="Not saved")
    await expect(dialog.get_by_label("description")).to_have_value(too_long)
    await dialog.get_by_label("description").fill("In cash")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await visitor.settle()
    await visitor.page.reload()
    await expect(visitor.page.locator(".state")).to_have_text("Saved")
    task = await visitor.open("Pay the rent")
    await expect(task.get_by_label("Description")).to_have_value("In cash")


async def test_a_change_to_what_was_deleted_elsewhere_says_so(two: tuple[Visitor, Visitor]) -> None:
    one, other = two
    await cut(one)

    await other.focus("Pay the rent")
    await other.press("Delete")
    await other.settle()
    await one.focus("Pay the rent")
    await one.press("1")
    await mend(one)

    await one.hears("was deleted elsewhere")
    await one.sees()
    await expect(one.page.locator(".state")).to_have_text("Saved")


async def test_signing_out_with_unsent_changes_asks_and_then_leaves_nothing_behind(
    two: tuple[Visitor, Visitor],
) -> None:
    one, _ = two
    assert await one.page.evaluate(STORES) != []
    await cut(one)
    await one.focus("Pay the rent")
    await one.press("1")

    await one.page.get_by_role("button", name="Account of").click()
    await one.page.get_by_role("button", name="Sign out").click()
    question = one.page.get_by_role("dialog", name="Sign out and lose a change?")
    await expect(question).to_be_visible()
    await one.press("e", "Delete", "2")
    await question.get_by_role("button", name="Stay").click()
    await expect(one.row("Pay the rent")).to_contain_text("P1")
    await mend(one)
    await one.settle()
    await one.sign_out()

    await one.page.wait_for_function(f"({STORES})().then(({{ length }}) => length === 0)")


async def test_a_device_that_is_signed_out_from_afar_keeps_its_unsent_words(
    two: tuple[Visitor, Visitor], email: str
) -> None:
    one, other = two
    await cut(one)
    await one.press("q")
    await one.page.keyboard.type("Call the dentist")
    await one.press("Enter", "Escape")
    await expect(one.page.locator(".state")).to_have_text("Offline, 1 change waiting")

    await revoke_others(other)
    await mend(one)

    await expect(one.page.get_by_text("You have been signed out. Sign in to go on.")).to_be_visible()
    await one.sign_in(email)
    await expect(one.page.locator(".state")).to_have_text("Saved")
    await one.sees("Pay the rent", "Call the dentist")
    await other.sees("Pay the rent", "Call the dentist")


async def test_a_second_tab_shows_the_same_and_goes_on_when_the_first_is_closed(
    two: tuple[Visitor, Visitor],
) -> None:
    one, other = two
    tab = Visitor(await one.page.context.new_page(), one.url)
    await tab.visit()
    await tab.sees("Pay the rent")

    await one.add("Call the dentist")
    await tab.sees("Pay the rent", "Call the dentist")
    await tab.add("Water the lemon tree")
    await one.sees("Pay the rent", "Call the dentist", "Water the lemon tree")
    await one.page.close()
    await other.circle("Pay the rent").click()

    await tab.sees("Call the dentist", "Water the lemon tree")
    await tab.circle("Call the dentist").click()
    await tab.settle()
    await other.sees("Water the lemon tree")
    assert tab.complaints == []


async def test_where_the_browser_keeps_nothing_each_tab_is_in_step_with_the_server(
    visitor: Visitor, email: str
) -> None:
    await visitor.page.context.add_init_script("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    await visitor.register(email)
    await visitor.add("Pay the rent")
    tab = Visitor(await visitor.page.context.new_page(), visitor.url)
    await tab.visit()

    await tab.sees("Pay the rent")
    await tab.add("Call the dentist")

    await visitor.sees("Pay the rent", "Call the dentist")
    assert visitor.complaints == tab.complaints == []


async def test_where_the_store_cannot_be_read_all_is_fetched_and_held_by_the_page(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent")
    broken = "IDBDatabase.prototype.transaction = () => { throw new DOMException('broken', 'UnknownError'); }"
    await visitor.page.add_init_script(broken)

    await visitor.page.reload()

    await visitor.sees("Pay the rent")
    await visitor.add("Call the dentist")
    await visitor.sees("Pay the rent", "Call the dentist")
