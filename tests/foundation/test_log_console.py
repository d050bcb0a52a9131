from taskflow.foundation.telemetry.log_console import console

REQUEST = {
    "time": "2026-11-24T12:00:00.123Z",
    "level": "info",
    "event": "request",
    "id": "abc",
    "method": "GET",
    "route": "/api/v1/tasks",
    "path": "/api/v1/tasks",
    "status": 404,
    "ms": 1.25,
    "bytes": 12_345,
    "account": None,
}


def test_a_request_is_one_line_in_columns() -> None:
    line = console(colours=False)(REQUEST).decode()

    assert line[2::3][:2] == "::"
    assert line[8:] == f".123 GET    {'/api/v1/tasks':<36} 404      1.2 ms   12.3 kB  abc\n"


def test_the_status_is_coloured_on_a_terminal() -> None:
    line = console(colours=True)(REQUEST).decode()

    assert "\x1b[33m404\x1b[0m" in line


def test_an_event_tells_its_fields_and_a_trace_keeps_its_lines() -> None:
    line = console(colours=False)({"level": "error", "event": "broken", "port": 80, "trace": "one\ntwo"}).decode()

    assert line == " error  broken  port=80\none\ntwo\n"


def test_a_logged_text_cannot_command_the_terminal() -> None:
    line = console(colours=False)(REQUEST | {"path": "/\x1b[2J\r\n\x9b\ud800\u2028"}).decode()

    assert line.count("\n") == 1
    assert all(character.isprintable() for character in line[:-1])
