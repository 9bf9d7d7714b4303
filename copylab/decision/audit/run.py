"""Running an audit: files in, an ``Audit`` out."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from copylab.analysis.engines.embedded import Embedded
from copylab.analysis.engines.expressions import literal
from copylab.analysis.sample_ratio import check_sample_ratio
from copylab.analysis.sources import find_files, open_source
from copylab.analysis.wording import say_p
from copylab.decision.audit.expected import expect_epochs
from copylab.decision.audit.judge import judge_groups, make_finding
from copylab.decision.audit.result import (
    Audit,
    AuditedEpoch,
    AuditFinding,
    ChannelRatio,
)
from copylab.decision.audit.table import (
    NEEDED,
    count_groups,
    find_present,
)
from copylab.decision.audit.units import count_units, find_mixed, find_repeats
from copylab.decision.data_places import data_places
from copylab.errors import DataError
from copylab.experiment.allocation import traffic_threshold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copylab.analysis.sources import Source
    from copylab.catalog import Catalog
    from copylab.decision.audit.expected import Expected
    from copylab.decision.audit.table import Group
    from copylab.decision.audit.units import Counts

MEMORY_MB = 1024
"""What DuckDB may take before it goes on on the disk."""

_FINISHED = (".parquet", ".jsonl")
_ORDER = ("error", "warning", "info")


def audit_exposures(
    catalog: Catalog,
    exposures: Sequence[str | Path] | None = None,
    *,
    memory_mb: int = MEMORY_MB,
) -> Audit:
    """What a workspace says of exposures: every arm computed again, and counted.

    Args:
        catalog: The workspace that they were sent from.
        exposures: Files, patterns, or folders of finished files; None is where
            ``data:`` points.
        memory_mb: What the tables may take in memory; more goes to a temporary folder.

    Raises:
        DataError: A column is missing, or there are no files.
        UnreadableError: A file cannot be read.
    """
    files = _find_files(catalog, exposures)
    known = expect_epochs(catalog)
    holdout = None
    if catalog.holdout is not None:
        held = catalog.holdout
        holdout = held.salt, traffic_threshold(held.share)
    with tempfile.TemporaryDirectory() as folder, Embedded() as engine:
        engine.run(f"SET memory_limit = '{int(memory_mb)}MB'")
        engine.run(f"SET temp_directory = {literal(folder)}")
        engine.run("SET preserve_insertion_order = false")
        source = open_source(engine, *files)
        source.check_columns(NEEDED)
        present = find_present(engine, source, known)
        groups = count_groups(engine, source, present, holdout)
        findings = judge_groups(groups, known, catalog.experiments)
        counts = count_units(engine, source, present)
        findings += _units_findings(engine, source, present)
    epochs = _audit_epochs(present, groups, counts)
    findings += [item for epoch in epochs for item in _ratio_findings(epoch)]
    return Audit(
        tuple(files),
        sum(group.rows for group in groups),
        sum(group.rows for group in groups if _is_recomputed(group)),
        epochs,
        tuple(sorted(findings, key=_rank)),
    )


def _find_files(
    catalog: Catalog, exposures: Sequence[str | Path] | None
) -> Sequence[str]:
    """The files to read.

    Raises:
        DataError: The workspace names a table, which is not read here.
    """
    if exposures is not None:
        return find_files(list(_name_files(exposures)))
    places = data_places(catalog, "exposures")
    if not isinstance(places, list):
        raise DataError(
            "the exposures are a table of a database, and an audit reads files",
            file=catalog.config.file,
            help="export the table to Parquet, and name the file",
        )
    return places


def _name_files(exposures: Sequence[str | Path]) -> Iterator[str | Path]:
    """The names, a folder's finished files in its place.

    Raises:
        DataError: A folder has none.
    """
    for name in exposures:
        folder = Path(name)
        if not folder.is_dir():
            yield name
            continue
        found = sorted(
            path
            for path in folder.iterdir()
            if path.suffix in _FINISHED and not path.name.startswith(".")
        )
        if not found:
            raise DataError(
                "holds no finished files of exposures",
                file=str(name),
                help="name a folder with .parquet or .jsonl files, or finish what "
                "killed writers left: copylab audit --recover",
            )
        yield from found


def _is_recomputed(group: Group) -> bool:
    return group.salt is not None and group.reason not in {None, "no_experiment"}


def _rank(item: AuditFinding) -> tuple[int, str, int, str]:
    grave = _ORDER.index(item.severity)
    return grave, item.experiment or "", item.epoch or 0, item.check


def _units_findings(
    engine: Embedded, source: Source, present: Sequence[Expected]
) -> Iterator[AuditFinding]:
    for name, epoch, units, examples in find_mixed(engine, source, present):
        yield make_finding("units-in-two-arms", units, name, epoch, examples)
    for item in find_repeats(engine, source):
        yield make_finding("repeated-rows", item.rows, item.experiment)
        if item.disagreeing:
            shown = () if item.example is None else (item.example,)
            yield make_finding(
                "repeats-disagree", item.disagreeing, item.experiment, None, shown
            )


def _audit_epochs(
    present: Sequence[Expected], groups: Sequence[Group], counts: Counts
) -> tuple[AuditedEpoch, ...]:
    reasons: dict[tuple[str | None, int | None], Counter[str]] = defaultdict(Counter)
    for group in groups:
        reasons[group.experiment, group.epoch][group.reason or ""] += group.rows
    audited = []
    for key, item in enumerate(present):
        of_epoch = reasons[item.experiment, item.epoch]
        audited.append(
            AuditedEpoch(
                item.experiment,
                item.epoch,
                sum(of_epoch.values()),
                dict(sorted(of_epoch.items())),
                {arm: float(share) for arm, share in item.arms.items()},
                tuple(_ratios(key, item, counts)),
                item.unchecked(),
            )
        )
    return tuple(audited)


def _ratios(key: int, item: Expected, counts: Counts) -> Iterator[ChannelRatio]:
    shares = {arm: float(share) for arm, share in item.arms.items()}
    for (place, channel), units in counts.items():
        if place == key and set(units) <= set(shares):
            yield ChannelRatio(channel, units, check_sample_ratio(units, shares))


def _ratio_findings(epoch: AuditedEpoch) -> Iterator[AuditFinding]:
    for item in epoch.ratios:
        if item.ratio.ok:
            continue
        found = make_finding(
            "sample-ratio", sum(item.units.values()), epoch.experiment, epoch.epoch
        )
        where = f" in {item.channel}" if item.channel else ""
        message = f"{found.message}{where} ({say_p(item.ratio.p_value)})"
        yield AuditFinding(
            found.check,
            found.severity,
            message,
            found.rows,
            epoch.experiment,
            epoch.epoch,
            help=found.help,
        )
