"""How long things take on live sockets, and how many there may be."""

from msgspec import Struct

from taskflow.api.socket import SEND_S


class Times(Struct, frozen=True):
    """Seconds: until a hello has come, between two looks at numbers and at sessions, and for the database to recover.

    A look at sessions asks Redis alone; with the numbers they are looked at for sure.
    """

    hello_s: float = 10.0
    numbers_s: float = 30.0
    sessions_s: float = 5.0
    again_s: float = 1.0
    send_s: float = SEND_S


SOCKETS_MOST = 100  # of one account in one process
STRANGERS_MOST = 200  # of one address in one process, on which nobody has said hello yet: 26 KB each
SOCKETS_A_SECOND = 50  # that come back after a drain, were they all on this process
WINDOW_S = (1.0, 30.0)  # in which they do
