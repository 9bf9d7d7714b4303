"""Experiments that end without a promotion, and what is learned from them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from copylab.analysis.priors import log_lift
from copylab.analysis.verdict import Verdict
from copylab.decision.conclude import conclude
from copylab.decision.data import read_data
from copylab.decision.history import find_unrecorded, past_lifts, read_decisions
from copylab.decision.learn import learn
from copylab.decision.promote import promote
from copylab.decision.results import analyze_workspace
from copylab.decision.start import start
from copylab.document import decode_source, parse_document
from copylab.errors import DecisionError
from copylab.simulation.run import Wish, simulate
from copylab.workspace import load, open_workspace
from copylab.write import apply_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.analysis.results import Analysis
    from copylab.decision.change import DecisionPlan

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
DAY = date(2026, 12, 23)


@pytest.fixture(scope="module")
def ended_once(files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose experiment has used up its plan: coupon is worth nothing."""
    root = tmp_path_factory.mktemp("ended")
    changed = dict(files)
    changed["templates/winback/message.yaml"] = files[
        "templates/winback/message.yaml"
    ].replace("{plain: {}, coupon: {}", "{plain: {hook: news}, coupon: {hook: gift}")
    changed["experiments/hook.yaml"] = files["experiments/hook.yaml"].replace(
        "{mde: 50%, looks: 2, window: 7d}", "{units: 2000, looks: 2, window: 7d}"
    )
    for name, text in changed.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    apply_changes([start(open_workspace(root), "hook", at=AT).change])
    made = simulate(open_workspace(root), "hook", 3000, Wish(7, AT, {}, {"click": 0.2}))
    (root / "data" / "exposures").mkdir(parents=True)
    for name, file in (("exposures", "exposures/1"), ("outcomes", "outcomes")):
        data = made.files[f"{name}.parquet"]
        (root / "data" / f"{file}.parquet").write_bytes(data)
    return root


@pytest.fixture
def ended(ended_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(ended_once, tmp_path / "workspace"))


def gather(root: Path, verdict: Verdict | None = None) -> Analysis:
    analysis = analyze_workspace(open_workspace(root), "hook")
    return analysis if verdict is None else replace(analysis, verdict=verdict)


def plan(root: Path, verdict: Verdict | None = None, **options: Any) -> DecisionPlan:
    workspace = open_workspace(root)
    data = read_data(workspace, "hook")
    found = gather(root, verdict)
    return conclude(workspace, "hook", found, data=data, date=DAY, **options)


def refused(root: Path, verdict: Verdict | None = None, **options: Any) -> str:
    with pytest.raises(DecisionError) as caught:
        plan(root, verdict, **options)
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


def tree(root: Path) -> dict[str, bytes]:
    every = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in every}


def test_an_experiment_without_a_winner_is_concluded_and_recorded(ended: Path) -> None:
    assert gather(ended).verdict.action == "keep"
    before = tree(ended)
    made = plan(ended)
    assert tree(ended) == before
    apply_changes(made.changes)
    changed = {name for name, data in tree(ended).items() if before.get(name) != data}
    assert changed == {"experiments/hook.yaml", "experiments/decisions/hook.yaml"}
    workspace = load(ended)
    assert workspace.experiments["hook"].status == "concluded"
    assert workspace.messages["winback"].live == "plain"
    record = read((ended / "experiments/decisions/hook.yaml").read_bytes())
    assert record["decision"] == {"action": "keep", "kept": "plain"}
    assert record["verdict"]["action"] == "keep"
    assert "forced" not in record
    assert {item["arm"] for item in record["comparisons"]} == {"coupon", "none"}


def test_what_found_nothing_is_learned_from_as_well(ended: Path) -> None:
    apply_changes(plan(ended).changes)
    past = read_decisions(open_workspace(ended))
    assert [(one.experiment, one.action) for one in past] == [("hook", "keep")]
    (lesson,) = (item for item in learn(past).lessons if item.tag == "hook")
    assert (lesson.value, lesson.against, lesson.pooled.count) == ("gift", "news", 1)
    assert len(past_lifts(past)) == 1


