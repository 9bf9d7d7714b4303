"""``copylab config --show``: each value that applies to a file, and its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from copylab.lint.effective import effective_settings
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable

CONFIG = """\
brand: {name: Example, signature: Example, by_locale: {zh-CN: {name: 示例}}}
markets: {zh-CN: [CN], en-US: [US]}
industry: lending
locales: {default: en-US, also: [zh-CN]}
sending: {provider: direct, consent: opt_in}
links: {allowed_hosts: [s.example.com]}
lint:
  sms: {max_segments: {marketing: {warning: 2}}}
  rules: {optout-missing: warning, SMS001: info}
  overrides:
  - paths: [templates/legal/**]
    rules: {optout-missing: off}
    sms: {max_segments: {otp: {error: 4}}}
  - paths: ["**/sms.*.md"]
    rules: {optout-missing: info}
"""
MESSAGE = """\
purpose: otp
live: plain
brand: {signature: Ours}
sending: {provider: aliyun}
markets: [GB]
"""
SMS = "templates/legal/code/sms.en-US.md"
FILES = {
    "copylab.yaml": CONFIG,
    "templates/legal/code/message.yaml": MESSAGE,
    SMS: "# plain\nExample: hi.\n",
    "templates/legal/code/sms.zh-CN.md": "# plain\n您好\n",
    "templates/other/message.yaml": "purpose: marketing\nlive: plain\n",
    "templates/other/sms.zh-CN.md": "# plain\n您好\n",
    "templates/other/sms.en-US.md": "# plain\nhi\n",
    "experiments/audiences.yaml": "",
}


@pytest.fixture
def show(run_copylab, make_files) -> Callable[[str], dict[str, tuple]]:
    """The settings of a file by name: the value and its place."""
    root = make_files(FILES)

    def run(file: str) -> dict[str, tuple[object, str, int | None]]:
        ran = run_copylab("config", "--show", file, "--json", cwd=root)
        assert (ran.code, ran.err) == (0, "")
        record = json.loads(ran.out)
        assert (record["version"], record["file"]) == (1, file)
        places = {"copylab.yaml": "c", None: ""}
        return {
            item["name"]: (
                item["value"],
                item["origin"] + places.get(item["file"], "m").replace("c", ""),
                item["line"],
            )
            for item in record["settings"]
        }

    return run


def test_each_value_names_the_file_and_the_line_that_decide_it(show) -> None:
    found = show(SMS)
    assert found["purpose"] == ("otp", "messagem", 1)
    assert found["markets"] == (["GB"], "messagem", 5)
    assert found["industry"] == ("lending", "workspace", 3)
    assert found["timezone"] == ("UTC", "default", None)
    assert found["links.allowed_hosts"] == (["s.example.com"], "workspace", 6)
    assert found["brand.name"] == ("Example", "workspace", 1)
    assert found["brand.signature"] == ("Ours", "messagem", 3)
    assert found["sending.provider"] == ("aliyun", "messagem", 4)
    assert found["sending.consent"] == ("opt_in", "workspace", 5)
    assert found["lint.sms.max_segments.otp.error"] == (4, "override", 13)
    assert found["lint.sms.max_segments.otp.warning"] == (1, "default", None)
    assert "lint.sms.max_segments.marketing.warning" not in found
    assert found["lint.rules.optout-missing"] == ("info", "override", 15)
    assert found["lint.rules.segments-exceed"] == ("info", "workspace", 9)
    assert found["lint.rules.syntax"] == ("error", "default", None)


def test_a_file_of_another_folder_and_locale_has_other_values(show) -> None:
    found = show("templates/other/sms.zh-CN.md")
    assert found["markets"] == (["CN"], "workspace", 2)
    assert found["brand.name"] == ("示例", "workspace", 1)
    assert found["brand.signature"] == ("Example", "workspace", 1)
    assert found["sending.provider"] == ("direct", "workspace", 5)
    assert found["lint.sms.max_segments.marketing.warning"] == (2, "workspace", 8)
    assert found["lint.sms.max_segments.marketing.error"] == (3, "default", None)
    message = show("templates/legal/code/message.yaml")
    assert message["lint.rules.optout-missing"] == ("off", "override", 12)
    other = show("experiments/audiences.yaml")
    assert other["markets.zh-CN"] == (["CN"], "workspace", 2)
    assert other["lint.rules.optout-missing"] == ("warning", "workspace", 9)
    assert "purpose" not in other


def test_the_text_leaves_the_usual_rules_out_and_says_so(
    run_copylab, make_files
) -> None:
    root = make_files(FILES)
    ran = run_copylab("config", "--show", SMS, cwd=root)
    lines = ran.out.splitlines()
    assert lines[0] == SMS
    assert any(
        line.split()
        == ["lint.rules.optout-missing", "info", "override", "copylab.yaml:15"]
        for line in lines
    )
    assert any(line.endswith("templates/legal/code/message.yaml:4") for line in lines)
    assert "lint.rules.syntax" not in ran.out
    assert lines[-1].endswith("rules have their usual severity; --all lists them")
    every = run_copylab("config", "--show", SMS, "--all", cwd=root)
    assert "lint.rules.syntax" in every.out


def test_a_file_is_named_from_where_one_stands(run_copylab, make_files) -> None:
    root = make_files(FILES)
    ran = run_copylab("config", "--show", "message.yaml", cwd=root / "templates/other")
    assert ran.out.startswith("templates/other/message.yaml\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Missing option '--show'"),
        (("--show", "nowhere.md"), "nowhere.md: is not there"),
    ],
)
def test_a_wrong_call_is_one_message(run_copylab, make_files, arguments, says) -> None:
    ran = run_copylab("config", *arguments, cwd=make_files(FILES))
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_what_it_says_is_what_the_rules_see(repository) -> None:
    """For every copy file of the sample: the values, and where they are written."""
    workspace = open_workspace(repository)
    checked = 0
    for message in workspace.messages.values():
        for (_, locale), copy in message.copies.items():
            found = effective_settings(workspace, copy.source.name)
            values = {item.name: item.value for item in found}
            assert values["purpose"] == message.purpose
            assert tuple(values["markets"]) == message.markets.at(locale)
            for key, text in message.brand.at(locale).items():
                assert values[f"brand.{key}"] == text
            for item in found:
                if item.span is None or not isinstance(item.value, str):
                    continue
                line = workspace.sources[item.span.file].line(item.span.line)
                assert item.value in line, item
                checked += 1
    assert checked > 200
