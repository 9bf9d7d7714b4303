import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.audience.attributes import Attribute
from copylab.audience.condition import Named
from copylab.audience.places import TextPlaces
from copylab.audience.read import (
    Audience,
    condition_findings,
    read_audiences,
    read_condition,
)
from copylab.document import parse_document
from copylab.findings import Finding
from copylab.source import SourceFile

Attributes = dict[str, Attribute]

EXAMPLE = """\
registered_no_visit:   registered_at <= now - 3 days and last_visit_at is null
approved_not_borrowed: approved_at <= now - 7 days and loans = 0 and app_installed
"""


def read(
    text: str, attributes: Attributes
) -> tuple[dict[str, Audience], list[Finding]]:
    return read_audiences(SourceFile("experiments/audiences.yaml", text), attributes)


def test_reads_the_example_with_a_warning_at_most(attributes: Attributes) -> None:
    audiences, findings = read(EXAMPLE, attributes)
    assert list(audiences) == ["registered_no_visit", "approved_not_borrowed"]
    audience = audiences["approved_not_borrowed"]
    assert audience.name == "approved_not_borrowed"
    assert audience.text.endswith("and app_installed")
    assert len(audience.hash) == 64
    assert audience.place is not None
    assert audience.place.line == 2
    assert [(f.rule, f.severity, f.line, f.column) for f in findings] == [
        ("nullable-compared", "warning", 2, 24)
    ]


def test_audiences_compose_in_any_order(attributes: Attributes) -> None:
    text = "both: one and not two\none: loans = 1\ntwo: app_installed\n"
    audiences, findings = read(text, attributes)
    assert findings == []
    assert list(audiences) == ["both", "one", "two"]
    spelt_out = read("x: loans = 1 and not app_installed", attributes)[0]["x"]
    assert audiences["both"].hash == spelt_out.hash
    changed = text.replace("loans = 1", "loans = 2")
    assert read(changed, attributes)[0]["both"].hash != spelt_out.hash


def test_places_are_exact_in_every_way_to_write_yaml(attributes: Attributes) -> None:
    text = (
        "plain: loans = 1 and loam = 2\n"
        "quoted: 'stage = ''x'' and loam = 2'\n"
        "double: \"stage = 'x' and loam = 2\"\n"
        "folded: loans = 1\n  and loam = 2\n"
        "block: |\n  loans = 1\n    and loam = 2\n"
        "bent: >-\n  loans = 1\n  and loam = 2\n"
    )
    _, findings = read(text, attributes)
    lines = text.splitlines()
    assert [finding.rule for finding in findings] == ["unknown-attribute"] * 6
    assert [finding.line for finding in findings] == [1, 2, 3, 5, 8, 11]
    for finding in findings:
        assert finding.line is not None
        assert finding.column is not None
        assert finding.end_column is not None
        row = lines[finding.line - 1]
        assert row[finding.column - 1 : finding.end_column - 1] == "loam"


@pytest.mark.parametrize(
    ("text", "rule", "line", "column", "fragment"),
    [
        ("a: b\nb: a\n", "audience-cycle", 2, 4, "a → b → a"),
        ("a: not a\n", "audience-cycle", 1, 8, "a → a"),
        ("loans: app_installed\n", "bad-value", 1, 1, "is an attribute"),
        ("a-b: app_installed\n", "bad-value", 1, 1, "is no name"),
        ("a: [1]\n", "bad-value", 1, 4, "must be a condition"),
        ("a:\n", "bad-value", 1, 3, "must be a condition"),
        ("a: {x: 1}\n", "bad-value", 1, 4, "must be a condition"),
        ("a: 3\n", "audience-syntax", 1, 4, "a value, not a condition"),
        ("[a]\n", "bad-value", 1, 1, "must be a mapping"),
        ("a: true\na: false\n", "duplicate-key", 2, 1, "again"),
        ("a: b = 1\nb: app_installed\n", "type-mismatch", 1, 4, "is an audience"),
        ("a: bee\nbe: true\n", "unknown-attribute", 1, 4, "no attribute"),
        ("a: not b\nb: visits = 1\n", "nullable-compared", 1, 8, "'not b'"),
    ],
)
def test_reports_what_is_wrong_at_its_place(
    attributes: Attributes, text: str, rule: str, line: int, column: int, fragment: str
) -> None:
    _, findings = read(text, attributes)
    errors = [finding for finding in findings if finding.severity == "error"]
    places = [(f.rule, f.line, f.column) for f in errors]
    assert places == [(rule, line, column)]
    assert fragment in errors[0].message