@pytest.mark.parametrize("action", ["inconclusive", "harm", "invalid"])
def test_the_record_says_as_what_it_was_concluded(ended: Path, action: Any) -> None:
    made = plan(ended, Verdict(action, None, "Because of the numbers."))
    record = read(made.changes[-1].after)
    assert record["decision"] == {"action": action, "kept": "plain"}


def test_nothing_is_learned_from_data_that_could_not_be_read(ended: Path) -> None:
    apply_changes(plan(ended, Verdict("invalid", None, "Do not read.")).changes)
    past = read_decisions(open_workspace(ended))
    assert past[0].action == "invalid"
    assert past_lifts(past) == []
    found = learn(past)
    assert found.lessons == ()
    assert found.skipped == ("hook: its data could not be read",)


def test_nor_from_a_winner_that_was_taken_from_such_data(ended: Path) -> None:
    workspace = open_workspace(ended)
    data = read_data(workspace, "hook")
    found = gather(ended, Verdict("invalid", None, "Do not read."))
    made = promote(
        workspace, "hook", found,
        data=data, date=DAY, arm="coupon", force=True, reason="The boss says so.",
    )  # fmt: skip
    apply_changes(made.changes)
    past = read_decisions(open_workspace(ended))
    assert past[0].action == "promote"
    assert past_lifts(past) == []


def test_a_winner_is_not_thrown_away_without_a_reason(ended: Path) -> None:
    verdict = Verdict("promote", "coupon", "It wins.")
    assert "the verdict is to promote 'coupon': It wins." in refused(ended, verdict)
    made = plan(ended, verdict, force=True, reason="The coupon costs too much.")
    record = read(made.changes[-1].after)
    assert record["decision"] == {"action": "keep", "kept": "plain"}
    assert record["reason"] == "The coupon costs too much."
    assert record["overruled"] == ["the verdict is to promote 'coupon': It wins."]


def test_what_is_live_already_is_kept_although_it_wins(ended: Path) -> None:
    made = plan(ended, Verdict("promote", "plain", "It wins."))
    assert made.decision.action == "keep"
    assert made.decision.overruled == ()


def test_an_early_end_needs_a_reason(ended: Path) -> None:
    verdict = Verdict("continue", None, "Keep going.")
    text = refused(ended, verdict)
    assert "copylab analyze hook --final --record" in text
    made = plan(ended, verdict, force=True, reason="The law has changed.")
    assert made.decision.action == "inconclusive"


def test_a_live_variant_that_harms_is_not_kept_without_a_reason(ended: Path) -> None:
    for verdict in (
        Verdict("harm", "plain", "It is worse."),
        Verdict("harm", "coupon", "Both are worse.", ("plain",)),
    ):
        assert "'plain' is live and does harm" in refused(ended, verdict)
    assert plan(ended, Verdict("harm", "coupon", "It is worse.")).changes


def test_a_draft_and_what_is_decided_cannot_be_concluded(ended: Path) -> None:
    made = plan(ended)
    apply_changes(made.changes)
    assert "'hook' has been decided already" in refused(ended)
    (ended / "experiments/decisions/hook.yaml").unlink()
    file = ended / "experiments/hook.yaml"
    file.write_text(file.read_text().replace("status: concluded", "status: draft"))
    assert "'hook' is a draft" in refused(ended)


def test_one_that_was_concluded_by_hand_gets_its_record(ended: Path) -> None:
    file = ended / "experiments/hook.yaml"
    file.write_text(file.read_text().replace("status: running", "status: concluded"))
    assert find_unrecorded(open_workspace(ended)) == ["hook"]
    found = learn([], unrecorded=["hook"])
    assert found.skipped == (
        "hook: concluded without a record; copylab promote hook --keep writes one",
    )
    made = plan(ended)
    assert [change.name for change in made.changes] == [
        "experiments/decisions/hook.yaml"
    ]
    apply_changes(made.changes)
    assert find_unrecorded(open_workspace(ended)) == []


