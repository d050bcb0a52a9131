"""Every statement that the features may send: the named ones, and each shape of those that are composed."""

import pkgutil
from importlib import import_module
from types import ModuleType

from taskflow import features
from taskflow.features.tasks.lists.shapes import shapes
from taskflow.features.tasks.queries import composed
from taskflow.foundation.statements import ALL, Statement

MODULES: list[ModuleType] = [
    import_module(found.name)
    for found in pkgutil.walk_packages(features.__path__, "taskflow.features.")
    if found.name.endswith(".queries")
]
NAMED: dict[str, Statement[object]] = dict(sorted(ALL.items()))
SHAPES = [*shapes()]
COMPOSING = {"taskflow.features.tasks.queries"}  # whose shapes stand above
SQL: dict[str, str] = {name: statement.sql for name, statement in NAMED.items()}
SQL |= {f"list_tasks {number}": composed(shape).sql for number, shape in enumerate(SHAPES)}
