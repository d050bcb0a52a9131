from prometheus_client import parser

from taskflow.foundation.telemetry.meters import metrics
from taskflow.foundation.telemetry.metrics import Metrics


def test_prometheus_own_parser_reads_back_what_was_written() -> None:
    instance = Metrics()
    seconds = instance.histogram("t_seconds", 'A "quoted" \\ help\nof two lines.', ("route",), buckets=(0.0001, 1.0))
    for value in (0.00005, 0.5, 2.25):
        seconds.child(route='/a/{id}"\\\n').observe(value)
    instance.counter("t_total", "Count.").child().add(3)

    families = {family.name: family for family in parser.text_string_to_metric_families(instance.render().decode())}

    assert families["t_seconds"].documentation == 'A "quoted" \\ help\nof two lines.'
    assert {(s.name, s.labels["route"], s.labels.get("le")): s.value for s in families["t_seconds"].samples} == {
        ("t_seconds_bucket", '/a/{id}"\\\n', "0.0001"): 1,
        ("t_seconds_bucket", '/a/{id}"\\\n', "1"): 2,
        ("t_seconds_bucket", '/a/{id}"\\\n', "+Inf"): 3,
        ("t_seconds_sum", '/a/{id}"\\\n', None): 2.75005,
        ("t_seconds_count", '/a/{id}"\\\n', None): 3,
    }
    assert families["t"].samples[0].value == 3


def test_everything_that_the_product_measures_is_readable() -> None:
    families = {family.name for family in parser.text_string_to_metric_families(metrics.render().decode())}

    assert {"taskflow_request_seconds", "taskflow_shelf", "taskflow_workers", "process_start_time_seconds"} <= families
