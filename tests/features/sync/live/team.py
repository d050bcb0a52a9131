"""A team's space that several people write to."""

from tests.architecture.world import join
from tests.client import Client


async def team(owner: Client, *members: Client) -> str:
    """A space with members that may edit."""
    space: str = (await owner.post("/api/v1/spaces", {"name": "Team"})).json()["id"]
    for member in members:
        await join(owner, member, space)
    return space
