"""The schemas and the readers agree: whoever adds a key to one adds it to the other."""

from __future__ import annotations

import json
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from copylab.audience.attributes import parse_attribute, read_attributes
from copylab.audience.read import read_audiences
from copylab.catalog import read_catalog
from copylab.config import read_config
from copylab.document import Section, parse_document
from copylab.experiment.holdout import read_holdout
from copylab.experiment.layers import read_layers
from copylab.experiment.metrics import read_metrics
from copylab.experiment.read import read_experiment
from copylab.findings import Edit, Finding, Fix
from copylab.lint.cost import Costs
from copylab.lint.examples import example_files
from copylab.lint.formats import format_report
from copylab.lint.own_packs import read_pack
from copylab.lint.pack import rule_packs
from copylab.lint.report import Report
from copylab.lint.rule import all_rules
from copylab.lint.ruleset import find_rules
from copylab.lint_settings import matches_path
from copylab.message.read import read_message
from copylab.schema import KINDS, make_schema
from copylab.source import SourceFile, Span
from copylab.starter import starter_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ROOT = File(__file__).parents[2]
READ = [name for name in KINDS if name != "report"]
ATTRIBUTES = {
    name: parse_attribute(name, kind)
    for name, kind in (("loans", "int"), ("last_visit_at", "timestamp"))
}
LOCALES = read_config(
    SourceFile("copylab.yaml", "locales: {default: en-US, also: [zh-CN]}\n")
)[0]


def _read_personas(source: SourceFile) -> list[Finding]:
    root, findings = parse_document(source)
    assert root is not None
    section = Section(root, findings, "_personas.yaml")
    for entry in section.entries():
        list(Section(entry.node, findings, entry.key).entries())
    return findings


def _read_config(source: SourceFile) -> list[Finding]:
    config, findings = read_config(source)
    later = read_attributes(config.attributes)[1]
    rules = [item for item in find_rules(config.lint, {})[1] if "no rule" in str(item)]
    if config.holdout is not None:
        later += read_holdout(config.holdout)[1]
    return [*findings, *later, *rules]


READERS: dict[str, Callable[[SourceFile], list[Finding]]] = {
    "config": _read_config,
    "message": lambda source: read_message("hi", source, {}, LOCALES)[1],
    "experiment": lambda source: read_experiment(source, "x")[1],
    "audiences": lambda source: read_audiences(source, ATTRIBUTES)[1],
    "metrics": lambda source: read_metrics(source)[1],
    "layers": lambda source: read_layers(source)[1],
    "personas": _read_personas,
    "pack": lambda source: read_pack(source, ())[1],
}
MOST_KEYS = 30
"""How many keys of one mapping are tried; the rules of lint are many, and alike."""
PRUNED = 2
"""How many levels of a document lose what a change is not about, to be quick."""
KEPT = {"live", "variants", "kind", "type", "plain", "none"}
"""What other keys need beside them."""
TOLD_TO_MOVE = {("message", ("sms",)): {"profiles"}}
"""Keys that a reader takes only to say that they belong elsewhere."""
CHECKED_LATER = {("config", ("sms", "profiles", "our-smpp"))}
"""Mappings that a reader takes whole, and whose keys are checked with all the others."""
NAMED_LATER = {
    ("config", ("lint", "rules")),
    ("config", ("lint", "overrides", 0, "rules")),
}
"""Mappings whose keys are names that lint knows, and the reader of the file does not."""
HOMES = {
    "config": "copylab/schema/config.py, shared.py or lint.py",
    "message": "copylab/schema/message.py or shared.py",
}


def _source(document: object) -> SourceFile:
    """JSON is YAML, and what a schema speaks of."""
    return SourceFile("file.yaml", json.dumps(document, ensure_ascii=False))


def _problems(name: str, document: object) -> list[str]:
    """What a reader has against a document, but for what only one file can know."""
    told = READERS[name](_source(document))
    # A metric cannot be of every kind at once, and an example is a metric with all keys.
    return [str(item) for item in told if "of kind" not in item.message]


def _show(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path)) or "the top"


@pytest.mark.parametrize("name", KINDS)
def test_a_schema_is_one(name) -> None:
    schema = make_schema(name)
    jsonschema.Draft7Validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("name", READ)
