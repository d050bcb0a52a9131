"""The command line: `taskflow serve`, `taskflow doctor` and the rest."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from taskflow import __version__
from taskflow.foundation.embedded.data_folder import Unusable
from taskflow.foundation.settings import PREFIX, BadSetting, Settings, load

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. What is expected to fail says so in one line."""
    asked = _parser().parse_args(arguments)
    command: Command = asked.command
    try:
        status = command(asked)
        sys.stdout.flush()
    except (BadSetting, Unusable) as failure:
        print(f"taskflow: {' '.join(str(failure).split())}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Who read the output has gone (`| head`); Python would complain once more while it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def serve(asked: argparse.Namespace) -> int:
    read = settings(asked)
    from taskflow.serve import serve as run

    return run(read)


def migrate(asked: argparse.Namespace) -> int:
    read = settings(asked)
    from taskflow.serve import migrate as run

    return run(read)


def import_(asked: argparse.Namespace) -> int:
    read = settings(asked)
    from taskflow.features.imports.command import run

    return run(read, asked.source, asked.file, asked.account)


def export(asked: argparse.Namespace) -> int:
    read = settings(asked)
    from taskflow.features.exports.command import run

    return run(read, asked.account, asked.space, asked.format, asked.output)


def doctor(_asked: argparse.Namespace) -> int:
    from taskflow.doctor.report import examine

    return examine(os.environ, here())


def show_settings(asked: argparse.Namespace) -> int:
    from taskflow.configuration import as_it_stands, page

    sys.stdout.write(page() if asked.markdown else as_it_stands(os.environ, here()))
    return 0


def openapi(_asked: argparse.Namespace) -> int:
    from taskflow.app import openapi as document

    sys.stdout.buffer.write(document())
    return 0


def version(_asked: argparse.Namespace) -> int:
    print(f"taskflow {__version__}")
    return 0


def settings(asked: argparse.Namespace) -> Settings:
    """The settings, those given on the command line before all others. Raises BadSetting."""
    typed = {PREFIX + name.upper(): getattr(asked, name, None) for name in ("host", "port", "workers")}
    return load({**os.environ, **{name: text for name, text in typed.items() if text is not None}}, here())


def here() -> Path:
    """The folder that this was started in. Raises BadSetting."""
    try:
        return Path.cwd()
    except FileNotFoundError as gone:
        raise BadSetting("the folder that this was started in is gone: change to another one.") from gone


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="taskflow",
        description="A task manager for people and teams.",
        epilog="Options stand in the environment (TASKFLOW_PORT=8080) or in taskflow.toml (port = 8080); "
        "`taskflow settings` shows them all.",
    )
    parser.add_argument("--version", action="version", version=f"taskflow {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, command: Command, says: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=says, description=says)
        made.set_defaults(command=command)
        return made

    serving = add("serve", serve, "serve the API and the web app")
    serving.add_argument("--host", help="where to listen (TASKFLOW_HOST)")
    serving.add_argument("--port", help="the port to listen on (TASKFLOW_PORT)")
    serving.add_argument("--workers", help="how many processes answer (TASKFLOW_WORKERS)")
    add("migrate", migrate, "bring the configured database up to date")
    importing = add("import", import_, "import a file of another program into an account's personal space")
    importing.add_argument(
        "source", choices=["todoist", "taskwarrior", "taskflow"], help="the program that wrote the file"
    )
    importing.add_argument("file", metavar="FILE")
    importing.add_argument("--account", required=True, metavar="EMAIL", help="whose personal space")
    exporting = add("export", export, "write all that an account keeps as JSON, or its tasks as CSV")
    exporting.add_argument("--account", required=True, metavar="EMAIL", help="whose things")
    exporting.add_argument("--space", metavar="ID", help="a space of the account, or `all` (default: the personal one)")
    exporting.add_argument("--format", choices=["json", "csv"], default="json", help="everything, or a table of tasks")
    exporting.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: the standard output)")
    add("doctor", doctor, "say what is configured, what answers, and what to do about what does not")
    showing = add("settings", show_settings, "show every option as it stands here, secrets masked")
    showing.add_argument("--markdown", action="store_true", help="print the page of the documents instead")
    add("openapi", openapi, "print the API's description (OpenAPI 3.1)")
    add("version", version, "print the version")
    return parser
