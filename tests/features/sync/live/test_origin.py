"""Only pages of this site may open a live socket."""

import json

import pytest

from tests.features.sync.live.sockets import Serving


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[", "127.0.0.1"])
async def test_a_page_of_another_site_gets_no_socket(both: list[Serving], origin: str) -> None:
    async with both[0].socket(origin=origin) as live:
        assert (live.status, json.loads(live.refusal)["code"]) == (403, "foreign_origin")


async def test_a_page_of_this_site_gets_one(both: list[Serving]) -> None:
    for origin in (f"http://127.0.0.1:{both[0].port}", both[0].backend.settings.public_url):
        async with both[0].socket(origin=origin) as live:
            assert live.status == 101
