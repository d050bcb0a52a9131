"""Take the README's pictures of the running product: `make pictures`."""

import sys
from datetime import date, timedelta
from pathlib import Path
from shutil import which

from bench.product import Product
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "correct horse battery 9"  # noqa: S105 - opens a product that lives for these pictures
PERSON = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada Lovelace"}
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TASKS = (  # title, days from today, priority, status
    ("Send the signed contract back to Okafor", -4, 3, "todo"),
    ("Water the lemon tree", -2, 0, "todo"),
    ("Review the landing page copy", 0, 3, "in_progress"),
    ("Call the dentist", 0, 2, "todo"),
    ("Read chapter 4 and mark what contradicts the survey", 1, 1, "todo"),
    ("Book trains to Porto", 1, 2, "todo"),
    ("Order seed potatoes before the shop closes for winter", 9, 0, "todo"),
    ("Ask Mia for the photographs", None, 0, "todo"),
    ("Choose the type", None, 0, "done"),
)


def main() -> int:
    """Serve a product with some tasks, and take its pictures."""
    with Product() as product, sync_playwright() as playwright:
        product.start()
        token = product.call("POST", "/api/v1/auth/register", PERSON)["access_token"]
        for title, days, priority, status in TASKS:
            due = None if days is None else str(date.today() + timedelta(days))  # noqa: DTZ011 - as the browser has it
            made = {"title": title, "due_date": due, "priority": priority, "status": status}
            product.call("POST", "/api/v1/tasks", made, token)
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=QUIET)
        take(browser, product.url, "today", 1200, 760, "light", opened="Review the landing page copy")
        take(browser, product.url, "dark", 1200, 760, "dark")
        take(browser, product.url, "phone", 390, 760, "dark")
        browser.close()
    return 0


def take(browser: Browser, url: str, name: str, width: int, height: int, scheme: str, opened: str = "") -> None:
    """One picture, of somebody who has just signed in."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1)
    page.goto(url)
    sign_in(page)
    if opened:
        page.get_by_role("link", name=opened).click()
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.png")
    page.close()


def sign_in(page: Page) -> None:
    """Sign the person in."""
    page.get_by_label("Email").fill(PERSON["email"])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="All open").wait_for()
    page.get_by_text(TASKS[0][0]).wait_for()


if __name__ == "__main__":
    sys.exit(main())
