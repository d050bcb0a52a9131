"""Commands that are under way when their socket ends: what was begun is done to its end, and told to everybody."""

from uuid import UUID, uuid4

from taskflow.features.spaces.work import Work
from tests.client import Client
from tests.features.spaces.team import waiting
from tests.features.sync.live.sockets import Serving


async def test_what_was_begun_is_done_though_its_socket_has_ended(both: list[Serving], ada: Client) -> None:
    password = {"email": ada.signed_in["user"]["email"], "password": "correct horse battery 9"}
    other = Client(ada.http, (await ada.post("/api/v1/auth/login", password)).json())
    made = str(uuid4())
    command = {"id": str(uuid4()), "type": "create_task", "args": {"id": made, "title": "Pay rent"}}
    async with both[1].socket() as watching, both[0].socket() as ending:
        await watching.hello(ada)
        await ending.hello(other)
        async with Work(both[0].backend.database, UUID(ada.id)) as work:
            await work.take(0)
            await ending.say(type="commands", commands=[command])
            await waiting(both[0].backend, 1)
            await other.post("/api/v1/auth/logout", {"refresh_token": other.signed_in["refresh_token"]})
            assert await ending.ends() == 4403

        assert await watching.brings(made)
