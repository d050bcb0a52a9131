"""The documents: what they name exists, and the commands marked `checked` run."""

import re
import subprocess
from pathlib import Path

import pytest

from taskflow.configuration import page

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    file for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions") for file in folder.glob("*.md")
)
# Words that stand for any: a path with one of them is a pattern.
ANY = re.compile(r"FEATURE|NNNN|PHASE|WHAT|\.\.\.")
PATH = re.compile(r"`((?:\.ci|bench|deploy|docs|src|tests|web)/[^`\s]*)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
TARGET = re.compile(r"(?:^|`)make ([a-z][a-z-]+)", re.MULTILINE)
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def parts(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    found = [(str(file.relative_to(ROOT)), part) for file in DOCUMENTS for part in pattern.findall(file.read_text())]
    assert found
    return sorted(set(found))


def checked() -> list[tuple[str, str]]:
    """A block of shell commands whose fence says ```sh checked."""
    texts = ((file, BLOCK.findall(file.read_text())) for file in DOCUMENTS)
    return [
        (str(file.relative_to(ROOT)), code)
        for file, blocks in texts
        for language, mark, code in blocks
        if language == "sh" and mark.strip() == "checked"
    ]


@pytest.mark.parametrize(("document", "path"), [found for found in parts(PATH) if not ANY.search(found[1])])
def test_a_path_that_a_document_names_is_there(document: str, path: str) -> None:
    # What `make` builds is there after it, not in a fresh checkout.
    assert (ROOT / path).exists() or path == "src/taskflow/static", f"{document} names {path}"


@pytest.mark.parametrize(("document", "path"), parts(LINK))
def test_a_link_of_a_document_leads_somewhere(document: str, path: str) -> None:
    assert (ROOT / document).parent.joinpath(path).exists(), f"{document} links to {path}"


@pytest.mark.parametrize(("document", "target"), parts(TARGET))
def test_a_target_that_a_document_names_is_in_the_makefile(document: str, target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE), f"{document} names make {target}"


@pytest.mark.parametrize(("document", "code"), checked())
def test_a_checked_block_of_commands_runs(document: str, code: str) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, f"{document}: {code}{done.stdout}{done.stderr}"


def test_the_page_of_options_is_in_step_with_the_code() -> None:
    assert page() == (ROOT / "docs" / "configuration.md").read_text(), "run `make docs`"
