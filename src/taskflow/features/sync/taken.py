"""What is taken as a command, and in which forms of before."""

from collections.abc import Callable
from typing import Any

from taskflow.features.sync.errors import NotACommand, UpgradeRequired
from taskflow.foundation.operation import REGISTRY, Operation
from taskflow.foundation.refusal import invalid

NOT_COMMANDS = {
    "accept_invitation": "its token is a secret, which a queue on a device should not keep",
    "create_invitation": "its answer is a secret, which a result does not carry",
    "import_tasks": "the command line: a file is more than a command may carry",
    "rename_member": "a job, once a profile has changed",
    "update_me": "a profile lies in no space: nothing that is synced shows it",
}

# (type, v): the arguments of that version, `space_id` aside, as the next version has them; kept for 90 days.
UPGRADES: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def operation_of(name: str, v: int) -> Operation:
    """The operation of a command; raises UpgradeRequired for tomorrow's, NotACommand, or Invalid for one too old."""
    operation = REGISTRY.get(name)
    if operation is None or v > operation.v:
        raise UpgradeRequired
    if not operation.numbered or name in NOT_COMMANDS:
        raise NotACommand
    if any((name, version) not in UPGRADES for version in range(v, operation.v)):
        raise invalid("/v", "is taken no more")
    return operation


def upgraded(operation: Operation, v: int, args: dict[str, Any]) -> dict[str, Any]:
    """Arguments of an older version as the operation takes them."""
    for version in range(v, operation.v):
        args = UPGRADES[operation.name, version](args)
    return args
