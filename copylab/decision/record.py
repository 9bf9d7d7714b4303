"""The record of a decision: what was promoted or kept, on what numbers and copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.emit import Plain, write_entry
from copylab.experiment.exposure import format_time
from copylab.experiment.quantities import format_duration, format_percent
from copylab.version import __version__

if TYPE_CHECKING:
    from datetime import date

    from copylab.analysis.comparison import Interval
    from copylab.analysis.results import Analysis, ArmComparison
    from copylab.analysis.verdict import Action
    from copylab.catalog import Catalog
    from copylab.decision.data import Data, DataFile
    from copylab.experiment.model import Experiment

DIGITS = 8
"""Significant digits of numbers: sums over many rows end in noise behind them."""

_HEAD = "# Written by copylab promote; it is evidence, so it is not edited.\n"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided.

    Attributes:
        experiment: The experiment.
        arm: The variant that is live from now on.
        previous: The variant that was live; the same where nothing is promoted.
        date: The date of the decision.
        action: ``promote``; or what an experiment was concluded as without one:
            ``keep``, ``inconclusive``, ``harm`` or ``invalid``.
        chosen: Whether a person named another arm than the verdict did.
        reason: Why the rules were overruled; empty where they were not.
        overruled: What the rules said against it.
    """

    experiment: Experiment
    arm: str
    previous: str
    date: date
    action: Action = "promote"
    chosen: bool = False
    reason: str = ""
    overruled: tuple[str, ...] = ()

    @property
    def forced(self) -> bool:
        """Whether the rules were overruled."""
        return bool(self.reason)


def write_record(
    catalog: Catalog, decision: Decision, analysis: Analysis, data: Data
) -> str:
    """The record as YAML, its keys in a fixed order.

    Args:
        catalog: The workspace, as it was before the decision.
        decision: What was decided.
        analysis: The analysis it rests on.
        data: The data of the analysis.
    """
    experiment = decision.experiment
    record: dict[str, Plain] = {
        "experiment": experiment.name,
        "message": experiment.message,
        "date": decision.date.isoformat(),
        "decision": _decision(decision),
        **_force(decision),
        "verdict": _verdict(analysis),
        "method": _method(experiment, analysis),
        **_looks(analysis),
        "units": {arm.arm: arm.n for arm in analysis.arms},
        "sample_ratio": _sample_ratio(analysis),
        "comparisons": [_comparison(item, analysis) for item in analysis.comparisons],
        "arms": {arm: _traits(arm, analysis) for arm in experiment.variants},
        "expected": _expected(analysis),
        "guardrails": [
            {
                "metric": item.metric,
                "arm": item.arm,
                "state": item.state,
                "margin": item.margin,
                "reason": item.reason,
            }
            for item in analysis.guardrails
        ],
        "health": [note.message for note in analysis.health],
        "epoch": _epoch(experiment),
        "copy": dict(catalog.arm_hashes(experiment)),
        "data": {
            "exposures": [_file(file) for file in data.exposures],
            "outcomes": [_file(file) for file in data.outcomes],
        },
        "copylab": __version__,
    }
    blocks = ["\n".join(write_entry(key, value)) for key, value in record.items()]
    return _HEAD + "\n".join(blocks) + "\n"


def _decision(decision: Decision) -> Plain:
    if decision.action != "promote":
        return {"action": decision.action, "kept": decision.arm}
    entry: dict[str, Plain] = {"promoted": decision.arm, "from": decision.previous}
    if decision.chosen:
        entry["chosen_by_hand"] = True
    return entry


def _force(decision: Decision) -> dict[str, Plain]:
    """What was overruled, and why; nothing where the rules agreed."""
    if not decision.forced:
        return {}
    overruled = list(decision.overruled)
    return {"forced": True, "reason": decision.reason, "overruled": overruled}


