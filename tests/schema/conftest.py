"""Whole documents made of a schema's examples, and what a reader takes of them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from copylab.document import Node, Section
from copylab.schema import make_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Path = tuple[str | int, ...]


class Documents:
    """Documents that hold every key of a schema.

    Args:
        schema: The schema.
        form: Which of several forms to write: 0 the first, -1 the last.
    """

    def __init__(self, schema: dict[str, Any], form: int) -> None:
        self.schema = schema
        self.form = form

    def make(self, part: dict[str, Any] | None = None) -> Any:
        part = self.schema if part is None else part
        if "$ref" in part:
            return self.make(self.schema["definitions"][part["$ref"].split("/")[-1]])
        if "anyOf" in part:
            return self.make(part["anyOf"][self.form])
        if "allOf" in part:
            return self.make(part["allOf"][0]["then"])
        if "enum" in part:
            return part.get("default", part["enum"][0])
        if "examples" in part:
            return part["examples"][0]
        if part.get("type") == "boolean":
            return True
        if part.get("type") == "array":
            forms = part["items"].get("anyOf", ())
            if forms and all("kind" in form.get("properties", {}) for form in forms):
                return [self.make(form) for form in forms]  # a rule of each kind
            return [self.make(part["items"])]
        assert "properties" in part or "additionalProperties" in part, part
        return self.make_mapping(part)

    def make_mapping(self, part: dict[str, Any]) -> dict[str, Any]:
        made = {
            key: self.make(inner) for key, inner in part.get("properties", {}).items()
        }
        names = part.get("propertyNames", {}).get("examples", [])
        for name in names:
            made[name] = self.make_named(name, part["additionalProperties"])
        return made

    def make_named(self, name: str, part: dict[str, Any]) -> Any:
        """A named entry; where forms depend on a type, the name says which."""
        if "$ref" in part:
            part = self.schema["definitions"][part["$ref"].split("/")[-1]]
        for case in part.get("allOf", ()):
            if case["if"]["properties"]["type"]["const"] == name:
                return self.make(case["then"]) | {"type": name}
        return self.make(part)


@dataclass
class Taken:
    """What readers took: by path of a mapping its keys, and mappings free in keys."""

    keys: dict[Path, set[str]] = field(default_factory=dict)
    free: set[Path] = field(default_factory=set)


def _paths(node: Node, path: Path = ()) -> Iterator[tuple[int, Path]]:
    yield id(node), path
    if isinstance(node.value, dict):
        for key, entry in node.value.items():
            yield from _paths(entry.node, (*path, key))
    elif isinstance(node.value, tuple):
        for number, item in enumerate(node.value):
            yield from _paths(item, (*path, number))


@pytest.fixture
def record(monkeypatch) -> Callable[[Callable[[], object]], Taken]:
    """Runs a reader and gives what it took, by the real ``Section``."""

    def run(read: Callable[[], object]) -> Taken:
        seen: list[tuple[Section, str | None]] = []
        start, take, entries = Section.__init__, Section.take, Section.entries

        def begin(self, node, findings, name) -> None:
            seen.append((self, ""))
            start(self, node, findings, name)

        def taking(self, key, *, required=False):
            seen.append((self, key))
            return take(self, key, required=required)

        def listing(self):
            seen.append((self, None))
            return entries(self)

        with monkeypatch.context() as patch:
            patch.setattr(Section, "__init__", begin)
            patch.setattr(Section, "take", taking)
            patch.setattr(Section, "entries", listing)
            read()
        root = seen[0][0].node
        places = dict(_paths(root))
        taken = Taken()
        for section, key in seen:
            path = places.get(id(section.node))
            if path is None:
                continue
            taken.keys.setdefault(path, set())
            if key is None:
                taken.free.add(path)
            elif key:
                taken.keys[path].add(key)
        return taken

    return run


class Schema:
    """A schema, and which of its parts apply at a place of a document."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema
        self.validator = jsonschema.Draft7Validator(schema)

    def problems(self, document: object) -> list[str]:
        found = self.validator.iter_errors(document)
        return [f"{list(error.absolute_path)}: {error.message}" for error in found]

    def is_valid(self, document: object) -> bool:
        return self.validator.is_valid(document)

    def parts_at(self, document: Any, path: Path) -> list[dict[str, Any]]:
        """The parts that say something of the value at a path."""
        parts = list(self._applicable(self.schema, document))
        for key in path:
            document = document[key]
            inner = itertools.chain.from_iterable(
                self._below(part, key) for part in parts
            )
            parts = [
                applied
                for below in inner
                for applied in self._applicable(below, document)
            ]
        return parts

    def _below(self, part: dict[str, Any], key: str | int) -> list[dict[str, Any]]:
        if isinstance(key, int):
            return [part["items"]] if "items" in part else []
        if key in part.get("properties", {}):
            return [part["properties"][key]]
        more = part.get("additionalProperties")
        return [more] if isinstance(more, dict) else []

    def _applicable(self, part: dict[str, Any], value: Any) -> Iterator[dict[str, Any]]:
        if "$ref" in part:
            part = self.schema["definitions"][part["$ref"].split("/")[-1]]
        yield part
        for form in part.get("anyOf", ()):
            if self._fits(form, value):
                yield from self._applicable(form, value)
        for case in part.get("allOf", ()):
            if self._fits(case["if"], value):
                yield from self._applicable(case["then"], value)

    def _fits(self, part: dict[str, Any], value: Any) -> bool:
        whole = {**part, "definitions": self.schema.get("definitions", {})}
        return jsonschema.Draft7Validator(whole).is_valid(value)


@pytest.fixture
def schema_of() -> Callable[[str], Schema]:
    return lambda name: Schema(json.loads(json.dumps(make_schema(name))))


@pytest.fixture
def documents_of() -> Callable[[Schema], list[Any]]:
    return lambda schema: [Documents(schema.schema, form).make() for form in (0, -1)]
