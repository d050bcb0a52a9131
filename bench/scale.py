"""The scale of the model: many rows that one request moves, and many spaces that one request reads."""

import csv
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.product import Product

TASKFLOW = Path(sys.executable).with_name("taskflow")
SPACES, EACH = 99, 20  # beside the personal one
PROJECT, IMPORT = 5_000, 10_000
EMAIL = "scale@example.com"


class Timed:
    """How long something took, and the CPU that it cost the product's parts, in milliseconds."""

    def __init__(self, seconds: float, parts: dict[str, float]) -> None:
        self.wall = seconds * 1e3
        self.parts = {part: spent * 1e3 for part, spent in parts.items()}
        self.all = sum(self.parts.values())


def scale(product: Product) -> Iterator[tuple[str, Timed]]:
    """Each measure, on an account of its own."""
    asked = {"email": EMAIL, "password": "correct horse scale battery", "name": "Scale"}
    token = product.call("POST", "/api/v1/auth/register", asked)["access_token"]
    yield f"import of {IMPORT:,} tasks", timed(product, lambda: bring_in(product, "Everything", IMPORT))
    bring_in(product, "Large", PROJECT)
    yield from project(product, token)
    yield from spaces(product, token)


def project(product: Product, token: str) -> Iterator[tuple[str, Timed]]:
    """A project of 5,000 tasks is deleted, brought back and given a space of its own."""
    projects = product.call("GET", "/api/v1/projects?limit=200", token=token)["items"]
    large = next(each["id"] for each in projects if each["name"] == "Large")
    path = f"/api/v1/projects/{large}"
    yield f"a project of {PROJECT:,} tasks deleted", timed(product, lambda: product.call("DELETE", path, token=token))
    deletion = product.call("GET", "/api/v1/trash", token=token)["items"][0]
    undone = {"kind": "project", "id": large, "seq": deletion["seq"]}
    yield "undone", timed(product, lambda: product.call("POST", "/api/v1/undo", undone, token))
    yield "shared", timed(product, lambda: product.call("POST", f"{path}/share", {}, token))


def spaces(product: Product, token: str) -> Iterator[tuple[str, Timed]]:
    """A list over a hundred spaces."""
    have = len(product.call("GET", "/api/v1/spaces", token=token)["items"])
    for n in range(SPACES + 1 - have):
        made = product.call("POST", "/api/v1/spaces", {"name": f"Team {n}"}, token)
        for t in range(EACH):
            product.call("POST", f"/api/v1/tasks?space={made['id']}", {"title": f"Buy milk {t}"}, token)
    listed = "/api/v1/tasks?space=all&sort=due&limit=50"
    product.call("GET", listed, token=token)
    yield f"{SPACES + 1} spaces listed", timed(product, lambda: product.call("GET", listed, token=token))


def bring_in(product: Product, name: str, tasks: int, email: str = EMAIL) -> None:
    """Import a project of so many tasks; raises RuntimeError where that was refused."""
    file = product.folder / f"{name}.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(["TYPE", "CONTENT", "DESCRIPTION", "PRIORITY", "INDENT", "DATE"])
        for n in range(tasks):
            writer.writerow(["task", f"Call the plumber {n} @home", "before noon", 1 + n % 4, 1 + n % 2, "2027-01-15"])
    command = [TASKFLOW, "import", "todoist", str(file), "--account", email]
    said = subprocess.run(command, env=product.environment, capture_output=True, text=True, check=False)
    if said.returncode:
        raise RuntimeError(said.stderr)


def timed(product: Product, act: Callable[[], Any]) -> Timed:
    """Do it once."""
    before, commanded, began = product.cpu(), children(), time.monotonic()
    act()
    seconds, after = time.monotonic() - began, product.cpu()
    spent = {part: after[part] - before[part] for part in after}
    return Timed(seconds, {**spent, "server": spent["server"] + children() - commanded})


def children() -> float:
    """CPU seconds of the commands that have ended: an import is a process of its own."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
