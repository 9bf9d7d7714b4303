"""JSON Schemas of the YAML files, so that editors complete and check as people type.

What can be chosen from comes from the readers' own tables; the keys are held to what
the readers take by tests. The schemas are of draft 7, which editors know best.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.schema.parts import Json

DRAFT = "http://json-schema.org/draft-07/schema#"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that has a schema.

    Attributes:
        about: What the file is.
        files: Which files of a workspace it is for, as editors match them.
    """

    about: str
    files: tuple[str, ...] = ()


KINDS: dict[str, Kind] = {
    "config": Kind("The settings of a workspace.", ("copylab.yaml",)),
    "message": Kind(
        "What a message is: purpose, variants, variables.",
        ("templates/**/message.yaml",),
    ),
    "experiment": Kind(
        "An experiment: arms of one message, a plan, metrics.",
        (
            "experiments/*.yaml",
            "!experiments/audiences.yaml",
            "!experiments/layers.yaml",
            "!experiments/metrics.yaml",
        ),
    ),
    "audiences": Kind(
        "Audiences: named conditions on users.", ("experiments/audiences.yaml",)
    ),
    "layers": Kind(
        "Layers: experiments that exclude each other.", ("experiments/layers.yaml",)
    ),
    "metrics": Kind(
        "Metrics: what is measured, per unit.", ("experiments/metrics.yaml",)
    ),
    "personas": Kind("Made-up users for previews.", ("templates/_personas.yaml",)),
    "pack": Kind("Rules on wording, written as data."),
    "report": Kind("What copylab lint --format json prints."),
}
"""Every schema by name."""


def make_schema(name: str) -> Json:
    """The JSON Schema of a kind of file.

    Raises:
        ValueError: There is no such kind.
    """
    if name not in KINDS:
        raise ValueError(f"schema == {name!r}, must be one of {', '.join(KINDS)}")
    module = import_module(f"copylab.schema.{name}")
    describe: Callable[[], Json] = module.describe
    head = {
        "$schema": DRAFT,
        "$id": f"urn:copylab:schema:{name}",
        "title": f"copylab {name}",
        "description": KINDS[name].about,
    }
    return head | describe()
