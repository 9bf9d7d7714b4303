"""The worst short message is the longest of those with most parts."""

from collections.abc import Callable
from pathlib import Path

from copylab.findings import Finding
from copylab.lint.examples import write_example
from copylab.lint.rule import Example

Lint = Callable[[Path, str], list[Finding]]


def test_the_worst_has_most_units_of_those_with_most_parts(
    tmp_path: Path, lint_rule: Lint
) -> None:
    short, long = "a" * 200, "b" * 250
    text = f"{{% if app %}}{short}{{% else %}}{long}{{% endif %}} Reply STOP to end\n"
    write_example(Example("sms.en-US.md", text), tmp_path)
    [finding] = lint_rule(tmp_path, "segments-exceed")
    units = len(long) + len(" Reply STOP to end")
    assert f"can need 2 parts, the limit is 1 ({units} septets" in finding.message
    assert finding.witness is not None
    assert long in finding.witness.text
