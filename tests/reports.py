"""Reports cross a pipe between processes of the suite, and it takes no lone surrogates: they are spelt out."""

from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, Any] | None, Any]:
    return spelt_out((yield))


def spelt_out(part: object) -> object:
    if isinstance(part, str):
        return part.encode("utf-8", "backslashreplace").decode()
    if isinstance(part, dict):
        return {spelt_out(name): spelt_out(value) for name, value in part.items()}
    if isinstance(part, list):
        return [spelt_out(each) for each in part]
    if isinstance(part, tuple):
        return tuple(spelt_out(each) for each in part)
    return part
