"""What an audit found, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.sample_ratio import SampleRatio
    from copylab.findings import Severity


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong with the rows of an epoch, or worth knowing.

    Attributes:
        check: What was checked, in kebab case.
        severity: ``error`` for rows that contradict the workspace, ``warning`` for what
            may have an innocent reason, ``info`` for what is only told.
        message: One sentence that says what is so.
        rows: How many rows, or units where the message says units.
        experiment: The experiment as the rows name it, or None.
        epoch: The epoch as the rows name it, or None.
        examples: A few of the units concerned.
        help: What to do about it.
    """

    check: str
    severity: Severity
    message: str
    rows: int
    experiment: str | None = None
    epoch: int | None = None
    examples: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class ChannelRatio:
    """The sample ratio of an epoch, in one channel or in all.

    Attributes:
        channel: The channel; None for all together.
        units: The units in each arm.
        ratio: Whether they fit the shares of the epoch.
    """

    channel: str | None
    units: Mapping[str, int]
    ratio: SampleRatio

    def to_dict(self) -> dict[str, object]:
        """``channel``, ``units``, ``p_value`` and ``ok``."""
        return {
            "channel": self.channel,
            "units": dict(self.units),
            "p_value": self.ratio.p_value,
            "ok": self.ratio.ok,
        }


@dataclass(frozen=True, slots=True)
class AuditedEpoch:
    """The rows of an epoch that the workspace knows.

    Attributes:
        experiment: The experiment.
        epoch: Its number.
        rows: How many rows there are.
        reasons: How many rows have each reason.
        shares: The planned share of each arm.
        ratios: The sample ratio, first of all channels together, then by channel;
            empty where nobody was assigned, or to an arm that the epoch has not.
        unchecked: What could not be checked, one sentence each.
    """

    experiment: str
    epoch: int
    rows: int
    reasons: Mapping[str, int]
    shares: Mapping[str, float]
    ratios: tuple[ChannelRatio, ...]
    unchecked: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values."""
        return {
            "experiment": self.experiment,
            "epoch": self.epoch,
            "rows": self.rows,
            "reasons": dict(self.reasons),
            "shares": dict(self.shares),
            "ratios": [ratio.to_dict() for ratio in self.ratios],
            "unchecked": list(self.unchecked),
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found.

    Attributes:
        paths: The files that were read.
        rows: How many rows are in them.
        recomputed: In how many of them buckets were computed again.
        epochs: The epochs that the workspace knows, by experiment and number.
        findings: What is wrong, the gravest first.
    """

    paths: tuple[str, ...]
    rows: int
    recomputed: int
    epochs: tuple[AuditedEpoch, ...]
    findings: tuple[AuditFinding, ...]

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self.paths)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders they lie in."""
        return tuple(dict.fromkeys(str(Path(path).parent) for path in self.paths))

    def count(self, severity: Severity) -> int:
        """How many findings have a severity."""
        return sum(1 for item in self.findings if item.severity == severity)

    def to_dict(self) -> dict[str, object]:
        """All attributes as JSON-ready values."""
        return {
            "files": self.files,
            "rows": self.rows,
            "recomputed": self.recomputed,
            "epochs": [epoch.to_dict() for epoch in self.epochs],
            "findings": [
                {**asdict(item), "examples": list(item.examples)}
                for item in self.findings
            ],
        }
