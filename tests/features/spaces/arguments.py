"""What the operations on accounts and spaces are asked to do."""

from hypothesis import strategies as some
from hypothesis.strategies import SearchStrategy

from taskflow.features.spaces.invitation import AcceptInvitation, CreateInvitation, RevokeInvitation, new_token
from taskflow.features.spaces.model import (
    ChangeRole,
    CreateSpace,
    HandOverSpace,
    Register,
    RemoveMember,
    RenameMember,
    UpdateMe,
    UpdateSpace,
)
from taskflow.foundation.operation import Args
from tests.drawn import ids, maybe, text, visible, zones

people = visible(120)
locales = some.from_regex(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True)
emails = some.from_regex(r"[^\s@\x00-\x1f]{1,60}@[^\s@\x00-\x1f]{1,60}\.[^\s@\x00-\x1f]{1,60}", fullmatch=True)

tokens = some.builds(new_token, ids, ids).map(str)

STRATEGIES: dict[str, SearchStrategy[Args]] = {
    "accept_invitation": some.builds(AcceptInvitation, token=text(1, 300) | tokens),
    "change_role": some.builds(ChangeRole, id=ids, role=some.sampled_from(["owner", "editor", "commenter", "viewer"])),
    "create_invitation": some.builds(
        CreateInvitation, role=some.sampled_from(["editor", "commenter", "viewer"]), days=some.integers(1, 30)
    ),
    "hand_over_space": some.builds(HandOverSpace, id=ids),
    "remove_member": some.builds(RemoveMember, id=ids),
    "rename_member": some.just(RenameMember()),
    "revoke_invitation": some.builds(RevokeInvitation, id=ids),
    "update_space": some.builds(UpdateSpace, name=people),
    "create_space": some.builds(CreateSpace, name=people),
    "update_me": some.builds(UpdateMe, name=maybe(people), locale=maybe(locales), time_zone=maybe(zones)),
    "register": some.builds(
        Register, email=emails, password=text(8, 128), name=people, locale=locales, time_zone=zones
    ),
}
