"""Pages of the YAML files, made from their JSON Schemas: every key of every file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from page_text import code, escape, note, table

from copylab.schema import KINDS, make_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = "reference/files"
ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = {
    "config": "copylab.yaml",
    "message": "templates/winback/approved_day7/message.yaml",
    "experiment": "experiments/approved_sms_hook.yaml",
    "audiences": "experiments/audiences.yaml",
    "metrics": "experiments/metrics.yaml",
    "personas": "templates/_personas.yaml",
}
"""A whole file of each kind, from the sample workspace."""
_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
}
_SCALARS = {"string", "number", "boolean"}
_READ_ON = {
    "config": "[what a message costs](../../channels.md), [lint](../../lint.md), "
    "[where the data lie](../../sources.md)",
    "message": "[for copywriters](../../how-to/copywriters.md)",
    "experiment": "[assignment](../../assignment.md), [statistics](../../statistics.md)",
    "audiences": "[for analysts](../../how-to/analysts.md)",
    "layers": "[assignment](../../assignment.md)",
    "metrics": "[statistics](../../statistics.md), [results](../../results.md)",
    "personas": "[for copywriters](../../how-to/copywriters.md)",
    "pack": "[rules of your own](../../own-rules.md), with examples",
    "report": "[lint](../../lint.md)",
}
Row = tuple[str, str, str, str, str]
_MANY = 40
"""From so many keys on that all take the same, they are not listed."""
_INDEX = """\
# Files

A workspace is these files. Editors complete and check the YAML as you type:
`copylab schema --output .copylab/schemas` writes the schemas that these pages are made from, and
says what goes into the editor's settings.

{table}

Words stand in `templates/MESSAGE/CHANNEL.LOCALE.md`: a heading `# variant` begins a wording,
`## field` a field of it, and every other line is copy. See
[for copywriters](../../how-to/copywriters.md).

## How YAML is read

By the core rules of YAML 1.2: only `true` and `false` are booleans, so `on`, `off`, `yes` and
`no` are words. A key that is unknown or stands twice is a finding, never ignored. Times are UTC.
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """A mapping that has a part of the page to itself.

    Attributes:
        path: Where it is, dotted; a name of one's own is `NAME`.
        when: What must be so for it, such as a variable's type; empty for nothing.
        part: Its schema.
    """

    path: str
    when: str
    part: dict[str, Any]


@dataclass(slots=True)
class Part:
    """What a page says of one mapping, or of several that take the same.

    Attributes:
        paths: Where they are.
        when: What must be so, such as a variable's type; empty for nothing.
        about: What it is, as Markdown.
        rows: A row for each key.
    """

    paths: list[str]
    when: str
    about: str
    rows: list[Row]

    def lines(self) -> Iterator[str]:
        """Its lines."""
        title = f"`{self.paths[0]}`" if self.paths[0] else "Keys"
        yield f"## {title}{f' ({self.when})' if self.when else ''}"
        yield ""
        if self.about:
            yield from (self.about, "")
        if self.paths[1:]:
            others = ", ".join(f"`{path}`" for path in self.paths[1:])
            yield from (f"The same holds for {others}.", "")
        if self.rows:
            head = ("key", "takes", "usually", "what it means", "example")
            yield from (*table(head, self.rows), "")


def render_pages() -> dict[str, str]:
    """The pages by path below docs/: one a kind of file, and a list of them."""
    rows = [
        (f"[{name}]({name}.md)", _places(name), escape(kind.about))
        for name, kind in KINDS.items()
    ]
    listed = "\n".join(table(("page", "file", "what it is"), rows))
    first = f"{note('copylab/schema')}\n\n"
    pages = {f"{FOLDER}/index.md": first + _INDEX.format(table=listed)}
    for name in KINDS:
        text = "\n".join(_lines(name, make_schema(name)))
        pages[f"{FOLDER}/{name}.md"] = f"{first}{text.rstrip()}\n"
    return pages


def _places(name: str) -> str:
    found = [code(path) for path in KINDS[name].files if not path.startswith("!")]
    without = [code(path[1:]) for path in KINDS[name].files if path.startswith("!")]
    text = ", ".join(found) or "where `lint: packs:` says"
    if name == "report":
        return "printed"
    return f"{text}, but not {', '.join(without)}" if without else text


