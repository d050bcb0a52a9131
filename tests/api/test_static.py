"""The files of the web app, answered from memory."""

from pathlib import Path
from typing import Any

import pytest

from taskflow.api.endpoint import Endpoint
from taskflow.api.static import StaticFiles
from taskflow.api.visit import Visit

FILES = {
    "index.html": b"<!doctype html>",
    "docs/index.html": b"<!doctype html><main>",
    "assets/app-1.js": b"run()",
    "assets/app-1.js.br": b"by brotli",
    "assets/app-1.js.gz": b"by gzip",
}


@pytest.fixture
def files(tmp_path: Path) -> StaticFiles:
    for name, body in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(body)
    return StaticFiles(tmp_path)


def ask(files: StaticFiles, *of: str) -> tuple[int, dict[bytes, bytes], bytes]:
    answer = files.answer(*of)
    assert answer is not None
    status, headers, body = answer
    return status, dict(headers), body


@pytest.mark.parametrize(
    ("taken", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", b"br", b"by brotli"),
        ("gzip;q=0.8", b"gzip", b"by gzip"),
        ("br;q=0, gzip;q=0.000", None, b"run()"),
        ("brotli, x-gzip", None, b"run()"),
        ("", None, b"run()"),
    ],
)
def test_a_browser_gets_the_smallest_form_that_it_takes(
    files: StaticFiles, taken: str, coding: bytes | None, body: bytes
) -> None:
    status, headers, answered = ask(files, "/assets/app-1.js", taken)

    assert (status, answered, headers.get(b"content-encoding")) == (200, body, coding)
    assert headers[b"content-type"] == b"text/javascript; charset=utf-8"
    assert headers[b"vary"] == b"accept-encoding"


def test_a_hashed_file_is_kept_for_a_year_and_a_page_is_asked_for_again(files: StaticFiles) -> None:
    _, hashed, _ = ask(files, "/assets/app-1.js")
    _, page, _ = ask(files, "/")

    assert hashed[b"cache-control"] == b"public, max-age=31536000, immutable"
    assert page[b"cache-control"] == b"no-cache"


def test_a_page_that_has_not_changed_is_not_sent_again(files: StaticFiles) -> None:
    _, headers, _ = ask(files, "/")
    held = headers[b"etag"].decode()

    status, again, body = ask(files, "/", "", f'"other", W/{held}')

    assert (status, body) == (304, b"")
    assert again[b"etag"] == headers[b"etag"]
    assert ask(files, "/", "", '"other"')[0] == 200


def test_each_form_has_an_etag_of_its_own(files: StaticFiles) -> None:
    etags = {ask(files, "/assets/app-1.js", coding)[1][b"etag"] for coding in ("br", "gzip", "")}

    assert len(etags) == 3


def test_no_page_runs_a_script_from_elsewhere_or_stands_in_a_frame(files: StaticFiles) -> None:
    for path in ("/", "/api/docs"):
        _, headers, _ = ask(files, path)
        policy = headers[b"content-security-policy"]

        assert b"default-src 'self'" in policy
        assert b"frame-ancestors 'none'" in policy
        assert b"unsafe" not in policy
        assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    "path",
    ["/index.html", "/docs/index.html", "/assets/app-1.js.br", "/assets", "/../index.html", "//", "/assets/../", ""],
)
def test_no_other_path_is_a_file(files: StaticFiles, path: str) -> None:
    assert files.answer(path) is None


async def test_an_answer_says_its_length_once_and_one_without_a_body_says_none(files: StaticFiles) -> None:
    for held, lengths in (("", [b"15"]), ("*", [])):
        sent: list[Any] = []

        async def send(message: Any, sent: list[Any] = sent) -> None:
            sent.append(message)

        headers = [(b"if-none-match", held.encode())]
        scope = {"method": "GET", "path": "/", "headers": headers, "state": {"visit": Visit(None)}}
        await Endpoint(files, None)(scope, None, send)

        assert [value for name, value in sent[0]["headers"] if name == b"content-length"] == lengths


def test_where_nothing_is_built_there_is_nothing(tmp_path: Path) -> None:
    assert StaticFiles(tmp_path / "static").answer("/") is None
