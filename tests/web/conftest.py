"""A browser, and somebody who sits at it."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, async_playwright

from tests.web.journey import Visitor

Device = Callable[[], Awaitable[Visitor]]

# It is to ask the network for nothing of its own.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = shutil.which("chromium")
    if not program:
        pytest.skip("needs chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def visitor(browser: Browser, served: Any) -> AsyncIterator[Visitor]:
    """Somebody new at a desktop."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    yield Visitor(await context.new_page(), served.url)
    await context.close()


@pytest.fixture
async def phone(browser: Browser, served: Any) -> AsyncIterator[Visitor]:
    """Somebody new with a phone, in the dark."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    yield Visitor(await context.new_page(), served.url)
    await context.close()


@pytest.fixture
def email() -> str:
    return f"{uuid4().hex}@example.com"


@pytest.fixture
async def device(browser: Browser, served: Any) -> AsyncIterator[Device]:
    """Another device, at which nobody is signed in."""
    contexts = []

    async def begin() -> Visitor:
        contexts.append(await browser.new_context(viewport={"width": 1440, "height": 900}))
        visitor = Visitor(await contexts[-1].new_page(), served.url)
        await visitor.visit()
        return visitor

    yield begin
    for context in contexts:
        await context.close()


@pytest.fixture
async def two(visitor: Visitor, email: str, device: Device) -> tuple[Visitor, Visitor]:
    """Two devices of one person, whose one task is to pay the rent."""
    await visitor.register(email)
    await visitor.add("Pay the rent")
    other = await device()
    await other.sign_in(email)
    await other.sees("Pay the rent")
    return visitor, other
