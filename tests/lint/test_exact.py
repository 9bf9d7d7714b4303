"""The rules over one rendered message of a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.compose.attempt import attempt
from copylab.compose.prepare import prepare_copy
from copylab.lint.exact import check_rendered
from copylab.lint.layout_case import LayoutCases
from copylab.lint.ruleset import find_rules
from copylab.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.findings import Finding

    Make = Callable[[dict[str, str]], Path]

CONFIG = "markets: [US]\nlocales: {default: en-US}\n"
MESSAGE = (
    "purpose: transactional\nlive: plain\nvariants: {plain: {}}\n"
    "variables:\n  note: {type: text, max: 400, charset: gsm7, missing: skip}\n"
    "  days: {type: int, min: 1, max: 9, missing: 1}\n"
)
LIMIT = "lint: {sms: {max_segments: {transactional: {warning: 1, error: 2}}}}\n"


def checked(workspace: Workspace, values: dict[str, object]) -> list[Finding]:
    message = workspace.messages["hello"]
    copy = prepare_copy(workspace, message, "sms", "en-US", "plain")
    given = attempt(copy, "sms", values).values
    texts = {name: show(given).strip() for name, show in copy.fields.items()}
    rules, _ = find_rules(workspace.config.lint, workspace.sources)
    key = ("hello", "sms", "en-US", "plain")
    return list(check_rendered(workspace, key, texts, rules, LayoutCases(workspace)))


def write(make_files: Make, copy: str, config: str = CONFIG) -> Workspace:
    return open_workspace(
        make_files(
            {
                "copylab.yaml": config,
                "templates/hello/message.yaml": MESSAGE,
                "templates/hello/sms.en-US.md": copy,
            }
        )
    )


def test_what_lint_says_of_the_longest_value_holds_for_a_long_value_only(
    make_files: Make,
) -> None:
    workspace = write(make_files, "# plain\nHello, {{ note }}\n", CONFIG + LIMIT)
    told = [item for item in workspace.lint().findings if "segments" in item.rule]
    assert [item.severity for item in told] == ["error"]
    assert checked(workspace, {"note": "short"}) == []
    (long,) = checked(workspace, {"note": "x" * 200})
    assert (long.rule, long.severity) == (told[0].rule, "warning")
    assert long.file == "body"


def test_a_finding_has_its_place_in_the_rendered_text(make_files: Make) -> None:
    copy = "# plain\nSee {{ days }} at http://bit.ly/x and {{ note }}\n"
    workspace = write(make_files, copy)
    found = checked(workspace, {"note": "more", "days": 7})
    assert found
    text = "See 7 at http://bit.ly/x and more"
    for item in found:
        assert item.file == "body"
        assert item.line == 1
        assert item.column is not None
        assert item.end_column is not None
        assert "bit.ly" in text[item.column - 1 : item.end_column - 1]


def test_what_only_a_value_brings_in_is_told(make_files: Make) -> None:
    workspace = write(make_files, "# plain\nHello, {{ note }}\n")
    told = {item.rule for item in workspace.lint().findings}
    assert "placeholder-leak" not in told
    assert checked(workspace, {"note": "more {% if"}) == []
    (leak,) = checked(workspace, {"note": "{{ days }}"})
    assert leak.rule == "placeholder-leak"
    assert (leak.column, leak.end_column) == (8, 18)


@pytest.mark.parametrize("persona", ["everything_longest", "hostile_values"])
def test_the_sample_has_nothing_wrong_for_any_values(
    repository: Path, persona: str
) -> None:
    workspace = open_workspace(repository)
    rules, _ = find_rules(workspace.config.lint, workspace.sources)
    layouts = LayoutCases(workspace)
    user, count = workspace.personas[persona], 0
    message = workspace.messages["winback/registered_day3"]
    for (channel, locale), words in message.copies.items():
        for variant in words.variants:
            copy = prepare_copy(workspace, message, channel, locale, variant)
            tried = attempt(copy, channel, user)
            if set(copy.fields) and hasattr(tried.outcome, "exposure"):
                inputs = {item.name for item in copy.inputs}
                if inputs - tried.values.keys():
                    continue
                texts = {k: show(tried.values) for k, show in copy.fields.items()}
                key = (message.id, channel, locale, variant)
                assert check_rendered(workspace, key, texts, rules, layouts) == ()
                count += 1
    assert count > 3
