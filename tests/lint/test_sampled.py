"""Too many branches: what is said is true, and said to be samples where it is."""

import time
from pathlib import Path

import pytest

from copylab.findings import Finding
from copylab.lint.engine import lint_catalog
from copylab.lint.examples import write_example
from copylab.lint.report import Report
from copylab.lint.rule import Example
from copylab.workspace import open_workspace

FORTY = "".join(f"{{% if b{n} %}}a{{% else %}}b{{% endif %}}" for n in range(40))
NESTED = (
    "".join(f"{{% if '{n}' in name %}}a{{% if {n} < days %}}b" for n in range(19))
    + "{% endif %}" * 38
)


MESSAGE = """\
purpose: marketing
live: plain
locales: [en-US]
variables:
  name: {type: person_name, max: 60, missing: there}
  days: {type: int, min: 0, max: 30, missing: 1}
  app: {type: bool, missing: false}
"""
MESSAGE += "".join(f"  b{n}: {{type: bool, missing: false}}\n" for n in range(40))


def lint(root: Path, text: str) -> Report:
    example = Example("message.yaml", f"{MESSAGE}=== sms.en-US.md\n{text}\n")
    write_example(example, root)
    return lint_catalog(open_workspace(root))


def found(report: Report, rule: str) -> list[Finding]:
    return [item for item in report.findings if item.rule == rule]


@pytest.mark.parametrize("maze", [FORTY, NESTED, NESTED * 3, FORTY + NESTED])
def test_more_branches_than_can_be_walked_end_in_time(
    tmp_path: Path, maze: str
) -> None:
    started = time.process_time()
    report = lint(tmp_path, f"Example: {maze} Reply STOP to end")
    assert (
        time.process_time() - started < 2 + 2
    )  # the second half is for a loaded machine
    assert found(report, "optout-missing") == []


def test_samples_are_called_samples(tmp_path: Path) -> None:
    report = lint(tmp_path, f"Example: {FORTY} Reply STOP to end")
    assert [proof.exhaustive for proof in report.proofs] == [False]
    [sentence] = report.not_checked
    assert "checked on 256 samples" in sentence


def test_a_phrase_is_proved_over_more_branches_than_can_be_walked(
    tmp_path: Path,
) -> None:
    arms = "{% if app %}Reply STOP{% else %}Text STOP{% endif %}"
    assert (
        found(lint(tmp_path / "a", f"Example: {FORTY} {arms} ok"), "optout-missing")
        == []
    )
    lacking = f"Example: {FORTY} {{% if app %}}Reply STOP{{% endif %}}"
    assert found(lint(tmp_path / "b", lacking), "optout-missing")


def test_what_one_arm_of_very_many_holds_has_a_witness(tmp_path: Path) -> None:
    maze = FORTY + "{% if b7 and not b8 %}\u2019{% endif %}"
    [finding] = found(
        lint(tmp_path, f"Example: {maze} Reply STOP"), "ucs2-forced-by-literal"
    )
    assert finding.witness is not None
    assert "\u2019" in finding.witness.text


def test_a_text_that_is_too_long_on_a_sample_is_too_long(tmp_path: Path) -> None:
    long = "".join(f"{{% if b{n} %}}{'word ' * 9}{{% endif %}}" for n in range(30))
    report = lint(tmp_path, f"Example: {long} Reply STOP to end")
    [finding] = found(report, "segments-exceed")
    assert finding.witness is not None
    assert len(finding.witness.text) > 160
    again = lint(tmp_path, f"Example: {long} Reply STOP to end")
    assert again.findings == report.findings, "samples are the same each time"


SIGNS = "~~~ [members] ~~~ the evening of tastings is on Friday at eight, bring two friends too"


def test_signs_that_count_twice_are_told_on_samples(tmp_path: Path) -> None:
    report = lint(tmp_path, f"Example: {FORTY} {SIGNS} Reply STOP to end")
    [finding] = found(report, "ext-char-cost")
    assert (
        "~ [ ] count twice in GSM-7: 2 parts at worst instead of 1" in finding.message
    )
    assert finding.witness is not None


def test_words_that_need_a_value_are_told_on_samples(tmp_path: Path) -> None:
    text = MESSAGE + '  note: {type: text, max: 9, missing: ""}\n'
    copy = f"Example: hi {{{{ note }}}}, {FORTY} Reply STOP to end"
    write_example(
        Example("message.yaml", f"{text}=== sms.en-US.md\n{copy}\n"), tmp_path
    )
    [finding] = found(lint_catalog(open_workspace(tmp_path)), "empty-interpolation")
    assert "without 'note' the text reads 'Example: hi , " in finding.message
    assert finding.witness is not None
    assert "hi , " in finding.witness.text


def test_an_arm_is_read_with_the_words_before_it(tmp_path: Path) -> None:
    text = MESSAGE + '  note: {type: text, max: 9, missing: ""}\n'
    copy = (
        f"Example: {FORTY} hi{{% if app %}}{{{{ note }}}}, bye{{% endif %}} STOP to end"
    )
    write_example(
        Example("message.yaml", f"{text}=== sms.en-US.md\n{copy}\n"), tmp_path
    )
    report = lint_catalog(open_workspace(tmp_path))
    assert found(report, "empty-interpolation") == []


def test_an_opt_out_behind_the_clip_is_told_on_samples(tmp_path: Path) -> None:
    branches = "".join(f"{{% if b{n} %}}<p>a</p>{{% endif %}}" for n in range(40))
    files = f"""\
{MESSAGE}  unsubscribe_url: {{type: url, base: "https://a.example/", max: 60, missing: error}}
=== email.en-US.md
## subject
Your details are saved
## preheader
There is nothing to fill in twice.
## body
{"Your details are saved, and there is nothing to fill in twice. " * 1800}
=== _layouts/main.html
<html lang="{{{{ locale }}}}" dir="{{{{ dir }}}}"><head><title>{{{{ subject }}}}</title></head>
<body><p>{{{{ preheader }}}}</p>{branches}<div>{{{{ body }}}}</div>
<p>{{{{ brand.legal_name }}}}, {{{{ brand.postal_address }}}}</p>
<p><a href="{{{{ unsubscribe_url }}}}">Unsubscribe</a></p></body></html>
"""
    write_example(Example("message.yaml", files), tmp_path)
    report = lint_catalog(open_workspace(tmp_path))
    [finding] = found(report, "unsubscribe-after-clip")
    assert finding.severity == "warning"
    assert "Gmail clips at 102,400" in finding.message
