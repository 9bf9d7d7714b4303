"""``copylab lint`` as CI and copywriters run it."""

from __future__ import annotations

import json
import os

import pytest

CONFIG = "brand: {name: Example, signature: Example}\nmarkets: [US]\nlocales: {default: en-US}\n"
MESSAGE = """\
purpose: transactional
live: plain
variants: {plain: {}}
variables:
  name: {type: person_name, max: 8, missing: there}
"""
US_SMS = ("--stdin", "--channel", "sms", "--market", "US")
COPY = "# plain\nExample: hi {{ name }}, your card is on its way.\n"


def _workspace(make_files, copy: str | bytes = COPY, **files: str | bytes):
    return make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/card/message.yaml": MESSAGE,
            "templates/card/sms.en-US.md": copy,
            **files,
        }
    )


def test_the_sample_workspace_has_no_findings(run_copylab) -> None:
    ran = run_copylab("lint")
    assert (ran.code, ran.err) == (0, ""), ran.out
    assert ran.out.startswith("no findings from ")
    assert "proved on" in ran.out


def test_a_finding_exits_with_1_and_names_its_place(run_copylab, make_files) -> None:
    root = _workspace(
        make_files, "# plain\nExample: hi {{ nmae }}, your card is on its way.\n"
    )
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 1
    first = ran.out.split("\n")[0]
    assert first.startswith("templates/card/sms.en-US.md:2:")
    assert "error CL301 undeclared-variable: 'nmae' is not declared" in first


def test_the_cure_names_the_nearest_word(run_copylab, make_files) -> None:
    root = _workspace(make_files, "# plain\nExample: hi {{ nmae }}.\n")
    ran = run_copylab("lint", "--format", "full", cwd=root)
    assert "help: did you mean 'name'?" in ran.out


def test_lint_goes_on_with_the_other_files(run_copylab, make_files) -> None:
    root = _workspace(
        make_files,
        "# plain\n{{ x }}\n",
        **{
            "templates/other/message.yaml": "purpose: [\n",
            "templates/third/message.yaml": MESSAGE,
            "templates/third/sms.en-US.md": "# plain\n{% if %}\n",
        },
    )
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 1
    for file in (
        "templates/card/sms",
        "templates/other/message",
        "templates/third/sms",
    ):
        assert file in ran.out


def test_fail_on_decides_the_exit_code(run_copylab, make_files) -> None:
    unused = MESSAGE + "  spare: {type: int, min: 0, max: 9}\n"
    root = _workspace(make_files, **{"templates/card/message.yaml": unused})
    assert run_copylab("lint", cwd=root).code == 0
    assert run_copylab("lint", "--fail-on", "warning", cwd=root).code == 1
    assert run_copylab("lint", "--fail-on", "never", cwd=root).code == 0


def test_paths_limit_the_report(run_copylab, make_files) -> None:
    root = _workspace(
        make_files,
        "# plain\n{{ x }}\n",
        **{
            "templates/other/message.yaml": MESSAGE,
            "templates/other/sms.en-US.md": COPY.replace("name", "eman"),
        },
    )
    ran = run_copylab("lint", "templates/other", "--format", "json", cwd=root)
    files = {finding["file"] for finding in json.loads(ran.out)["findings"]}
    assert files == {"templates/other/sms.en-US.md"} | {
        file for file in files if file.startswith("templates/other/")
    }


def test_a_workspace_is_found_from_a_folder_inside_it(run_copylab, make_files) -> None:
    root = _workspace(make_files)
    assert run_copylab("lint", cwd=root / "templates" / "card").code == 0


def test_github_is_the_usual_format_in_github_actions(run_copylab, make_files) -> None:
    root = _workspace(make_files, "# plain\n{{ x }}\n")
    ran = run_copylab("lint", cwd=root, GITHUB_ACTIONS="true")
    assert ran.out.startswith("::error file=templates/card/sms.en-US.md,line=2,")


def test_select_runs_one_rule_by_name_or_code(run_copylab, make_files) -> None:
    unused = MESSAGE + "  spare: {type: int, min: 0, max: 9}\n"
    root = _workspace(make_files, **{"templates/card/message.yaml": unused})
    for rule, found in (
        ("SMS001", "no findings"),
        ("unused-variable", "found 1 warning"),
    ):
        ran = run_copylab("lint", "--select", rule, cwd=root)
        assert (ran.code, ran.err) == (0, "")
        assert f"{found} from 1 rule on 1 message" in ran.out


