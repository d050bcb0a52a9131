"""What an option is, and how the text of each kind of option becomes a value."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Parse = Callable[[str], Any]
_host_name = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*\.?")


@dataclass(frozen=True)
class Kind:
    """How a text is read; `parse` raises ValueError where it is not one of `allowed`."""

    parse: Parse
    allowed: str


@dataclass(frozen=True)
class Derived:
    """A default that follows from the options above it."""

    says: str
    text: Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Option:
    """One option: its default (as it would be typed), its kind, and what it does in a sentence."""

    default: str | Derived
    kind: Kind
    says: str
    secret: bool = False
    built: bool = True

    def default_text(self, above: Mapping[str, Any]) -> str:
        """What would be typed for the default, with the values of the options above this one."""
        return self.default if isinstance(self.default, str) else self.default.text(above)


def number(least: int, most: int) -> Kind:
    """A whole number between two others, both allowed."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return Kind(parse, f"a whole number from {least} to {most}")


def one_of(*words: str) -> Kind:
    """One word of a few, in any case."""

    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError
        return text.lower()

    return Kind(parse, " or ".join(word for word in words if word))


def yes_or_no() -> Kind:
    """A truth value, as people write it."""
    words = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}

    def parse(text: str) -> bool:
        if text.lower() not in words:
            raise ValueError
        return words[text.lower()]

    return Kind(parse, "true or false")


def host() -> Kind:
    """A name or an address to listen on."""

    def parse(text: str) -> str:
        if not _host_name.fullmatch(text):
            ip_address(text)
        return text

    return Kind(parse, "a host name or an IP address, without a port")


def folder() -> Kind:
    """A folder, made absolute; `~` is the home of who starts it."""

    def parse(text: str) -> Path:
        try:
            return Path(text).expanduser().absolute()
        except RuntimeError as no_home:
            raise ValueError from no_home

    return Kind(parse, "a folder (~ where there is a home)")


def url(*schemes: str) -> Kind:
    """An address of one of some schemes, or nothing."""

    def parse(text: str) -> str:
        if text and (urlsplit(text).scheme not in schemes or not _has_place(text)):
            raise ValueError
        return text

    return Kind(parse, " or ".join(f"{scheme}://" for scheme in schemes))


def urls(*schemes: str) -> Kind:
    """Several addresses, comma-separated."""
    each = url(*schemes)
    return Kind(lambda text: tuple(each.parse(part) for part in _parts(text)), f"{each.allowed}, comma-separated")


def origin() -> Kind:
    """Where a browser finds it: scheme, host and perhaps a port, no path; kept without a slash at the end."""

    def parse(text: str) -> str:
        found = urlsplit(text.rstrip("/"))
        if found.scheme not in {"http", "https"} or found.netloc != _netloc(found.hostname, found.port):
            raise ValueError
        if found.path or found.query or found.fragment:
            raise ValueError
        return f"{found.scheme}://{found.netloc}"

    return Kind(parse, "http://HOST or https://HOST, perhaps with a port, without a path")


def networks() -> Kind:
    """Networks in CIDR notation, comma-separated."""

    def parse(text: str) -> tuple[Network, ...]:
        return tuple(ip_network(part) for part in _parts(text))

    return Kind(parse, "networks like 10.0.0.0/8 (no bits set beyond the prefix), comma-separated")


def _has_place(text: str) -> bool:
    """A host with a sound port, or a path (a socket, a folder)."""
    found = urlsplit(text)
    return found.port != 0 and bool(found.hostname or found.path.strip("/") or found.query)


def _netloc(name: str | None, port: int | None) -> str:
    if not name:
        raise ValueError
    host().parse(name)
    shown = f"[{name}]" if ":" in name else name
    return shown if port is None else f"{shown}:{port}"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
