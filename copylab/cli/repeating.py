"""``copylab simulate --aa``: what the plan of an experiment promises, put to the test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from copylab.errors import CopylabError, DataError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.analysis.planning import Baseline, Design
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.simulation.repeats import Repeats

USUAL_RUNS = 2_000
"""Runs that tell a rate of 5 % to half a point."""


def repeat(
    catalog: Catalog,
    name: str,
    *,
    rates: Mapping[str, float],
    effects: Mapping[str, float],
    units: int | None,
    runs: int,
    seed: int,
    form: str,
) -> str:
    """The false-winner rate and the power of an experiment as planned, for people.

    Args:
        catalog: The workspace.
        name: The experiment.
        rates: By event, how many have it in an arm without effect.
        effects: By arm, the relative effect for the power; none is the plan's ``mde``
            in the first variant.
        units: How many units; None is as many as the plan asks for.
        runs: How many experiments.
        seed: The seed of all randomness.
        form: ``text`` or ``json``.

    Raises:
        DataError: The plan does not say how many units, or a value is out of range.
    """
    import numpy as np

    from copylab.analysis.planning import required_units
    from copylab.decision.find import find_experiment_named
    from copylab.simulation.repeats import run_repeats

    experiment = find_experiment_named(catalog, name)
    design = _design(catalog, experiment, rates)
    mde = experiment.plan.mde
    total = units or experiment.plan.units
    if total is None and mde is not None:
        total = required_units(design, mde)
    if total is None:
        raise DataError(
            "the plan does not say how many users it is for",
            file=experiment.file,
            help="name them: --users 40000; or add mde: 15% to the plan",
        )
    wrong = sorted(set(effects) - set(design.shares))
    if wrong:
        raise DataError(
            f"'{wrong[0]}' is no variant against the control",
            help="variants: " + ", ".join(design.shares),
        )
    if not effects and mde is not None:
        sign = -1 if design.better == "lower" else 1
        effects = {next(iter(design.shares)): sign * mde}
    found = {}
    for part, given in enumerate(({}, effects) if effects else ({},)):
        try:
            found["power" if part else "aa"] = run_repeats(
                design, experiment.control, units=total, effects=given, runs=runs,
                rng=np.random.default_rng([seed, part]),
            )  # fmt: skip
        except ValueError as error:
            raise DataError(str(error), help="name a smaller effect or rate") from None
    if form == "json":
        record = {
            "experiment": name,
            "units": total,
            "seed": seed,
            "alpha": design.alpha,
            "looks": len(design.looks) or "any",
            "effects": dict(effects),
            **{key: item.to_dict() for key, item in found.items()},
        }
        return json.dumps(record, ensure_ascii=False, indent=2)
    return "\n".join(_lines(name, design, total, effects, found, seed))


def _design(
    catalog: Catalog, experiment: Experiment, rates: Mapping[str, float]
) -> Design:
    """The experiment as planned, with what its primary metric is like."""
    from copylab.decision.planning import design_of
    from copylab.decision.results import metric_specs

    spec = metric_specs(catalog, experiment)[0]
    return design_of(experiment, spec, _baseline(catalog, experiment, rates))


def _baseline(
    catalog: Catalog, experiment: Experiment, rates: Mapping[str, float]
) -> Baseline:
    from copylab.analysis.planning import Baseline
    from copylab.decision.planning import measure_baselines
    from copylab.decision.results import metric_specs
    from copylab.simulation.funnel import OTHER_RATE, USUAL_RATES

    spec = metric_specs(catalog, experiment)[0]
    unknown = sorted(set(rates) - {spec.event})
    if unknown:
        raise DataError(
            f"the primary metric does not count the event '{unknown[0]}'",
            help=f"write --rate {spec.event}=6%",
        )
    if spec.kind == "share":
        rate = rates.get(spec.event, USUAL_RATES.get(spec.event, OTHER_RATE))
        if not 0 < rate < 1:
            raise DataError(
                f"the rate of '{spec.event}' is {100 * rate:g}%, must lie between 0% "
                "and 100%",
                help=f"write --rate {spec.event}=6%",
            )
        return Baseline("share", rate)
    try:
        found = measure_baselines(catalog, experiment, at=None).baselines
        return found[spec.name]
    except (CopylabError, KeyError):
        raise DataError(
            f"nothing says what '{spec.name}' is like: it is a {spec.kind}, which needs "
            "past data",
            file=experiment.file,
            help="point data: of copylab.yaml to past sends",
        ) from None


def _lines(
    name: str,
    design: Design,
    units: int,
    effects: Mapping[str, float],
    found: Mapping[str, Repeats],
    seed: int,
) -> list[str]:
    from copylab.analysis.wording import word_value

    base = design.baseline
    looks = "any time" if not design.looks else f"{len(design.looks)} looks"
    aa = found["aa"]
    lines = [
        (
            f"{name} as planned: {units:,} users, {len(design.shares)} variants and the "
            f"control at {word_value(base.kind, base.value)}, {looks}, "
            f"alpha {design.alpha:g}, {design.correction}"
        ),
        f"{aa.runs:,} runs, seed {seed}",
        "no effect anywhere:",
        f"  a false winner in {_rate(aa, aa.won)}",
        f"  any false verdict, harm too, in {_rate(aa, aa.won + aa.losers)}",
    ]
    power = found.get("power")
    if power is not None:
        told = ", ".join(f"{arm} {100 * effect:+g}%" for arm, effect in effects.items())
        right = sum(power.winners[arm] for arm, e in effects.items() if e)
        lines += [
            f"with {told}:",
            f"  promoted in {_rate(power, right)}",
            f"  another arm promoted in {_rate(power, power.won - right)}",
            (
                f"  decided before the last look in {_rate(power, power.early)}, "
                f"after {power.units:,.0f} users on average"
            ),
        ]
    return lines


def _rate(repeats: Repeats, count: int) -> str:
    share, error = 100 * repeats.rate(count), 100 * repeats.error(count)
    return f"{share:.2f}% of runs (± {1.96 * error:.2f})"
