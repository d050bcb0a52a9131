"""What the sync engine keeps in a browser, and which of several tabs leads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Route

from tests.web.bundled import bundled

pytestmark = pytest.mark.slow

ORIGIN = "http://localhost"
URL = f"{ORIGIN}/blank"
OPEN = """async () => {
  window.isOutdated = false;
  window.store = await openStore('ada', () => { window.isOutdated = true; });
  window.heard = [];
  store.watch(c => heard.push(c));
}"""
READ = "async () => await store.read()"
MANY = "async () => { for (let n = 1; n <= 40; n++) await store.write(() => ({ unqueue: [`${n}`] })); }"
WRITE = "async (changes) => await store.write(() => changes)"
LEAD = """() => {
  window.leads = false;
  void tabs('ada').lead((lost) => {
    window.leads = true;
    return new Promise((end) => { lost.onabort = () => { window.leads = false; end(); }; });
  }, new AbortController().signal);
}"""
STEAL = """() => {
  const stolen = () => new Promise((end) => { window.letGo = end; });
  void navigator.locks.request('taskflow-sync:ada', { steal: true }, stolen);
}"""
TALK = "() => { window.talk = new Talk('ada', (said) => { window.was = said; }); }"
COUNT_LOOKS = """() => {
  window.looks = 0;
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...given) { window.looks++; return transaction.apply(this, given); };
}"""
LOOK_OFTEN = """async () => {
  for (let n = 0; n < 40; n++) dispatchEvent(new Event('pageshow'));
  await store.read();
}"""
WRITE_LARGE = """async (changes) => {
  const row = { id: 'large', seq: 9, title: 'x'.repeat(5e6) };
  const rows = [{ space: changes.spaces[0].space, kind: 'tasks', row }];
  return await store.write(() => ({ ...changes, rows })).then(() => 'taken', (error) => error.name);
}"""
# An engine whose other tabs hear nothing of what it writes, unless they look.
ENGINE = """async (space) => {
  BroadcastChannel.prototype.postMessage = () => {};
  const transport = { exchange: () => new Promise(() => {}) };
  window.engine = createEngine({ store, transport, account: { id: space, space } });
  await engine.open();
}"""
RECEIVE = "async (answer) => await engine.receive(answer, engine.positions())"
HOLDERS = "navigator.locks.query().then(({ held, pending }) => [held.length, pending.length])"
SPACE = "5a0c1f0e-0000-4000-8000-000000000001"
TEAM = "5a0c1f0e-0000-4000-8000-000000000002"


def page_of(number: int, rows: int = 1) -> dict[str, object]:
    state = {"space": SPACE, "cursor": str(number), "at": number, "complete": True}
    made = [{"space": SPACE, "kind": "tasks", "row": {"id": str(row), "seq": number}} for row in range(rows)]
    return {"spaces": [state], "rows": made}


def command(name: str) -> dict[str, object]:
    return {"id": name, "type": "create_task", "v": 1, "args": {}, "space": SPACE, "order": 1, "when": "now"}


@pytest.fixture
async def device(browser: Browser, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser whose tabs hold the store's script and nothing else."""
    script = bundled("test/tab.ts", tmp_path, "--format", "iife").read_text()
    context = await browser.new_context()

    async def blank(route: Route) -> None:
        await route.fulfill(body=f"<!doctype html><script>{script}</script>", content_type="text/html")

    await context.route("**/*", blank)
    yield context
    await context.close()


async def tab(device: BrowserContext) -> Page:
    page = await device.new_page()
    await page.goto(URL)
    await page.evaluate(OPEN)
    return page


async def test_what_is_held_and_what_was_done_outlive_a_reload(device: BrowserContext) -> None:
    page = await tab(device)
    await page.evaluate(WRITE, page_of(3, rows=2) | {"queue": [command("one")]})

    await page.reload()
    await page.evaluate(OPEN)

    stored = await page.evaluate(READ)
    assert [state["at"] for state in stored["spaces"]] == [3]
    assert len(stored["rows"]) == 2
    assert [queued["id"] for queued in stored["queue"]] == ["one"]


async def test_a_write_of_which_one_part_fails_changes_nothing(device: BrowserContext) -> None:
    page = await tab(device)
    await page.evaluate(WRITE, page_of(3))

    refused = await page.evaluate(
        "async (changes) => await store.write(() => changes).then(() => 'taken', () => 'no')",
        page_of(4, rows=5) | {"queue": [{"id": None}]},
    )

    stored = await page.evaluate(READ)
    assert refused == "no"
    assert [state["at"] for state in stored["spaces"]] == [3]
    assert len(stored["rows"]) == 1
    await page.evaluate(WRITE, page_of(5))


async def test_a_tab_that_goes_in_the_middle_of_a_write_leaves_all_of_it_or_nothing(device: BrowserContext) -> None:
    other = await tab(device)
    for number in range(1, 6):
        page = await tab(device)
        await page.evaluate(
            "(changes) => { void store.write(() => changes); }",
            page_of(number, rows=2000) | {"queue": [command(str(number))]},
        )
        await page.close()

        stored = await other.evaluate(READ)

        at = stored["spaces"][0]["at"] if stored["spaces"] else 0
        assert {row["row"]["seq"] for row in stored["rows"]} == ({at} if at else set())
        assert len(stored["rows"]) == (2000 if at else 0)
        assert (str(number) in {queued["id"] for queued in stored["queue"]}) == (at == number)