def test_a_document_with_every_key_is_right_to_schema_and_reader(
    name, schema_of, documents_of
) -> None:
    schema = schema_of(name)
    for document in documents_of(schema):
        assert schema.problems(document) == []
        assert _problems(name, document) == []


@pytest.mark.parametrize("name", READ)
def test_the_schema_has_the_keys_that_the_reader_takes_and_no_others(
    name, schema_of, documents_of, record
) -> None:
    schema = schema_of(name)
    home = HOMES.get(name, f"copylab/schema/{name}.py")
    for document in documents_of(schema):
        taken = record(lambda document=document: READERS[name](_source(document)))
        assert () in taken.keys
        for path, keys in taken.keys.items():
            parts = schema.parts_at(document, path)
            known = {key for part in parts for key in part.get("properties", {})}
            is_open = any(part.get("additionalProperties") for part in parts)
            for key in keys - known - TOLD_TO_MOVE.get((name, path), set()):
                assert is_open, (
                    f"the reader of '{name}' files takes the key '{key}' at "
                    f"{_show(path)}, and the schema does not know it: add it there, "
                    f"with a description and an example, in {home}"
                )
            for key in known - keys:
                assert path in taken.free, (
                    f"the schema of '{name}' files has the key '{key}' at "
                    f"{_show(path)}, and the reader takes none: take it out in {home}"
                )
            is_later = (name, path) in CHECKED_LATER | NAMED_LATER
            assert is_open or is_later or path not in taken.free, (
                f"the reader of '{name}' files takes any key at {_show(path)}: "
                f"make it a mapping in {home}"
            )


@pytest.mark.parametrize("name", READ)
def test_the_documents_visit_every_mapping_that_the_reader_reads(
    name, schema_of, documents_of, record
) -> None:
    """A section that no document holds would be held to nothing."""
    schema = schema_of(name)
    for document in documents_of(schema):
        taken = record(lambda document=document: READERS[name](_source(document)))
        for path, value in _mappings(document):
            closed = [
                part
                for part in schema.parts_at(document, path)
                if part.get("additionalProperties") is False
            ]
            assert path in taken.keys or not closed, (_show(path), value)


