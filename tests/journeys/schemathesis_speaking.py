"""Speaking to the product beside the run of schemathesis: to make what it then asks for."""

import os
from typing import Any

import httpx

URL, EMAIL, PASSWORD = (os.environ.get(f"TASKFLOW_TEST_{name}", "") for name in ("URL", "EMAIL", "PASSWORD"))


def ask(method: str, path: str, token: str, body: Any = None) -> Any:
    """The answer's JSON; raises HTTPStatusError where it is a no."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.request(method, URL + path, headers=headers, json=body, timeout=30).raise_for_status().json()
