"""Lowering: from Jinja's tree to a shape, includes and ``set`` substituted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from copylab.findings import Finding, report
from copylab.template.lower_body import Reading
from copylab.template.names import Names, TooComplexError
from copylab.template.shape import Shape, walk
from copylab.template.syntax_words import SIMPLER, TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from copylab.message.model import Passage
    from copylab.template.scope import Scope

MAX_SHAPES = 20_000
"""The largest template that is read, includes and ``set`` written out."""


@dataclass(frozen=True, slots=True)
class Lowered:
    """A template that was read.

    Attributes:
        shape: Its shape; what could not be read is left out.
        used: Every declared variable it refers to, in any branch or include.
        includes: The partials it includes, directly or not.
        findings: What is wrong with it; a template with errors is not sent.
        unknown: How many values and conditions could not be read, and stand in the
            shape as ``Unknown``.
        is_whole: Whether no words are left out of the shape.
    """

    shape: Shape
    used: frozenset[str]
    includes: frozenset[str]
    findings: tuple[Finding, ...]
    unknown: int = 0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one field, lowered.

    Attributes:
        passage: The words and their place.
        lowered: Their shape and what is wrong with them.
        scope: What their names mean.
    """

    passage: Passage
    lowered: Lowered
    scope: Scope


def lower_passage(
    passage: Passage,
    scope: Scope,
    *,
    escape: str = "none",
    partials: Mapping[str, Passage] | None = None,
) -> Lowered:
    """The shape of a passage.

    Args:
        passage: The template and its place.
        scope: What its names mean.
        escape: The escape of the destination, for values that are printed.
        partials: By path below ``_partials``, what can be included.
    """
    findings: list[Finding] = []
    names = Names(scope, {}, {}, findings)
    lowerer = Reading(names, escape, partials or {}, set())
    try:
        shape = _of_sensible_size(lowerer.passage(passage, ()), passage)
    except TooComplexError as error:
        place, cure = error.span, error.cure
        findings.append(report("too-complex", error.message, place, help=cure))
        shape = lowerer.leave_out()
    except RecursionError:
        place = passage.whole()
        findings.append(report("too-complex", TOO_LARGE, place, help=SIMPLER))
        shape = lowerer.leave_out()
    return Lowered(
        shape,
        frozenset(names.used),
        frozenset(lowerer.included),
        tuple(dict.fromkeys(findings)),
        names.unknown,
        lowerer.is_whole,
    )


def _of_sensible_size(shape: Shape, passage: Passage) -> Shape:
    if sum(1 for _ in walk(shape)) > MAX_SHAPES:
        raise TooComplexError(TOO_LARGE, SIMPLER, passage.whole())
    return shape
