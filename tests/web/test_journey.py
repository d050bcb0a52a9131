"""The web app as a person meets it: a real browser, the real server."""

import pytest
from playwright.async_api import expect

from tests.web.journey import PASSWORD, Visitor

pytestmark = pytest.mark.slow

LONG = "Rechtsschutzversicherungsgesellschaften und die Kraftfahrzeughaftpflichtversicherungsbescheinigung"


async def test_a_day_with_the_list_from_registering_to_signing_in_again(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await expect(visitor.heading("Nothing is open")).to_be_visible()

    await visitor.add("Pay the rent", "Call the dentist", "Water the lemon tree")
    task = await visitor.open("Call the dentist")
    await task.get_by_label("Title").fill("Call Dr. Okafor")
    await task.get_by_label("Description").fill("Ask about Thursday")
    await task.get_by_label("P1").check()
    await task.get_by_role("button", name="Close").click()
    await visitor.focus("Pay the rent")
    await visitor.press("e")
    await visitor.hears("“Pay the rent” is done")
    await visitor.focus("Water the lemon tree")
    await visitor.press("Delete")
    await visitor.hears("“Water the lemon tree” is deleted")
    await visitor.settle()
    await visitor.page.reload()
    await visitor.sees("Call Dr. Okafor")
    await visitor.show("Done")
    await visitor.sees("Pay the rent")
    await visitor.sign_out()
    await visitor.sign_in(email)

    await visitor.sees("Pay the rent")
    await visitor.show("All open")
    task = await visitor.open("Call Dr. Okafor")
    await expect(task.get_by_label("Description")).to_have_value("Ask about Thursday")
    await expect(task.get_by_label("P1")).to_be_checked()
    assert visitor.complaints == []


async def test_what_was_done_by_mistake_is_taken_back_with_z(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent")

    await visitor.circle("Pay the rent").click()
    await visitor.hears("“Pay the rent” is done")
    await visitor.press("z")

    await expect(visitor.circle("Pay the rent")).not_to_be_checked()
    await expect(visitor.page.get_by_role("button", name="Undo")).to_have_count(0)
    await visitor.settle()
    await visitor.page.reload()
    await visitor.sees("Pay the rent")


async def test_a_task_that_was_deleted_comes_back_with_z_also_before_the_server_knows(
    visitor: Visitor, email: str
) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent", "Water the lemon tree")

    await visitor.focus("Pay the rent")
    await visitor.press("Delete")
    await visitor.sees("Water the lemon tree")
    await visitor.settle()
    await visitor.press("z")
    await expect(visitor.row("Pay the rent")).to_be_visible()
    await visitor.page.context.set_offline(offline=True)
    await visitor.focus("Water the lemon tree")
    await visitor.press("Delete", "z")
    await expect(visitor.row("Water the lemon tree")).to_be_visible()
    await visitor.page.context.set_offline(offline=False)

    await visitor.settle()
    await visitor.page.reload()
    await visitor.sees("Pay the rent", "Water the lemon tree")


async def test_the_undo_of_a_message_takes_back_what_the_message_is_about(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Pay the rent", "Call the dentist")

    await visitor.focus("Pay the rent")
    await visitor.press("e")
    await visitor.sees("Call the dentist")
    await visitor.press("1")
    await visitor.page.get_by_role("button", name="Undo").click()

    await visitor.sees("Pay the rent", "Call the dentist")
    await expect(visitor.row("Call the dentist")).to_contain_text("P1")


async def test_a_date_is_given_by_t_and_the_nearest_date_comes_first(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Some day", "Tomorrow", "Today")

    for title in ("Today", "Tomorrow"):
        await visitor.focus(title)
        await visitor.press("t")
        await visitor.page.get_by_role("dialog", name="Due date").get_by_role("button", name=title, exact=False).click()

    await visitor.sees("Today", "Tomorrow", "Some day")
    await expect(visitor.page.get_by_role("region", name="Tomorrow")).to_contain_text("Tomorrow1Tomorrow")
    await visitor.settle()
    await visitor.page.reload()
    await visitor.sees("Today", "Tomorrow", "Some day")


async def test_priorities_and_status_have_keys_and_the_order_is_in_the_address(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.add("Third", "First", "Second")

    for title, key in (("First", "1"), ("Second", "2"), ("Third", "3")):
        await visitor.focus(title)
        await visitor.press(key)
    await visitor.focus("Second")
    await visitor.press("s")
    await visitor.settle()
    await visitor.page.get_by_label("Order").select_option("Priority")

    await visitor.sees("First", "Second", "Third")
    await visitor.page.reload()
    await visitor.sees("First", "Second", "Third")
    await visitor.show("In progress")
    await visitor.sees("Second")


async def test_keys_rest_while_a_person_types_and_a_draft_is_kept(visitor: Visitor, email: str) -> None:
    await visitor.register(email)

    await visitor.press("c")
    await visitor.page.keyboard.type("quick, eject 1 jar? k")
    await visitor.press("Escape")
    await visitor.page.reload()
    await visitor.press("q")

    await expect(visitor.page.get_by_role("textbox", name="Title")).to_have_value("quick, eject 1 jar? k")
    await visitor.press("Enter")
    await visitor.sees("quick, eject 1 jar? k")


async def test_pasting_three_lines_offers_three_tasks(visitor: Visitor, email: str) -> None:
    await visitor.register(email)
    await visitor.press("q")

    await visitor.paste("Bread", "", "  Butter", "Jam", "")
    await visitor.page.get_by_role("button", name="Add 3 tasks").click()

    await visitor.sees("Bread", "Butter", "Jam")


async def test_what_does_not_fit_is_said_at_its_field(visitor: Visitor, email: str) -> None:
    await visitor.visit()
    await visitor.page.get_by_role("button", name="Make an account").click()

    await visitor.page.get_by_label("Email").fill(email)
    await visitor.page.get_by_label("Password", exact=True).fill("short")
    await visitor.page.get_by_role("button", name="Make account").click()

    name, password = visitor.page.get_by_label("Name"), visitor.page.get_by_label("Password", exact=True)
    await expect(name).to_be_focused()
    await expect(name).to_have_accessible_description("Type your name.")
    await name.fill("Ada")
    await visitor.press("Enter")
    await expect(password).to_be_focused()
    await expect(password).to_have_attribute("aria-invalid", "true")
    await expect(password).to_have_accessible_description("The password has fewer than 8 characters.")
    await password.fill(PASSWORD)
    await visitor.press("Enter")
    await expect(visitor.heading("All open")).to_be_visible()


async def test_a_phone_shows_all_of_it_without_scrolling_sideways(phone: Visitor, email: str) -> None:
    await phone.register(email)
    await phone.page.get_by_role("button", name="Add a task").first.click()
    await phone.page.get_by_role("textbox", name="Title").fill(LONG)
    await phone.page.get_by_role("button", name="Add task").click()
    await phone.page.get_by_role("button", name="Close").click()
    await phone.settle()

    for step in (phone.visit, lambda: phone.open(LONG)):
        await step()
        await phone.settle()
        assert await phone.page.evaluate("document.documentElement.scrollWidth") == 390
    small = """() => [...document.querySelectorAll("button, a, select, label")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.textContent, (one.closest(".row") ?? one).getBoundingClientRect().height])
        .filter(([, height]) => height < 40)"""
    assert await phone.page.evaluate(small) == []
    assert phone.complaints == []


async def test_on_a_phone_the_mark_of_the_state_is_seen_and_moves_nothing(phone: Visitor, email: str) -> None:
    await phone.register(email)
    await phone.add("Pay the rent")
    before = await phone.row("Pay the rent").bounding_box()

    await phone.page.context.set_offline(offline=True)
    await phone.press("1")

    await expect(phone.page.locator(".state")).to_have_text("Offline, 1 change waiting")
    await expect(phone.page.locator(".state")).to_be_in_viewport()
    after = await phone.row("Pay the rent").bounding_box()
    assert before
    assert after
    assert (before["x"], before["y"]) == (after["x"], after["y"])


async def test_the_interface_is_described_at_api_docs_from_the_servers_own_files(visitor: Visitor) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))

    await visitor.visit("/api/docs")

    await expect(visitor.page.get_by_text("/api/v1/tasks/{id}").first).to_be_visible()
    assert [url for url in asked if not url.startswith((visitor.url, "data:"))] == []
    assert visitor.complaints == []
