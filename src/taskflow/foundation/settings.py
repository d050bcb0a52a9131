"""The options of a server: one table, read from the environment and from `taskflow.toml`."""

import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_type_hints

from taskflow.foundation.limits import Rate
from taskflow.foundation.options import (
    Derived,
    Kind,
    Network,
    Option,
    folder,
    host,
    networks,
    number,
    one_of,
    origin,
    url,
    urls,
    yes_or_no,
)

PREFIX = "TASKFLOW_"
FILE = "taskflow.toml"
RATE = Kind(Rate.parse, "a limit like 100/15m: N/Ns, N/Nm, N/Nh or N/Nd")
POSTGRES = ("postgresql", "postgres")


class BadSetting(Exception):
    """An option that cannot be used; its text is one line that says which, why, and what can be."""


class Given(NamedTuple):
    """The text of an option and where it stands (empty: it is the default)."""

    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every option, read and checked. `load` makes one."""

    host: Annotated[str, Option("localhost", host(), "Where it listens. `localhost` is both 127.0.0.1 and ::1.")]
    port: Annotated[int, Option("8000", number(1, 65535), "The port it listens on.")]
    workers: Annotated[int, Option("1", number(1, 256), "How many processes answer requests.")]
    data_dir: Annotated[
        Path,
        Option(
            "~/.local/share/taskflow", folder(), "Where the data lies: databases, files, keys. `make run` says ./data."
        ),
    ]
    database_url: Annotated[
        str, Option("", url(*POSTGRES), "PostgreSQL to use. Empty: the embedded one, in the data folder.", secret=True)
    ]
    migration_database_url: Annotated[
        str,
        Option(
            Derived("the same login", lambda above: str(above["database_url"])),
            url(*POSTGRES),
            "The login that changes the schema. Requests are served as the application role either way.",
            secret=True,
        ),
    ]
    replica_urls: Annotated[
        tuple[str, ...], Option("", urls(*POSTGRES), "Replicas that reads may go to.", secret=True, built=False)
    ]
    pool_size: Annotated[int, Option("20", number(1, 500), "Connections to PostgreSQL, at most, of each process.")]
    redis_url: Annotated[
        str,
        Option(
            "",
            url("redis", "rediss", "unix"),
            "Redis or Valkey to use. Empty: the embedded Valkey, on a socket in the data folder.",
            secret=True,
        ),
    ]
    storage_url: Annotated[
        str, Option("", url("file", "s3"), "Where files lie. Empty: the data folder.", secret=True, built=False)
    ]
    public_url: Annotated[
        str,
        Option(
            Derived("`http://localhost:PORT`", lambda above: f"http://localhost:{above['port']}"),
            origin(),
            "Where browsers find it. Set it on every deployed server: links, origins and cookies follow from it.",
        ),
    ]
    trusted_proxies: Annotated[
        tuple[Network, ...], Option("", networks(), "Proxies whose `X-Forwarded-For` is believed.")
    ]
    rate_limit_ip: Annotated[Rate, Option("100/15m", RATE, "Requests of one address without a valid token.")]
    rate_limit_user: Annotated[Rate, Option("1000/1h", RATE, "Requests of one user, or of one API token.")]
    rate_limit_auth: Annotated[
        Rate,
        Option("5/15m", RATE, "Failed tries of a secret, and registrations, by address and by account and network."),
    ]
    secure_cookies: Annotated[
        bool,
        Option(
            Derived(
                "true where the public address is https",
                lambda above: "true" if above["public_url"].startswith("https:") else "false",
            ),
            yes_or_no(),
            "Cookies are sent over TLS only, under a name that says so. Safari keeps no such cookie of http://localhost.",
        ),
    ]
    smtp_url: Annotated[str, Option("", url("smtp", "smtps"), "Where mail is handed in.", secret=True, built=False)]
    sentry_dsn: Annotated[str, Option("", url("http", "https"), "Where errors are reported.", secret=True, built=False)]
    log_level: Annotated[
        str, Option("info", one_of("debug", "info", "warning", "error"), "The least grave line that is logged.")
    ]
    log_format: Annotated[
        str,
        Option(
            Derived("console on a terminal, else json", lambda _: "console" if sys.stderr.isatty() else "json"),
            one_of("json", "console"),
            "A line of JSON for each entry, or one for people.",
        ),
    ]
    role: Annotated[
        str,
        Option(
            "",
            one_of("", "api", "live", "worker"),
            "The one part that this process plays. Empty: all of them.",
            built=False,
        ),
    ]


OPTIONS: Mapping[str, Option] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Settings, include_extras=True).items()
}


def load(environ: Mapping[str, str], folder: Path) -> Settings:
    """The settings of a server started in `folder`; the environment wins over its file. Raises BadSetting."""
    given = read(environ, folder)
    values: dict[str, Any] = {}
    for name in OPTIONS:
        values[name] = _value(name, given.get(name), values)
    return Settings(**values)


def read(environ: Mapping[str, str], folder: Path) -> dict[str, Given]:
    """The text of every option that is set, files of secrets already read. Raises BadSetting."""
    written = _gather(_written(folder / FILE), lambda name: f"{name} in {FILE}")
    exported = _gather(_exported(environ), lambda name: PREFIX + name.upper())
    return written | exported


def _written(file: Path) -> dict[str, str]:
    try:
        with file.open("rb") as opened:
            return {name: _text(name, value) for name, value in tomllib.load(opened).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else failure
        raise BadSetting(f"{FILE} cannot be read: {reason}") from failure


def _text(name: str, value: object) -> str:
    """What would be typed in the environment for a value of TOML."""
    if isinstance(value, bool | int | str):
        return str(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ",".join(value)
    raise BadSetting(f"{name} in {FILE} is neither a text, a number, true, false nor a list of texts.")


def _exported(environ: Mapping[str, str]) -> dict[str, str]:
    """The suite's own names belong to it; an empty one is as good as none."""
    ours = (name for name in sorted(environ) if name.startswith(PREFIX) and not name.startswith("TASKFLOW_TEST_"))
    return {name.removeprefix(PREFIX): environ[name] for name in ours if environ[name] != ""}


