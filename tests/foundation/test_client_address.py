"""Whose request it is, behind proxies that are trusted and clients that are not."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskflow.foundation.client_address import client_address, network_of

TRUSTED = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "1.2.3.4,unknown,10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "1.2.3.4, ,", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("fd00::1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "", "fe80::/64"),
        ("", "198.51.100.7", ""),
        ("10.0.0.1", "9" * 10_000, "10.0.0.1"),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_trusted_proxy(
    peer: str, forwarded: str, client: str
) -> None:
    assert client_address(peer, forwarded, TRUSTED) == client


@given(claimed=st.lists(st.one_of(st.ip_addresses().map(str), st.text(max_size=20)), max_size=8).map(",".join))
def test_what_a_client_writes_into_the_header_changes_nothing(claimed: str) -> None:
    assert client_address("198.51.100.7", claimed, TRUSTED) == "198.51.100.7"
    assert client_address("10.0.0.1", f"{claimed},198.51.100.7", TRUSTED) == "198.51.100.7"


@pytest.mark.parametrize(
    ("address", "network"),
    [("198.51.100.7", "198.51.100.0/24"), ("2001:db8:1:2::/64", "2001:db8:1:2::/64"), ("", "")],
)
def test_a_network_is_the_neighbourhood_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network
