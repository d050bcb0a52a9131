"""What a person does at the web app, step by step, in the words of the page."""

from playwright.async_api import ConsoleMessage, Locator, Page, expect

PASSWORD = "correct horse battery 9"


class Visitor:
    """Somebody at a page of the web app."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the browser complains of: a script that fails, a missing file, a broken policy."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    async def visit(self, path: str = "/") -> None:
        await self.page.goto(self.url + path)

    async def register(self, email: str, name: str = "Ada Lovelace", password: str = PASSWORD) -> None:
        await self.visit()
        await self.page.get_by_role("button", name="Make an account").click()
        await self.page.get_by_label("Name").fill(name)
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Make account").click()
        await expect(self.heading("All open")).to_be_visible()

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        await self.page.get_by_label("Email").fill(email)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def sign_out(self) -> None:
        await self.page.get_by_role("button", name="Account of").click()
        await self.page.get_by_role("button", name="Sign out").click()
        await expect(self.heading("Sign in")).to_be_visible()

    async def add(self, *titles: str) -> None:
        """By `q`, one after the other without leaving; waits until the server has them."""
        await self.press("q")
        for title in titles:
            await self.page.get_by_role("textbox", name="Title").fill(title)
            await self.press("Enter")
        await self.press("Escape")
        await expect(self.page.get_by_role("textbox", name="Title")).to_have_count(0)
        await self.settle()

    async def show(self, view: str) -> None:
        await self.page.get_by_role("link", name=view, exact=True).click()
        await expect(self.heading(view)).to_be_visible()

    async def open(self, title: str) -> Locator:
        """The task, laid open."""
        await self.row(title).get_by_role("link").click()
        await expect(self.page.get_by_role("complementary", name=title)).to_be_visible()
        return self.page.get_by_role("complementary")

    async def focus(self, title: str) -> None:
        await self.row(title).get_by_role("link").focus()

    async def is_at(self, title: str) -> None:
        """The row of this task has the focus."""
        await expect(self.row(title).get_by_role("link")).to_be_focused()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def paste(self, *lines: str) -> None:
        """Lines, into the title of a new task."""
        await self.page.get_by_role("textbox", name="Title").evaluate(
            """(field, text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
            }""",
            "\n".join(lines),
        )

    async def settle(self) -> None:
        """Until what was asked of the server is answered."""
        await expect(self.page.locator(".state")).to_have_attribute("data-pending", "0")

    async def sees(self, *titles: str) -> None:
        """These tasks, in this order, and no others."""
        await expect(self.page.locator(".row").get_by_role("link")).to_have_text(list(titles))

    async def hears(self, words: str) -> None:
        """A message of the page, said aloud to those who do not see it."""
        await expect(self.page.locator("[role=status], [role=alert]").filter(has_text=words)).to_be_visible()

    def row(self, title: str) -> Locator:
        return self.page.get_by_role("listitem").filter(has_text=title)

    def circle(self, title: str) -> Locator:
        return self.row(title).get_by_role("checkbox")

    def heading(self, words: str) -> Locator:
        return self.page.get_by_role("heading", name=words, exact=True)


async def cut(*visitors: Visitor) -> None:
    for visitor in visitors:
        await visitor.page.context.set_offline(offline=True)


async def mend(*visitors: Visitor) -> None:
    for visitor in visitors:
        await visitor.page.context.set_offline(offline=False)


async def revoke_others(visitor: Visitor) -> None:
    """Ends all sessions of the account but the visitor's own."""
    await visitor.page.evaluate(
        """async () => {
            const renewed = await (await fetch("/api/v1/auth/refresh", { method: "POST" })).json();
            const headers = { Authorization: `Bearer ${renewed.access_token}` };
            const { items } = await (await fetch("/api/v1/auth/sessions", { headers })).json();
            for (const { id, current } of items)
                if (!current) await fetch(`/api/v1/auth/sessions/${id}`, { method: "DELETE", headers });
        }"""
    )
