"""What operators ask, and who may not."""

import pytest

from tests.client import Client


async def test_metrics_are_for_the_own_network_and_never_go_through_a_proxy(client: Client) -> None:
    assert (await client.get("/metrics")).status_code == 200

    for name in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
        assert (await client.get("/metrics", headers={name: "1.1 proxy"})).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/tasks", "/api/v1/me", "/api/openapi.json", "/api/nothing"])
async def test_no_browser_takes_an_answer_for_something_else(ada: Client, path: str) -> None:
    for method in ("GET", "PUT"):
        assert (await ada.call(method, path)).headers.get_list("x-content-type-options") == ["nosniff"]
