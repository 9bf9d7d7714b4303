from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.verdict import Verdict
from copylab.decision.data import Data, read_data
from copylab.decision.promote import promote
from copylab.decision.results import analyze_workspace
from copylab.decision.start import start
from copylab.document import decode_source, parse_document
from copylab.errors import DecisionError
from copylab.simulation.run import Wish, simulate
from copylab.workspace import Workspace, load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from copylab.analysis.results import Analysis
    from copylab.decision.change import DecisionPlan

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def tested_once(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A workspace whose experiment was started, sent and measured: coupon wins."""
    root = tmp_path_factory.mktemp("workspace")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return send(root)


@pytest.fixture
def tested(tested_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tested_once, tmp_path / "workspace"))


def send(root: Path) -> Path:
    """Start the experiment and make its data."""
    apply_changes([start(open_workspace(root), "hook", at=AT).change])
    wish = Wish(7, AT, {"coupon": 0.6}, {"click": 0.2})
    made = simulate(open_workspace(root), "hook", 3000, wish)
    (root / "data" / "exposures").mkdir(parents=True, exist_ok=True)
    for name, file in (("exposures", "exposures/1"), ("outcomes", "outcomes")):
        data = made.files[f"{name}.parquet"]
        (root / "data" / f"{file}.parquet").write_bytes(data)
    return root


def gather(root: Path) -> tuple[Workspace, Analysis, Data]:
    workspace = open_workspace(root)
    analysis = analyze_workspace(workspace, "hook")
    return workspace, analysis, read_data(workspace, "hook")


def plan(root: Path, verdict: Verdict | None = None, **options: Any) -> DecisionPlan:
    workspace, analysis, data = gather(root)
    if verdict is not None:
        analysis = replace(analysis, verdict=verdict)
    return promote(workspace, "hook", analysis, data=data, date=DAY, **options)


def refused(root: Path, verdict: Verdict | None = None, **options: Any) -> str:
    with pytest.raises(DecisionError) as caught:
        plan(root, verdict, **options)
    assert caught.value.help
    return str(caught.value)


def read(data: bytes) -> dict[str, Any]:
    source, _ = decode_source(data, "f")
    assert source is not None
    root, findings = parse_document(source)
    assert root is not None
    assert findings == []
    record = root.plain()
    assert isinstance(record, dict)
    return record


def edit(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text()
    assert old in text
    (root / file).write_text(text.replace(old, new))


def test_a_winner_goes_live_with_one_line_changed(tested: Path) -> None:
    message = tested / "templates" / "winback" / "message.yaml"
    experiment = tested / "experiments" / "hook.yaml"
    before = message.read_text(), experiment.read_text()
    apply_changes(plan(tested).changes)
    assert message.read_text() == before[0].replace("live:   plain ", "live:   coupon ")
    assert experiment.read_text() == before[1].replace(
        "status: running", "status: concluded"
    )
    workspace = load(tested)
    assert workspace.messages["winback"].live == "coupon"
    assert workspace.experiments["hook"].status == "concluded"


def test_the_record_holds_numbers_method_and_hashes(tested: Path) -> None:
    workspace, analysis, _ = gather(tested)
    made = plan(tested).changes[-1]
    assert made.name == "experiments/decisions/hook.yaml"
    assert made.before is None
    record = read(made.after)
    assert record["date"] == "2026-11-23"
    assert record["decision"] == {"promoted": "coupon", "from": "plain"}
    assert "forced" not in record
    assert record["verdict"] == analysis.verdict.to_dict()
    assert record["method"]["alpha"] == 0.05
    assert record["method"]["correction"] == ["holm"]
    assert record["units"] == {arm.arm: arm.n for arm in analysis.arms}
    found = record["comparisons"][0]
    for name, value in analysis.comparisons[0].to_dict().items():
        exact = isinstance(value, str | bool | list)
        assert found[name] == (value if exact else pytest.approx(value, rel=1e-7))
    assert found["test"] == analysis.comparisons[0].method
    experiment = workspace.experiments["hook"]
    assert record["copy"] == workspace.arm_hashes(experiment)
    assert record["epoch"]["hash"] == experiment.epochs[0].hash
    for kind, file in (("exposures", "exposures/1"), ("outcomes", "outcomes")):
        data = (tested / "data" / f"{file}.parquet").read_bytes()
        assert record["data"][kind] == [
            {
                "file": f"data/{file}.parquet",
                "size_bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        ]


def test_the_same_decision_is_the_same_bytes(tested: Path) -> None:
    assert plan(tested) == plan(tested)


@pytest.mark.parametrize(
    "action", ["keep", "continue", "inconclusive", "harm", "invalid"]
)
def test_another_verdict_is_refused_unless_forced(tested: Path, action: Any) -> None:
    verdict = Verdict(action, None, "For a reason.")
    told = refused(tested, verdict)
    assert f"the verdict is {action}: For a reason." in told
    assert "--force" in told
    forced = plan(tested, verdict, force=True, reason="法务要求 now")
    assert forced.decision.arm == "coupon"  # the one variant that is not live
    data = forced.changes[-1].after
    assert "法务要求 now" in data.decode()
    record = read(data)
    assert record["forced"] is True
    assert record["reason"] == "法务要求 now"
    assert record["overruled"] == [f"the verdict is {action}: For a reason."]
    assert record["verdict"]["action"] == action


def test_who_overrules_says_which_of_several(tested: Path) -> None:
    edit(tested, "experiments/hook.yaml", "none: 10%}", "milestone: 10%}")
    send_again(tested)
    verdict = Verdict("keep", "plain", "For a reason.")
    told = refused(tested, verdict, force=True, reason="why")
    assert "--arm: coupon, milestone" in told
    forced = plan(tested, verdict, force=True, reason="why", arm="milestone")
    assert forced.decision.arm == "milestone"


def test_force_and_reason_go_together(tested: Path) -> None:
    for options in ({"force": True}, {"force": True, "reason": " "}, {"reason": "x"}):
        with pytest.raises(ValueError, match="together"):
            plan(tested, **options)


def beating(analysis: Analysis, arm: str) -> Analysis:
    """The analysis, had the arm beaten the control as the coupon did, and safely."""
    coupon = next(i for i in analysis.comparisons if i.arm == "coupon")
    return replace(
        analysis,
        comparisons=tuple(
            replace(coupon, arm=arm)
            if (item.arm, item.metric) == (arm, coupon.metric)
            else item
            for item in analysis.comparisons
        ),
        guardrails=tuple(i for i in analysis.guardrails if i.arm != arm),
    )


@pytest.mark.parametrize("why", ["no better than the control", "unsafe"])
def test_a_tie_with_an_arm_that_could_not_win_gives_it_no_way_in(
    tested: Path, why: str
) -> None:
    edit(tested, "experiments/hook.yaml", "none: 10%}", "milestone: 10%}")
    workspace, analysis, data = gather(send_again(tested))
    verdict = Verdict("promote", "coupon", "Coupon and milestone tie.", ("milestone",))
    rail = replace(analysis.guardrails[0], arm="milestone", state="open")
    unsafe = why == "unsafe"
    if unsafe:
        analysis = beating(analysis, "milestone")
    rails = (rail,) if unsafe else ()
    analysis = replace(analysis, verdict=verdict, guardrails=rails)
    for arm, told in ((None, "no single winner"), ("milestone", "not 'milestone'")):
        with pytest.raises(DecisionError, match=told) as caught:
            promote(workspace, "hook", analysis, data=data, date=DAY, arm=arm)
        assert caught.value.help.endswith(": coupon")
    chosen = promote(workspace, "hook", analysis, data=data, date=DAY, arm="coupon")
    assert chosen.decision.arm == "coupon"


def test_a_tie_is_chosen_by_hand(tested: Path) -> None:
    edit(tested, "experiments/hook.yaml", "none: 10%}", "milestone: 10%}")
    workspace, analysis, data = gather(send_again(tested))
    verdict = Verdict("promote", "coupon", "Coupon and milestone tie.", ("milestone",))
    analysis = beating(replace(analysis, verdict=verdict), "milestone")

    def run(arm: str | None) -> DecisionPlan:
        return promote(workspace, "hook", analysis, data=data, date=DAY, arm=arm)

    with pytest.raises(DecisionError, match="no single winner") as caught:
        run(None)
    assert "--arm: coupon, milestone" in caught.value.help
    chosen = run("milestone")
    assert chosen.decision.arm == "milestone"
    record = read(chosen.changes[-1].after)
    assert record["decision"]["chosen_by_hand"] is True
    assert record["verdict"]["also"] == ["milestone"]
    assert "forced" not in record


def send_again(root: Path) -> Path:
    """As ``send``, for an experiment whose file was changed."""
    file = root / "experiments" / "hook.yaml"
    text = file.read_text().split("epochs:")[0]
    file.write_text(text.replace("status: running\n", ""))
    return send(root)


def test_another_arm_than_the_winner_needs_force(tested: Path) -> None:
    verdict = Verdict("promote", "plain", "Plain is best.")
    assert "not 'coupon'" in refused(tested, verdict, arm="coupon")
    forced = plan(tested, verdict, arm="coupon", force=True, reason="why")
    assert forced.decision.overruled[0].startswith("the verdict is to promote 'plain'")


@pytest.mark.parametrize(
    ("arm", "told"),
    [
        ("none", "sends nothing"),
        ("plain", "live already"),
        ("cupon", "did you mean 'coupon'"),
    ],
)
def test_nothing_makes_these_arms_live(tested: Path, arm: str, told: str) -> None:
    assert told in refused(tested, arm=arm)
    assert told in refused(tested, arm=arm, force=True, reason="why")


def test_an_arm_without_words_somewhere_does_not_go_live(tested: Path) -> None:
    push = tested / "templates" / "winback" / "push.en-US.md"
    push.write_text("# plain\n## title\nHello\n## body\nHello\n")
    assert "push.en-US" in refused(tested, force=True, reason="why")


def test_copy_that_has_changed_since_it_was_sent_is_not_promoted(tested: Path) -> None:
    edit(tested, "templates/winback/sms.en-US.md", "a coupon", "two coupons")
    told = refused(tested)
    assert "sms.en-US" in told
    assert "has changed since it was tested" in told
    forced = plan(tested, force=True, reason="a typo")
    assert any("two" in c.after.decode() for c in forced.changes) is False
    assert len(read(forced.changes[-1].after)["overruled"]) == 2


def test_a_changed_control_spoils_the_decision(tested: Path) -> None:
    edit(tested, "templates/winback/sms.en-US.md", "}}.\n# coupon", "}}!\n# coupon")
    assert "the copy of 'plain' changed" in refused(tested)


def test_exposures_that_do_not_say_what_was_sent_prove_nothing(tested: Path) -> None:
    workspace, analysis, data = gather(tested)
    for sent in (None, ()):
        with pytest.raises(DecisionError, match="exposures"):
            promote(
                workspace, "hook", analysis, data=replace(data, sent=sent), date=DAY
            )


@pytest.mark.parametrize("status", ["draft", "concluded"])
def test_only_a_running_experiment_is_decided(tested: Path, status: str) -> None:
    edit(tested, "experiments/hook.yaml", "status: running", f"status: {status}")
    assert status in refused(tested, force=True, reason="why")


def test_a_decision_is_made_once(tested: Path) -> None:
    apply_changes(plan(tested).changes)
    assert "decided already" in refused(tested, force=True, reason="why")


def test_channels_that_were_not_tested_are_named(tested: Path) -> None:
    push = tested / "templates" / "winback" / "push.en-US.md"
    push.write_text(
        "# plain\n## title\nHi\n## body\nHi\n# coupon\n## title\nHi\n## body\nHi\n"
        "# milestone\n## title\nHi\n## body\nHi\n"
    )
    (note,) = plan(tested).notes
    assert "push" in note
