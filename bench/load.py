"""Load by wrk, and the CPU that each request cost the product's parts."""

import re
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.product import PARTS, Product

SCRIPT = """
local tokens, bodies = {{{tokens}}}, {{{bodies}}}
local i, n, day = 0, #tokens, 0
math.randomseed(os.time())
local function uuid()
  local function hex(digits) return string.format("%0" .. digits .. "x", math.random(0, 16 ^ digits - 1)) end
  return hex(4) .. hex(4) .. "-" .. hex(4) .. "-4" .. hex(3) .. "-8" .. hex(3) .. "-" .. hex(4) .. hex(4) .. hex(4)
end
request = function()
  i = i % n + 1
  local headers = {{["Authorization"] = "Bearer " .. tokens[i], ["Content-Type"] = "application/json"}}
  {request}
end
done = function(summary)
  local bad = summary.errors
  io.write(string.format("RESULT %d %d\\n", summary.requests, bad.status + bad.read + bad.timeout + bad.connect))
end
"""
REQUESTS = {
    "cached list of 50": 'return wrk.format("GET", "/api/v1/tasks", headers)',
    # Each asks for days before another one, so no two are the same list.
    "uncached list of 50": """day = day + 1
  local before = string.format("%04d-%02d-%02d", 3000 + day % 6000, 1 + day % 12, 1 + math.floor(day / 12) % 28)
  return wrk.format("GET", "/api/v1/tasks?due_after=1999-12-31&due_before=" .. before, headers)""",
    "create": """return wrk.format("POST", "/api/v1/tasks", headers,
    '{"title":"Call the plumber about the kitchen sink","description":"before noon"}')""",
}
COMMANDS = 50  # of one call
SYNCS = {
    "empty sync": 'return wrk.format("POST", "/api/v1/sync", headers, bodies[i])',
    "commands": f"""local commands = {{}}
  for c = 1, {COMMANDS} do
    local command = '{{"id":"%s","type":"create_task","args":{{"id":"%s","title":"Call the plumber"}}}}'
    commands[c] = string.format(command, uuid(), uuid())
  end
  local body = '{{"cursors":' .. bodies[i] .. ',"commands":[' .. table.concat(commands, ",") .. ']}}'
  return wrk.format("POST", "/api/v1/sync", headers, body)""",
}


class Cost:
    """CPU microseconds a request, by part, and how many a second there were."""

    def __init__(self, parts: dict[str, float], rate: float) -> None:
        self.parts, self.rate = parts, rate
        self.all = sum(parts.values())


def cost(
    product: Product,
    what: str,
    tokens: list[str],
    connections: int,
    seconds: int,
    rounds: int,
    bodies: Sequence[str] = (),
) -> Cost:  # fmt: skip - what, by whom, how much of it
    """The medians over some rounds of wrk, each token with its body; raises RuntimeError where a request failed."""
    lua = product.folder / "load.lua"
    request = (REQUESTS | SYNCS)[what]
    lua.write_text(SCRIPT.format(tokens=listed(tokens), bodies=listed(bodies), request=request))
    measured = [once(product, lua, connections, seconds) for _ in range(rounds)]
    return Cost(
        {part: statistics.median(one.parts[part] for one in measured) for part in PARTS},
        statistics.median(one.rate for one in measured),
    )


def listed(texts: Sequence[str]) -> str:
    """Texts as the members of a Lua table; none of them has an apostrophe."""
    return ",".join(f"'{text}'" for text in texts)


def once(product: Product, lua: Path, connections: int, seconds: int) -> Cost:
    before = product.cpu()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(lua), product.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    after = product.cpu()
    requests, failed = (int(number) for number in re.search(r"RESULT (\d+) (\d+)", said).groups())
    if failed:
        raise RuntimeError(f"{failed} of {requests} requests failed")
    return Cost({part: (after[part] - before[part]) * 1e6 / requests for part in PARTS}, requests / seconds)
