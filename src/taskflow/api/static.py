"""The built web app, read into memory once and answered from there."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path, PurePosixPath

from taskflow.api.answer import NOSNIFF

Headers = list[tuple[bytes, bytes]]
Answer = tuple[int, Headers, bytes]

# Best first; the build puts each beside its file under this ending.
CODINGS = {"br": ".br", "gzip": ".gz"}
# Said here, not asked of the machine: its table of types differs from one to the next.
TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".md": b"text/plain; charset=utf-8",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".webmanifest": b"application/manifest+json",
    ".woff2": b"font/woff2",
}
# Where a page is served that does not lie at its own path.
PLACES = {"index.html": "/", "docs/index.html": "/api/docs"}

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# The pictures of the API's documentation are data: addresses.
DOCS_POLICY = POLICY.replace("blob:", "data:")

SECURITY: Headers = [
    NOSNIFF,
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


@dataclass(frozen=True, slots=True)
class Form:
    """One file in one coding, with all that is said of it."""

    etag: str
    headers: Headers
    body: bytes


class StaticFiles:
    """The files below a folder by the path that they are served at; a missing folder has none."""

    def __init__(self, folder: Path) -> None:
        self.files = {place(name): dict(forms(folder, name)) for name in names(folder)}

    def answer(self, path: str, accept_encoding: str = "", if_none_match: str = "") -> Answer | None:
        """Status, headers and body of what lies at this path, or None. Looks at no disk."""
        file = self.files.get(path)
        if file is None:
            return None
        form = file[choose(file, accept_encoding)]
        if form.etag in if_none_match or if_none_match == "*":
            return HTTPStatus.NOT_MODIFIED, form.headers, b""
        return HTTPStatus.OK, form.headers, form.body


def names(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.suffix in TYPES:
            yield file.relative_to(folder).as_posix()


def place(name: str) -> str:
    return PLACES.get(name, f"/{name}")


def forms(folder: Path, name: str) -> Iterator[tuple[str, Form]]:
    yield "", form(name, "", (folder / name).read_bytes())
    for coding, ending in CODINGS.items():
        packed = folder / f"{name}{ending}"
        if packed.exists():
            yield coding, form(name, coding, packed.read_bytes())


def form(name: str, coding: str, body: bytes) -> Form:
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = [
        (b"content-type", TYPES[PurePosixPath(name).suffix]),
        (b"cache-control", b"public, max-age=31536000, immutable" if name.startswith("assets/") else b"no-cache"),
        (b"etag", etag.encode()),
        (b"vary", b"accept-encoding"),
        (b"content-security-policy", (DOCS_POLICY if name.startswith("docs/") else POLICY).encode()),
        *SECURITY,
    ]
    return Form(etag, [*headers, (b"content-encoding", coding.encode())] if coding else headers, body)


def choose(file: dict[str, Form], accept_encoding: str) -> str:
    """The best coding that is there and taken (RFC 9110, 12.5.3); "" is none."""
    taken = {
        coding.strip(): weight
        for coding, _, weight in (part.partition(";") for part in accept_encoding.lower().split(","))
    }
    return next((coding for coding in CODINGS if coding in file and is_wanted(taken.get(coding))), "")


def is_wanted(weight: str | None) -> bool:
    return weight is not None and weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
