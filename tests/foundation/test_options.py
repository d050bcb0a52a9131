"""Options: each kind of text, and how a table of them is shown to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from taskflow.foundation.options import networks, origin, url, urls


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgresql://localhost/taskflow",
        "postgresql:///taskflow?host=/run/postgresql",
        "postgresql://ada:p%40ss@[::1]:5432/taskflow?sslmode=require",
    ],
)
def test_an_address_of_a_database_is_kept_as_it_is_written(text: str) -> None:
    assert url("postgresql").parse(text) == text


@pytest.mark.parametrize(
    "text", ["localhost", "mysql://localhost", "postgresql://", "postgresql://db:port/x", "postgresql://[::1"]
)
def test_an_address_that_leads_nowhere_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the option says which, a kind only that
        url("postgresql").parse(text)


def test_several_addresses_stand_between_commas() -> None:
    assert urls("postgresql").parse("postgresql://a, postgresql://b,") == ("postgresql://a", "postgresql://b")


def test_a_single_address_is_a_network_of_its_own() -> None:
    assert [str(network) for network in networks().parse("10.0.0.7, ::1")] == ["10.0.0.7/32", "::1/128"]


@given(
    name=some.from_regex(r"[a-z][a-z0-9]{0,20}(\.[a-z]{2,8})?", fullmatch=True),
    port=some.none() | some.integers(1, 65535),
)
def test_an_origin_is_kept_without_the_slash_at_its_end(name: str, port: int | None) -> None:
    written = f"https://{name}" + (f":{port}" if port else "")

    assert origin().parse(written + "/") == origin().parse(written) == written