def test_what_could_not_be_read_is_told_whatever_is_selected(
    run_copylab, make_files
) -> None:
    marketing = MESSAGE.replace("transactional", "marketing")
    root = _workspace(
        make_files,
        "# plain\nExample: hi {{ x }}\n",
        **{"templates/card/message.yaml": marketing},
    )
    ran = run_copylab("lint", "--select", "optout-missing", cwd=root)
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert "SMS040 optout-missing" in lines[0]
    assert "CL301 undeclared-variable" in lines[1]
    told = (
        "card sms.en-US plain: read in part: 1 value or condition could not be read; "
        "each counts as one character in lengths"
    )
    assert lines[2:] == [
        "found 2 errors from 1 rule on 1 message",
        "proved on 0 of 1 texts, 0 of 1 read",
        f"not checked: {told}",
    ]
    ran = run_copylab("lint", "--select", "SMS040", "--format", "json", cwd=root)
    record = json.loads(ran.out)
    assert record["proofs"] == []
    assert record["not_checked"] == [told]


def test_texts_that_were_read_are_counted_among_all(run_copylab, make_files) -> None:
    root = _workspace(
        make_files,
        **{
            "templates/other/message.yaml": MESSAGE,
            "templates/other/sms.en-US.md": "# plain\nhi {{ x }}\n",
        },
    )
    ran = run_copylab("lint", cwd=root)
    assert "proved on 1 of 2 texts (1 of 1 branches), 1 of 2 read" in ran.out
    ran = run_copylab("lint", "templates/card", cwd=root)
    assert "on 1 message\nproved on 1 of 1 branches of 1 text\n" in ran.out
    assert "not checked" not in ran.out


EXPERIMENT = """\
message: card
channels: [sms]
salt: card.1
arms: {plain: 50%, none: 50%}
control: none
"""


@pytest.mark.parametrize(
    ("path", "looked_at"),
    [
        ("experiments", "1 experiment"),
        ("copylab.yaml", "0 messages"),
        ("templates", "1 message"),
        ("templates/card/message.yaml", "1 message"),
    ],
)
def test_only_what_was_looked_at_is_counted(
    run_copylab, make_files, path, looked_at
) -> None:
    root = _workspace(make_files, **{"experiments/card.yaml": EXPERIMENT})
    ran = run_copylab("lint", path, cwd=root)
    assert f" rules on {looked_at}\n" in ran.out


def test_an_unknown_rule_is_wrong_usage_with_a_hint(run_copylab) -> None:
    ran = run_copylab("lint", "--select", "segment-exceed")
    assert ran.code == 2
    assert "did you mean 'segments-exceed'?" in ran.err


def test_one_text_from_standard_input(run_copylab) -> None:
    ran = run_copylab(
        "lint",
        "--stdin",
        "--channel",
        "sms",
        "--market",
        "US",
        stdin="Sale ends soon\n",
    )
    assert ran.code == 1
    assert "optout-missing" in ran.out
    good = "Example: your book is here. Reply STOP to opt out"
    ran = run_copylab(
        "lint",
        "--stdin",
        "--channel",
        "sms",
        "--market",
        "US",
        "--brand",
        "Example",
        stdin=good,
    )
    assert ran.code == 0, ran.out


def test_one_text_is_held_to_what_is_declared_and_the_rest_is_told(run_copylab) -> None:
    text = "Example: your book is here. Reply STOP to opt out"
    about = (*US_SMS, "--brand", "Example")
    ran = run_copylab("lint", *about, stdin=text)
    assert ran.code == 0
    assert "not checked: sending.consent is not declared: US-SMS-012" in ran.out
    bought = ("--metadata", "consent=purchased-list")
    ran = run_copylab("lint", *about, *bought, stdin=text)
    assert ran.code == 1
    assert "us-written-consent" in ran.out
    assert "sending.consent" not in ran.out
    named = ("--metadata", "sending.consent=opt_in", "--metadata", "frequency=")
    ran = run_copylab("lint", *about, *named, "--format", "json", stdin=text)
    record = json.loads(ran.out)
    assert record["findings"] == []
    assert not [line for line in record["not_checked"] if "consent" in line]
    assert [line for line in record["not_checked"] if "opt_out_keywords" in line]


def test_lists_and_flags_are_declared_on_the_command_line(run_copylab) -> None:
    text = "Example: your book is here. Reply STOP to opt out"
    for value, code in (
        ("opt_out_keywords=STOP,END", 1),
        ("opt_out_keywords=[STOP, QUIT, END, REVOKE, OPT OUT, CANCEL, UNSUBSCRIBE]", 0),
        ("opt_out_keywords=false", 1),
    ):
        about = ("--brand", "Example", "--select", "US-SMS-010", "--metadata", value)
        ran = run_copylab("lint", *US_SMS, *about, stdin=text)
        assert (ran.code, ran.err) == (code, "")
        assert "not checked" not in ran.out


