"""Who is taken out of a team by one process has lost it in the other at once, whatever they hold of it."""

from typing import Any

import pytest

from tests.api.two import Process
from tests.client import Client

TASKS = "/api/v1/tasks"
READS = ("tasks", "labels", "projects", "members", "space", "invitations")
LATEST = 2**53 - 1


async def team_of(owner: Client, member: Client, role: str = "editor") -> str:
    """A team with another member."""
    team: str = (await owner.post("/api/v1/spaces", {"name": "Home"})).json()["id"]
    token = (await owner.post(f"/api/v1/invitations?space={team}", {"role": role})).json()["token"]
    assert (await member.post("/api/v1/invitations/accept", {"token": token})).status_code == 200
    return team


@pytest.fixture
async def eve(processes: list[Process]) -> list[Client]:
    """Somebody else, at either process."""
    signed_in = await Client(processes[0].http).registered()
    return [process.client(signed_in) for process in processes]


@pytest.mark.parametrize("leaving", ["taken out", "left"])
@pytest.mark.parametrize(("remover", "server"), [(0, 0), (0, 1), (1, 0), (1, 1)])
async def test_a_former_member_is_told_nothing_by_any_process(
    both: list[Client], eve: list[Client], remover: int, server: int, leaving: str
) -> None:
    owner, member = both[remover], eve[server]
    team = await team_of(owner, member)
    task = (await member.post(f"{TASKS}?space={team}", {"title": "Pay rent"})).json()
    held = [await member.get(path_of(name, team)) for name in READS]
    thing = await member.get(f"{TASKS}/{task['id']}?space={team}")

    if leaving == "left":
        await eve[remover].delete(f"/api/v1/members/{member.id}?space={team}")
    else:
        await owner.delete(f"/api/v1/members/{member.id}?space={team}")

    answers = [
        await member.get(path, headers=headers)
        for path, before in [
            *((path_of(name, team), answer) for name, answer in zip(READS, held, strict=True)),
            (f"{TASKS}/{task['id']}?space={team}", thing),
        ]
        for headers in holding(before, team)
    ]
    answers += [
        await member.post(f"{TASKS}?space={team}", {"title": "Once more"}),
        await member.patch(f"{TASKS}/{task['id']}?space={team}", {"title": "Once more"}),
        await member.delete(f"{TASKS}/{task['id']}?space={team}"),
        await member.patch(f"/api/v1/space?space={team}", {"name": "Mine"}),
        await member.delete(f"/api/v1/members/{member.id}?space={team}"),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "space_not_found")}
    assert not any("taskflow-seq" in answer.headers or "etag" in answer.headers for answer in answers)
    assert [space["id"] for space in (await member.get("/api/v1/spaces")).json()["items"]] == [member.id]
    assert (await owner.get(f"{TASKS}/{task['id']}?space={team}")).json()["title"] == "Pay rent"


def path_of(name: str, team: str) -> str:
    return f"/api/v1/{name}?space={team}"


def holding(answer: Any, team: str) -> list[dict[str, str]]:
    """Headers of one who holds an earlier answer: its tag, its number, or one of the future."""
    tag, number = answer.headers.get("etag", '"1.1"'), answer.headers.get("taskflow-seq", f"{team}=1")
    return [
        {},
        {"if-none-match": tag},
        {"if-none-match": "*"},
        {"taskflow-seq": number, "if-none-match": tag},
        {"taskflow-seq": f"{team}={LATEST}"},
    ]


async def test_an_answer_that_was_kept_under_a_key_is_not_given_to_a_former_member(
    both: list[Client], eve: list[Client]
) -> None:
    team, key = await team_of(both[0], eve[1]), {"idempotency-key": "rent"}
    await eve[1].post(f"{TASKS}?space={team}", {"title": "Pay rent"}, headers=key)

    await both[0].delete(f"/api/v1/members/{eve[0].id}?space={team}")

    again = await eve[1].post(f"{TASKS}?space={team}", {"title": "Pay rent"}, headers=key)
    assert (again.status_code, again.json()["code"]) == (404, "space_not_found")


async def test_a_member_who_becomes_a_viewer_writes_nothing_at_any_process(
    both: list[Client], eve: list[Client]
) -> None:
    team = await team_of(both[0], eve[1])

    await both[0].patch(f"/api/v1/members/{eve[0].id}?space={team}", {"role": "viewer"})

    written = [await member.post(f"{TASKS}?space={team}", {"title": "Pay rent"}) for member in eve]
    read = [await member.get(f"{TASKS}?space={team}") for member in eve]
    assert [(answer.status_code, answer.json()["code"]) for answer in written] == [(403, "role_too_low")] * 2
    assert [answer.status_code for answer in read] == [200, 200]
