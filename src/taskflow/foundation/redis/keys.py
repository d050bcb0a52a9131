"""The keys in Redis; every brace is a hash tag, so that what one request asks for lies in one slot of a Cluster."""


def known(space_id: object) -> str:
    """A space's newest known number (30 s)."""
    return f"known:{{{space_id}}}"


def session(account_id: object, session_id: object) -> str:
    """Whether a session lives, until its access token ends."""
    return f"session:{{{account_id}}}:{session_id}"


def limit(subject: object) -> str:
    """How much an account, an address or a session may still ask."""
    return f"limit:{{{subject}}}"


def shelf(space_id: object, number: int, digest: str) -> str:
    """An answer about a space at one of its numbers (15 min)."""
    return f"tasks:user:{{{space_id}}}:{number}:{digest}"


def tries_of_address(address: str) -> str:
    """The guesses that came from an address."""
    return f"tries:{{{address}}}"


def tries_at_account(account: str, network: str) -> str:
    """The guesses at an account that came from a network."""
    return f"tries:{{{account}}}:{network}"


def channel(space_id: object) -> str:
    """Where it is said that a space has a new number, or that a session of its account was revoked."""
    return f"space:{{{space_id}}}"
