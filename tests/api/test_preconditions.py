"""If-Match and If-None-Match, as RFC 9110 has them."""

import base64

import pytest

from tests.client import Client


def number(tag: str) -> str:
    """The row's number in a thing's ETag."""
    return tag.strip('"').partition(".")[0]


async def test_a_write_with_the_current_tag_goes_through_and_with_an_older_one_does_not(ada: Client) -> None:
    path = f"/api/v1/tasks/{(await ada.task())['id']}"
    held = (await ada.get(path)).headers["etag"]

    first = await ada.patch(path, {"title": "One"}, headers={"if-match": held})
    second = await ada.patch(path, {"title": "Two"}, headers={"if-match": held})

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert (await ada.get(path)).json()["title"] == "One"
    assert (await ada.delete(path, headers={"if-match": held})).status_code == 412


async def test_one_of_several_tags_is_enough_in_one_header_or_in_two(ada: Client) -> None:
    path = f"/api/v1/tasks/{(await ada.task())['id']}"
    held = (await ada.get(path)).headers["etag"]

    listed = await ada.patch(path, {"priority": 1}, headers={"if-match": f'"7.tasks", {held}'})
    held = listed.headers["etag"]
    http = ada.http.build_request("PATCH", path, json={"priority": 2})
    http.headers = type(http.headers)(
        [*http.headers.raw, (b"if-match", held.encode()), (b"if-match", b'"8.tasks"'), (b"authorization", bearer(ada))]
    )
    doubled = await ada.http.send(http)

    assert (listed.status_code, doubled.status_code) == (200, 200)


def bearer(ada: Client) -> bytes:
    """The header of somebody signed in."""
    return f"Bearer {ada.signed_in['access_token']}".encode()


@pytest.mark.parametrize("tag", ['"nope"', "nope", "W/{held}", '"' + "9" * 5000 + '.tasks"', '"-1.x"', '""', ","])
async def test_a_tag_that_is_weak_or_no_things_matches_nothing(ada: Client, tag: str) -> None:
    path = f"/api/v1/tasks/{(await ada.task())['id']}"
    held = (await ada.get(path)).headers["etag"]

    answer = await ada.patch(path, {"title": "Two"}, headers={"if-match": tag.replace("{held}", held)})

    assert answer.status_code == 412


async def test_a_star_matches_whatever_is_there(ada: Client) -> None:
    path = f"/api/v1/tasks/{(await ada.task())['id']}"

    assert (await ada.patch(path, {"title": "Two"}, headers={"if-match": "*"})).status_code == 200


async def test_one_thing_is_answered_304_while_it_is_the_same(ada: Client) -> None:
    path = f"/api/v1/tasks/{(await ada.task())['id']}"
    held = (await ada.get(path)).headers["etag"]

    same = await ada.get(path, headers={"if-none-match": f'"x", W/{held}'})
    await ada.patch(path, {"title": "Two"})
    changed = await ada.get(path, headers={"if-none-match": held})

    assert (same.status_code, same.content, changed.status_code) == (304, b"", 200)


async def test_a_forged_cursor_is_refused_however_it_nests(ada: Client) -> None:
    forged = base64.urlsafe_b64encode(b'cursor-1\0["a","",' + b"[" * 2000).decode().rstrip("=")

    answer = await ada.get(f"/api/v1/tasks?cursor={forged}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")
