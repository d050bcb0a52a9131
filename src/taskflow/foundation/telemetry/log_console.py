"""A log line for a person at a terminal: short, in columns, the status in colour."""

from collections.abc import Callable
from datetime import datetime

from taskflow.foundation.telemetry.log_json import ESCAPES, fields_of

DIM, RED, YELLOW, GREEN, CYAN = "2", "31", "33", "32", "36"
LEVEL_COLOURS = {"debug": DIM, "info": GREEN, "warning": YELLOW, "error": RED}
STATUS_COLOURS = {2: GREEN, 3: CYAN, 4: YELLOW, 5: RED}
# A text that was logged cannot move the cursor, change colours or begin a line.
CONTROLS = {code: f"\\x{code:02x}" for code in range(0x20)} | ESCAPES
TRACE = {code: text for code, text in CONTROLS.items() if code != ord("\n")}


def console(*, colours: bool) -> Callable[[object], bytes]:
    """The form of a line for a terminal, for `Log(form=...)`."""

    def line(entry: object) -> bytes:
        fields = fields_of(entry)
        clock = painted(local(str(fields.pop("time", ""))), DIM)
        rest = request(fields) if fields.get("event") == "request" else event(fields)
        return f"{clock} {rest}\n".encode("utf-8", "replace")

    def request(fields: dict[str, object]) -> str:
        status = int(str(fields["status"]))
        place = f"{safe(fields['method']):<6} {safe(fields['path']):<36}"
        size = f"{float(str(fields['ms'])):>8.1f} ms {sized(int(str(fields['bytes']))):>9}"
        coloured = painted(str(status), STATUS_COLOURS.get(status // 100, RED))
        return f"{place} {coloured} {size}  {painted(safe(fields['id']), DIM)}"

    def event(fields: dict[str, object]) -> str:
        level, said, trace = str(fields.pop("level", "")), safe(fields.pop("event", "")), str(fields.pop("trace", ""))
        told = "  ".join(f"{painted(f'{name}=', DIM)}{safe(value)}" for name, value in fields.items())
        first = f"{painted(f'{level:<7}', LEVEL_COLOURS.get(level, DIM))}{said}{'  ' if told else ''}{told}"
        return f"{first}\n{trace.translate(TRACE)}" if trace else first

    def painted(text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if colours else text

    return line


def local(time: str) -> str:
    """The time of day where the terminal is."""
    return datetime.fromisoformat(time).astimezone().strftime("%H:%M:%S.%f")[:-3] if time else ""


def safe(value: object) -> str:
    return str(value).translate(CONTROLS)


def sized(count: int) -> str:
    """Bytes for a person."""
    if count < 1000:  # noqa: PLR2004 - the step from one unit to the next
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"  # noqa: PLR2004 - as above