def test_the_rules_of_a_day_are_asked_of_one_text(run_copylab) -> None:
    text = "Example: your book is here. Only STOP counts. Reply STOP to opt out"
    about = (*US_SMS, "--brand", "Example", "--select", "us-single-way-out")
    for day, code in (("2025-04-10", 0), ("2025-04-11", 1)):
        assert run_copylab("lint", *about, "--as-of", day, stdin=text).code == code


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("--stdin",), "x", "--stdin needs --channel and --market"),
        (("--stdin", "--channel", "sms", "--market", "US"), "", "holds no text"),
        (("nowhere",), "", "nowhere: is not there"),
        (("--format", "xml"), "", "is not one of"),
        (
            ("--channel", "sms"),
            "",
            "--channel, --market and --metadata go with --stdin",
        ),
        (("--stdin", "--channel", "sms", "--market", "X1"), "x", "is not a market"),
        (("--stdin", "--channel", "sms", "--market", "UK"), "x", "write GB"),
        (("--stdin", "--channel", "sms", "--market", "CN,"), "x", "is not a market"),
        (("--metadata", "consent=opt_in"), "", "--metadata go with --stdin"),
        ((*US_SMS, "--metadata", "consent"), "x", "'consent' is no metadata"),
        ((*US_SMS, "--metadata", "a b=c"), "x", "write KEY=VALUE"),
        ((*US_SMS, "--metadata", "sms_profile=us"), "x", "must be one of"),
    ],
)
def test_what_cannot_run_exits_with_2_and_one_message(
    run_copylab, arguments, stdin, says
) -> None:
    ran = run_copylab("lint", *arguments, stdin=stdin)
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_no_workspace_is_one_message(run_copylab, tmp_path) -> None:
    ran = run_copylab("lint", cwd=tmp_path)
    assert ran.code == 2
    assert "copylab.yaml is missing" in ran.err
    assert "copylab init" in ran.err


BAD = {
    "broken YAML": {
        "templates/card/message.yaml": "purpose: [transactional\nlive: x\n"
    },
    "Latin-1 bytes": {"templates/card/sms.en-US.md": "# plain\ncafé".encode("latin-1")},
    "a 10 MB template": {"templates/card/sms.en-US.md": "# plain\n" + "x" * 10_000_000},
    "duplicate keys": {"templates/card/message.yaml": MESSAGE + "live: other\n"},
    "a cyclic include": {
        "templates/card/sms.en-US.md": '# plain\n{% include "a.md" %}\n',
        "templates/_partials/a.md": '{% include "b.md" %}',
        "templates/_partials/b.md": '{% include "a.md" %}',
    },
    "an unknown filter": {
        "templates/card/sms.en-US.md": "# plain\n{{ name | shout }}\n"
    },
    "a reach into Python": {
        "templates/card/sms.en-US.md": "# plain\n{{ name.__class__.__mro__ }}\n"
    },
    "an unbounded loop": {
        "templates/card/sms.en-US.md": "# plain\n{% for i in range(9**9) %}x{% endfor %}\n"
    },
    "an unclosed tag": {"templates/card/sms.en-US.md": "# plain\n{% if name %}hi\n"},
    "an alias bomb": {
        "templates/card/message.yaml": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    },
    "deep nesting": {"templates/card/message.yaml": "a: " + "[" * 5000},
    "a message that is a list": {"templates/card/message.yaml": "- a\n- b\n"},
    "an empty message": {"templates/card/message.yaml": ""},
}


@pytest.mark.parametrize("what", BAD)
def test_what_a_copywriter_can_write_wrong_is_a_finding(
    run_copylab, make_files, what
) -> None:
    root = _workspace(make_files, **BAD[what])
    ran = run_copylab("lint", "--format", "json", cwd=root)
    assert ran.code == 1, ran.out + ran.err
    assert ran.err == ""
    errors = [f for f in json.loads(ran.out)["findings"] if f["severity"] == "error"]
    assert errors
    assert all(finding["file"] and finding["line"] for finding in errors)


def test_a_byte_order_mark_and_crlf_are_read_and_the_mark_is_told(
    run_copylab, make_files
) -> None:
    copy = b"\xef\xbb\xbf" + COPY.replace("\n", "\r\n").encode()
    root = _workspace(make_files, copy)
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 0
    assert "byte-order-mark" in ran.out
    assert "undeclared" not in ran.out


@pytest.mark.parametrize(
    "name",
    ["templates/card/sms.en-US.md", "templates/card/message.yaml", "copylab.yaml"],
)
def test_a_directory_where_a_file_should_be_cannot_run(
    run_copylab, make_files, name
) -> None:
    root = _workspace(make_files)
    (root / name).unlink()
    (root / name).mkdir()
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 2
    assert "is a directory where a file should be" in ran.err


def test_a_pipe_in_the_place_of_a_file_does_not_hang(run_copylab, make_files) -> None:
    root = _workspace(make_files)
    os.mkfifo(root / "templates/card/push.en-US.md")
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 2
    assert "templates/card/push.en-US.md: is no ordinary file" in ran.err


