"""The question that ``copylab plan`` is asked, from its options and the workspace."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from copylab.errors import CopylabError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from copylab.analysis.plan_answer import MetricAnswer, Supply
    from copylab.analysis.planning import Baseline, Design
    from copylab.analysis.report.plan_text import PlanReport
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment

_SECONDS_A_DAY = 86_400


def read_percent(option: str, text: str | None, *, below: float) -> float | None:
    """The fraction behind ``15%`` or ``0.15``.

    Raises:
        click.UsageError: It is none, or out of range.
    """
    from copylab.experiment.quantities import parse_percent

    if text is None:
        return None
    try:
        number = float(parse_percent(text))
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}; write 15% or 0.15") from None
    if not 0 < number < below:
        raise click.UsageError(
            f"{option} {text} must be above 0% and below {below:.0%}"
        )
    return number


def ask(asked: Mapping[str, Any]) -> PlanReport:
    """The plan of an experiment that is described by options alone.

    Raises:
        click.UsageError: Options are missing or contradict each other.
    """
    from copylab.analysis.plan_answer import answer_metric
    from copylab.analysis.planning import Design
    from copylab.analysis.report.plan_text import PlanReport

    if asked["users"] is not None:
        raise click.UsageError("--users goes with EXPERIMENT, which has an audience")
    baseline = _baseline(asked)
    shares = _shares(asked)
    try:
        design = Design(
            baseline=baseline,
            shares=dict(list(shares.items())[1:]),
            control_share=shares["control"],
            alpha=_alpha(asked) or 0.05,
            power=read_percent("--power", asked["power"], below=1) or 0.8,
            looks=_looks(asked["looks"]) if asked["looks"] else (1.0,),
            correction=asked["correction"],
            better="lower" if asked["lower"] else "higher",
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    supply = _supply(asked)
    mde, units = _unknown(asked, supply, design)
    answer = answer_metric("metric", design, supply, mde=mde, units=units)
    return PlanReport(
        "", answer, (), "as given", supply, {"control": shares["control"]}
    )


def ask_experiment(
    catalog: Catalog,
    name: str,
    asked: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
) -> PlanReport:
    """The plan of an experiment of a workspace, for its primary and its other metrics.

    Args:
        catalog: The workspace.
        name: The experiment.
        asked: The options.
        at: The time that the audience's ``now`` stands for.
        now: The present, for whose time for outcomes is over.

    Raises:
        DataError: Nothing says what a metric is like now.
        click.UsageError: An option contradicts the experiment.
    """
    from copylab.analysis.report.plan_text import PlanReport
    from copylab.decision.find import find_experiment_named
    from copylab.decision.results import metric_specs

    _refuse_described(asked)
    experiment = find_experiment_named(catalog, name)
    specs = {
        spec.name: spec
        for spec in metric_specs(catalog, experiment)
        if spec.role != "guardrail"
    }
    baselines, told = _baselines(catalog, experiment, asked, set(specs), now)
    supply = _supply(asked, catalog, experiment, at)
    answers = _answers(experiment, specs, baselines, asked, supply)
    first, *others = answers
    return PlanReport(
        name, first, tuple(others), told, supply,
        {experiment.control: float(experiment.arms[experiment.control])},
        outside={
            arm: float(share)
            for arm, share in experiment.arms.items()
            if arm not in first.design.shares and arm != experiment.control and share
        },
    )  # fmt: skip


def _answers(
    experiment: Experiment,
    specs: Mapping[str, Any],
    baselines: Mapping[str, Baseline],
    asked: Mapping[str, Any],
    supply: Supply,
) -> list[MetricAnswer]:
    """The answer of each metric, the primary's first."""
    from copylab.analysis.plan_answer import answer_metric
    from copylab.decision.planning import design_of

    looks = asked["looks"]
    answers: list[MetricAnswer] = []
    for metric, spec in specs.items():
        if metric not in baselines:
            continue
        design = design_of(
            experiment, spec, baselines[metric],
            alpha=_alpha(asked),
            power=read_percent("--power", asked["power"], below=1),
            looks=_looks(looks) if looks else None,
            correction=asked["correction"],
        )  # fmt: skip
        if not answers:
            asked_mde = read_percent("--mde", asked["mde"], below=100)
            usual = experiment.plan.mde if asked["units"] is None else None
            asked = {**asked, "mde_read": asked_mde or usual}
            mde, units = _unknown(asked, supply, design)
        elif mde is None:
            mde, units = answers[0].mde, None
        other = None if answers and mde is not None else units
        answers.append(answer_metric(metric, design, supply, mde=mde, units=other))
    return answers


def _refuse_described(asked: Mapping[str, Any]) -> None:
    for option in ("mean", "ratio", "sd", "arms", "split", "lower"):
        if asked[option]:
            raise click.UsageError(
                f"--{option} describes an experiment; EXPERIMENT has it in its files"
            )


