"""Whatever a person keeps is the same after an export and an import."""

from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from taskflow.features.exports.model import KINDS, Thing
from taskflow.features.imports.asking import asked
from taskflow.features.imports.model import ImportTasks
from taskflow.features.imports.reading import Reading
from taskflow.features.imports.taskflow.file import read
from taskflow.features.imports.taskflow.forms import FORMS
from taskflow.foundation.backend import Backend
from taskflow.foundation.operation import REGISTRY, Args
from taskflow.foundation.refusal import Refusal
from tests.account import Person, new_person
from tests.features.exports.whole import compared, everything, exported
from tests.features.imports.arguments import imports
from tests.strategies import STRATEGIES

quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
full = settings(quick, max_examples=1000)
WRITES = [
    name for name, entry in REGISTRY.items() if entry.numbered and name.startswith(("create_", "update_", "delete_"))
]
anything = given(
    first=imports(),
    later=some.lists(
        some.sampled_from(sorted({*WRITES} - {"create_space", "create_invitation"})).flatmap(STRATEGIES.__getitem__),
        max_size=6,
    ),
)


@quick
@anything
async def test_an_export_imported_elsewhere_is_the_same(
    backend: Backend, first: ImportTasks, later: list[Args]
) -> None:
    await there_and_back(backend, [first, *later])


@pytest.mark.long
@full
@anything
async def test_any_export_imported_elsewhere_is_the_same(
    backend: Backend, first: ImportTasks, later: list[Args]
) -> None:
    await there_and_back(backend, [first, *later])


async def there_and_back(backend: Backend, history: list[Args]) -> None:
    """Do all this, export it, import it for somebody else."""
    one, other = await new_person(backend), await new_person(backend, "Grace")
    for args in history:
        await tried(one, args)
    document = await exported(one)

    done = await other.do(asked(reading(document), other.id))

    there = await everything(one)
    assert compared(other, await everything(other)) == compared(one, there)
    assert len(done["made"]) == sum(map(len, there.values()))
    assert (await other.do(asked(reading(document), other.id)))["made"] == []


async def tried(person: Person, args: Args) -> None:
    """Do it, if it may be done."""
    try:
        await person.do(args)
    except Refusal:
        return


def reading(document: bytes) -> Reading:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "export.json"
        file.write_bytes(document)
        found = read(file, lambda _done, _whole: None)
    assert found.remarks == []
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_of_a_thing_is_what_is_read_of_it(kind: str) -> None:
    form: type[Thing] = KINDS[kind]

    assert {field.name for field in msgspec.structs.fields(form)} == {*FORMS[kind].__struct_fields__}


async def test_an_id_that_stands_in_two_spaces_becomes_two_things(backend: Backend) -> None:
    one, two, other = [await new_person(backend) for _ in range(3)]
    task = {"id": str(UUID(int=5)), "title": "the same id"}
    for person in (one, two):
        await person.do(msgspec.convert({"tasks": [task]}, ImportTasks, dec_hook=lambda kind, text: kind(text)))
    documents = [msgspec.json.decode(await exported(person)) for person in (one, two)]
    merged = documents[0] | {"spaces": [document["spaces"][0] for document in documents]}

    await other.do(asked(reading(msgspec.json.encode(merged)), other.id))

    assert [task["title"] for task in (await everything(other))["tasks"]] == ["the same id"] * 2