def _gather(texts: Mapping[str, str], called: Callable[[str], str]) -> dict[str, Given]:
    """Texts by the option's name, from one source that calls them so."""
    found: dict[str, Given] = {}
    for key, text in texts.items():
        name = key.lower()
        option = name.removesuffix("_file") if name.endswith("_file") else name
        if option not in OPTIONS or (option != name and not OPTIONS[option].secret):
            raise BadSetting(_unknown(name, called))
        if option in found:
            raise BadSetting(f"{called(option)} and {called(option + '_file')} are both set: leave one out.")
        found[option] = Given(text if option == name else _content(called(name), Path(text)), called(name))
    return found


def _unknown(name: str, called: Callable[[str], str]) -> str:
    near = get_close_matches(
        name, [*OPTIONS, *(f"{known}_file" for known, option in OPTIONS.items() if option.secret)], 1
    )
    return f"{called(name)} is no option of TaskFlow" + (f": did you mean {called(near[0])}?" if near else ".")


def _content(called: str, file: Path) -> str:
    """What a file of a secret holds, without the end of its line."""
    try:
        text = file.expanduser().read_text().strip()
    except (OSError, RuntimeError, ValueError) as failure:
        reason = failure.strerror if isinstance(failure, OSError) else failure
        raise BadSetting(f"{called} names {str(file)!r}, which cannot be read: {reason}") from failure
    if not text:
        raise BadSetting(f"{called} names {str(file)!r}, which is empty.")
    return text


def _value(name: str, given: Given | None, above: Mapping[str, Any]) -> object:
    """What an option is, with those above it in the table at hand."""
    option = OPTIONS[name]
    if given and not option.built:
        raise BadSetting(f"{given.source} is set, but this version of TaskFlow has nothing for it yet: leave it out.")
    text, source = given or Given(option.default_text(above), PREFIX + name.upper())
    try:
        if not text.isprintable():
            raise ValueError
        return option.kind.parse(text)
    except ValueError:
        seen = "is not usable" if option.secret else f"is {text!r}"
        raise BadSetting(f"{source} {seen}: it takes {option.kind.allowed}") from None
