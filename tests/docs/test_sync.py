"""The page for authors of clients: its program runs, and what it lists is what there is."""

import asyncio
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec
import pytest

from taskflow.api.openapi import every_refusal
from taskflow.api.socket import Code
from taskflow.features.sync.taken import NOT_COMMANDS
from taskflow.foundation.operation import REGISTRY
from taskflow.foundation.settings import Settings
from tests.docs.test_documents import BLOCK, ROOT
from tests.features.sync.live.sockets import LONG_S, serving
from tests.web.bundled import NODE

PAGE = (ROOT / "docs" / "sync.md").read_text()
COMMANDS = {name: each for name, each in REGISTRY.items() if each.numbered and name not in NOT_COMMANDS}


@pytest.fixture(scope="module")
def requests() -> dict[str, Any]:
    """What the API's description says of each request, by its operationId."""
    described = msgspec.json.decode((ROOT / "web" / "openapi.json").read_bytes())
    return {
        told["operationId"]: {**told, "forms": described["components"]["schemas"]}
        for methods in described["paths"].values()
        for told in methods.values()
    }


async def test_the_program_of_the_page_runs(settings: Settings, tmp_path: Path) -> None:
    program = tmp_path / "client.mjs"
    program.write_text("\n".join(code for _, mark, code in BLOCK.findall(PAGE) if mark.strip() == "served"))

    async with serving(settings) as process, asyncio.timeout(LONG_S):
        environment = {"SERVER": f"http://127.0.0.1:{process.port}"}
        ran = await asyncio.create_subprocess_exec(
            NODE, program, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await ran.communicate()

    assert ran.returncode == 0, said.decode()


def test_the_page_names_every_type_of_command() -> None:
    [named] = re.findall(r"^There are `.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)

    assert set(re.findall(r"`(\w+)`", named)) == COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_takes_the_body_and_the_ids_of_the_request_of_its_name(name: str, requests: dict[str, Any]) -> None:
    request = requests[name]
    ids = {each["name"] for each in request["parameters"] if each["in"] == "path"}
    body: set[str] = set()
    if "requestBody" in request:
        form = request["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        body = set(request["forms"][form]["properties"])

    assert {field.encode_name for field in msgspec.structs.fields(COMMANDS[name].args)} == body | ids


def test_the_page_names_every_close_code() -> None:
    assert {int(code) for code in re.findall(r"^\| (\d{4}) \|", PAGE, re.MULTILINE)} == set(Code)


def test_the_codes_and_statuses_of_the_page_are_answered() -> None:
    codes = set(re.findall(r"^\| `(\w+)` \| (?:keep|send|the thing)", PAGE, re.MULTILINE))
    statuses = {int(status) for status in re.findall(r"^\| (\d{3})(?:, (?:\d{3}))? \|", PAGE, re.MULTILINE)}

    assert codes == {"upgrade_required", "moved", "deleted"}
    assert codes <= every_refusal()
    assert statuses <= set(HTTPStatus)
