"""What the product measures: every metric of every layer, declared in this one place."""

import time

from taskflow import __version__
from taskflow.foundation.telemetry.metrics import Metrics

metrics = Metrics()

request_seconds = metrics.histogram(
    "taskflow_request_seconds", "Duration of a request, to the last byte of its answer.", ("route", "method", "status")
)
sockets = metrics.level("taskflow_sockets", "Live sockets that are open.").child()

statement_seconds = metrics.histogram(
    "taskflow_statement_seconds",
    "Duration of a statement of the database, its round trip included.",
    ("statement",),
    (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0),
)

shelf = metrics.counter("taskflow_shelf_total", "Reads by what the shelf did with them.", ("result",))
shelf_hit = shelf.child(result="hit")
shelf_miss = shelf.child(result="miss")
shelf_not_modified = shelf.child(result="not_modified")

refusals = metrics.counter("taskflow_refusals_total", "Problem documents answered, by their code.", ("code",))
internal_error = refusals.child(code="internal_error")
rate_limited = metrics.counter("taskflow_rate_limited_total", "Requests over a rate limit.").child()
tasks_created = metrics.counter("taskflow_tasks_created_total", "Tasks created, on whatever way they came in.").child()

started = time.time()
metrics.gauge("process_start_time_seconds", "When this instance started, in seconds since 1970.", lambda: started)
metrics.gauge("taskflow_workers", "Worker processes that are alive.", metrics.rows.alive)
metrics.gauge("taskflow_build_info", "1; its label says which version runs.", lambda: 1, {"version": __version__})