def test_an_experiment_that_has_changed_since_its_start_needs_a_reason(
    ended: Path,
) -> None:
    file = ended / "experiments/hook.yaml"
    text = file.read_text().replace(
        "plain: 45%, coupon: 45%", "plain: 40%, coupon: 50%"
    )
    file.write_text(text)
    verdict = Verdict("keep", "plain", "No arm is better.")
    assert "is not what was started" in refused(ended, verdict)
    forced = plan(ended, verdict, force=True, reason="Known.")
    assert any("is not what was started" in what for what in forced.decision.overruled)


@pytest.mark.parametrize("options", [{"force": True}, {"reason": "x"}])
def test_force_and_reason_go_together(ended: Path, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must go together"):
        plan(ended, **options)


def test_an_interval_of_a_look_is_read_at_the_level_of_its_boundary(
    ended: Path,
) -> None:
    """The error behind the lift is that of the data, however wide the look made it."""
    file = ended / "experiments/hook.yaml"
    file.write_text(file.read_text().replace("looks: 2", "looks: any"))
    verdict = Verdict("keep", "plain", "No arm is better.")
    apply_changes(plan(ended, verdict).changes)
    (fixed,) = past_lifts(read_decisions(open_workspace(ended)))
    file = ended / "experiments/decisions/hook.yaml"
    record = read(file.read_bytes())
    assert record["look"]["boundary"] > 2.5
    (coupon,) = (
        item
        for item in read_decisions(open_workspace(ended))[0].comparisons
        if (item.role, item.arm) == ("primary", "coupon")
    )
    too_wide = log_lift(coupon.lift, 0.05)
    assert too_wide is not None
    boundary = record["look"]["boundary"]
    assert fixed[2] == pytest.approx(too_wide[1] * 1.959963985 / boundary)
    n1, n0 = record["units"]["coupon"], record["units"]["plain"]
    delta = (1 - coupon.value) / (n1 * coupon.value)  # type: ignore[operator]
    delta += (1 - coupon.control_value) / (n0 * coupon.control_value)  # type: ignore[operator]
    assert fixed[2] == pytest.approx(delta**0.5, rel=0.02)


def test_as_people_run_it(ended: Path, run_copylab: Callable[..., Any]) -> None:
    advised = run_copylab("promote", "hook", cwd=ended)
    assert advised.code == 1
    assert "conclude the experiment: --keep" in advised.err
    wrong = run_copylab("promote", "hook", "--keep", "--arm", "coupon", cwd=ended)
    assert wrong.code == 2
    before = tree(ended)
    tried = run_copylab("promote", "hook", "--keep", "--dry-run", cwd=ended)
    assert (tried.code, tree(ended)) == (0, before)
    done = run_copylab("promote", "hook", "--keep", cwd=ended)
    assert (done.code, done.err) == (0, "")
    said = "hook is concluded as: keep; plain stays live in winback"
    assert done.out.startswith(f"{said}\n")
    assert "written: experiments/decisions/hook.yaml" in done.out
    learned = run_copylab("learn", cwd=ended)
    assert learned.code == 0
    assert learned.out.startswith("1 concluded experiment;")
    assert "gift against news" in learned.out
    assert run_copylab("promote", "hook", "--keep", cwd=ended).code == 1


def test_the_text_of_the_pull_request_says_that_nothing_goes_live(
    ended: Path, run_copylab: Callable[..., Any]
) -> None:
    done = run_copylab("promote", "hook", "--keep", "--pr", "--dry-run", cwd=ended)
    assert done.code == 0, done.err
    assert done.out.startswith("# Conclude hook as keep: keep plain in winback\n")
    assert "`plain`, as before: nothing is promoted." in done.out
