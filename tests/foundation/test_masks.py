import asyncpg
import pytest

from taskflow.foundation.telemetry.masks import LONGEST, masked

JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("no account for ada.l+x@mail.example.com here", "no account for [e-mail] here"),
        (f"bad token {JWT}!", "bad token [token]!"),
        ("Authorization: Bearer abc.def-123", "Authorization: [masked]"),
        ("{'authorization': 'Bearer abc'}", "{'authorization': [masked]"),
        ("sent Bearer abc.def-123 twice", "sent Bearer [masked] twice"),
        ("Cookie: taskflow_refresh=abc; other=1", "Cookie: [masked]"),
        ("(b'cookie', b'taskflow_refresh=abc')", "(b'cookie', [masked]"),
        ("refresh_token=abc123, next", "refresh_token=[masked], next"),
        ('{"password": "hunter2 and more", "name": 1}', '{"password": [masked], "name": 1}'),
        ("cannot reach postgres://me:hunter2@db:5432/x", "cannot reach postgres://[masked]@db:5432/x"),
        ("GET /api/v1/tasks?q=secret HTTP/1.1", "GET /api/v1/tasks?[masked] HTTP/1.1"),
        (
            "invalid input for query argument $2: 'my diary' (expected int)",
            "invalid input for query argument $2: [masked]",
        ),
        ("why? it is = so", "why? it is = so"),
    ],
)
def test_what_opens_something_or_names_someone_is_masked(text: str, instead: str) -> None:
    assert masked(text) == instead


def test_the_row_that_postgresql_quotes_is_masked_to_its_last_line() -> None:
    error = asyncpg.UniqueViolationError("duplicate key")
    error.detail = "Key (title)=(my\n\ndiary) already exists."
    error.hint = "Take another."

    assert masked(f"X: {error}\n\nThe above exception") == (
        "X: duplicate key\nDETAIL: [masked]\nHINT:  Take another.\n\nThe above exception"
    )


def test_a_long_text_is_cut_and_keeps_both_ends() -> None:
    text = masked("begin " + "a" * 5_000_000 + "@end")

    assert (text[:6], text[-4:], len(text)) == ("begin ", "@end", LONGEST)
