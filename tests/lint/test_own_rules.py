"""Rules of others: installed packages, packs of the workspace, and settings for them."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

from copylab.errors import CopylabError
from copylab.lint.own_packs import read_pack
from copylab.lint.pack import rule_packs
from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.rule import all_rules
from copylab.source import SourceFile
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NAMED_FENCE = re.compile(r"^```yaml\n(# \S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FILES = {
    "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n",
    "templates/hi/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/hi/sms.en-US.md": "# plain\nExample: this is free money.\n",
    "templates/ho/message.yaml": "purpose: transactional\nlive: plain\n",
    "templates/ho/sms.en-US.md": "# plain\nExample: this costs money.\n",
}
PACK = """\
rules:
- name: acme-free-money
  code: ACME001
  kind: must_not_contain
  severity: error
  patterns: ["free\\\\s+money"]
  message: "'{match}' is not said here"
  help: say what it costs
"""
PLUGIN = '''\
"""The brand is shouted.

What: Exclamation marks in any branch.
Why: It is loud.
Bad:
```sms.en-US.md
Example: hi!
```
Good:
```sms.en-US.md
Example: hi.
```
Source: House rules.
"""
import re
from copylab.lint.rule import Rule

def check(words):
    for item in words.shown:
        for written, match, span in item.find(re.compile("money")):
            yield words.finding(RULE, item, "money is named", span=span,
                                written=written, help="say credit")

RULE = Rule("acme-money", "ACME100", "warning", "words", check, module=__name__)
'''


def _install(folder: Path, name: str, code: str, value: str = "") -> Path:
    """A package as an installer leaves it: its module, and its metadata."""
    module = f"{name}_rules"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
    )
    entry = f"[copylab.rules]\n{name} = {value or module}\n"
    (info / "entry_points.txt").write_text(entry)
    (info / "RECORD").write_text("")
    return folder


@pytest.fixture
def lint_with(run_copylab, make_files, tmp_path) -> Callable[..., Any]:
    """Runs lint in a process of its own, with packages installed beside it."""

    def run(
        *packages: tuple[str, ...], config: str = "", arguments=("lint",), **files: str
    ):
        site = tmp_path / "site"
        for package in packages:
            _install(site, *package)
        text = FILES["copylab.yaml"] + config
        root = make_files({**FILES, **files, "copylab.yaml": text})
        return run_copylab(*arguments, cwd=root, PYTHONPATH=str(site))

    return run


def test_a_rule_of_an_installed_package_runs_and_has_its_page(lint_with) -> None:
    ran = lint_with(("acme", PLUGIN))
    assert (ran.code, ran.err) == (0, "")
    line = "templates/hi/sms.en-US.md:2:23: warning ACME100 acme-money: money is named"
    assert line in ran.out
    page = lint_with(arguments=("rule", "acme-money"))
    assert "The brand is shouted." in page.out
    assert "House rules." in page.out
    off = lint_with(config="lint: {rules: {acme-money: off}}\n")
    assert "acme-money" not in off.out


def test_a_package_can_offer_a_list_of_rules(lint_with) -> None:
    more = PLUGIN + (
        "\nfrom dataclasses import replace\n"
        'RULES = (RULE, replace(RULE, name="acme-more", code="ACME101"))\n'
    )
    ran = lint_with(("acme", more, "acme_rules:RULES"))
    assert ran.code == 0, ran.err
    assert ran.out.count("ACME101 acme-more") == 0  # its check speaks for the first
    listed = lint_with(arguments=("rule", "--list")).out
    assert "ACME100" in listed
    assert "ACME101" in listed


@pytest.mark.parametrize(
    ("code", "value", "says"),
    [
        ("import nothing_of_the_kind\n", "", "ModuleNotFoundError"),
        ("1 / 0\n", "", "ZeroDivisionError: division by zero"),
        ("def (\n", "", "SyntaxError"),
        ("raise SystemError('x')\n", "", "SystemError: x"),
        ("x = 3\n", "acme_rules:x", "acme_rules:x is a int, must be a rule"),
        ("x = 3\n", "acme_rules:y", "AttributeError"),
        ("x = [3]\n", "acme_rules:x", "offers a int where a rule should be"),
        (PLUGIN.replace('"acme-money"', '"Acme"'), "", "'Acme': its name must be"),
        (PLUGIN.replace('"ACME100"', '"acme"'), "", "'acme-money': its code must be"),
        (PLUGIN.replace('"warning"', '"fatal"'), "", "its severity is none"),
        (PLUGIN.replace('"words", check', '"x", check'), "", "words, message, experim"),
        (PLUGIN.replace('"words", check', '"words", 3'), "", "it has no check"),
        (
            PLUGIN.replace("ACME100", "SMS040"),
            "",
            "'SMS040' is a rule of copylab already",
        ),
    ],
)
def test_a_broken_package_is_one_message_and_no_trace(
    lint_with, code, value, says
) -> None:
    ran = lint_with(("acme", code, value))
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith("error: the rules of the package acme 1.2 cannot be used")
    assert says in ran.err
    assert "help: update the package, or uninstall it" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("    raise KeyError('x')\n", "KeyError: 'x'"),
        ("    yield 3\n", "TypeError: int is no finding"),
        ("    return 3\n", "TypeError: 'int' object is not iterable"),
    ],
)
def test_a_rule_that_fails_is_named_with_its_package_and_can_be_switched_off(
    lint_with, body, says
) -> None:
    broken = PLUGIN.replace(
        "def check(words):\n", f"def check(words):\n{body}def old(words):\n"
    )
    ran = lint_with(("acme", broken))
    assert ran.code == 2
    assert f"the rule 'acme-money' of the package acme 1.2 failed: {says}" in ran.err
    assert "lint: {rules: {acme-money: off}}" in ran.err
    assert "Traceback" not in ran.err
    ran = lint_with(config="lint: {rules: {acme-money: off}}\n")
    assert (ran.code, ran.err) == (0, "")


def test_two_packages_with_one_name_are_told_apart(lint_with) -> None:
    ran = lint_with(("acme", PLUGIN), ("bolt", PLUGIN))
    assert ran.code == 2
    assert (
        "package bolt 1.2 cannot be used: 'acme-money' is a rule of acme 1.2" in ran.err
    )


def test_packages_are_looked_for_only_when_rules_are_needed(
    run_copylab, tmp_path
) -> None:
    site = _install(tmp_path / "site", "acme", "1 / 0\n")
    for arguments in (("--version",), ("lint", "--help"), ("render", "--help")):
        assert run_copylab(*arguments, PYTHONPATH=str(site)).code == 0


def test_a_pack_of_the_workspace_makes_rules(lint_with) -> None:
    config = "lint: {packs: [compliance/own.yaml]}\n"
    ran = lint_with(config=config, **{"compliance/own.yaml": PACK})
    assert ran.code == 1
    assert (
        "templates/hi/sms.en-US.md:2:18: error ACME001 acme-free-money: "
        "'free money' is not said here [plain/body]"
    ) in ran.out
    assert "templates/ho" not in ran.out
    chosen = lint_with(config=config, arguments=("lint", "--select", "ACME001"))
    assert "found 1 error from 1 rule on 2 messages" in chosen.out
    page = lint_with(config=config, arguments=("rule", "acme-free-money"))
    assert page.code == 0
    assert "is not said here" in page.out
    sarif = lint_with(config=config, arguments=("lint", "--format", "sarif"))
    (rule,) = [
        rule
        for rule in json.loads(sarif.out)["runs"][0]["tool"]["driver"]["rules"]
        if rule["id"] == "acme-free-money"
    ]
    assert "compliance/own.yaml" in rule["help"]["text"]


def test_a_pack_can_ask_for_words_and_be_set_by_folder(lint_with) -> None:
    pack = PACK.replace("must_not_contain", "must_contain").replace("{match}", "costs")
    config = (
        "lint:\n  packs: [own.yaml]\n"
        "  overrides: [{paths: [templates/hi/**], rules: {ACME001: info}}]\n"
    )
    pack = pack.replace("free\\\\s+money", "costs")
    ran = lint_with(config=config, **{"own.yaml": pack})
    assert ran.code == 0
    assert "info ACME001 acme-free-money: 'costs' is not said here" in ran.out


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  code: ACME001\n", "", "missing-key: a rule has no 'code'"),
        ("  help: say what it costs\n", "", "a rule has no 'help'"),
        ("code: ACME001", "code: acme", "'acme' cannot be the code of a rule"),
        ("code: ACME001", "code: SMS040", "'SMS040' is a rule of copylab already"),
        ("acme-free-money", "optout-missing", "'optout-missing' is a rule of copylab"),
        ("severity: error", "severity: fatal", "severity is 'fatal', must be one of"),
        ("must_not_contain", "must_not", "kind is 'must_not', must be one of"),
        ('"free\\\\s+money"', '"(free"', "'(free' is no pattern: missing )"),
        ('"free\\\\s+money"', '"x*"', "the pattern 'x*' is met by every text"),
        ('["free\\\\s+money"]', "[]", "patterns lists nothing"),
        ("{match}", "{mach}", "the message has a brace that stands for nothing"),
        ("{match}", "{match.__class__}", "a brace that stands for nothing"),
        ("  help:", "  chanels: [sms]\n  help:", "a rule knows no key 'chanels'"),
        ("  help:", "  channels: [fax]\n  help:", "'fax' is none of the channels"),
        ("  help:", "  markets: [Cn]\n  help:", "'Cn' is not a market"),
        ("  help:", "  above: 3\n  help:", "a rule knows no key 'above'"),
        ("  help:", "  markets: [UK]\n  help:", "'UK' is not a market"),
        ("  help:", "  pinyin: ['']\n  help:", "a word of pinyin is empty"),
        (
            "  help:",
            "  effective_from: 2026-06-01\n  effective_until: 2026-01-01\n  help:",
            "the rule ends before it starts",
        ),
        ("rules:", "rule:", "the pack has no 'rules'"),
        (PACK, "", "the pack is empty"),
        (PACK, "- a", "the pack must be a mapping"),
        (PACK, "a: [", "YAML:"),
    ],
)
def test_what_is_wrong_with_a_pack_is_a_finding_with_its_place(
    make_files, old, new, says
) -> None:
    assert old in PACK
    text = PACK.replace(old, new)
    config = FILES["copylab.yaml"] + "lint: {packs: [own.yaml]}\n"
    root = make_files({**FILES, "copylab.yaml": config, "own.yaml": text})
    findings = open_workspace(root).lint().findings
    found = [item for item in findings if says in f"{item.rule}: {item.message}"]
    assert found, findings
    assert all(item.line and item.help for item in found)
    assert {item.file for item in found} == {"own.yaml"}


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("frequency\n  max_messages: -1\n  per_hours: 24", "must be at least 0"),
        ("frequency\n  max_messages: 2\n  per_hours: 0", "per_hours is 0, must be"),
        ("frequency\n  max_messages: 2\n  per_hours: nan", "'nan' is no number"),
        ("length\n  max_characters: 0", "max_characters is 0, must be at least 1"),
        ("send_window\n  windows: []", "windows lists nothing"),
        ("metadata\n  key: ''", "the key is empty"),
        ("numeric\n  patterns: ['x%']\n  above: 3", "no {number} in it"),
        ("numeric\n  patterns: ['{number}%']\n  above: 1e999", "is no number"),
    ],
)
def test_a_limit_that_limits_nothing_is_a_finding(make_files, kind, says) -> None:
    text = PACK.replace("must_not_contain", kind)
    text = text.replace('  patterns: ["free\\\\s+money"]\n', "")
    config = FILES["copylab.yaml"] + "lint: {packs: [own.yaml]}\n"
    root = make_files({**FILES, "copylab.yaml": config, "own.yaml": text})
    (found,) = open_workspace(root).lint().findings
    assert says in found.message
    assert (found.file, bool(found.line), bool(found.help)) == ("own.yaml", True, True)


def test_a_long_pattern_is_told_in_short(make_files) -> None:
    text = PACK.replace("free\\\\s+money", "(" * 5000)
    config = FILES["copylab.yaml"] + "lint: {packs: [own.yaml]}\n"
    root = make_files({**FILES, "copylab.yaml": config, "own.yaml": text})
    (found,) = open_workspace(root).lint().findings
    assert len(found.message) < 200
    assert "((((…' is no pattern" in found.message


@pytest.mark.parametrize("pack", rule_packs())
def test_the_rules_of_copylab_are_read_alike_as_a_pack_of_ones_own(
    repository, pack
) -> None:
    path = repository / f"copylab/lint/packs/rules/{pack}.yaml"
    text = path.read_text(encoding="utf-8")
    rules, findings = read_pack(SourceFile(path.name, text), ())
    assert findings == []
    shipped = [rule for rule in builtin_pack_rules() if rule.pack == pack]
    for own, core in zip(rules, shipped, strict=True):
        assert (own.name, own.code, own.severity) == (
            core.name,
            core.code,
            core.severity,
        )
        assert (own.channels, own.purposes) == (core.channels, core.purposes)
        assert own.page() == core.page()
        assert own.check.args[1:] == core.check.args[1:]


def test_a_pack_that_is_not_there_is_a_finding_where_it_is_named(make_files) -> None:
    config = FILES["copylab.yaml"] + "lint: {packs: [own.yaml]}\n"
    root = make_files({**FILES, "copylab.yaml": config})
    (finding,) = open_workspace(root).lint().findings
    assert (finding.rule, finding.file, finding.line) == (
        "unknown-file",
        "copylab.yaml",
        3,
    )


def test_a_pack_behind_a_link_out_of_the_workspace_is_refused(make_files) -> None:
    config = FILES["copylab.yaml"] + "lint: {packs: [own.yaml]}\n"
    root = make_files({**FILES, "copylab.yaml": config})
    (root / "own.yaml").symlink_to(sys.executable)
    with pytest.raises(CopylabError, match="leaves the workspace"):
        open_workspace(root)


def test_a_setting_for_a_rule_that_does_not_exist_is_a_finding(make_files) -> None:
    config = (
        "lint:\n  rules: {optout-mising: off, SMS04O: off}\n"
        "  overrides:\n  - {paths: [templates], rules: {nothing-like-it: off}}\n"
        "  - {paths: [tmplates/hi], rules: {SMS040: off}}\n"
    )
    root = make_files({**FILES, "copylab.yaml": FILES["copylab.yaml"] + config})
    found = open_workspace(root).lint().findings
    assert [str(item).partition(": ")[2] for item in found] == [
        "error unknown-key (CL006): there is no rule 'optout-mising'",
        "error unknown-key (CL006): there is no rule 'SMS04O'",
        "error unknown-key (CL006): there is no rule 'nothing-like-it'",
        "warning bad-value (CL007): no file of the workspace matches 'tmplates/hi'",
    ]
    assert [item.line for item in found] == [4, 4, 6, 7]
    assert found[0].help == "did you mean 'optout-missing'?"
    assert found[1].help.startswith("did you mean 'SMS0")
    assert found[2].help == "copylab rule --list names them all"


def test_severities_differ_by_folder(make_files) -> None:
    config = (
        "lint:\n  packs: [own.yaml]\n  rules: {ACME001: warning}\n"
        "  overrides:\n  - {paths: ['templates/hi/**'], rules: {acme-free-money: off}}\n"
    )
    copy = FILES["templates/hi/sms.en-US.md"]
    files = {"own.yaml": PACK, "templates/ho/sms.en-US.md": copy}
    root = make_files(
        {**FILES, **files, "copylab.yaml": FILES["copylab.yaml"] + config}
    )
    (finding,) = open_workspace(root).lint().findings
    assert (finding.file, finding.severity) == ("templates/ho/sms.en-US.md", "warning")


def test_a_rule_that_is_off_everywhere_does_not_run(make_files) -> None:
    config = "lint: {rules: {optout-missing: off}}\n"
    root = make_files({**FILES, "copylab.yaml": FILES["copylab.yaml"] + config})
    with_all = open_workspace(make_files(FILES)).lint()
    root.joinpath("copylab.yaml").write_text(FILES["copylab.yaml"] + config)
    without = open_workspace(root).lint()
    rule = next(rule for rule in all_rules() if rule.name == "optout-missing")
    less = 0 if rule.purposes and "transactional" not in rule.purposes else 1
    assert without.proofs[0].rules == with_all.proofs[0].rules - less


def test_the_examples_of_the_page_do_what_it_says(lint_with, repository) -> None:
    page = (repository / "docs/own-rules.md").read_text(encoding="utf-8")
    fences = dict(
        re.findall(
            r"^```(?:yaml|toml|python)\n((?:# )?\S+).*?\n(.*?)^```",
            page,
            re.MULTILINE | re.DOTALL,
        )
    )
    pack, settings = fences["# compliance/own.yaml"], fences["# copylab.yaml"]
    python = re.search(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    entry = re.search(r'^acme = "(.*)"', page, re.MULTILINE)
    assert python
    assert entry
    assert entry[1].endswith(".rules")
    copy = (
        "# plain\nExample: free money! Credit! Now! {% if 1 == 2 %}no fee{% endif %}\n"
    )
    ran = lint_with(
        ("acme", python[1]),
        config=settings,
        **{"compliance/own.yaml": pack, "templates/hi/sms.en-US.md": copy},
    )
    assert ran.code == 1, ran.err
    assert "error ACME001 acme-free-money: 'free money' is not said here" in ran.out
    assert "warning ACME002 acme-fee-named: credit is named without its fee" in ran.out
    assert "warning ACME100 acme-shouting: a branch shouts" in ran.out
    shown = lint_with(config=settings, arguments=("rule", "acme-shouting"))
    assert "More than two exclamation marks in any branch." in shown.out
