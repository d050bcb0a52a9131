"""What an observation and a scrape cost: our rows in shared memory beside prometheus_client, plain and multiprocess."""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

SERIES = 300
TIMES = 200_000
VARIANTS = {"ours": "shared rows", "plain": "prometheus_client", "multi": "its multiprocess mode"}


def main() -> None:
    if len(sys.argv) > 1:
        print(" ".join(f"{figure:.3f}" for figure in measure(sys.argv[1])))
        return
    print(f"{'':<24}{'observe':>9}{'count':>9}{'import':>9}{'memory':>9}{'scrape':>9}")
    print(f"{'':<24}{'us':>9}{'us':>9}{'ms':>9}{'MB':>9}{'ms':>9}   ({SERIES} histograms, all of them used)")
    for variant, name in VARIANTS.items():
        figures = subprocess.run(
            [sys.executable, __file__, variant], check=True, capture_output=True, text=True
        ).stdout.split()
        print(f"{name:<24}" + "".join(f"{float(figure):>9.2f}" for figure in figures))


def measure(variant: str) -> tuple[float, ...]:
    """Microseconds an observation and a count, milliseconds and MB of the import, milliseconds a scrape."""
    with tempfile.TemporaryDirectory() as folder:
        if variant == "multi":
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        before, began = memory(), time.process_time()
        make = ours if variant == "ours" else theirs
        observers, count, render = make(variant)
        imported, grown = time.process_time() - began, memory() - before
        observe = observers[0]
        figures = (cost(lambda: observe(0.003)) - cost(lambda: None), cost(count) - cost(lambda: None))
        for other in observers:
            other(0.003)
        began = time.process_time()
        render()
        return *figures, imported * 1e3, grown, (time.process_time() - began) * 1e3


Parts = tuple[list[Callable[[float], None]], Callable[[], None], Callable[[], bytes]]


def ours(_variant: str) -> Parts:
    module = importlib.import_module("taskflow.foundation.telemetry.metrics")
    metrics = module.Metrics()
    family = metrics.histogram("t_seconds", "Seconds.", ("route", "method", "status"))
    children = [family.child(route=f"/r{at}", method="GET", status="2xx") for at in range(SERIES)]
    count = metrics.counter("t_total", "Count.", ("code",)).child(code="a")
    metrics.start(1)
    metrics.enter(0)
    return [child.observe for child in children], count.add, metrics.render


def theirs(variant: str) -> Parts:
    client = importlib.import_module("prometheus_client")
    buckets = importlib.import_module("taskflow.foundation.telemetry.metrics").SECONDS
    family = client.Histogram("t_seconds", "Seconds.", ("route", "method", "status"), buckets=buckets)
    children = [family.labels(f"/r{at}", "GET", "2xx") for at in range(SERIES)]
    count = client.Counter("t", "Count.", ("code",)).labels("a")

    def render() -> bytes:
        if variant == "plain":
            return bytes(client.generate_latest())
        registry = client.CollectorRegistry()
        importlib.import_module("prometheus_client.multiprocess").MultiProcessCollector(registry)
        return bytes(client.generate_latest(registry))

    return [child.observe for child in children], count.inc, render


def cost(work: Callable[[], object]) -> float:
    """CPU microseconds a call, the best of five rounds."""
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(TIMES):
            work()
        rounds.append(time.process_time() - began)
    return min(rounds) / TIMES * 1e6


def memory() -> float:
    """Resident MB of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
