"""How a socket ends: with the close code that says why."""

import asyncio
from contextlib import suppress
from typing import Any

from taskflow.api.gate import RateLimited
from taskflow.api.socket import Closed, Code, Socket, TooSlow


class Ended(Exception):
    """The socket is to be closed with a code."""

    def __init__(self, code: Code) -> None:
        """Say why."""
        super().__init__(code)
        self.code = code


class Ending:
    """The end of one socket."""

    def __init__(self, socket: Socket) -> None:
        """Wait to be told."""
        self._socket = socket
        self._code: asyncio.Future[Code] = asyncio.get_running_loop().create_future()

    def tell(self, code: Code) -> None:
        """Close it, from outside."""
        if not self._code.done():
            self._code.set_result(code)

    async def told(self) -> None:
        """Raises Ended once it is told."""
        raise Ended(await self._code)

    async def say_why(self, way: "asyncio.Future[Any]") -> None:
        """Close with the code that says why reading or pushing has ended; raises what broke."""
        try:
            way.result()
        except Closed:
            return
        except Ended as ended:
            await self._close(ended.code)
        except TooSlow:
            await self._close(Code.RESYNC)
        except RateLimited:
            await self._close(Code.TOO_MUCH)

    async def _close(self, code: Code) -> None:
        with suppress(Closed):
            await self._socket.close(code)
