"""The profile."""

from tests.client import Client


async def test_a_changed_name_is_everywhere_at_once(ada: Client) -> None:
    changed = await ada.patch("/api/v1/me", {"name": "Ada L.", "time_zone": "Europe/London"})

    assert changed.status_code == 200
    shown = (await ada.get("/api/v1/me")).json()
    assert (shown["name"], shown["time_zone"], shown["locale"]) == ("Ada L.", "Europe/London", "en")


async def test_a_name_takes_a_number_of_the_space_and_the_same_name_none(ada: Client) -> None:
    before = await ada.get("/api/v1/me")

    changed = await ada.patch("/api/v1/me", {"name": "Countess"})
    same = await ada.patch("/api/v1/me", {"name": "Countess"})

    def number(answer: object) -> int:
        return int(answer.headers["taskflow-seq"].rpartition("=")[2])  # type: ignore[attr-defined]

    assert number(changed) == number(before) + 1
    assert number(same) == number(changed)


async def test_the_address_is_not_changed_here(ada: Client) -> None:
    answer = await ada.patch("/api/v1/me", {"email": "other@example.com"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/email")
