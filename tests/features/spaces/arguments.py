"""What the operations on accounts and spaces are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.spaces.model import CreateSpace, Register, UpdateMe
from taskflow.foundation.operation import Args
from tests.drawn import maybe, text, visible, zones

people = visible(120)
locales = some.from_regex(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True)
emails = some.from_regex(r"[^\s@\x00-\x1f]{1,60}@[^\s@\x00-\x1f]{1,60}\.[^\s@\x00-\x1f]{1,60}", fullmatch=True)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "create_space": some.builds(CreateSpace, name=people),
    "update_me": some.builds(UpdateMe, name=maybe(people), locale=maybe(locales), time_zone=maybe(zones)),
    "register": some.builds(
        Register, email=emails, password=text(8, 128), name=people, locale=locales, time_zone=zones
    ),
}
