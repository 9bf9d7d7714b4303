"""An audience that is written and at fault is told once, where it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from copylab.lint.engine import lint_catalog
from copylab.lint.examples import write_example
from copylab.lint.rule import Example
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from pathlib import Path

EXPERIMENT = """\
message: {message}
channels: [sms]
salt: test.1
arms: {{plain: 50%, none: 50%}}
control: none
audience: {audience}
"""


def _found(root: Path, audiences: str, audience: str) -> list[tuple[str, str]]:
    write_example(Example("sms.en-US.md", "Hello. Reply STOP to end\n"), root)
    message = next(root.rglob("message.yaml")).parent.name
    folder = root / "experiments"
    folder.mkdir(exist_ok=True)
    (folder / "audiences.yaml").write_text(audiences)
    text = EXPERIMENT.format(message=message, audience=audience)
    (folder / "test.yaml").write_text(text)
    report = lint_catalog(open_workspace(root), paths=("experiments",))
    return [(str(item.file), item.rule) for item in report.at_or_above("error")]


@pytest.mark.parametrize("audience", ["risky", "'risky'", "risky and not risky"])
@pytest.mark.parametrize(
    ("audiences", "rule"),
    [("risky: nowhere = 1\n", "unknown-attribute"), ("risky: [\n", "syntax")],
)
def test_only_the_fault_of_the_audience_is_told(
    tmp_path: Path, audiences: str, rule: str, audience: str
) -> None:
    found = _found(tmp_path, audiences, audience)
    assert found == [("experiments/audiences.yaml", rule)]


@pytest.mark.parametrize(
    ("audience", "rule"),
    [("risk", "unknown-audience"), ("risk and not risk", "unknown-attribute")],
)
def test_a_name_that_is_not_written_is_still_unknown(
    tmp_path: Path, audience: str, rule: str
) -> None:
    found = _found(tmp_path, "risky: nowhere = 1\n", audience)
    assert set(found) == {
        ("experiments/audiences.yaml", "unknown-attribute"),
        ("experiments/test.yaml", rule),
    }
