"""What time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time of this moment, in UTC, to the microsecond."""
    return datetime.now(UTC)
