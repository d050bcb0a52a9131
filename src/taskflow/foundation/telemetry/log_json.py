"""A log line as JSON: one line whatever was logged, and short enough that a pipe never tears it apart."""

import json
import select

import msgspec

from taskflow.foundation.telemetry.masks import cut

# With the new line at its end.
LONGEST = select.PIPE_BUF
# A text that may be cut; where nothing longer is left, the field goes.
SHORTEST = 32
Number = int | float | None
# What a terminal or a log reader may take for the end of a line, or for a command: NEL and the other C1 controls,
# U+2028 and U+2029, marks that turn the direction of the text, the byte order mark.
BREAKING = (*range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
ESCAPES = {code: f"\\u{code:04x}" for code in BREAKING}

encode = msgspec.json.Encoder(enc_hook=str).encode


def json_line(line: object) -> bytes:
    """The line with its new line, in UTF-8, 4096 bytes at most: longer texts in it are cut in their middle."""
    made = one_line(line)
    if len(made) >= LONGEST:
        made = shortened(line, made)
    return made + b"\n"


def one_line(line: object) -> bytes:
    try:
        made = encode(line)
        if made.isascii():
            return made
        text = made.decode()
    except UnicodeEncodeError:  # a lone surrogate
        text = json.dumps(msgspec.to_builtins(line, enc_hook=str), ensure_ascii=False)
    return text.translate(ESCAPES).encode("utf-8", "replace")


def fields_of(line: object) -> dict[str, object]:
    """A struct or dict as a dict of plain values."""
    return msgspec.convert(msgspec.to_builtins(line, enc_hook=str), dict[str, object])


def shortened(line: object, made: bytes) -> bytes:
    """The line again with its longest texts cut."""
    fields = {name: value if isinstance(value, Number) else str(value) for name, value in fields_of(line).items()}
    while len(made) >= LONGEST:
        name = max(fields, key=lambda name: len(str(fields[name])))
        text = str(fields.pop(name))
        if len(text) > SHORTEST:
            # One character is up to 6 bytes of a line.
            excess = (len(made) - LONGEST + 1) * len(text) // len(one_line(text)) + 1
            fields[name] = cut(text, min(excess, len(text) - SHORTEST // 2))
        made = one_line(fields)
    return made