def _verdict(analysis: Analysis) -> Plain:
    verdict = analysis.verdict
    return {
        "action": verdict.action,
        "arm": verdict.arm,
        "reason": verdict.reason,
        "also": list(verdict.also),
    }


def _method(experiment: Experiment, analysis: Analysis) -> Plain:
    plan = experiment.plan
    corrections = dict.fromkeys(
        name for item in analysis.comparisons for name in item.corrections
    )
    methods = dict.fromkeys(item.method for item in analysis.comparisons)
    written: dict[str, Plain] = {
        "test": list(methods),
        "correction": list(corrections),
        "alpha": analysis.alpha,
        "power": plan.power,
        "mde": plan.mde,
        "looks": "any" if plan.anytime else plan.looks,
        "window": None if plan.window is None else format_duration(plan.window),
        "control": analysis.control,
        "shares": {arm: format_percent(s) for arm, s in experiment.arms.items()},
        "coverage": format_percent(experiment.coverage),
    }
    return written


def _traits(arm: str, analysis: Analysis) -> Plain:
    """What an arm's wording is like, for learning from many tests together."""
    copies = [copy for copy in analysis.copies if copy.arm == arm]
    return {
        "tags": dict(copies[0].tags) if copies else {},
        "length": {
            f"{copy.channel}.{copy.locale}": sum(len(text) for _, text in copy.fields)
            for copy in copies
            if copy.fields
        },
    }


def _expected(analysis: Analysis) -> Plain:
    """The lifts to be expected, and the prior they were drawn towards."""
    prior = analysis.prior
    if prior is None:
        return None
    return {
        "prior": {
            "mean": _number(prior.mean),
            "sd": _number(prior.sd),
            "source": prior.source,
            "experiments": prior.experiments,
        },
        "lifts": {item.arm: _interval(item.lift) for item in analysis.shrunk},
    }


def _looks(analysis: Analysis) -> dict[str, Plain]:
    """The look that the decision rests on; nothing where the plan has one alone."""
    looks = analysis.looks
    if looks is None or len(looks.plan.at) == 1:
        return {}
    boundary = looks.boundary
    return {
        "look": {
            "number": looks.number,
            "planned": len(looks.plan.at) or "any",
            "information": _number(looks.information),
            "units": looks.units,
            "planned_units": looks.planned_units,
            "alpha_spent": _number(looks.alpha_spent),
            "boundary": _number(boundary),
            "last": looks.is_last,
        }
    }


def _sample_ratio(analysis: Analysis) -> Plain:
    ratio = analysis.srm
    expected = {arm: round(units, 1) for arm, units in ratio.expected.items()}
    return {"p_value": _number(ratio.p_value), "ok": ratio.ok, "expected": expected}


def _comparison(item: ArmComparison, analysis: Analysis) -> Plain:
    units = {arm.arm: arm.n for arm in analysis.arms}
    return {
        "metric": item.metric,
        "role": item.role,
        "arm": item.arm,
        "control": item.control,
        "units": units[item.arm],
        "control_units": units[item.control],
        "value": _number(item.value),
        "control_value": _number(item.control_value),
        "diff": _interval(item.diff),
        "lift": _interval(item.lift),
        "p_value": _number(item.p_value if item.comparable else None),
        "p_adjusted": _number(item.p_adjusted if item.comparable else None),
        "significant": item.significant,
        "test": item.method,
        "method": item.method,
        "kind": item.kind,
        "corrections": list(item.corrections),
    }


def _interval(interval: Interval) -> Plain:
    return {name: _number(end) for name, end in interval.to_dict().items()}


def _number(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.{DIGITS}g}")


def _epoch(experiment: Experiment) -> Plain:
    if not experiment.epochs:
        return None
    epoch = experiment.epochs[-1]
    return {"epoch": epoch.epoch, "at": format_time(epoch.at), "hash": epoch.hash}


def _file(file: DataFile) -> Plain:
    return {"file": file.name, "size_bytes": file.size_bytes, "sha256": file.sha256}