async def test_a_tab_hears_what_another_wrote_in_its_order_also_when_it_missed_a_lot(device: BrowserContext) -> None:
    one, other = await tab(device), await tab(device)
    await other.evaluate(READ)

    await one.evaluate(MANY)
    await one.evaluate(WRITE, page_of(9) | {"queue": [command("last")]})

    await other.wait_for_function("heard.some(({ queue }) => queue?.some(({ id }) => id === 'last'))")
    named = await other.evaluate("heard.flatMap(({ unqueue }) => unqueue ?? []).map(Number)")
    assert named == sorted(named)
    assert await one.evaluate("heard.length") == 0


async def test_two_tabs_that_are_told_the_same_of_a_command_send_it_once_more_and_not_twice(
    device: BrowserContext,
) -> None:
    one, other = await engines(device, page_of(3) | {"queue": [command("lost")]})
    moved = {"id": "lost", "ok": False, "problem": {"code": "moved", "space_id": TEAM}}

    for each in (one, other):
        await each.evaluate(RECEIVE, {"results": [moved]})

    stored = await one.evaluate(READ)
    assert [queued["space"] for queued in stored["queue"]] == [TEAM]
    assert await other.evaluate("engine.waiting().map(({ id }) => id)") == [stored["queue"][0]["id"]]


async def test_what_one_tab_holds_is_not_made_older_by_a_late_answer_of_another(device: BrowserContext) -> None:
    one, other = await engines(device, page_of(3))

    await one.evaluate(RECEIVE, answer(9))
    await other.evaluate(RECEIVE, answer(7))

    stored = await one.evaluate(READ)
    assert [state["at"] for state in stored["spaces"]] == [9]
    assert [row["row"]["seq"] for row in stored["rows"]] == [9]
    assert await other.evaluate("engine.all('tasks').map(({ seq }) => seq)") == [9]


async def engines(device: BrowserContext, changes: dict[str, object]) -> list[Page]:
    """Two tabs with an engine each, over a store that has these changes."""
    pages = [await tab(device), await tab(device)]
    await pages[0].evaluate(WRITE, changes)
    for page in pages:
        await page.evaluate(ENGINE, SPACE)
    return pages


def answer(number: int) -> dict[str, object]:
    page = {"cursor": str(number), "seq": number, "more": False, "resync": False}
    return {"spaces": {SPACE: page | {"tasks": [{"id": "0", "seq": number}]}}}


async def test_one_of_two_tabs_leads_and_the_other_when_it_has_gone(device: BrowserContext) -> None:
    one, other = await tab(device), await tab(device)
    await one.evaluate(LEAD)
    await one.wait_for_function("leads")
    await other.evaluate(LEAD)
    assert await other.evaluate(HOLDERS) == [1, 1]
    assert not await other.evaluate("leads")

    await one.close()

    await other.wait_for_function("leads")


async def test_a_tab_whose_turn_was_taken_is_told_and_gets_it_again(device: BrowserContext) -> None:
    one, thief = await tab(device), await tab(device)
    await one.evaluate(LEAD)
    await one.wait_for_function("leads")

    await thief.evaluate(STEAL)
    await one.wait_for_function("!leads")
    await thief.evaluate("letGo()")

    await one.wait_for_function("leads")


async def test_tabs_of_an_account_talk(device: BrowserContext) -> None:
    one, other = await tab(device), await tab(device)
    for page in (one, other):
        await page.evaluate(TALK)

    await one.evaluate("talk.say({ doing: 'idle' })")

    await other.wait_for_function("window.was?.doing === 'idle'")
    assert await one.evaluate("window.was") is None


async def test_a_tab_to_which_no_message_came_looks_when_it_is_shown_again(device: BrowserContext) -> None:
    one, other = await tab(device), await tab(device)
    await other.evaluate(READ)
    await one.evaluate("() => { BroadcastChannel.prototype.postMessage = () => {}; }")
    await one.evaluate(MANY)
    await one.evaluate(WRITE, page_of(9) | {"queue": [command("last")]})
    assert await other.evaluate("heard.length") == 0

    await other.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    await other.wait_for_function("heard.some(({ queue }) => queue?.some(({ id }) => id === 'last'))")


async def test_a_tab_that_is_told_much_at_once_looks_once(device: BrowserContext) -> None:
    page = await tab(device)
    await page.evaluate(COUNT_LOOKS)

    await page.evaluate(LOOK_OFTEN)

    assert await page.evaluate("looks") == 2


async def test_a_store_that_is_full_takes_all_of_a_write_or_nothing(device: BrowserContext) -> None:
    page = await tab(device)
    disk = await device.new_cdp_session(page)
    await disk.send("Storage.overrideQuotaForOrigin", {"origin": ORIGIN, "quotaSize": 1_000_000})
    await page.evaluate(WRITE, page_of(3))

    said = await page.evaluate(WRITE_LARGE, page_of(9))
    stored = await page.evaluate(READ)
    await page.evaluate(WRITE, page_of(10))

    assert said == "QuotaExceededError"
    assert [state["at"] for state in stored["spaces"]] == [3]
    assert [state["at"] for state in (await page.evaluate(READ))["spaces"]] == [10]


@pytest.mark.parametrize("how", ["forgotten by another tab", "cleared by the browser"])
async def test_a_tab_whose_store_was_taken_away_is_told(how: str, device: BrowserContext) -> None:
    one, other = await tab(device), await tab(device)

    if how == "cleared by the browser":
        disk = await device.new_cdp_session(other)
        await disk.send("Storage.clearDataForOrigin", {"origin": ORIGIN, "storageTypes": "indexeddb"})
    else:
        await other.evaluate("async () => await forget('ada')")

    await one.wait_for_function("isOutdated")