def _baselines(
    catalog: Catalog,
    experiment: Experiment,
    asked: Mapping[str, Any],
    metrics: set[str],
    now: datetime,
) -> tuple[dict[str, Baseline], str]:
    """What the metrics are like now: given, or else measured."""
    from copylab.analysis.planning import Baseline
    from copylab.decision.moment import find_moment
    from copylab.decision.planning import measure_baselines

    given = {}
    for text in asked["rates"]:
        metric, sign, rate = text.partition("=")
        if not sign or metric not in metrics:
            listed = ", ".join(sorted(metrics))
            raise click.UsageError(
                f"--rate {text}: write METRIC=3%, for one of {listed}"
            )
        value = read_percent("--rate", rate, below=1)
        assert value is not None
        given[metric] = Baseline("share", value)
    primary = experiment.metrics.primary if experiment.metrics else ""
    told = "as given"
    try:
        until = find_moment(catalog, None, now=now)
        found = measure_baselines(catalog, experiment, at=until)
    except CopylabError as error:
        if primary not in given:
            raise DataError(
                f"nothing says what '{primary}' is like now: {error.message}",
                file=experiment.file,
                help=f"say it: --rate {primary}=3%; or point data: to past sends",
            ) from None
    else:
        missing = sorted(set(found.baselines) - set(given))
        if missing:
            told = f"as measured on {found.units:,} users of {found.experiment}" + (
                f"; given: {', '.join(sorted(given))}" if given else ""
            )
        given = {**found.baselines, **given}
    if primary not in given:
        raise DataError(
            f"'{primary}' happened to nobody in the data, or to everybody",
            file=experiment.file,
            help=f"say what it is like: --rate {primary}=3%",
        )
    return given, told


def _baseline(asked: Mapping[str, Any]) -> Baseline:
    from copylab.analysis.planning import Baseline

    named = [kind for kind in ("mean", "ratio") if asked[kind] is not None]
    if len(named) + len(asked["rates"]) != 1:
        raise click.UsageError(
            "name EXPERIMENT, or one of --rate 3%, --mean and --ratio"
        )
    if asked["rates"]:
        if asked["sd"] is not None:
            raise click.UsageError(
                "--sd goes with --mean or --ratio; a share has its own"
            )
        rate = read_percent("--rate", asked["rates"][0], below=1)
        assert rate is not None
        return Baseline("share", rate)
    if asked["sd"] is None:
        raise click.UsageError(f"--{named[0]} needs --sd, a user's standard deviation")
    value, spread = asked[named[0]], asked["sd"]
    for option, number in ((named[0], value), ("sd", spread)):
        if not isfinite(number) or not number:
            raise click.UsageError(
                f"--{option} {number:g}: must not be 0, must be finite"
            )
    return Baseline("mean" if named[0] == "mean" else "ratio", value, spread)


def _shares(asked: Mapping[str, Any]) -> dict[str, float]:
    """The share of each arm, the control first, together 1."""
    if asked["split"] is None:
        count = asked["arms"] or 2
        parts = [1.0] * count
    else:
        try:
            parts = [
                float(part.strip().rstrip("%")) for part in asked["split"].split(",")
            ]
        except ValueError:
            raise click.UsageError('--split: write "50,25,25"') from None
        if len(parts) < 2 or min(parts) <= 0:  # noqa: PLR2004 - two to compare
            raise click.UsageError("--split needs two shares or more, each above 0")
        if asked["arms"] not in {None, len(parts)}:
            raise click.UsageError(
                f"--split has {len(parts)} shares, --arms another number"
            )
    names = ["control", *(f"arm {place}" for place in range(1, len(parts)))]
    return {name: part / sum(parts) for name, part in zip(names, parts, strict=True)}


def _looks(text: str) -> tuple[float, ...]:
    from copylab.analysis.sequential.plan import equal_looks
    from copylab.experiment.read import MAX_LOOKS

    if text == "any":
        return ()
    if text.isdigit() and 1 <= int(text) <= MAX_LOOKS:
        return equal_looks(int(text))
    raise click.UsageError(f"--looks: write a number up to {MAX_LOOKS}, or any")


def _alpha(asked: Mapping[str, Any]) -> float | None:
    alpha = asked["alpha"]
    if alpha is not None and not 0 < alpha < 1:
        raise click.UsageError("--alpha must lie between 0 and 1, such as 0.05")
    return None if alpha is None else float(alpha)


def _supply(
    asked: Mapping[str, Any],
    catalog: Catalog | None = None,
    experiment: Experiment | None = None,
    at: datetime | None = None,
) -> Supply:
    from copylab.analysis.plan_answer import Supply

    audience, coverage, window = None, 1.0, 0.0
    if catalog is not None and experiment is not None and at is not None:
        from copylab.decision.planning import count_audience

        coverage = float(experiment.coverage)
        if experiment.plan.window is not None:
            window = experiment.plan.window.total_seconds() / _SECONDS_A_DAY
        if asked["users"] is not None:
            audience = count_audience(catalog, experiment, asked["users"], at=at)
    return Supply(asked["users_per_day"], audience, coverage, asked["days"], window)


def _unknown(
    asked: Mapping[str, Any], supply: Supply, design: Design
) -> tuple[float | None, int | None]:
    """The effect and the units that are given; one of them may be what is asked for.

    Raises:
        click.UsageError: Neither is given, or the effect leads out of the range.
    """
    mde = asked.get("mde_read")
    if mde is None:
        mde = read_percent("--mde", asked["mde"], below=100)
    units = asked["units"]
    if units is None and mde is None:
        units = supply.available if asked["days"] or supply.audience else None
    if mde is None and not units:
        raise click.UsageError(
            "name --mde 15%, --units 40000, or --users-per-day with --days"
        )
    base = design.baseline
    up = design.better == "higher"
    if mde is not None and base.kind == "share" and up and base.value * (1 + mde) > 1:
        raise click.UsageError(
            f"--mde {mde:.0%} of {base.value:.2%} leads above 100%; name a smaller one"
        )
    if mde is not None and not up and mde > 1:
        raise click.UsageError(f"--mde {mde:.0%} takes away more than there is")
    return mde, units
