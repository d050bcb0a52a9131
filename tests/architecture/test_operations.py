"""Every operation on a space takes its lock first and then asks for the role."""

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import taskflow
import taskflow.app
from taskflow.foundation.operation import REGISTRY

SOURCES = Path(taskflow.__file__).parent
NUMBERED = {name: entry.run for name, entry in REGISTRY.items() if entry.numbered}


def awaited(run: Callable[..., Any]) -> list[str]:
    """What a function awaits, in order; what an argument waits for (which other spaces to lock, say) is part of it."""
    (function,) = ast.parse(inspect.getsource(run)).body
    awaits = [node for node in ast.walk(function) if isinstance(node, ast.Await)]
    arguments = {inner for node in awaits for inner in ast.walk(node.value)}
    calls = [node.value.func for node in awaits if node not in arguments and isinstance(node.value, ast.Call)]
    return [ast.unparse(call) for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset))]


@pytest.mark.parametrize("name", NUMBERED)
def test_an_operation_locks_then_asks_for_the_role_then_reads(name: str) -> None:
    first, second = awaited(NUMBERED[name])[:2]

    assert first in {"work.take", "work.lock"}
    assert second == "access.require"


@pytest.mark.parametrize("name", NUMBERED)
def test_an_operation_is_given_a_work_an_access_and_arguments(name: str) -> None:
    assert [*inspect.signature(NUMBERED[name]).parameters] == ["work", "access", "args"]


def test_only_the_database_itself_speaks_to_a_connection_of_the_pool() -> None:
    speaking = {
        str(file.relative_to(SOURCES))
        for file in (*(SOURCES / "features").rglob("*.py"), *(SOURCES / "api").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"connection", "pool"}
    }

    assert speaking == set()
