"""The build of the web app: done once for the same sources, and said in a line where it fails."""

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> ModuleType:
    spec = spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout whose build copies one file."""
    web = tmp_path / "web"
    (web / "node_modules").mkdir(parents=True)
    (tmp_path / "src" / "taskflow" / "static").mkdir(parents=True)
    build = "cp page.html ../src/taskflow/static/index.html && echo >> ../builds"
    (web / "package.json").write_text(json.dumps({"name": "a", "version": "0.0.0", "scripts": {"build": build}}))
    (web / "package-lock.json").write_text(
        '{"name": "a", "version": "0.0.0", "lockfileVersion": 3, "packages": {"": {"name": "a", "version": "0.0.0"}}}'
    )
    (web / "page.html").write_text("one")
    return tmp_path


def built(tree: Path) -> tuple[str, int]:
    page = (tree / "src" / "taskflow" / "static" / "index.html").read_text()
    return page, len((tree / "builds").read_text())


def test_the_web_app_is_built_once_and_again_when_a_source_changes(hook: ModuleType, tree: Path) -> None:
    hook.build(tree)
    hook.build(tree)
    assert built(tree) == ("one", 1)

    (tree / "web" / "page.html").write_text("two")
    hook.build(tree)

    assert built(tree) == ("two", 2)


def test_a_build_that_fails_says_which_step_and_is_tried_again(
    hook: ModuleType, tree: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tree / "web" / "page.html").unlink()

    with pytest.raises(SystemExit, match="`npm run build` failed"):
        hook.build(tree)
    assert "page.html" in capfd.readouterr().out

    (tree / "web" / "page.html").write_text("one")
    hook.build(tree)
    assert built(tree) == ("one", 1)


def test_a_lock_file_names_no_registry() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text()

    assert '"resolved": "http' not in lock
