"""Faults planted into one branch of every sample file are found at their place."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from copylab.findings import Finding

ROOT = Path(__file__).parents[2]
COPY = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "templates").rglob("*.md")
    if "/_" not in path.as_posix()
)
SMS = [name for name in COPY if "/sms." in name]
LATIN_SMS = [name for name in SMS if "en-US" in name]
BRANCH = '{% if call_name == "x" %}'
END = "{% endif %}"
OPT_OUT = {"zh-CN": "拒收请回复R", "en-US": "Reply STOP to opt out"}

Lint = Callable[[Path, str], list[Finding]]


def words_line(lines: list[str]) -> int:
    """The index of the first line of the first body."""
    if "## body\n" in lines:
        return lines.index("## body\n") + 1
    return next(i for i, line in enumerate(lines) if not line.startswith("#"))


def plant(root: Path, name: str, fault: str) -> tuple[int, int]:
    """Put a fault into a branch before the first body; its line and column."""
    path = root / name
    lines = path.read_text().splitlines(keepends=True)
    at = words_line(lines)
    prefix = ""
    signature = re.match(r"【[^】]*】", lines[at])
    if signature:
        prefix = signature.group()
    lines[at] = prefix + BRANCH + fault + END + lines[at].removeprefix(prefix)
    path.write_text("".join(lines))
    return at + 1, len(prefix + BRANCH) + 1


def at_place(found: list[Finding], name: str, place: tuple[int, int]) -> Finding:
    [finding] = [f for f in found if (f.file, f.line, f.column) == (name, *place)]
    return finding


@pytest.mark.parametrize("name", SMS)
def test_an_opt_out_that_one_branch_lacks(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    path = sample / name
    text = path.read_text()
    phrase = OPT_OUT[name.split(".")[-2]]
    index = text.index(phrase)
    path.write_text(text[:index] + BRANCH + phrase + END + text[index + len(phrase) :])
    line = text[:index].count("\n") + 1
    column = index - text.rfind("\n", 0, index)

    [finding] = lint_rule(sample, "optout-missing")

    assert (finding.file, finding.line, finding.column) == (name, line, column)
    assert (finding.severity, finding.field) == ("error", "body")
    assert finding.variant == "plain"
    assert finding.witness is not None
    assert phrase not in finding.witness.text


@pytest.mark.parametrize("name", COPY)
def test_a_shortener_in_one_branch(name: str, sample: Path, lint_rule: Lint) -> None:
    place = plant(sample, name, "https://bit.ly/3x ")
    rule = "url-shortener" if "/email." in name else "public-shortener"
    [finding] = lint_rule(sample, rule)
    assert (finding.file, finding.line, finding.column) == (name, *place)
    assert finding.witness is not None
    assert "https://bit.ly/3x" in finding.witness.text


@pytest.mark.parametrize("name", COPY)
def test_a_foreign_host_in_one_branch(name: str, sample: Path, lint_rule: Lint) -> None:
    place = plant(sample, name, "https://samplelend.test/ ")
    [finding] = lint_rule(sample, "link-host-not-allowed")
    assert (finding.file, finding.line, finding.column) == (name, *place)


@pytest.mark.parametrize("name", LATIN_SMS)
def test_a_curly_quote_in_one_branch(name: str, sample: Path, lint_rule: Lint) -> None:
    place = plant(sample, name, "\u2019")
    [finding] = lint_rule(sample, "ucs2-forced-by-literal")
    assert (finding.file, finding.line, finding.column) == (name, *place)
    assert "U+2019 RIGHT SINGLE QUOTATION MARK" in finding.message
    assert "parts at worst instead of" in finding.message
    assert finding.help == "write '"


@pytest.mark.parametrize("name", sorted(set(SMS) - set(LATIN_SMS)))
def test_a_curly_quote_costs_nothing_in_chinese(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    plant(sample, name, "\u2019")
    assert lint_rule(sample, "ucs2-forced-by-literal") == []


@pytest.mark.parametrize("name", COPY)
def test_an_invisible_character_in_one_branch(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    place = plant(sample, name, "\u200b")
    [finding] = lint_rule(sample, "invisible-char")
    assert (finding.file, finding.line, finding.column) == (name, *place)


@pytest.mark.parametrize("name", COPY)
def test_an_undeclared_variable_in_one_branch(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    line, column = plant(sample, name, "{{ nickname }}")
    [finding] = lint_rule(sample, "undeclared-variable")
    at_name = (name, line, column + len("{{ "))
    assert (finding.file, finding.line, finding.column) == at_name


@pytest.mark.parametrize("name", [name for name in COPY if "zh-CN" in name])
def test_an_absolute_claim_in_one_branch(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    place = plant(sample, name, "全国最低")
    found = lint_rule(sample, "cn-absolute-claim")
    assert at_place(found, name, place).severity == "error"


@pytest.mark.parametrize("name", sorted(set(SMS) - set(LATIN_SMS)))
def test_a_signature_that_one_branch_lacks(
    name: str, sample: Path, lint_rule: Lint
) -> None:
    path = sample / name
    text = path.read_text()
    signature = "【示例分期】"
    path.write_text(text.replace(signature, BRANCH + signature + END, 1))
    [finding] = lint_rule(sample, "cn-signature")
    assert (finding.file, finding.line, finding.column) == (name, 2, 1)
    assert finding.witness is not None
    assert signature not in finding.witness.text


def test_a_fault_in_a_partial_is_told_once_at_its_place(
    sample: Path, lint_rule: Lint
) -> None:
    path = sample / "templates/_partials/rate.en-US.md"
    path.write_text("7.2%-24% APR, see bit.ly/rates\n")
    [sms] = lint_rule(sample, "public-shortener")
    [email] = lint_rule(sample, "url-shortener")
    for finding in (sms, email):
        name = "templates/_partials/rate.en-US.md"
        assert (finding.file, finding.line, finding.column) == (name, 1, 19)
        assert (finding.variant, finding.field) == (None, None)


def test_the_base_of_a_url_variable_is_a_link(sample: Path, lint_rule: Lint) -> None:
    name = "templates/winback/approved_day7/message.yaml"
    path = sample / name
    text = path.read_text()
    path.write_text(text.replace("https://s.samplelend.example/", "https://bit.ly/"))
    line = text[: text.index("  link:")].count("\n") + 1
    [finding] = lint_rule(sample, "public-shortener")
    assert (finding.file, finding.line, finding.column) == (name, line, 3)
    [finding] = lint_rule(sample, "link-host-not-allowed")
    assert (finding.file, finding.line, finding.column) == (name, line, 3)


@pytest.mark.parametrize("part", ["main.mjml", "main.txt"])
def test_an_opt_out_that_one_branch_of_a_layout_lacks(
    part: str, sample: Path, lint_rule: Lint
) -> None:
    name = f"templates/_layouts/{part}"
    path = sample / name
    text = path.read_text()
    hole = "{{ unsubscribe_url }}"
    tag = '{% if locale == "zh-CN" %}'
    if part.endswith(".mjml"):  # the first of the two, that of Chinese
        start = text.index('<p><a href="' + hole)
        end = text.index("</p>", start) + len("</p>")
        path.write_text(text[:start] + text[end:])
        expected = text.index('{% if locale == "zh-CN" %}')
        # What remains of the opt-out stands in the same choice.
    else:
        path.write_text(text.replace(hole, f"{tag}{hole}{END}"))
        expected = text.index(hole)
    line = text[:expected].count("\n") + 1
    column = expected - text.rfind("\n", 0, expected)
    [finding] = lint_rule(sample, "unsubscribe-missing")
    assert (finding.file, finding.line, finding.column) == (name, line, column)


def test_an_address_that_a_layout_lacks(sample: Path, lint_rule: Lint) -> None:
    name = "templates/_layouts/main.txt"
    path = sample / name
    path.write_text(path.read_text().replace(", {{ brand.postal_address }}", ""))
    [finding] = lint_rule(sample, "postal-address-missing")
    assert (finding.file, finding.severity) == (name, "error")
    assert "US" in finding.message


def test_a_wording_rule_reads_the_layout_too(sample: Path, lint_rule: Lint) -> None:
    name = "templates/_layouts/main.mjml"
    path = sample / name
    text = path.read_text()
    path.write_text(text.replace("这是一封营销邮件", "最安全的营销邮件", 1))
    [finding] = lint_rule(sample, "cn-absolute-claim")
    index = text.index("这是一封营销邮件")
    line = text[:index].count("\n") + 1
    column = index - text.rfind("\n", 0, index)
    assert (finding.file, finding.line, finding.column) == (name, line, column)
    assert finding.witness is not None
    assert "[body]" in finding.witness.text


def test_an_undeclared_variable_in_a_layout_is_found(
    sample: Path, lint_rule: Lint
) -> None:
    name = "templates/_layouts/main.txt"
    path = sample / name
    path.write_text(path.read_text() + "{{ nobody }}\n")
    [finding] = lint_rule(sample, "undeclared-variable")
    assert finding.file == name
    assert finding.line == path.read_text().count("\n")
