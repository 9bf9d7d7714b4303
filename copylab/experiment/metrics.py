"""``experiments/metrics.yaml``: metrics named once, and used by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.document import Section, parse_document, suggest
from copylab.experiment.model import DIRECTIONS, METRIC_KINDS, MetricDefinition
from copylab.experiment.read import read_duration, read_fraction
from copylab.findings import Finding, report

if TYPE_CHECKING:
    from collections.abc import Collection

    from copylab.document import Entry
    from copylab.experiment.model import Experiment
    from copylab.source import SourceFile

_LOWEST_QUANTILE = 0.5


def read_metrics(
    source: SourceFile,
) -> tuple[dict[str, MetricDefinition], list[Finding]]:
    """The metrics of a file by name, and what is wrong with the file.

    A metric without a readable ``event`` or ``kind`` is reported and left out.
    """
    root, findings = parse_document(source)
    if root is None:
        return {}, findings
    section = Section(root, findings, "the list of metrics")
    read = [_read_metric(entry, findings) for entry in section.entries()]
    return {metric.name: metric for metric in read if metric is not None}, findings


def _read_metric(entry: Entry, findings: list[Finding]) -> MetricDefinition | None:
    part = Section(entry.node, findings, f"the metric '{entry.key}'")
    event = part.take_text("event", required=True)
    chosen = part.take_choice("kind", METRIC_KINDS, required=True)
    kind = next((known for known in METRIC_KINDS if known == chosen), None)
    better = part.take_choice("better", DIRECTIONS) or "higher"
    metric = MetricDefinition(
        name=entry.key,
        event=event or "",
        kind=kind or "share",
        within=read_duration(part, "within"),
        value=part.take_text("value"),
        per=part.take_text("per"),
        winsorise=read_fraction(part, "winsorise", below=1),
        better="lower" if better == "lower" else "higher",
        margin=read_fraction(part, "margin", below=1),
        place=entry.key_span,
        covariate=part.take_text("covariate"),
    )
    part.finish()
    if not event or kind is None:
        return None
    _check(part, metric)
    return metric


def _check(part: Section, metric: MetricDefinition) -> None:
    """Report settings that the kind of the metric gives no meaning."""
    wrong: list[tuple[str, str, str]] = []
    if metric.kind == "ratio" and metric.per is None:
        cure = "add per: exposure, or the event to divide by"
        message = f"the metric '{metric.name}' is a ratio and has no 'per'"
        place = part.span("kind")
        part.findings.append(report("missing-key", message, place, help=cure))
    if metric.kind != "ratio" and metric.per is not None:
        wrong.append(("per", "divides a ratio", "remove it, or set kind: ratio"))
    if metric.kind == "share" and metric.value is not None:
        wrong.append(("value", "is summed by a mean or ratio", "set kind: mean"))
    if metric.winsorise is not None and metric.kind == "share":
        wrong.append(("winsorise", "cuts amounts, not shares", "remove it"))
    elif metric.winsorise is not None and metric.winsorise < _LOWEST_QUANTILE:
        wrong.append(("winsorise", "would cut more than half", "write 99% or 99.9%"))
    for key, what, cure in wrong:
        message = f"the metric '{metric.name}' is of kind {metric.kind}; {key} {what}"
        finding = report("bad-value", message, part.span(key), help=cure)
        part.findings.append(finding)


def metric_findings(experiment: Experiment, metrics: Collection[str]) -> list[Finding]:
    """The metrics an experiment names that are not declared.

    Args:
        experiment: The experiment.
        metrics: The names of all declared metrics.
    """
    if experiment.metrics is None:
        return []
    chosen = experiment.metrics
    paths = [("metrics.primary", chosen.primary)]
    paths += [(f"metrics.secondary.{name}", name) for name in chosen.secondary]
    paths += [(f"metrics.guardrails.{name}", name) for name in chosen.guardrails]
    return [
        report(
            "unknown-metric",
            f"the metric '{name}' is not declared",
            experiment.place_of.get(path),
            help=suggest(name, metrics) or "declare it in experiments/metrics.yaml",
        )
        for path, name in paths
        if name not in metrics
    ]