def _lines(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"# {name}"
    yield ""
    yield f"{escape(KINDS[name].about)} File: {_places(name)}."
    yield ""
    if name in EXAMPLES:
        yield "## Example"
        yield ""
        yield f"`{EXAMPLES[name]}` of the sample workspace:"
        yield ""
        yield "```yaml"
        yield (ROOT / EXAMPLES[name]).read_text(encoding="utf-8").rstrip()
        yield "```"
        yield ""
    yield f"Read on: {_READ_ON[name]}"
    yield ""
    if "properties" not in schema:
        yield from _named(schema)
    known = dict(_parts(make_schema("config"))) if name == "message" else {}
    for part in _merged(_shown(schema, known)):
        yield from part.lines()


def _named(schema: dict[str, Any]) -> Iterator[str]:
    """What is said of a file whose keys are all names of one's own."""
    name = schema["propertyNames"]["examples"][0]
    part = schema["additionalProperties"]
    example = _example(part, schema)
    yield f"A key is a name of your own, such as {code(name)}. Its value: {_type(part, schema)}."
    yield escape(part["description"]) + (f" Such as {example}." if example else "")
    yield ""


def _headings(schema: dict[str, Any]) -> Iterator[Heading]:
    """All mappings in reading order, each shape of a path once."""
    seen: set[tuple[str, str, str]] = set()
    waiting = [Heading("", "", schema)]
    while waiting:
        found = waiting.pop(0)
        key = (found.path, found.when, json.dumps(found.part, sort_keys=True))
        if key in seen:
            continue
        seen.add(key)
        if "properties" in found.part:
            yield found
        waiting[:0] = list(_below(found, schema))


def _below(heading: Heading, schema: dict[str, Any]) -> Iterator[Heading]:
    """The mappings in a mapping, down to where they have keys of their own."""
    part = heading.part
    if _is_even(part):
        return
    inner = [(f".{key}", value) for key, value in part.get("properties", {}).items()]
    if isinstance(part.get("additionalProperties"), dict):
        inner.append((".NAME", part["additionalProperties"]))
    if isinstance(part.get("items"), dict):
        inner.append(("[]", part["items"]))
    for suffix, value in inner:
        path = f"{heading.path}{suffix}".lstrip(".")
        for when, form in _forms(value, schema):
            yield Heading(path, when, form)
    if not heading.path:
        for _, form in [*_forms_of(part, schema)]:
            yield Heading("", "", form)


def _forms(
    part: dict[str, Any], schema: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The forms that a value may have: itself, its alternatives, or one for each type."""
    part = _resolve(part, schema)
    yield (
        "",
        {key: value for key, value in part.items() if key not in {"anyOf", "allOf"}},
    )
    yield from _forms_of(part, schema)


def _forms_of(
    part: dict[str, Any], schema: dict[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for form in part.get("anyOf", ()):
        inner = _resolve(form, schema)
        kind = inner.get("properties", {}).get("kind", {}).get("enum", [])
        yield (f"kind: {kind[0]}" if len(kind) == 1 else ""), inner
    for case in part.get("allOf", ()):
        (key, test), *_ = case["if"]["properties"].items()
        yield f"{key}: {test['const']}", _resolve(case["then"], schema)


def _resolve(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    found: dict[str, Any] = schema["definitions"][part["$ref"].split("/")[-1]]
    return found


def _is_even(part: dict[str, Any]) -> bool:
    """Whether a mapping has a great many keys that all take the same."""
    keys = list(part.get("properties", {}).values())
    return len(keys) >= _MANY and len({str(key.get("enum")) for key in keys}) == 1


def _parts(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The mappings at the top of a file, by key."""
    yield from schema["properties"].items()


def _shown(schema: dict[str, Any], known: dict[str, Any]) -> Iterator[Part]:
    """What the page says of each mapping, without what another page says already.

    Args:
        schema: The schema.
        known: The keys that the page of ``copylab.yaml`` explains.
    """
    headings = list(_with_bases(_headings(schema)))
    for heading in headings:
        top = heading.path.split(".")[0].removesuffix("[]")
        if top in known and known[top] == schema["properties"][top]:
            if heading.path == top:
                about = f"As in [copylab.yaml](config.md#{top})."
                yield Part([heading.path], "", about, [])
            continue
        forms = [item for item in headings if item.path == heading.path and item.when]
        yield _part(
            heading, _common([_rows(item.part, schema) for item in forms]), schema
        )


def _with_bases(headings: Iterable[Heading]) -> Iterator[Heading]:
    """The mappings, with one in front of those that have forms alone."""
    before: set[str] = set()
    for heading in headings:
        if heading.when and heading.path not in before:
            yield Heading(heading.path, "", {"properties": {}})
        before.add(heading.path)
        yield heading


def _part(heading: Heading, common: list[Row], schema: dict[str, Any]) -> Part:
    """What is said of a mapping; what all of its forms take is said once."""
    about = escape(heading.part.get("description", ""))
    rows = _rows(heading.part, schema)
    if heading.when:
        known = {row[:2] for row in common}
        rows = [row for row in rows if row[:2] not in known]
        about = "" if rows else "It takes nothing else."
    elif common:
        rows = common
    if _is_even(heading.part):
        example, value = next(iter(heading.part["properties"].items()))
        about += (
            " A key is the name or the code of [a rule](../../rules/README.md), such "
            f"as `{example}`; its value is {_type(value, schema)}."
        )
        rows = []
    return Part([heading.path], heading.when, about, rows)


def _common(forms: list[list[Row]]) -> list[Row]:
    """The rows that all forms have, as the first one shows them."""
    if not forms:
        return []
    keys = [{row[:2] for row in rows} for rows in forms]
    return [row for row in forms[0] if all(row[:2] in known for known in keys)]


def _merged(parts: Iterable[Part]) -> list[Part]:
    """Parts with the same keys as one, which has the paths of all."""
    found: dict[tuple[object, ...], Part] = {}
    for number, part in enumerate(parts):
        alike = tuple((row[0], row[1], row[2], row[4]) for row in part.rows)
        key = (alike, part.when) if alike else (number,)
        if key in found:
            found[key].paths.extend(part.paths)
        else:
            found[key] = part
    return list(found.values())


def _rows(part: dict[str, Any], schema: dict[str, Any]) -> list[Row]:
    required = set(part.get("required", ()))
    rows = [
        _row(key, _resolve(value, schema), schema, needed=key in required)
        for key, value in part["properties"].items()
    ]
    if part.get("additionalProperties") is True:
        rows.append(("(any other)", "anything", "", "A key of your own is kept.", ""))
    return rows


def _row(
    key: str, part: dict[str, Any], schema: dict[str, Any], *, needed: bool
) -> Row:
    usual = "**required**" if needed else ""
    if "default" in part:
        usual = code(_written(part["default"]))
    return (
        code(key),
        _type(part, schema),
        usual,
        escape(part.get("description", "")),
        _example(part, schema),
    )


def _type(part: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a value may be, in words."""
    part = _resolve(part, schema)
    if "anyOf" in part:
        forms = dict.fromkeys(_type(form, schema) for form in part["anyOf"])
        return " or ".join(forms)
    if "enum" in part:
        return " · ".join(code(word) for word in part["enum"])
    kinds = part.get("type", [])
    kinds = (
        [kinds]
        if isinstance(kinds, str)
        else [kind for kind in kinds if kind != "null"]
    )
    if not kinds:
        return "anything"
    if set(kinds) == _SCALARS:
        return "text"
    if kinds == ["array"]:
        return f"list of {_type(part['items'], schema)}"
    named = part.get("additionalProperties")
    if kinds == ["object"] and isinstance(named, dict) and "properties" not in part:
        return f"mapping of names to {_type(named, schema)}"
    return " or ".join(_WORDS[kind] for kind in kinds) + _range(part)


def _range(part: dict[str, Any]) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    if low is None and high is None:
        return ""
    if high is None:
        return f", from {low}"
    return f", {low} to {high}"


def _example(part: dict[str, Any], schema: dict[str, Any]) -> str:
    value = _make(part, schema)
    return "" if value is None else code(_written(value))


def _make(part: dict[str, Any], schema: dict[str, Any]) -> object:
    """The schema's own example of a value; None where it has a part to itself."""
    part = _resolve(part, schema)
    if "anyOf" in part:
        return _make(part["anyOf"][0], schema)
    if "examples" in part:
        found: object = part["examples"][0]
        return found
    if "enum" in part:
        return part["enum"][0]
    if part.get("type") == "boolean":
        return not part.get("default", False)
    if part.get("type") == "array":
        inner = _make(part["items"], schema)
        return None if inner is None else [inner]
    if isinstance(part.get("additionalProperties"), dict) and "properties" not in part:
        inner = _make(part["additionalProperties"], schema)
        names = part.get("propertyNames", {}).get("examples", [])
        return None if inner is None or not names else {names[0]: inner}
    return None


def _written(value: object) -> str:
    """A value as YAML in one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {_written(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    text = str(value)
    special = text[:1] in "[{*&!|>%@`#'\"" or ": " in text or text.endswith(":")
    return json.dumps(text, ensure_ascii=False) if special else text
