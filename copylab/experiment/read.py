"""Experiment files: ``experiments/*.yaml`` → ``Experiment``, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from copylab.document import Section, parse_document, suggest
from copylab.experiment.buckets import SALT_RULE, is_salt
from copylab.experiment.model import (
    NO_SEND,
    SPENDINGS,
    STATUSES,
    Experiment,
    MetricChoice,
    Plan,
)
from copylab.experiment.quantities import (
    format_percent,
    parse_duration,
    parse_percent,
)
from copylab.experiment.read_epochs import read_epochs
from copylab.experiment.read_layer import read_forced, read_wanted
from copylab.experiment.read_shares import read_share
from copylab.findings import Finding, report
from copylab.prior_settings import read_prior

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from copylab.source import SourceFile, Span

WHOLE = Fraction(1)
MAX_LOOKS = 50
"""How many looks a plan may have; who looks oftener looks at any time."""
_THIRDS = "write shares that make 100%; thirds are written 1/3"


def read_experiment(
    source: SourceFile, name: str
) -> tuple[Experiment | None, list[Finding]]:
    """The experiment in a file, and what is wrong with the file.

    Args:
        source: The file.
        name: The experiment's name: the file's, without the ending.

    Returns:
        The experiment as far as it could be read, or None where it names no message
        or has no arms; ``prepare_split`` refuses one whose arms do not sum.
    """
    root, findings = parse_document(source)
    if root is None:
        if not findings:
            cure = "write at least message, salt, arms and control"
            message = "the experiment is empty"
            findings.append(report("bad-value", message, source.whole(), help=cure))
        return None, findings
    section = Section(root, findings, f"the experiment '{name}'")
    places: dict[str, Span] = {}
    experiment = _read(section, name, source.name, places)
    section.finish()
    if not experiment.message or not experiment.arms:
        return None, findings
    return experiment, findings


def _read(
    section: Section, name: str, file: str, places: dict[str, Span]
) -> Experiment:
    message = _text(section, "message", places, required=True) or ""
    status = section.take_choice("status", STATUSES)
    arms = _read_arms(section, places)
    return Experiment(
        name=name,
        message=message,
        channels=_texts(section, "channels", places, "channels"),
        status=next((known for known in STATUSES if known == status), "draft"),
        audience=_text(section, "audience", places),
        unit=_text(section, "unit", places) or "user_id",
        salt=_read_salt(section, places),
        coverage=_read_coverage(section, places),
        arms=arms,
        control=_read_control(section, arms, places),
        metrics=_read_metrics(section, places),
        plan=_read_plan(section, places),
        strata=_text(section, "strata", places),
        epochs=read_epochs(section, status),
        ledger=_text(section, "ledger", places),
        layer=_text(section, "layer", places),
        wanted=read_wanted(section, places),
        forced=read_forced(section, arms, places),
        file=file,
        place_of=places,
    )


def _text(
    section: Section, key: str, places: dict[str, Span], *, required: bool = False
) -> str | None:
    """A text that must not be blank, and its place."""
    text = section.take_text(key, required=required)
    node = section.take(key)
    if text is None or node is None:
        return None
    places[key] = node.span
    if not text.strip():
        section.wrong(node, f"{key} is blank")
        return None
    return text.strip()


def _texts(
    section: Section, key: str, places: dict[str, Span], path: str
) -> tuple[str, ...]:
    """A list of different texts, and the place of each."""
    found: dict[str, Span] = {}
    for node in section.take_list(key) or ():
        if isinstance(node.value, dict | tuple) or not node.text.strip():
            section.wrong(node, f"{key} must list names, not {node.kind}")
        elif node.text in found:
            section.wrong(node, f"{key} lists '{node.text}' twice", "keep one of them")
        else:
            found[node.text] = node.span
    places.update({f"{path}.{text}": span for text, span in found.items()})
    if key in section:
        places[path] = section.span(key)
    return tuple(found)


def _read_salt(section: Section, places: dict[str, Span]) -> str:
    salt = _text(section, "salt", places, required=True) or ""
    if salt and not is_salt(salt):
        cure = f"use {SALT_RULE}, such as winback_hook.9f3a1c"
        message = f"'{salt}' is not a salt"
        section.findings.append(report("bad-value", message, places["salt"], help=cure))
    return salt


def _read_coverage(section: Section, places: dict[str, Span]) -> Fraction:
    node = section.take("coverage")
    if node is None:
        return WHOLE
    places["coverage"] = node.span
    share = read_share(section, node, "coverage")
    return WHOLE if share is None else share


def _read_arms(section: Section, places: dict[str, Span]) -> dict[str, Fraction]:
    part = section.take_section("arms", required=True)
    if part is None:
        return {}
    places["arms"] = section.span("arms")
    arms: dict[str, Fraction] = {}
    complete = True
    for entry in part.entries():
        places[f"arms.{entry.key}"] = entry.key_span
        share = read_share(part, entry.node, f"the arm '{entry.key}'")
        complete = complete and share is not None
        arms[entry.key] = Fraction(0) if share is None else share
    if len(arms) < 2:  # noqa: PLR2004 - it takes two to compare
        message = f"the experiment has {len(arms)} arm, must have two at least"
        cure = f"name two variants, or a variant and '{NO_SEND}'"
        finding = report("bad-arm", message, places["arms"], help=cure)
        section.findings.append(finding)
    elif complete and (total := sum(arms.values())) != 1:
        message = f"the arms sum to {_percent(total)}, must sum to 100%"
        finding = report("arms-sum", message, places["arms"], help=_THIRDS)
        section.findings.append(finding)
    return arms


def _percent(number: Fraction | int) -> str:
    """A share for people: at most six decimals."""
    text = format_percent(Fraction(number))
    return text if "/" not in text else f"{float(number) * 100:.6g}%"


def _read_control(
    section: Section, arms: Mapping[str, Fraction], places: dict[str, Span]
) -> str:
    control = _text(section, "control", places, required=True) or ""
    if not control or not arms:
        return control
    if control not in arms:
        message = f"the control '{control}' is no arm of the experiment"
        cure = suggest(control, arms) or "arms: " + ", ".join(arms)
    elif not arms[control] and sum(arms.values()) == 1:
        message = f"the control '{control}' has no share, so nothing is compared"
        cure = "give it a share, or name another arm as control"
    else:
        return control
    section.findings.append(report("bad-arm", message, places["control"], help=cure))
    return control


def _read_metrics(section: Section, places: dict[str, Span]) -> MetricChoice | None:
    part = section.take_section("metrics")
    if part is None:
        return None
    places["metrics"] = section.span("metrics")
    inner: dict[str, Span] = {}
    primary = _text(part, "primary", inner, required=True) or ""
    places.update({f"metrics.{key}": span for key, span in inner.items()})
    secondary = _texts(part, "secondary", places, "metrics.secondary")
    guardrails = _texts(part, "guardrails", places, "metrics.guardrails")
    part.finish()
    return MetricChoice(primary, secondary, guardrails) if primary else None


def _read_plan(section: Section, places: dict[str, Span]) -> Plan:
    part = section.take_section("plan")
    if part is None:
        return Plan()
    places["plan"] = section.span("plan")
    usual = Plan()
    alpha = read_fraction(part, "alpha", below=0.5)
    power = read_fraction(part, "power", below=1)
    looks = _read_looks(part)
    spending = part.take_choice("spending", SPENDINGS)
    plan = Plan(
        alpha=usual.alpha if alpha is None else alpha,
        power=usual.power if power is None else power,
        mde=read_fraction(part, "mde", below=100),
        looks=looks.count,
        look_at=looks.at,
        anytime=looks.anytime,
        spending=next((s for s in SPENDINGS if s == spending), usual.spending),
        futility=read_fraction(part, "futility", below=1),
        units=part.take_integer("units", at_least=1),
        window=read_duration(part, "window"),
        prior=read_prior(part),
    )
    part.finish()
    return plan


@dataclass(frozen=True, slots=True)
class _Looks:
    """What ``looks`` says: a number, places, or any time."""

    count: int = 1
    at: tuple[float, ...] = ()
    anytime: bool = False


def _read_looks(part: Section) -> _Looks:
    """``looks: 3``, ``looks: [40%, 70%, 100%]`` or ``looks: any``."""
    node = part.take("looks")
    if node is None:
        return _Looks()
    if node.value == "any":
        return _Looks(anytime=True)
    if not isinstance(node.value, tuple):
        count = part.take_integer("looks", at_least=1)
        if count is not None and count > MAX_LOOKS:
            message = f"looks is {count}, must be at most {MAX_LOOKS}"
            part.wrong(node, message, "look less often, or write looks: any")
            return _Looks()
        return _Looks(count or 1)
    shares = [read_share(part, item, "a look") for item in node.value]
    at = tuple(float(share) for share in shares if share)
    if None in shares:
        return _Looks()
    rising = all(one < other for one, other in pairwise(at))
    if len(at) != len(shares) or not rising or at[-1:] != (1.0,):
        message = "looks must rise from above 0% to 100%, each higher than the last"
        part.wrong(node, message, "write looks: [40%, 70%, 100%]")
        return _Looks()
    if len(at) > MAX_LOOKS:
        part.wrong(node, f"looks lists {len(at)}, must be at most {MAX_LOOKS}")
        return _Looks()
    return _Looks(len(at), at)


def read_fraction(section: Section, key: str, *, below: float) -> float | None:
    """A percentage above 0 and below a limit; what is wrong is reported."""
    node = section.take(key)
    if node is None:
        return None
    try:
        number = parse_percent(node.text)
    except ValueError as error:
        section.wrong(node, f"{key}: {error}", "write 15% or 0.15")
        return None
    if not 0 < number < below:
        limit = _percent(Fraction(below))
        message = f"{key} is '{node.text}', must be above 0% and below {limit}"
        section.wrong(node, message)
        return None
    return float(number)


def read_duration(section: Section, key: str) -> timedelta | None:
    """A time span longer than none; what is wrong is reported."""
    node = section.take(key)
    if node is None:
        return None
    try:
        span = parse_duration(node.text)
    except ValueError as error:
        section.wrong(node, f"{key}: {error}", "write 7d, 4h or 30m")
        return None
    if not span:
        section.wrong(node, f"{key} is '{node.text}', must be longer than none")
        return None
    return span