def _mappings(value: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from _mappings(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _mappings(inner, (*path, number))


def _changed(
    schema: Any, document: Any, path: tuple, change: Callable[[Any], None]
) -> Any:
    """The document with a change at a path, and little else beside it."""
    copy = target = json.loads(json.dumps(document))
    here: tuple = ()
    for depth, key in enumerate(path[:-1]):
        if isinstance(target, list):  # the others in a list are of no concern
            target[:] = [target[key]]
            key = 0  # noqa: PLW2901 - it is the only one now
        elif depth < PRUNED:
            _prune(schema, copy, here, target, key)
        target, here = target[key], (*here, key)
    if len(path) <= PRUNED:
        _prune(schema, copy, here, target, path[-1])
    change(target)
    return copy


def _prune(schema: Any, copy: Any, path: tuple, target: Any, kept: str) -> None:
    parts = schema.parts_at(copy, path)
    needed = {key for part in parts for key in part.get("required", ())}
    for key in target.keys() - needed - KEPT - {kept}:
        del target[key]


@pytest.mark.parametrize("name", READ)
def test_a_mistyped_key_is_refused_by_both(name, schema_of, documents_of) -> None:
    schema = schema_of(name)
    tried = 0
    for document in documents_of(schema):
        for path, value in _mappings(document):
            parts = schema.parts_at(document, path)
            closed = any(part.get("additionalProperties") is False for part in parts)
            if not closed or (name, path) in CHECKED_LATER:
                continue
            for key in list(value)[:MOST_KEYS]:

                def misspell(target, key=key) -> None:
                    target[f"{key}x"] = target.pop(key)

                wrong = _changed(schema, document, (*path, key), misspell)
                where = _show((*path, f"{key}x"))
                assert not schema.is_valid(wrong), where
                told = READERS[name](_source(wrong))
                words = {f"'{key}x'", f"has no '{key}'"}
                assert any(word in item.message for item in told for word in words), (
                    where
                )
                tried += 1
    assert tried or name in {"audiences", "personas"}


@pytest.mark.parametrize("name", READ)
def test_a_wrong_value_is_refused_by_both(name, schema_of, documents_of) -> None:
    schema = schema_of(name)
    for document in documents_of(schema):
        for path, value in _mappings(document):
            if (name, path) in CHECKED_LATER:
                continue
            for key, inner in list(value.items())[:MOST_KEYS]:
                parts = schema.parts_at(document, (*path, key))
                for bad in _bad_values(parts, inner):

                    def spoil(target, key=key, bad=bad) -> None:
                        target[key] = bad

                    wrong = _changed(schema, document, (*path, key), spoil)
                    where = f"{_show((*path, key))} = {bad!r}"
                    assert not schema.is_valid(wrong), where
                    assert READERS[name](_source(wrong)), where


def _bad_values(parts: list[dict[str, Any]], value: Any) -> Iterator[Any]:
    """Values of another kind than the schema asks for."""
    if any("enum" in part for part in parts):
        yield "nonsense"
    if not any("type" in part or "anyOf" in part or "enum" in part for part in parts):
        return  # anything goes
    takes_list = isinstance(value, list) or any(
        "array" in str(form.get("type"))
        for part in parts
        for form in (part, *part.get("anyOf", ()))
    )
    if not takes_list:
        yield [["x"]]
    kinds = [str(part["type"]) for part in parts if "type" in part]
    if kinds and all(kind in {"integer", "number"} for kind in kinds):
        yield "many"


def _yaml(text: str) -> Any:
    root, findings = parse_document(SourceFile("file.yaml", text))
    assert not findings
    return None if root is None else root.plain()


def _kind_of(path: str) -> str | None:
    if path.startswith("experiments/decisions/"):
        return None
    for name, kind in KINDS.items():
        patterns = [item for item in kind.files if not item.startswith("!")]
        excluded = [item[1:] for item in kind.files if item.startswith("!")]
        if path in excluded:
            continue
        if any(path == item or matches_path(item, path) for item in patterns):
            return name
    return None


def _files(root: File) -> dict[str, str]:
    found = [root / "copylab.yaml"]
    found += [*root.glob("templates/**/*.yaml"), *root.glob("experiments/*.yaml")]
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in found
    }


@pytest.mark.parametrize("source", ["sample", "en-US", "zh-CN"])
def test_every_file_of_the_sample_and_the_starter_is_valid(source, schema_of) -> None:
    if source == "sample":
        files = _files(ROOT)
    else:
        files = starter_files(locale=source, brand="Example", market=source[-2:])
    yaml = {path: text for path, text in files.items() if path.endswith(".yaml")}
    kinds = {path: _kind_of(path) for path in yaml}
    assert set(kinds.values()) == set(READ) - {"pack", "layers"}
    for path, text in yaml.items():
        assert schema_of(kinds[path]).problems(_yaml(text)) == [], path


@pytest.mark.parametrize("pack", rule_packs())
def test_copylabs_own_packs_are_valid(schema_of, repository, pack) -> None:
    path = repository / f"copylab/lint/packs/rules/{pack}.yaml"
    text = path.read_text(encoding="utf-8")
    assert schema_of("pack").problems(_yaml(text)) == []


def test_no_file_of_a_good_example_is_marked_by_an_editor(schema_of) -> None:
    """What the readers take without a word, the schemas take, too."""
    schemas = {name: schema_of(name) for name in READ}
    checked = 0
    for rule in all_rules():
        for example in rule.page().good:
            for path, text in example_files(example).items():
                name = _kind_of(path) if path.endswith(".yaml") else None
                if name is None or READERS[name](SourceFile(path, text)):
                    continue
                assert schemas[name].problems(_yaml(text)) == [], (rule.name, path)
                checked += 1
    assert checked > 100


def test_personas_are_read_as_the_catalog_reads_them(make_files) -> None:
    """The stand-in above is the reader of the catalog, which has no door of its own."""
    text = "blank:\nusual: {user_id: a}\nwrong: 3\n"
    root = make_files({"copylab.yaml": "", "templates/_personas.yaml": text})
    catalog = read_catalog(root)
    told = [str(item) for item in catalog.findings if "_personas" in str(item.file)]
    again = _read_personas(SourceFile("templates/_personas.yaml", text))
    assert told == [str(item) for item in again]
    assert catalog.personas == {"blank": {}, "usual": {"user_id": "a"}, "wrong": {}}


def test_every_part_has_a_description_and_choices_are_enums() -> None:
    def parts(part: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for key, inner in part.get("properties", {}).items():
            yield f"{path}.{key}", inner
            yield from parts(inner, f"{path}.{key}")
        for key in ("items", "additionalProperties"):
            if isinstance(part.get(key), dict):
                yield from parts(part[key], f"{path}[]")
        for form in (
            *part.get("anyOf", ()),
            *(c["then"] for c in part.get("allOf", ())),
        ):
            yield from parts(form, path)
        for name, inner in part.get("definitions", {}).items():
            yield from parts(inner, f"{path}#{name}")

    found = [item for name in KINDS for item in parts(make_schema(name), name)]
    assert len(found) > 300
    assert [path for path, part in found if not part.get("description")] == []
    by_path = dict(found)
    assert by_path["message.purpose"]["enum"] == ["marketing", "transactional", "otp"]
    rule = by_path["config.lint.rules.optout-missing"]
    assert rule["enum"] == ["error", "warning", "info", "off"]
    assert rule["description"].startswith("SMS040: ")


def test_rules_are_known_by_code_too(schema_of) -> None:
    schema = schema_of("config")
    assert schema.problems({"lint": {"rules": {"SMS040": "off"}}}) == []
    assert schema.problems({"lint": {"rules": {"SMS999": "off"}}})


def test_what_lint_prints_as_json_is_valid(run_copylab, make_files, schema_of) -> None:
    schema = schema_of("report")
    clean = json.loads(run_copylab("lint", "--format", "json").out)
    assert schema.problems(clean) == []
    root = make_files(
        {
            "copylab.yaml": "markets: [US]\n",
            "templates/hi/message.yaml": "purpose: marketing\nlive: plain\n",
            "templates/hi/sms.en-US.md": "# plain\nSale {{ x }}\n",
            "templates/ho/message.yaml": "purpose: marketing\nlive: plain\n",
            "templates/ho/sms.en-US.md": "# plain\nSale\n",
        }
    )
    record = json.loads(run_copylab("lint", "--format", "json", cwd=root).out)
    assert schema.problems(record) == []
    assert any(finding["witness"] for finding in record["findings"])
    known = schema.schema["properties"]
    assert record.keys() <= known.keys(), "add it in copylab/schema/report.py"
    for part in ("findings", "proofs"):
        for item in record[part]:
            assert item.keys() == known[part]["items"]["properties"].keys()
    record["findings"][0]["severity"] = "fatal"
    assert schema.problems(record)


def test_a_fix_and_costs_are_in_the_schema_of_a_report(schema_of) -> None:
    span = Span("a.md", 1, 2, 1, 4)
    fix = Fix((Edit(span, "x"),), is_safe=True)
    finding = Finding("syntax", "CL001", "error", "m", "a.md", 1, 1, 1, 2, fix=fix)
    report = Report((finding,), costs=Costs(10, ()))
    record = json.loads(format_report(report, "json"))
    schema = schema_of("report")
    assert schema.problems(record) == []
    assert record.keys() == schema.schema["properties"].keys()
    record["findings"][0]["fix"]["edits"][0]["span"]["line"] = "one"
    assert schema.problems(record)


def test_the_command_prints_one_and_writes_all(run_copylab, tmp_path) -> None:
    ran = run_copylab("schema", "message")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == json.loads(json.dumps(make_schema("message")))
    ran = run_copylab("schema", "--output", "schemas", cwd=tmp_path)
    assert ran.code == 0
    written = {path.stem for path in (tmp_path / "schemas").iterdir()}
    assert written == set(KINDS)
    start, end = ran.out.index("{"), ran.out.rindex("}") + 1
    settings = json.loads(ran.out[start:end])["yaml.schemas"]
    assert settings["./schemas/config.json"] == ["copylab.yaml"]
    assert all((tmp_path / path).exists() for path in settings)
    for wrong in ((), ("message", "--output", "x"), ("mesage",)):
        ran = run_copylab("schema", *wrong, cwd=tmp_path)
        assert ran.code == 2
        assert "Traceback" not in ran.err
