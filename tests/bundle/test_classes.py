from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path

import copylab
from copylab.bundle import classes
from copylab.bundle.build import APART
from copylab.bundle.classes import CLASSES, field_names, layout_hash
from copylab.catalog import Catalog
from copylab.source import SourceFile

WRITTEN_BY_NAME = {SourceFile.__name__}


def data_classes() -> dict[str, type]:
    """The dataclasses and named tuples of what catalogs are made of, by name."""
    root = Path(copylab.__file__).parent
    rooms = ("audience", "channels", "experiment", "message", "template")
    paths = [*root.glob("*.py"), *(p for r in rooms for p in (root / r).glob("*.py"))]
    found = {}
    for path in paths:
        name = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        if path.stem in {"__init__", "__main__"}:
            continue
        # What other tests have imported may have classes of the same names.
        for item in vars(import_module(name)).values():
            if isinstance(item, type) and (
                is_dataclass(item) or hasattr(item, "_fields")
            ):
                found[item.__name__] = item
    return found


def named_in(kind: type, known: dict[str, type], skip: frozenset[str]) -> set[str]:
    """The data classes that the fields of a class name."""
    if hasattr(kind, "_fields"):
        types = [str(hint) for hint in kind.__annotations__.values()]
    else:
        types = [
            str(item.type)
            for item in fields(kind)
            if item.init and item.name not in skip
        ]
    words = {word for text in types for word in re.findall(r"\w+", text)}
    return words & known.keys()


def test_all_that_a_catalog_can_hold_is_listed() -> None:
    """A class that is added to the model later has to be listed, or this says so."""
    known = data_classes()
    needed = named_in(Catalog, known, APART) | {"Message"}
    missing: dict[str, str] = {}
    seen: set[str] = set()
    while needed - seen:
        name = (needed - seen).pop()
        seen.add(name)
        if name in WRITTEN_BY_NAME:
            continue
        if name not in CLASSES:
            missing[name] = known[name].__module__
            continue
        needed |= named_in(CLASSES[name], known, frozenset())
    assert missing == {}
    assert len(seen) > 25


def test_names_are_of_one_class_each_and_the_hash_is_of_their_fields() -> None:
    assert len(CLASSES) == len(classes._LISTED)
    for name, kind in CLASSES.items():
        assert kind.__name__ == name
        assert len(set(field_names(kind))) == len(field_names(kind))
    assert re.fullmatch(r"[0-9a-f]{16}", layout_hash())
