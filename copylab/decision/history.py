"""Past decisions: what ``experiments/decisions/*.yaml`` say of their experiments.

Records of earlier versions lack what later ones note, such as the tags of the arms;
what is missing is taken from the message where it is still there, and else left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from copylab.analysis.comparison import Interval
from copylab.analysis.distributions import two_sided_normal
from copylab.analysis.priors import log_lift
from copylab.analysis.verdict import ACTIONS
from copylab.document import parse_document, read_source
from copylab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from copylab.catalog import Catalog

FOLDER = "experiments/decisions"
_CURE = "records are written by copylab promote; restore the file from its history"


@dataclass(frozen=True, slots=True)
class PastComparison:
    """An arm against the control on one metric, as it was recorded.

    Attributes:
        metric: The metric.
        role: What the metric was for.
        kind: How it was put together; empty where the record does not say it.
        arm: The arm.
        control: The control.
        units: The arm's units.
        control_units: The control's units.
        value: The arm's value, or None.
        control_value: The control's value, or None.
        lift: The relative difference with its interval.
    """

    metric: str
    role: str
    kind: str
    arm: str
    control: str
    units: int
    control_units: int
    value: float | None
    control_value: float | None
    lift: Interval


@dataclass(frozen=True, slots=True)
class DecidedAt:
    """The look that a decision rests on.

    Attributes:
        number: Its number.
        planned: How many were planned, or ``any``.
        units: The units through their windows.
        planned_units: The units that the plan asked for.
        alpha_spent: The alpha spent up to it.
        boundary: Its boundary; None where nothing was read.
    """

    number: int
    planned: str
    units: int
    planned_units: int
    alpha_spent: float
    boundary: float | None

    @property
    def information(self) -> float:
        """The part of the planned units."""
        return self.units / self.planned_units


@dataclass(frozen=True, slots=True)
class PastDecision:
    """What a record says.

    Attributes:
        experiment: The experiment.
        message: Its message.
        date: The date of the decision.
        alpha: The level of its tests.
        comparisons: All comparisons, the primary metric's first.
        tags: What each arm's wording was like, by tag.
        lengths: The code points of each arm's sample, by channel and locale.
        file: The record.
        action: What was decided: ``promote``, ``keep``, ``inconclusive``, ``harm`` or
            ``invalid``.
        boundary: The boundary of the look it rests on, as a normal deviate; None for a
            fixed test.
        is_readable: Whether its data could be read; if not, nothing is learned from it,
            even if somebody decided against the rules.
        arm: The variant that was live from then on; empty where the record lacks it.
        previous: The variant that was live before.
        is_chosen: Whether a person named another arm than the verdict did.
        verdict: What the rules said: an action, such as ``promote``.
        why: Why, in the words of the verdict.
        reason: Why the rules were overruled; empty where they were not.
        look: The look it rests on; None where the plan had one alone.
        expected: The lift of each arm on the primary metric, drawn towards the prior.
    """

    experiment: str
    message: str
    date: str
    alpha: float
    comparisons: tuple[PastComparison, ...]
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lengths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    file: str = ""
    action: str = "promote"
    boundary: float | None = None
    is_readable: bool = True
    arm: str = ""
    previous: str = ""
    is_chosen: bool = False
    verdict: str = ""
    why: str = ""
    reason: str = ""
    look: DecidedAt | None = None
    expected: Mapping[str, Interval] = field(default_factory=dict)

    @property
    def is_promotion(self) -> bool:
        """Whether another variant went live."""
        return self.action == "promote"

    @property
    def level(self) -> float:
        """The level of its intervals: alpha, or that of the look's boundary."""
        return self.alpha if not self.boundary else two_sided_normal(self.boundary)


def read_decisions(catalog: Catalog) -> list[PastDecision]:
    """All past decisions of a workspace, in the order of their files.

    Raises:
        DataError: A record is not one.
        UnreadableError: A file cannot be read.
    """
    return [read_decision(catalog, file) for file in find_records(catalog)]


def find_records(catalog: Catalog) -> list[str]:
    """The paths of all records from the workspace's root, in their order."""
    folder = catalog.root / FOLDER
    every = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    return [
        f"{FOLDER}/{path.name}"
        for path in every
        if not path.name.endswith(".looks.yaml")
    ]


def read_decision(catalog: Catalog, file: str) -> PastDecision:
    """The decision of a record.

    Args:
        catalog: The workspace.
        file: The path of the record from the workspace's root.

    Raises:
        DataError: It is no record of a decision.
        UnreadableError: The file cannot be read.
    """
    return _read(catalog, catalog.root / file, file)


def find_unrecorded(catalog: Catalog) -> list[str]:
    """The experiments that are concluded and have no record, by name."""
    return [
        name
        for name, experiment in sorted(catalog.experiments.items())
        if experiment.status == "concluded"
        and not (catalog.root / FOLDER / f"{name}.yaml").exists()
    ]


