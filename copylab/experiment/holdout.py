"""The global holdout: users who get no marketing at all, so that its worth is known.

    holdout: {share: 2%, salt: holdout.7c2e91}

One declaration in ``copylab.yaml`` holds for every message, channel and experiment. A
unit is held out if its traffic bucket, in the salt of the holdout, is below the share:
a larger share holds out more units and lets nobody go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from copylab.document import Section
from copylab.experiment.allocation import traffic_threshold
from copylab.experiment.buckets import (
    SALT_RULE,
    is_salt,
    prefixed_bucket,
    salt_prefix,
)
from copylab.experiment.read_shares import read_share
from copylab.findings import report

if TYPE_CHECKING:
    from fractions import Fraction

    from copylab.document import Node
    from copylab.findings import Finding
    from copylab.source import Span

HELD_PURPOSES = ("marketing",)
"""What may be held back: somebody waits for every other message."""


@dataclass(frozen=True, slots=True)
class Holdout:
    """Units that get no message of some purposes.

    Attributes:
        share: The share of units held out, 0..1.
        salt: The salt of its buckets, its own.
        unit: The attribute that names the unit.
        purposes: The purposes of messages it holds back.
        place: Where it is declared.
    """

    share: Fraction
    salt: str
    unit: str = "user_id"
    purposes: tuple[str, ...] = HELD_PURPOSES
    place: Span | None = None


class Held(NamedTuple):
    """Where a unit stands towards the holdout.

    Attributes:
        held: Whether it is held out.
        traffic_bucket: The bucket that decides, in the salt of the holdout.
        arm_bucket: The other bucket of the same digest; it decides nothing.
    """

    held: bool
    traffic_bucket: int
    arm_bucket: int


@dataclass(frozen=True, slots=True)
class HoldoutSplit:
    """A holdout made ready.

    Attributes:
        holdout: The declaration.
        threshold: Units whose traffic bucket is below it are held out.
        prefix: The salt's bytes, hashed in front of every unit.
    """

    holdout: Holdout
    threshold: int
    prefix: bytes = field(repr=False)

    def at(self, unit: str) -> Held:
        """Where a unit stands.

        Raises:
            UnicodeEncodeError: The unit holds half of a surrogate pair.
        """
        traffic, slot = prefixed_bucket(self.prefix, unit)
        return Held(traffic < self.threshold, traffic, slot)


def prepare_holdout(holdout: Holdout) -> HoldoutSplit:
    """The holdout, ready to be asked.

    Raises:
        ValueError: Its salt is not one, or its share is not in 0..1.
    """
    threshold = traffic_threshold(holdout.share)
    return HoldoutSplit(holdout, threshold, salt_prefix(holdout.salt))


def read_holdout(node: Node) -> tuple[Holdout | None, list[Finding]]:
    """The holdout that ``copylab.yaml`` declares, and what is wrong with it.

    Returns:
        The holdout, or None where its share or salt is missing or wrong.
    """
    findings: list[Finding] = []
    section = Section(node, findings, "holdout")
    written = section.take("share", required=True)
    share = None if written is None else read_share(section, written, "share")
    salt = section.take_text("salt", required=True)
    if salt is not None and not is_salt(salt):
        cure = f"use {SALT_RULE}, such as holdout.7c2e91"
        span = section.span("salt")
        text = f"'{salt}' is not a salt"
        findings.append(report("bad-value", text, span, help=cure))
        salt = None
    unit = section.take_text("unit")
    purposes = _read_purposes(section)
    section.finish()
    if share is None or salt is None:
        return None, findings
    return Holdout(share, salt, unit or "user_id", purposes, node.span), findings


def _read_purposes(section: Section) -> tuple[str, ...]:
    kept: dict[str, None] = {}
    for node in section.take_list("purposes") or ():
        if node.text in HELD_PURPOSES:
            kept[node.text] = None
        else:
            shown = node.text or node.kind
            text = f"'{shown}' cannot be held out: somebody waits for those messages"
            section.wrong(node, text, f"write purposes: [{', '.join(HELD_PURPOSES)}]")
    return tuple(kept) or HELD_PURPOSES
