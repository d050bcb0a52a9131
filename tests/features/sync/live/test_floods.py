"""Frames that say nothing, by the thousand: who sends them is sent away before a process has no time for others."""

import pytest

from tests.client import Client
from tests.features.sync.live.sockets import Serving

MASK = b"\x80\0\0\0\0"
PING, PONG, BEGIN, GO_ON = (bytes([kind]) + MASK for kind in (0x89, 0x8A, 0x01, 0x00))
ONE_BYTE = b"\x00\x81\0\0\0\0x"


@pytest.mark.parametrize("flood", [PING * 100_000, PONG * 100_000, BEGIN + GO_ON * 100_000, BEGIN + ONE_BYTE * 100_000])
async def test_a_flood_of_frames_ends_its_socket_alone(both: list[Serving], ada: Client, flood: bytes) -> None:
    async with both[0].socket() as stranger, both[0].socket() as other:
        await other.hello(ada)

        await stranger.say_bytes(flood)

        assert await stranger.ends() == 4429
        assert await other.quiet()


async def test_a_first_message_is_no_longer_than_a_hello(both: list[Serving]) -> None:
    async with both[0].socket() as stranger:
        await stranger.say_text("x" * 200_000)

        assert await stranger.ends() == 4429


async def test_pings_and_a_message_in_pieces_are_no_flood(both: list[Serving], ada: Client) -> None:
    async with both[0].socket() as live:
        await live.hello(ada)

        await live.say_bytes(PING * 500)
        await live.say_text("x" * 1_000_000)

        assert (await live.hear())["type"] == "problem"
        assert await live.quiet()