def _read(catalog: Catalog, path: Path, name: str) -> PastDecision:
    source, findings = read_source(path, name)
    root = None
    if source is not None:
        root, wrong = parse_document(source)
        findings = [*findings, *wrong]
    if findings:
        first = findings[0]
        raise DataError(first.message, file=name, line=first.line, help=_CURE)
    record = None if root is None else root.plain()
    if not isinstance(record, dict):
        raise DataError("is no record of a decision", file=name, help=_CURE)
    try:
        return _build(catalog, record, name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"'{error.args[0]}' is missing" if isinstance(error, KeyError) else error
        message = f"is no record of a decision: {what}"
        raise DataError(message, file=name, help=_CURE) from None


def _build(catalog: Catalog, record: dict[str, object], name: str) -> PastDecision:
    message = str(record["message"])
    method = record["method"]
    said = _word(record, "verdict", "action")
    bound = _word(record, "look", "boundary")
    compared = record["comparisons"]
    if not isinstance(method, dict) or not isinstance(compared, list):
        raise TypeError("method and comparisons must be a mapping and a list")
    noted = record.get("arms")
    arms = noted if isinstance(noted, dict) else {}
    found = catalog.messages.get(message)
    tags = {} if found is None else {k: dict(v) for k, v in found.variants.items()}
    lengths: dict[str, dict[str, int]] = {}
    for arm, traits in arms.items():
        tags[arm] = {str(k): str(v) for k, v in (traits.get("tags") or {}).items()}
        lengths[arm] = {k: int(v) for k, v in (traits.get("length") or {}).items()}
    return PastDecision(
        experiment=str(record["experiment"]),
        message=message,
        date=date.fromisoformat(str(record["date"])).isoformat(),
        alpha=float(method["alpha"]),
        comparisons=tuple(_compared(item) for item in compared),
        tags=tags,
        lengths=lengths,
        file=name,
        action=_action(_word(record, "decision", "action") or "promote"),
        boundary=float(bound) if bound else None,
        is_readable=said != "invalid",
        arm=_word(record, "decision", "promoted") or _word(record, "decision", "kept"),
        previous=_word(record, "decision", "from") or _word(record, "decision", "kept"),
        is_chosen=_word(record, "decision", "chosen_by_hand") == "True",
        verdict=_action(said) if said else "",
        why=_word(record, "verdict", "reason"),
        reason=str(record.get("reason") or ""),
        look=_look(record),
        expected=_expected(record),
    )


def _action(word: str) -> str:
    if word not in ACTIONS:
        raise ValueError(f"'{word}' is none of {', '.join(ACTIONS)}")
    return word


def _look(record: dict[str, object]) -> DecidedAt | None:
    """The look of a record; None where it has none."""
    look = record.get("look")
    if not isinstance(look, dict):
        return None
    bound = look["boundary"]
    found = DecidedAt(
        number=int(look["number"]),
        planned=str(look["planned"]),
        units=int(look["units"]),
        planned_units=int(look["planned_units"]),
        alpha_spent=float(look["alpha_spent"]),
        boundary=None if bound is None else float(bound),
    )
    if found.units < 0 or found.planned_units < 1:
        counts = f"{found.units} of {found.planned_units}"
        raise ValueError(f"a look at {counts} units is none")
    return found


def _expected(record: dict[str, object]) -> dict[str, Interval]:
    """The lifts that were expected, by arm; none where the record has none."""
    expected = record.get("expected")
    lifts = expected.get("lifts") if isinstance(expected, dict) else None
    if not isinstance(lifts, dict):
        return {}
    return {str(arm): _interval(lift) for arm, lift in lifts.items()}


def _word(record: dict[str, object], part: str, key: str) -> str:
    """A word of a part of a record; empty where it is not there."""
    found = record.get(part)
    return str(found.get(key) or "") if isinstance(found, dict) else ""


def _compared(item: dict[str, object]) -> PastComparison:
    kind = str(item.get("kind") or "")
    if not kind and "score" in str(item.get("test")):
        kind = "share"
    return PastComparison(
        metric=str(item["metric"]),
        role=str(item["role"]),
        kind=kind,
        arm=str(item["arm"]),
        control=str(item["control"]),
        units=int(str(item["units"])),
        control_units=int(str(item["control_units"])),
        value=_number(item["value"]),
        control_value=_number(item["control_value"]),
        lift=_interval(item["lift"]),
    )


def _interval(lift: object) -> Interval:
    if not isinstance(lift, dict):
        raise TypeError("lift must be a mapping")
    return Interval(*(_number(lift[end]) for end in ("value", "low", "high")))


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def past_lifts(
    decisions: list[PastDecision], *, without: str = ""
) -> list[tuple[str, float, float]]:
    """Of each arm on its primary metric: experiment, ``log(1 + lift)`` and its error.

    Every concluded experiment counts, promoted or not: lifts of winners alone would be
    too large. Left out are those whose data could not be read, and arms that send
    nothing: silence is no wording.

    Args:
        decisions: The records.
        without: An experiment that must not be its own prior.
    """
    found = []
    for decision in decisions:
        for item in decision.comparisons:
            silent = "none" in {item.arm, item.control}
            if item.role != "primary" or silent or decision.experiment == without:
                continue
            if not decision.is_readable:
                continue
            known = log_lift(item.lift, decision.level)
            if known is not None:
                found.append((decision.experiment, *known))
    return found
