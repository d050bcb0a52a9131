"""The table of options for people: as a page of the documents, and as it stands on this machine."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from taskflow.foundation.options import Derived, Option
from taskflow.foundation.settings import FILE, OPTIONS, PREFIX, Given, load, read

INTRODUCTION = f"""\
# Configuration

Every option stands in the environment, or in `{FILE}` in the folder where the server is started, under its name in
lower case without `{PREFIX}`. The environment wins.

```toml
port = 8080
public_url = "https://tasks.example.com"
trusted_proxies = ["10.0.0.0/8"]
```

A secret can lie in a file of its own: `{PREFIX}DATABASE_URL_FILE=/run/secrets/database` (in `{FILE}`:
`database_url_file`). An unknown name or a value that cannot be used stops the start with one line that says which.
`taskflow settings` shows what holds on a machine, `taskflow doctor` whether it works.

This page is written by `make docs` from the table in `src/taskflow/foundation/settings.py`.

"""


def page() -> str:
    """docs/configuration.md."""
    rows = [("Option", "Default", "Takes", "What it is"), ("---",) * 4]
    rows += [
        (f"`{PREFIX}{name.upper()}`", _default(option), option.kind.allowed, _meaning(option))
        for name, option in OPTIONS.items()
    ]
    return INTRODUCTION + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _default(option: Option) -> str:
    if isinstance(option.default, Derived):
        return option.default.says
    return f"`{option.default}`" if option.default else "empty"


def _meaning(option: Option) -> str:
    secret = " A secret: `_FILE` works." if option.secret else ""
    missing = " **Not in this version**: refused when set." if not option.built else ""
    return option.says + secret + missing


def as_it_stands(environ: Mapping[str, str], folder: Path) -> str:
    """A line for each option: what it is with secrets masked, and where that stands. Raises BadSetting."""
    values = vars(load(environ, folder))
    given = read(environ, folder)
    width = max(len(name) for name in OPTIONS)
    lines = []
    for name, option in OPTIONS.items():
        stands = given.get(name) or Given(option.default_text(values), "default")
        lines.append(f"{name:{width}}  {shown(option, stands)}\n")
    return "".join(lines)


def shown(option: Option, given: Given) -> str:
    """One option for a person to read."""
    text = masked(given.text) if option.secret and given.text else given.text
    return f"{text or 'empty'} ({given.source})"


def masked(url: str) -> str:
    """A URL without what opens it: no user, no password, no parameters."""
    found = urlsplit(url)
    place = found.netloc.rpartition("@")[2]
    hidden = "***@" if "@" in found.netloc else ""
    return f"{found.scheme}://{hidden}{place}{found.path}" + ("?***" if found.query else "")
