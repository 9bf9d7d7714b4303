"""``init``, ``new``, ``rule``, ``render``, ``explain`` and what all commands share."""

from __future__ import annotations

import json

import pytest

from copylab.cli import COMMANDS


def test_every_command_has_help_and_is_listed(run_copylab) -> None:
    listed = run_copylab("--help")
    assert listed.code == 0
    for name in COMMANDS:
        assert f"  {name} " in listed.out
        ran = run_copylab(name, "--help")
        assert ran.code == 0, ran.err
        assert "Usage: copylab" in ran.out


def test_an_unknown_command_is_wrong_usage(run_copylab) -> None:
    ran = run_copylab("lnit")
    assert ran.code == 2
    assert "No such command" in ran.err


@pytest.mark.parametrize("locale", ["en-US", "zh-CN", "en-GB", "zh-HK"])
def test_a_new_workspace_passes_its_own_lint(run_copylab, tmp_path, locale) -> None:
    made = run_copylab(
        "init", "shop", "--locale", locale, "--brand", "Shop", cwd=tmp_path
    )
    assert made.code == 0, made.err
    ran = run_copylab("lint", "--fail-on", "warning", cwd=tmp_path / "shop")
    assert ran.code == 0, ran.out


@pytest.mark.parametrize(
    "options",
    [("--locale", "ar-EG"), ("--locale", "!!"), ("--market", "CN"), ("--market", "XX")],
)
def test_init_refuses_what_it_has_no_copy_for(run_copylab, tmp_path, options) -> None:
    ran = run_copylab("init", "shop", *options, cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.count("Error:") == 1
    assert not (tmp_path / "shop").exists()


def test_init_never_overwrites(run_copylab, tmp_path) -> None:
    (tmp_path / "copylab.yaml").write_text("mine")
    ran = run_copylab("init", cwd=tmp_path)
    assert ran.code == 2
    assert "copylab.yaml already there; nothing was written" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["copylab.yaml"]


def test_new_adds_a_message_in_every_declared_locale(run_copylab, tmp_path) -> None:
    run_copylab("init", cwd=tmp_path)
    ran = run_copylab("new", "campaign/spring", "--channel", "email", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert (tmp_path / "templates/campaign/spring/email.en-US.md").exists()
    assert run_copylab("lint", cwd=tmp_path).code == 0


def test_a_name_too_long_for_a_file_is_one_message(run_copylab, tmp_path) -> None:
    run_copylab("init", cwd=tmp_path)
    ran = run_copylab("new", "a" * 300, cwd=tmp_path)
    assert ran.code == 2
    assert "File name too long" in ran.err
    assert "fault in copylab" not in ran.err


@pytest.mark.parametrize("name", ["../escape", "Up Case", "/abs", "a//b"])
def test_new_refuses_a_name_that_is_no_folder_path(run_copylab, tmp_path, name) -> None:
    run_copylab("init", cwd=tmp_path)
    assert run_copylab("new", name, cwd=tmp_path).code == 2


def test_a_rule_is_found_by_name_and_by_code(run_copylab) -> None:
    by_name, by_code = (
        run_copylab("rule", "segments-exceed"),
        run_copylab("rule", "sms001"),
    )
    assert by_name.out == by_code.out
    for part in ("What:", "Why:", "Bad (", "Good (", "Source:", "no legal advice"):
        assert part in by_name.out


def test_rules_are_listed_by_channel(run_copylab) -> None:
    listed = run_copylab("rule", "--list", "--channel", "push").out
    assert "payload-bytes" in listed
    assert "segments-exceed" not in listed


def test_an_unknown_rule_gets_a_hint(run_copylab) -> None:
    ran = run_copylab("rule", "optout-mising")
    assert ran.code == 2
    assert "did you mean 'optout-missing'?" in ran.err


def test_render_prints_the_message_and_its_measures(run_copylab) -> None:
    ran = run_copylab(
        "render",
        "winback/approved_day7",
        "--channel",
        "sms",
        "--persona",
        "everything_longest",
    )
    assert ran.code == 0, ran.err
    assert "【示例分期】" in ran.out
    assert "2 parts · UCS-2" in ran.out


def test_render_prints_every_variant_as_json(run_copylab) -> None:
    ran = run_copylab(
        "render", "winback/approved_day7", "--channel", "push", "--all-variants", "--json",
        "--persona", "everything_longest",
    )  # fmt: skip
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["variant"] for record in records] == [
        "plain", "coupon", "curiosity", "milestone",
    ]  # fmt: skip


def test_render_says_all_that_is_missing(run_copylab) -> None:
    ran = run_copylab("render", "winback/approved_day7", "--channel", "sms")
    assert ran.code == 2
    assert "limit_cny: absent" in ran.err
    assert "link: absent" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("nothing", "--channel", "sms"), "there is no message 'nothing'"),
        (("winback/approved_day7",), "name the channel"),
        (
            ("winback/approved_day7", "--channel", "sms", "--persona", "nobody"),
            "no persona",
        ),
        (
            ("winback/approved_day7", "--channel", "sms", "--set", "x"),
            "write --set key=value",
        ),
        (
            ("winback/approved_day7", "--channel", "sms", "--variant", "x"),
            "variants of",
        ),
        (
            ("winback/approved_day7", "--channel", "sms", "--user", "nofile"),
            "is not there",
        ),
    ],
)
def test_render_refuses_in_one_message(run_copylab, arguments, says) -> None:
    ran = run_copylab("render", *arguments)
    assert ran.code == 2
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_explain_shows_hash_buckets_audience_locale_and_missing_values(
    run_copylab,
) -> None:
    ran = run_copylab(
        "explain", "approved_sms_hook", "--persona", "everything_longest",
        "--set", "loans=0", "--at", "2026-11-22T11:00:00Z",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    for part in (
        "in approved_not_borrowed",
        "md5(wb.17a6e2f48c:persona-0003) = c016149dd412e3e84c51b2dd9774ba6f",
        "bucket 750,336 of 1,000,000",
        "slot 828,413 of 1,000,000 belongs to 'none'",
        "skipped: arm_none",
    ):
        assert part in ran.out


def test_explain_as_json_holds_the_same_steps(run_copylab) -> None:
    ran = run_copylab(
        "explain", "winback/approved_day7", "--json", "--set", "user_id=u1"
    )
    record = json.loads(ran.out)
    assert [step["step"] for step in record["steps"]] == [
        "experiment",
        "locale",
        "result",
    ]
    assert record["result"]["rejected"] == "locale"


def test_a_workspace_with_errors_is_not_rendered_and_says_why(
    run_copylab, tmp_path
) -> None:
    run_copylab("init", cwd=tmp_path)
    copy = tmp_path / "templates/welcome_back/sms.en-US.md"
    copy.write_text(copy.read_text().replace("{{ link }}", "{{ lnk }}"))
    ran = run_copylab("render", "welcome_back", "--channel", "sms", cwd=tmp_path)
    assert ran.code == 2
    assert "2 errors and cannot be loaded" in ran.err
    assert "'lnk' is not declared" in ran.err
