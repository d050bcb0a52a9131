"""Every operation can be asked for, is tried with any arguments, and stands where the layers allow it."""

import subprocess
import sys
import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.strategies import DataObject, data

import taskflow
from taskflow.app import routes
from taskflow.foundation.operation import REGISTRY, read_id
from taskflow.foundation.refusal import Refusal
from tests.strategies import STRATEGIES

ROOT = Path(__file__).parents[2]
FEATURES = Path(taskflow.__file__).parent / "features"
ROUTES = {f"{route.method} {route.path}": route for route in routes().table}
ELSEWHERE = {
    "import_tasks": "the command line: a file is more than a request may carry",
    "rename_member": "a job, once a profile has changed",
    "open_session": "whoever has registered or signed in has one",
}
BEFORE = {
    "POST /api/v1/auth/login": "proves who it is; what it then opens is a session",
    "POST /api/v1/batch": "changes nothing itself: each of its requests comes in alone",
    "POST /api/v1/sync": "each of its commands names its operation",
}
CHANGING = {name: route for name, route in ROUTES.items() if route.method != "GET" and name not in BEFORE}


def test_every_operation_has_a_strategy_for_its_arguments() -> None:
    assert STRATEGIES.keys() == REGISTRY.keys()


@pytest.mark.parametrize("name", REGISTRY)
@given(data())
@settings(max_examples=20)
def test_a_strategy_makes_what_its_operation_takes(name: str, draw: DataObject) -> None:
    made = draw.draw(STRATEGIES[name])

    assert msgspec.json.decode(msgspec.json.encode(made), type=REGISTRY[name].args, dec_hook=read_id) == made


def test_every_operation_is_reached_by_a_route_or_is_on_a_list() -> None:
    reached = {route.operation for route in ROUTES.values() if route.operation}

    assert REGISTRY.keys() - reached == ELSEWHERE.keys()
    assert reached <= REGISTRY.keys()


def test_every_route_that_changes_something_names_its_operation_and_no_other_does() -> None:
    assert [name for name, route in CHANGING.items() if route.operation is None] == []
    assert {name for name, route in ROUTES.items() if route.operation} == CHANGING.keys()


def test_a_route_speaks_of_a_space_where_its_operation_takes_numbers() -> None:
    spaced = {name: route.spaced for name, route in CHANGING.items()}

    assert spaced == {name: REGISTRY[str(route.operation)].numbered for name, route in CHANGING.items()}


WITHOUT_UNDO = {
    "accept_invitation": "who is in a space, and what it is called, asks first",
    "change_role": "as above",
    "create_invitation": "as above; it can be revoked",
    "create_space": "as above",
    "hand_over_space": "as above",
    "remove_member": "as above; they can be invited again",
    "rename_member": "the profile says what the name is",
    "share_project": "it makes a space, which asks first and stays",
    "revoke_invitation": "its secret is gone; another can be made",
    "update_space": "as above",
    "update_me": "a profile's history lies in no space: there is nothing that undo could read",
}


@pytest.mark.parametrize("name", [name for name, entry in REGISTRY.items() if entry.numbered])
def test_what_takes_numbers_says_how_it_is_undone_or_stands_on_the_list(name: str) -> None:
    assert (REGISTRY[name].inverse is None) == (name in WITHOUT_UNDO)


@pytest.mark.parametrize("name", CHANGING)
def test_a_route_takes_what_its_operation_takes_and_nothing_else(name: str) -> None:
    route = CHANGING[name]
    operation = REGISTRY[str(route.operation)]
    if not operation.numbered:
        return  # signing in takes a password, and gives an operation what that proves

    in_path = {part[1:-1] for part in route.path.split("/") if part.startswith("{")}
    in_body = {field.name for field in msgspec.structs.fields(route.body)} if route.body else set()

    assert in_path | in_body == {field.name for field in msgspec.structs.fields(operation.args)}


def test_no_two_refusals_have_the_same_code_and_another_sentence() -> None:
    sentences: dict[str, set[str]] = {}
    for kind in every_kind(Refusal):
        sentences.setdefault(kind.code, set()).add(kind.detail)

    assert {code: said for code, said in sentences.items() if len(said) > 1} == {}


def every_kind(kind: type[Refusal]) -> list[type[Refusal]]:
    """A class of refusals, and all below it."""
    return [kind, *(found for below in kind.__subclasses__() for found in every_kind(below))]


def test_imports_go_in_one_direction() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_feature_has_its_place_in_the_line() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    line = next(contract for contract in contracts if contract.get("containers") == ["taskflow.features"])

    there = {folder.name for folder in FEATURES.iterdir() if (folder / "__init__.py").exists()}

    assert there <= {layer.strip("()") for layer in line["layers"]}
    assert line["exhaustive"]
