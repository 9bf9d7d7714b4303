"""What a schema calls usual is what is taken where nothing is written."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from copylab.config import read_config
from copylab.experiment.holdout import read_holdout
from copylab.experiment.layers import read_layers
from copylab.experiment.metrics import read_metrics
from copylab.experiment.read import read_experiment
from copylab.message.read import read_message
from copylab.schema import make_schema
from copylab.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable

EXPERIMENT = {"message": "m", "salt": "s.1", "arms": {"a": "50%", "b": "50%"}}
EXPERIMENT |= {"control": "a", "plan": {}}
MONEY = {"type": "money", "currency": "CNY", "min": 1, "max": 9}
NUMBER = {"type": "decimal", "min": 1, "max": 9}
TEXT = {"type": "text", "max": 9}


def _source(document: object) -> SourceFile:
    return SourceFile("file.yaml", json.dumps(document))


def _config(document: object) -> Any:
    config, findings = read_config(_source(document))
    assert not findings
    return config


def _experiment(document: object) -> Any:
    experiment, findings = read_experiment(_source(document), "x")
    assert not findings
    return experiment


def _holdout(document: object) -> Any:
    holdout, findings = read_holdout(_config(document).holdout)
    assert not findings
    return holdout.unit, holdout.purposes


def _variable(document: object) -> Any:
    read = read_message("m", _source(document), {}, _config({}))
    assert not [item for item in read[1] if "variables" in item.message]
    found = read[0].variables["x"]
    return replace(found, span=None)


def _message(**variable: object) -> dict[str, object]:
    return {"purpose": "otp", "live": "plain", "variables": {"x": variable}}


CASES: list[tuple[str, Callable[[Any], Any], Any, tuple[str, ...], object]] = [
    ("experiment", lambda d: _experiment(d).status, EXPERIMENT, ("status",), "draft"),
    ("experiment", lambda d: _experiment(d).unit, EXPERIMENT, ("unit",), "user_id"),
    (
        "experiment",
        lambda d: _experiment(d).coverage,
        EXPERIMENT,
        ("coverage",),
        "100%",
    ),
    ("experiment", lambda d: _experiment(d).plan, EXPERIMENT, ("plan", "alpha"), 0.05),
    ("experiment", lambda d: _experiment(d).plan, EXPERIMENT, ("plan", "power"), 0.8),
    ("experiment", lambda d: _experiment(d).plan, EXPERIMENT, ("plan", "looks"), 1),
    (
        "experiment",
        lambda d: _experiment(d).plan,
        EXPERIMENT,
        ("plan", "spending"),
        "obrien-fleming",
    ),
    (
        "config",
        lambda d: _config(d).locales.missing,
        {"locales": {"default": "en-US"}},
        ("locales", "missing"),
        "error",
    ),
    ("config", lambda d: _config(d).timezone, {}, ("timezone",), "UTC"),
    (
        "config",
        lambda d: _config(d).outcomes.delivered,
        {"data": {}},
        ("data", "delivered"),
        "delivered",
    ),
    (
        "config",
        lambda d: _config(d).outcomes.machines.events,
        {"data": {"machine_clicks": {"within": "2s"}}},
        ("data", "machine_clicks", "events"),
        ["click"],
    ),
    (
        "config",
        lambda d: _config(d).outcomes.machines.column,
        {"data": {"machine_clicks": {"within": "2s"}}},
        ("data", "machine_clicks", "column"),
        "agent",
    ),
    (
        "config",
        _holdout,
        {"holdout": {"share": "2%", "salt": "h.1"}},
        ("holdout", "unit"),
        "user_id",
    ),
    (
        "config",
        _holdout,
        {"holdout": {"share": "2%", "salt": "h.1"}},
        ("holdout", "purposes"),
        ["marketing"],
    ),
    (
        "metrics",
        lambda d: read_metrics(_source(d))[0]["click"].better,
        {"click": {"event": "click", "kind": "share"}},
        ("click", "better"),
        "higher",
    ),
    (
        "layers",
        lambda d: read_layers(_source(d))[0]["recall"].unit,
        {"recall": {"salt": "r.1"}},
        ("recall", "unit"),
        "user_id",
    ),
    ("message", _variable, _message(**MONEY), ("variables", "x", "decimals"), 0),
    ("message", _variable, _message(**NUMBER), ("variables", "x", "decimals"), 2),
    ("message", _variable, _message(**TEXT), ("variables", "x", "charset"), "any"),
    ("message", _variable, _message(**TEXT), ("variables", "x", "multiline"), False),
    ("message", _variable, _message(**TEXT), ("variables", "x", "missing"), "error"),
]


@pytest.mark.parametrize(
    ("kind", "read", "document", "path", "usual"),
    CASES,
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_usual_may_be_left_out(kind, read, document, path, usual) -> None:
    assert usual in _usual(make_schema(kind), document, path)
    written = copy.deepcopy(document)
    target = written
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = usual
    assert read(written) == read(document)


def _usual(schema: dict[str, Any], document: Any, path: tuple[str, ...]) -> list[Any]:
    """What the schema calls usual at a path of a document."""
    parts = [schema]
    for key in path:
        document = document.get(key, {})
        below = []
        for part in parts:
            named = part.get("properties", {}).get(key)
            below.append(named or part.get("additionalProperties"))
        parts = []
        for part in below:
            if isinstance(part, dict):
                whole = part
                if "$ref" in part:
                    whole = schema["definitions"][part["$ref"].split("/")[-1]]
                parts += [whole]
                parts += [
                    case["then"]
                    for case in whole.get("allOf", ())
                    if case["if"]["properties"]["type"]["const"] == document.get("type")
                ]
    return [part["default"] for part in parts if "default" in part]
