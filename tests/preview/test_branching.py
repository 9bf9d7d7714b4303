"""Every branch of a message: none is lost, none is told twice, each with what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from copylab.lint.engine import lint_catalog
from copylab.message.values import MISSING, reader
from copylab.preview.branching import find_branches
from copylab.preview.worst import find_worst
from copylab.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from copylab.preview.branching import TextBranches

CONFIG = """\
brand: {name: 示例, signature: 示例}
locales: {default: zh-CN}
markets: [CN]
industry: retail
"""
MESSAGE = """\
purpose: marketing
live: plain
variants: {plain: {hook: reminder}}
variables:
  call_name: {type: person_name, max: 8, missing: 您}
  days: {type: int, min: 3, max: 720, missing: 30}
  step: {type: enum, values: [a, b, c], missing: a}
"""
PERSONAS = """\
somebody: {user_id: "1", locale: zh-CN, call_name: 王女士, days: 40, step: b}
long: {user_id: "2", locale: zh-CN, call_name: 𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷, days: 720, step: c}
"""


@pytest.fixture
def make(make_files: Callable[..., Path]) -> Callable[..., list[TextBranches]]:
    """The branches of a message that is given by its copy."""

    def branches_of(copy: str, **more: str) -> list[TextBranches]:
        options = {"config": CONFIG, "message": MESSAGE, "name": "sms.zh-CN.md", **more}
        root = make_files(
            {
                "copylab.yaml": options["config"],
                "templates/_personas.yaml": PERSONAS,
                "templates/hello/message.yaml": options["message"],
                f"templates/hello/{options['name']}": copy,
            }
        )
        workspace = open_workspace(root)
        findings = lint_catalog(workspace).findings
        return list(find_branches(workspace, "hello", findings))

    return branches_of


def body_of(texts: list[TextBranches]) -> Any:
    return texts[0].fields[-1]


def test_each_text_is_shown_once_with_what_leads_there(make: Any) -> None:
    body = body_of(
        make(
            "【示例】{% if step == 'a' %}甲{% elif step == 'b' %}乙{% else %}丙"
            "{% endif %}。拒收请回复R"
        )
    )
    assert [branch.text for branch in body.branches] == [
        "【示例】甲。拒收请回复R",
        "【示例】乙。拒收请回复R",
        "【示例】丙。拒收请回复R",
    ]
    assert [branch.ways for branch in body.branches] == [
        ((("step", "a"),),),
        ((("step", "b"),),),
        ((("step", "c"),),),
    ]


def test_ways_that_print_the_same_are_one_branch_with_all_that_leads_there(
    make: Any,
) -> None:
    body = body_of(
        make(
            "【示例】{% if days > 180 %}好久不见{% elif step == 'b' %}好久不见"
            "{% else %}你好{% endif %}。拒收请回复R"
        )
    )
    assert body.total == 2
    seen = next(branch for branch in body.branches if "好久" in branch.text)
    assert {dict(way).get("days") for way in seen.ways} == {"181 to 720", "3 to 180"}


def test_branches_are_shown_with_a_persona_whose_values_are_not_at_their_bounds(
    make: Any,
) -> None:
    body = body_of(make("【示例】{{ call_name }}，{{ days }}天了。拒收请回复R"))
    assert body.branches[0].text == "【示例】王女士，40天了。拒收请回复R"
    assert dict(body.branches[0].values) == {"call_name": "王女士", "days": "40"}


def test_a_branch_that_the_persona_does_not_reach_has_values_that_do(make: Any) -> None:
    texts = make(
        "【示例】{{ call_name }}，{% if days > 180 %}{{ days }}天了"
        "{% else %}你好{% endif %}。拒收请回复R"
    )
    values = {branch.text: dict(branch.values) for branch in body_of(texts).branches}
    far = next(v for text, v in values.items() if "天了" in text)
    assert int(far["days"]) > 180
    assert far["call_name"] == "王女士"


def test_values_shown_are_in_bounds_and_print_the_branch(sample: Path) -> None:
    workspace = open_workspace(sample)
    for name, message in workspace.messages.items():
        for text in find_branches(workspace, name):
            for branch in (b for field in text.fields for b in field.branches):
                for variable, value in branch.values:
                    declared = message.variables[variable]
                    if declared.type not in {"list", "bool"}:
                        raw = value.removeprefix(declared.base)
                        assert reader(declared)(raw) is not MISSING
                        if declared.type == "person_name":
                            assert value in (branch.text or "")


def test_the_first_branch_is_whole_and_the_others_are_marked_against_it(
    make: Any,
) -> None:
    body = body_of(
        make("【示例】{% if step == 'a' %}甲{% else %}乙{% endif %}好。拒收请回复R")
    )
    first, second = body.branches
    assert [piece.kind for piece in first.pieces] == ["same"]
    assert [piece.text for piece in second.pieces if piece.kind == "added"] == ["乙"]
    assert [piece.text for piece in second.pieces if piece.kind == "removed"] == ["甲"]


def test_a_finding_stands_on_the_branch_it_is_about_and_on_no_other(make: Any) -> None:
    texts = make(
        "【示例】您好，{% if step != 'b' %}新品到店。拒收请回复R{% else %}新品到店。{% endif %}"
    )
    body = body_of(texts)
    lacking = [
        branch.text
        for branch in body.branches
        if any(finding.rule == "optout-missing" for finding in branch.findings)
    ]
    assert lacking == ["【示例】您好，新品到店。"]
    assert not any(finding.rule == "optout-missing" for finding in body.findings)


def test_a_finding_about_a_field_without_branches_is_told_of_the_field(
    make: Any,
) -> None:
    body = body_of(make("【示例】您好，新品到店。"))
    assert [finding.rule for finding in body.findings] == ["optout-missing"]


def test_measures_hold_for_the_text_and_for_every_value(make: Any) -> None:
    branch = body_of(make("【示例】{{ call_name }}，你好。拒收请回复R")).branches[0]
    measure = branch.measure
    assert (measure.unit, measure.size, measure.most) == ("parts", 1, 1)
    assert measure.units == len(branch.text)
    push = make(
        "## title\n{{ call_name }}你好\n## body\n新品到店\n", name="push.zh-CN.md"
    )
    found = next(text for text in push if text.key[1] == "push")
    title = found.fields[0].branches[0].measure
    assert (title.unit, title.size, title.most) == ("columns", 10, 20)


def test_what_the_gateway_adds_is_shown_and_measured(make: Any) -> None:
    config = CONFIG + "sms: {profile: cn-aliyun}\n"
    body = body_of(make("您好，新品到店，拒收请回复R", config=config))
    assert body.added[0] == "【示例】"
    assert body.branches[0].text.startswith("【示例】您好")
    assert body.branches[0].measure.units == len(body.branches[0].text)


def test_too_many_ways_are_sampled_and_said_to_be(make: Any) -> None:
    names = [f"flag{number}" for number in range(14)]
    message = MESSAGE + "".join(
        f"  {name}: {{type: bool, missing: false}}\n" for name in names
    )
    copy = "".join(f"{{% if {name} %}}{name[4:]}{{% endif %}}" for name in names)
    texts = make(f"【示例】{copy}。拒收请回复R", message=message)
    body = body_of(texts)
    assert not texts[0].is_walked
    assert body.samples == 256
    assert len(body.branches) == 60
    assert body.left_out == body.total - 60 > 0
    assert len({branch.text for branch in body.branches}) == 60


def test_branches_that_are_walked_are_counted_though_not_all_are_shown(
    make: Any,
) -> None:
    names = [f"flag{number}" for number in range(7)]
    message = MESSAGE + "".join(
        f"  {name}: {{type: bool, missing: false}}\n" for name in names
    )
    copy = "".join(f"{{% if {name} %}}{name[4:]}{{% endif %}}" for name in names)
    texts = make(f"【示例】{copy}。拒收请回复R", message=message)
    assert texts[0].is_walked
    assert texts[0].branches == 128
    assert body_of(texts).left_out == 68


def test_a_text_with_an_error_is_told_as_unread_and_the_others_are_shown(
    make: Any,
) -> None:
    message = MESSAGE.replace("{hook: reminder}}", "{hook: reminder}, other: {}}")
    texts = make(
        "# plain\n【示例】{% if %}。拒收请回复R\n# other\n【示例】好。拒收请回复R\n",
        message=message,
    )
    broken, other = texts
    assert broken.fields == ()
    assert broken.gap
    assert [finding.rule for finding in broken.findings] == ["syntax"]
    assert other.fields[0].branches[0].text == "【示例】好。拒收请回复R"


def test_a_variant_with_the_very_words_of_another_is_told_to_be_the_same(
    make: Any,
) -> None:
    message = MESSAGE.replace("{hook: reminder}}", "{hook: reminder}, other: {}}")
    texts = make(
        "# plain\n## title\n甲\n## body\n乙\n# other\n## title\n甲\n## body\n丙\n",
        message=message,
        name="push.zh-CN.md",
    )
    assert [field.same_as for field in texts[0].fields] == ["", ""]
    assert [field.same_as for field in texts[1].fields] == ["plain", ""]


def test_the_body_of_an_email_reads_as_its_text_part_without_marks(
    sample: Path,
) -> None:
    workspace = open_workspace(sample)
    texts = find_branches(workspace, "winback/approved_day7")
    email = next(text for text in texts if text.key[1:3] == ("email", "en-US"))
    body = email.fields[-1].branches[0].text or ""
    assert body.startswith("Hi Maria-Luísa O'Neil,")
    assert "See my limit: https://s.samplelend.example/" in body


def test_lists_are_said_to_be_shown_by_one_example(sample: Path) -> None:
    workspace = open_workspace(sample)
    texts = list(find_branches(workspace, "winback/unfinished_day3"))
    listed = {text.key[1] for text in texts if any(f.has_lists for f in text.fields)}
    assert listed == {"email"}


def test_the_sample_has_the_branches_that_lint_counts(sample: Path) -> None:
    workspace = open_workspace(sample)
    proofs = lint_catalog(workspace).proofs
    found = {
        text.key: text.branches
        for name in workspace.messages
        for text in find_branches(workspace, name)
    }
    counted = {(p.message, p.channel, p.locale, p.variant): p.branches for p in proofs}
    assert found == counted


def test_the_default_locale_and_the_order_of_channels_come_first(sample: Path) -> None:
    workspace = open_workspace(sample)
    places = [
        text.key[1:3] for text in find_branches(workspace, "winback/approved_day7")
    ]
    assert list(dict.fromkeys(places)) == [
        ("sms", "zh-CN"),
        ("sms", "en-US"),
        ("push", "zh-CN"),
        ("push", "en-US"),
        ("email", "zh-CN"),
        ("email", "en-US"),
    ]


def test_the_worst_case_is_what_a_person_with_its_values_gets(sample: Path) -> None:
    workspace = open_workspace(sample)
    for name in ("winback/approved_day7", "winback/unfinished_day3"):
        for variant in workspace.messages[name].copies["sms", "zh-CN"].variants:
            worst = find_worst(workspace, (name, "sms", "zh-CN", variant))
            assert worst is not None
            assert worst.is_proved
            declared = workspace.messages[name].variables
            user = {key: v.removeprefix(declared[key].base) for key, v in worst.values}
            sent = workspace.render(
                name,
                user,
                channel="sms",
                locale="zh-CN",
                variant=variant,
            )
            assert worst.fields[0].text == sent.text  # type: ignore[union-attr]
            measure = worst.fields[0].measure
            assert measure is not None
            assert (measure.size, measure.units) == (sent.segments_max, sent.units)  # type: ignore[union-attr]


def test_no_branch_of_the_sample_is_longer_than_the_worst_case_that_is_proved(
    sample: Path,
) -> None:
    workspace = open_workspace(sample)
    for name in workspace.messages:
        for text in find_branches(workspace, name):
            worst = find_worst(workspace, text.key)
            if worst is None or not worst.is_proved or text.key[1] == "email":
                continue
            most = next(f.measure for f in worst.fields if f.name == "body")
            body = next(field for field in text.fields if field.name == "body")
            assert most is not None
            for branch in body.branches:
                assert branch.measure is not None
                assert branch.measure.size <= most.size
                assert branch.measure.most is not None
                assert branch.measure.size <= branch.measure.most
