"""The table that `make test-long` ends with: each campaign, what became of it, how long it took and what it counted."""

import pytest
from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    campaigns = [each for each in reports if isinstance(each, pytest.TestReport) and "long" in each.keywords]
    if not campaigns:
        return
    ended = [*terminalreporter.getreports(""), *terminalreporter.getreports("error")]
    counted = {each.nodeid: each.user_properties for each in ended if getattr(each, "when", "") == "teardown"}
    terminalreporter.section("campaigns")
    for report in sorted(campaigns, key=lambda each: each.nodeid):
        terminalreporter.write_line(f"{report.duration:8.1f} s  {report.outcome:7} {report.nodeid}")
        for name, count in counted.get(report.nodeid, ()):
            terminalreporter.write_line(f"{count:>20} {name}")