def test_a_link_out_of_the_workspace_is_refused(run_copylab, make_files) -> None:
    root = _workspace(make_files)
    (root / "templates/_partials").mkdir()
    (root / "templates/_partials/a.md").symlink_to("/etc/hostname")
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 2
    assert "is a link that leaves the workspace" in ran.err


@pytest.mark.parametrize(
    "heading", ["# Plain", "# plian", "#plain", "＃ plain", "## Body"]
)
def test_a_heading_that_nearly_names_a_variant_is_an_error(
    run_copylab, make_files, heading
) -> None:
    root = _workspace(make_files, f"{COPY}{heading}\nmore words\n")
    ran = run_copylab("lint", cwd=root)
    assert ran.code == 1
    assert "sms.en-US.md:3:1: error CL014 heading-in-copy" in ran.out


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("purpose: otp\nvariants:\n\tplain: {}\n", "line 3 holds a tab"),
        ("purpose：otp\nlive: plain\n", "line 1 has the full-width '：'; write ': '"),
        ("purpose: otp\nvariants: {plain: {}，b: {}}\n", "full-width '，'; write ', '"),
    ],
)
def test_the_slips_of_typing_yaml_are_named(
    run_copylab, make_files, text, cure
) -> None:
    root = _workspace(make_files, **{"templates/card/message.yaml": text})
    ran = run_copylab("lint", "--format", "full", cwd=root)
    assert ran.code == 1
    assert cure in ran.out


def test_a_unit_that_is_no_attribute_is_an_error(run_copylab, tmp_path) -> None:
    run_copylab("init", cwd=tmp_path)
    path = tmp_path / "experiments/number_in_sms.yaml"
    path.write_text(path.read_text().replace("unit: user_id", "unit: usr_id"))
    ran = run_copylab("lint", cwd=tmp_path)
    assert ran.code == 1
    assert "the unit 'usr_id' is no attribute of users" in ran.out


def test_a_message_that_cannot_be_read_is_not_called_missing_too(
    run_copylab, tmp_path
) -> None:
    run_copylab("init", cwd=tmp_path)
    (tmp_path / "templates/welcome_back/message.yaml").write_text("a: [\n")
    ran = run_copylab("lint", cwd=tmp_path)
    assert "unknown-message" not in ran.out


@pytest.mark.parametrize(
    "markets", [("--market", "US", "--market", "GB"), ("--market", "us,GB")]
)
def test_a_text_for_several_markets_is_asked_for_each(run_copylab, markets) -> None:
    about = ("--stdin", "--channel", "push", *markets, "--industry", "lending")
    text = "Guaranteed loans, rates from 6.9%. Hi there"
    ran = run_copylab("lint", *about, "--format", "concise", stdin=text)
    assert "UK-LEND-003" in ran.out
    assert "US-LEND-004" in ran.out
    assert ran.code == 1


def test_a_market_without_rules_is_said(run_copylab) -> None:
    about = ("--stdin", "--channel", "push", "--market", "NG", "--format", "concise")
    ran = run_copylab("lint", *about, stdin="Hello there, welcome back.")
    assert "copylab has no rule of NG: only what holds everywhere is checked" in ran.out
    assert ran.code == 0
    about = (*about[:4], "AT", *about[5:])
    assert "no rule of" not in run_copylab("lint", *about, stdin="Hello there.").out


@pytest.mark.parametrize(
    ("industry", "cure"),
    [
        ("loans", "lending"),
        ("bank", "banking"),
        ("lendng", "lending"),
        ("Bank", "bank"),
    ],
)
def test_an_industry_that_no_rule_knows_is_told_for_a_text(
    run_copylab, industry, cure
) -> None:
    about = ("--stdin", "--channel", "push", "--market", "US", "--format", "full")
    ran = run_copylab("lint", *about, "--industry", industry, stdin="Hello there.")
    assert f"no rule knows the industry '{industry.lower()}'" in ran.out
    assert cure in ran.out


@pytest.mark.parametrize("industry", ["banking", "Lending", "lending"])
def test_a_bank_keeps_the_rules_of_lenders(run_copylab, industry) -> None:
    about = ("--stdin", "--channel", "push", "--market", "US", "--industry", industry)
    ran = run_copylab("lint", *about, stdin="Guaranteed loans at 6.9% APR.")
    assert "US-LEND-004" in ran.out


def test_a_bank_keeps_the_rules_of_wealth_managers(run_copylab) -> None:
    about = ("--stdin", "--channel", "push", "--market", "US", "--industry", "banking")
    ran = run_copylab("lint", *about, stdin="Savings at 4.25% interest.")
    assert "US-DEP-001" in ran.out
