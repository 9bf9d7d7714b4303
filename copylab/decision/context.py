"""What stands beside the statistics: a prior, costs, and the words themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import log1p
from typing import TYPE_CHECKING

from copylab.analysis.costs import ArmCost, find_cost, value_extra
from copylab.analysis.priors import LiftPrior, learn_prior, shrink_lifts
from copylab.analysis.sequential.judging import fixed_level
from copylab.channels.route import routes_of
from copylab.decision.arm_words import render_arms
from copylab.decision.history import past_lifts, read_decisions
from copylab.experiment.model import NO_SEND

if TYPE_CHECKING:
    from collections.abc import Iterable

    from copylab.analysis.handed_sends import ArmSends
    from copylab.analysis.results import Analysis
    from copylab.catalog import Catalog
    from copylab.experiment.model import Experiment
    from copylab.message.model import Message
    from copylab.sms_settings import Price


def add_context(
    catalog: Catalog,
    experiment: Experiment,
    analysis: Analysis,
    *,
    persona: str | None = None,
) -> Analysis:
    """The analysis with a prior and shrunk lifts, costs, and the words of each arm.

    Args:
        catalog: The workspace.
        experiment: The experiment.
        analysis: Its analysis.
        persona: A made-up user to render the words for; None takes sample values.

    Raises:
        DataError: There is no such persona, or a past decision cannot be read.
    """
    prior = find_prior(catalog, experiment)
    alpha = analysis.alpha
    level = fixed_level(analysis.looks.judge if analysis.looks else None, alpha)
    primary = [
        item
        for item in analysis.comparisons
        if item.role == "primary" and NO_SEND not in {item.arm, item.control}
    ]
    return replace(
        analysis,
        prior=prior,
        shrunk=()
        if prior is None
        else shrink_lifts(primary, prior, alpha, level=level),
        costs=find_costs(catalog, experiment, analysis),
        copies=render_arms(catalog, experiment, persona=persona),
    )


def find_prior(catalog: Catalog, experiment: Experiment) -> LiftPrior | None:
    """The prior of an experiment: its plan's, the workspace's, or one learned.

    Returns:
        None where it is switched off, or none is declared and there are fewer than
        five past experiments to learn one from.
    """
    declared = experiment.plan.prior or catalog.config.prior
    if declared is None:
        decisions = read_decisions(catalog)
        return learn_prior(past_lifts(decisions, without=experiment.name))
    if declared.sd is None:
        return None
    source = "workspace" if experiment.plan.prior is None else "experiment"
    return LiftPrior(log1p(declared.mean), declared.sd, source)


def find_costs(
    catalog: Catalog, experiment: Experiment, analysis: Analysis
) -> tuple[ArmCost, ...]:
    """What the sends of each arm cost, and what one more conversion does.

    An arm is valued against the control; the control, against silence where there is
    an arm without a send.
    """
    message = catalog.messages.get(experiment.message)
    if message is None or not analysis.sends:
        return ()
    units = {arm.arm: arm.n for arm in analysis.arms}
    costs = [
        _add_up(arm, n, [item for item in analysis.sends if item.arm == arm], message)
        for arm, n in units.items()
        if arm != NO_SEND
    ]
    primary = {i.arm: i for i in analysis.comparisons if i.role == "primary"}
    silent = {i.arm: i for i in analysis.holdout if i.role == "primary"}
    base = find_cost(costs, analysis.control)
    return tuple(
        value_extra(cost, None, silent.get(cost.arm))
        if cost.arm == analysis.control
        else value_extra(cost, base, primary.get(cost.arm))
        for cost in costs
    )


def _add_up(
    arm: str, units: int, sends: Iterable[ArmSends], message: Message
) -> ArmCost:
    priced: dict[str, Decimal] = {}
    count = unpriced = parts = 0
    counted = False
    for item in sends:
        count += item.sends
        if item.channel != "sms":
            continue
        counted = counted or item.parts is not None
        parts += item.parts or 0
        price = _price(message, item.locale)
        if price is None or item.parts is None:
            unpriced += item.sends
            continue
        amount = price.amount * item.parts
        priced[price.currency] = priced.get(price.currency, Decimal(0)) + amount
    return ArmCost(arm, units, count, parts if counted else None, priced, unpriced)


def _price(message: Message, locale: str) -> Price | None:
    """The price of a part, where all markets of the locale pay the same.

    Exposures count parts and do not say as what product a message was sold. So there is
    no price either where a market sells long messages as another product at another
    price, or in another currency.
    """
    prices = {
        route.price(product)
        for route in routes_of(message, locale)
        for product in route.profile.products
    }
    return next(iter(prices)) if len(prices) == 1 else None