def test_an_audience_that_uses_a_broken_one_is_left_out_silently(
    attributes: Attributes,
) -> None:
    text = "a: b and app_installed\nb: loans =\nc: app_installed\n"
    audiences, findings = read(text, attributes)
    assert list(audiences) == ["c"]
    assert [finding.line for finding in findings] == [2]


def test_suggests_audiences_as_well_as_attributes(attributes: Attributes) -> None:
    _, findings = read("a: recent_visitor\nrecent_visitors: true\n", attributes)
    assert findings[0].help == "did you mean 'recent_visitors'?"


def test_everybody_and_nobody_can_be_named(attributes: Attributes) -> None:
    audiences, findings = read("all: true\nnobody: false\n", attributes)
    assert findings == []
    assert set(audiences) == {"all", "nobody"}


def test_chains_and_sizes_have_limits(attributes: Attributes) -> None:
    chain = "".join(f"a{n}: a{n + 1}\n" for n in range(30)) + "a30: app_installed\n"
    _, findings = read(chain, attributes)
    assert [finding.rule for finding in findings] == ["too-complex"]
    doubling = "a0: app_installed\n"
    doubling += "".join(f"a{n + 1}: a{n} and a{n}\n" for n in range(15))
    audiences, findings = read(doubling, attributes)
    assert [finding.rule for finding in findings] == ["too-complex"]
    assert len(audiences) == 10  # 512 comparisons are read, 1,024 are not


def test_an_experiment_names_an_audience_or_writes_one(attributes: Attributes) -> None:
    audiences, _ = read(EXAMPLE, attributes)
    named, problems = read_condition("registered_no_visit", attributes, audiences)
    assert named is audiences["registered_no_visit"]
    assert problems == []
    text = "registered_no_visit and loans = 0"
    own, problems = read_condition(text, attributes, audiences)
    assert problems == []
    assert own is not None
    assert own.name == text
    assert own.place is None
    flag, _ = read_condition("app_installed", attributes, audiences)
    assert flag is not None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("registered_no_visits", "unknown-audience"),
        ("loans", "type-mismatch"),
        ("loans = 0 and nobody", "unknown-attribute"),
    ],
)
def test_an_experiment_that_names_nothing_is_told(
    attributes: Attributes, text: str, rule: str
) -> None:
    audiences, _ = read(EXAMPLE, attributes)
    found, problems = read_condition(text, attributes, audiences)
    assert found is None
    assert [problem.rule for problem in problems] == [rule]


def test_places_inside_a_named_audience_do_not_leak(attributes: Attributes) -> None:
    audiences, _ = read("a: b\nb: loans = 1\n", attributes)
    condition = audiences["a"].condition
    assert isinstance(condition, Named)
    assert condition.place == (0, 1)
    assert condition.condition == audiences["b"].condition


@given(st.text(alphabet="abl =1'\"|>\n:#\\x-", max_size=60))
def test_never_raises_for_content(text: str) -> None:
    attributes = {"l": Attribute("l", "int")}
    _, findings = read(text, attributes)
    assert all(finding.line is not None for finding in findings)


def test_a_place_beyond_the_value_is_its_end() -> None:
    source = SourceFile("x.yaml", 'a: "\\x41b"\n')
    root, _ = parse_document(source)
    assert root is not None
    assert isinstance(root.value, dict)
    node = root.value["a"].node
    assert node.text == "Ab"
    span = TextPlaces(source, node.span, node.text).span(0, 99)
    assert (span.line, span.end_line) == (1, 1)
    assert TextPlaces(source, node.span, "").span(0, 0).line == 1


@pytest.mark.parametrize(
    ("line", "rule", "column"),
    [
        ("audience: registered_no_visits", "unknown-audience", 11),
        ("audience: 'loans = 0 and loam = 1'", "unknown-attribute", 26),
        ("audience: registered_no_visit and loans = 0", None, None),
    ],
)
def test_an_experiments_own_condition_is_placed_in_its_file(
    attributes: Attributes, line: str, rule: str | None, column: int | None
) -> None:
    audiences, _ = read(EXAMPLE, attributes)
    source = SourceFile("experiments/e.yaml", f"message: m\n{line}\n")
    root, _ = parse_document(source)
    assert root is not None
    assert isinstance(root.value, dict)
    node = root.value["audience"].node
    findings = condition_findings(node.text, node.span, source, attributes, audiences)
    expected = [] if rule is None else [(rule, "experiments/e.yaml", 2, column)]
    assert [(f.rule, f.file, f.line, f.column) for f in findings] == expected
