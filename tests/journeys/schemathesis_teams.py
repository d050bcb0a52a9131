"""What nobody can make up: a team and another member of it, an invitation's secret, a series, a change's number."""

from typing import Any

from taskflow.foundation.ids import new_id
from tests.journeys.schemathesis_speaking import PASSWORD, ask

LEFT_OUT = ("Idempotency-Key", "If-Match", "If-None-Match")


def make_possible(name: str, case: Any) -> None:
    """Have somebody who may do it ask for it, where it is one of these; all else stays as it is."""
    if name not in ASKED:
        return
    owner, space, thing_id, body = ASKED[name]()
    for header in LEFT_OUT:
        case.headers.pop(header, None)
    case.headers["Authorization"] = f"Bearer {owner}"
    case.query = {"space": space} if space else {}
    if thing_id:
        case.path_parameters["id"] = thing_id
    if body is not None:
        case.body = body


Asked = tuple[str, str, str, Any]  # whose token, the space, the id in the path, the body (None: as it was drawn)


def somebody() -> tuple[str, str]:
    """Somebody new: their access token, and their id."""
    asked = {"email": f"{new_id().hex}@example.com", "password": PASSWORD, "name": "Canary"}
    answer = ask("POST", "/api/v1/auth/register", "", asked)
    return answer["access_token"], answer["user"]["id"]


def team() -> tuple[str, str]:
    """A new team: its owner's access token, and its space."""
    owner, _ = somebody()
    return owner, ask("POST", "/api/v1/spaces", owner, {"name": "Canary"})["id"]


def invitation() -> tuple[str, str, Any]:
    """A new invitation to a new team."""
    owner, space = team()
    return owner, space, ask("POST", f"/api/v1/invitations?space={space}", owner, {"role": "editor"})


def member() -> tuple[str, str, str]:
    """A new team with another member, and the member's id."""
    owner, space, invited = invitation()
    guest, guest_id = somebody()
    ask("POST", "/api/v1/invitations/accept", guest, {"token": invited["token"]})
    return owner, space, guest_id


def of_team() -> Asked:
    return (*team(), "", None)


def revoke_invitation() -> Asked:
    owner, space, invited = invitation()
    return owner, space, invited["id"], None


def accept_invitation() -> Asked:
    return somebody()[0], "", "", {"token": invitation()[2]["token"]}


def change_role() -> Asked:
    return (*member(), {"role": "viewer"})


def remove_member() -> Asked:
    return (*member(), None)


def hand_over_space() -> Asked:
    owner, space, guest_id = member()
    return owner, space, "", {"id": guest_id}


def move_task() -> Asked:
    owner, space = team()
    return owner, "", ask("POST", "/api/v1/tasks", owner, {"title": "Canary"})["id"], {"to": space}


def skip_task() -> Asked:
    owner, _ = somebody()
    series = {"title": "Canary", "due_date": "2026-11-25", "recurrence": "FREQ=DAILY"}
    return owner, "", ask("POST", "/api/v1/tasks", owner, series)["id"], {}


def undo() -> Asked:
    owner, _ = somebody()
    made = ask("POST", "/api/v1/tasks", owner, {"title": "Canary"})
    return owner, "", "", {"kind": "task", "id": made["id"], "seq": made["seq"]}


ASKED = {
    "accept_invitation": accept_invitation,
    "change_role": change_role,
    "create_invitation": of_team,
    "hand_over_space": hand_over_space,
    "list_invitations": of_team,
    "move_task": move_task,
    "remove_member": remove_member,
    "revoke_invitation": revoke_invitation,
    "skip_task": skip_task,
    "undo": undo,
    "update_space": of_team,
}
