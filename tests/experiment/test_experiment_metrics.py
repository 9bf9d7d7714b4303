from collections.abc import Callable
from datetime import timedelta

import pytest

from copylab.experiment.metrics import metric_findings, read_metrics
from copylab.experiment.model import Experiment, MetricDefinition
from copylab.findings import Finding
from copylab.source import SourceFile, Span

METRICS = """\
click:       {event: click, kind: share, within: 3d}
loan_amount: {event: loan, kind: mean, value: amount, within: 14d, winsorise: 99.9%}
click_rate:  {event: click, kind: ratio, per: exposure, within: 3d}
opt_out:     {event: opt_out, kind: share, within: 7d, better: lower, margin: 0.2%}
"""


def read(text: str) -> tuple[dict[str, MetricDefinition], list[Finding]]:
    return read_metrics(SourceFile("experiments/metrics.yaml", text))


def test_reads_the_example_whole() -> None:
    metrics, findings = read(METRICS)
    assert findings == []
    assert list(metrics) == ["click", "loan_amount", "click_rate", "opt_out"]
    file = "experiments/metrics.yaml"
    days = [timedelta(days=number) for number in (3, 14, 3, 7)]
    assert [metric.within for metric in metrics.values()] == days
    assert metrics["click"] == MetricDefinition(
        "click", "click", "share", days[0], place=Span(file, 1, 1, 1, 6)
    )
    assert metrics["loan_amount"].value == "amount"
    assert metrics["loan_amount"].winsorise == 0.999
    assert metrics["click_rate"].per == "exposure"
    assert metrics["opt_out"].better == "lower"
    assert metrics["opt_out"].margin == 0.002


@pytest.mark.parametrize(
    ("text", "rule", "column"),
    [
        ("m: {kind: share}", "missing-key", 4),
        ("m: {event: e}", "missing-key", 4),
        ("m: {event: e, kind: sum}", "bad-value", 21),
        ("m: {event: e, kind: ratio}", "missing-key", 15),
        ("m: {event: e, kind: mean, per: exposure}", "bad-value", 27),
        ("m: {event: e, kind: share, value: v}", "bad-value", 28),
        ("m: {event: e, kind: share, winsorise: 99%}", "bad-value", 28),
        ("m: {event: e, kind: mean, winsorise: 1%}", "bad-value", 27),
        ("m: {event: e, kind: mean, winsorise: 100%}", "bad-value", 38),
        ("m: {event: e, kind: share, better: up}", "bad-value", 36),
        ("m: {event: e, kind: share, within: 3}", "bad-value", 36),
        ("m: {event: e, kind: share, margins: 3%}", "unknown-key", 28),
        ("m: click", "bad-value", 4),
        ("[m]", "bad-value", 1),
    ],
)
def test_reports_what_is_wrong_at_its_place(text: str, rule: str, column: int) -> None:
    _, findings = read(text)
    assert (findings[0].rule, findings[0].column) == (rule, column)
    assert len({finding.line for finding in findings}) == 1


def test_an_empty_file_has_no_metrics() -> None:
    assert read("# none yet\n") == ({}, [])


def test_metrics_that_are_not_declared_are_found(winback: Experiment) -> None:
    findings = metric_findings(winback, ["click", "login_web", "opt_out"])
    assert [(f.rule, f.line, f.column, f.help) for f in findings] == [
        ("unknown-metric", 10, 39, "did you mean 'login_web'?"),
        ("unknown-metric", 10, 46, "declare it in experiments/metrics.yaml"),
    ]


def test_declared_metrics_are_clean(
    winback: Experiment,
    read: Callable[[str], tuple[Experiment | None, list[Finding]]],
) -> None:
    assert winback.metrics is not None
    assert metric_findings(winback, winback.metrics.names) == []
    bare, _ = read("message: m\nsalt: s\narms: {a: 1/2, b: 1/2}\ncontrol: a\n")
    assert bare is not None
    assert metric_findings(bare, []) == []
