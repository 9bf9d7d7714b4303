import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copylab.experiment.model import Experiment, MetricChoice, Plan
from copylab.experiment.read import read_experiment
from copylab.findings import Finding
from copylab.source import SourceFile, Span

Read = Callable[[str], tuple[Experiment | None, list[Finding]]]

EPOCH = "epochs:\n- {epoch: 1, at: 2026-01-31T09:30:00Z, hash: abc, arms: {plain: 1}}\n"


def changed(text: str, key: str, line: str) -> str:
    """The text with the line of a key replaced."""
    lines = [line if row.startswith(f"{key}:") else row for row in text.splitlines()]
    assert line in lines
    return "".join(f"{row}\n" for row in lines if row)


def test_reads_the_example_whole(winback: Experiment) -> None:
    assert winback.name == "winback_hook"
    assert winback.message == "winback_day3"
    assert winback.channels == ("sms",)
    assert winback.status == "draft"
    assert winback.audience == "approved_not_borrowed"
    assert winback.unit == "user_id"
    assert winback.salt == "winback_hook.9f3a1c"
    assert winback.coverage == 1
    assert list(winback.arms.items()) == [
        ("plain", Fraction(9, 20)),
        ("coupon", Fraction(9, 20)),
        ("none", Fraction(1, 10)),
    ]
    assert winback.variants == ("plain", "coupon")
    assert winback.control == "plain"
    assert winback.metrics == MetricChoice("click", ("login", "loan"), ("opt_out",))
    assert winback.plan == Plan(0.05, 0.8, 0.15, 3, timedelta(days=7))
    assert winback.epoch == 0
    assert winback.file == "experiments/winback_hook.yaml"


def test_knows_the_place_of_each_part(winback: Experiment) -> None:
    file = "experiments/winback_hook.yaml"
    assert winback.place_of["arms.coupon"] == Span(file, 8, 20, 8, 26)
    assert winback.place_of["message"] == Span(file, 1, 10, 1, 22)
    assert winback.place_of["channels.sms"] == Span(file, 2, 12, 2, 15)
    assert winback.place_of["metrics.primary"] == Span(file, 10, 20, 10, 25)
    assert winback.place_of["metrics.guardrails.opt_out"].line == 10
    assert winback.place_of["control"].line == 9


def test_goes_to_another_process(winback: Experiment) -> None:
    assert pickle.loads(pickle.dumps(winback)) == winback


def test_needs_little(read: Read) -> None:
    text = "message: m\nsalt: s.1\narms: {a: 1/3, b: 1/3, c: 1/3}\ncontrol: a\n"
    experiment, findings = read(text)
    assert findings == []
    assert experiment is not None
    assert experiment.status == "draft"
    assert experiment.channels == ()
    assert experiment.audience is None
    assert experiment.unit == "user_id"
    assert experiment.coverage == 1
    assert experiment.metrics is None
    assert experiment.plan == Plan()


@pytest.mark.parametrize(
    ("key", "line", "rule", "column", "fragment"),
    [
        ("arms", "arms: {plain: 45%, coupon: 45%}", "arms-sum", 1, "sum to 90%"),
        ("arms", "arms: {plain: 100%}", "bad-arm", 1, "has 1 arm"),
        ("arms", "arms: {plain: 45, coupon: 55%}", "bad-value", 15, "more than 100%"),
        ("arms", "arms: {plain: [], coupon: 55%}", "bad-value", 15, "must be a share"),
        ("arms", "arms: [plain, coupon]", "bad-value", 7, "must be a mapping"),
        ("control", "control: plane", "bad-arm", 10, "no arm"),
        ("salt", "salt: Winback", "bad-value", 7, "is not a salt"),
        ("salt", "", "missing-key", 1, "has no 'salt'"),
        ("control", "", "missing-key", 1, "has no 'control'"),
        ("message", "", "missing-key", 1, "has no 'message'"),
        ("message", 'message: " "', "bad-value", 10, "is blank"),
        ("status", "status: started", "bad-value", 9, "must be one of"),
        ("status", "status: running", "experiment-not-frozen", 1, "without an epoch"),
        ("coverage", "coverage: 120%", "bad-value", 11, "more than 100%"),
        ("channels", "channels: [sms, sms]", "bad-value", 17, "twice"),
        ("channels", "channels: [[sms]]", "bad-value", 12, "must list names"),
        ("unit", "units: user_id", "unknown-key", 1, "no key 'units'"),
        ("plan", "plan: {alpha: 60%}", "bad-value", 15, "below 50%"),
        ("plan", "plan: {mde: 0%}", "bad-value", 13, "above 0%"),
        ("plan", "plan: {power: much}", "bad-value", 15, "not a percentage"),
        ("plan", "plan: {looks: 0}", "bad-value", 15, "at least 1"),
        ("plan", "plan: {window: 7 days}", "bad-value", 16, "not a time span"),
        ("plan", "plan: {window: 0d}", "bad-value", 16, "longer than none"),
        ("plan", "plan: {peek: 3}", "unknown-key", 8, "no key 'peek'"),
        ("metrics", "metrics: {secondary: [a]}", "missing-key", 10, "'primary'"),
        ("unit", "status: draft", "duplicate-key", 1, "again"),
    ],
)
def test_reports_what_is_wrong_at_its_place(
    read: Read,
    winback_text: str,
    key: str,
    line: str,
    rule: str,
    column: int,
    fragment: str,
) -> None:
    _, findings = read(changed(winback_text, key, line))
    hits = [finding for finding in findings if finding.rule == rule]
    assert [(hit.column, fragment in hit.message) for hit in hits] == [(column, True)]
    assert len(findings) == 1 or key == "arms"
    row = next(
        number
        for number, text in enumerate(winback_text.splitlines(), start=1)
        if text.startswith(f"{key}:")
    )
    assert hits[0].line == (row if line else 1)
    assert hits[0].file == "experiments/winback_hook.yaml"


def test_every_finding_on_a_broken_file_at_once(read: Read) -> None:
    text = "message: m\nsalt: S\narms: {a: 1, b: 1}\ncontrol: c\nstatus: on\nx: 1\n"
    experiment, findings = read(text)
    assert experiment is not None
    rules = [finding.rule for finding in findings]
    assert sorted(rules) == [
        "arms-sum",
        "bad-arm",
        "bad-value",
        "bad-value",
        "unknown-key",
    ]


def test_a_control_without_share_is_reported(read: Read, winback_text: str) -> None:
    text = changed(winback_text, "arms", "arms: {plain: 0%, coupon: 100%}")
    _, findings = read(text)
    assert [finding.rule for finding in findings] == ["bad-arm"]
    assert "has no share" in findings[0].message


@pytest.mark.parametrize("text", ["", "[1, 2]", "word", "a: [", "arms: {a: 1, b: 0}"])
def test_gives_no_experiment_where_there_is_none(read: Read, text: str) -> None:
    experiment, findings = read(text)
    assert experiment is None
    assert findings


def test_reads_epochs_with_and_without_the_hash_of_each_copy(
    read: Read, winback_text: str
) -> None:
    text = winback_text.replace("draft", "running") + (
        "epochs:\n"
        "- {epoch: 1, at: 2026-01-31T09:30:00Z, hash: abc,"
        " arms: {plain: 50%, coupon: 50%}}\n"
        "- epoch: 2\n  at: 2026-02-01T17:30:00+08:00\n  hash: def\n"
        "  arms: {plain: {share: 45%, hash: '01'}, coupon: {share: 55%, hash: '02'}}\n"
    )
    experiment, findings = read(text)
    assert findings == []
    assert experiment is not None
    first, second = experiment.epochs
    assert first.at == datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
    assert first.arms == {"plain": Fraction(1, 2), "coupon": Fraction(1, 2)}
    assert first.copies == {}
    assert second.at == datetime(2026, 2, 1, 9, 30, tzinfo=UTC)
    assert second.at.tzinfo is UTC
    assert second.copies == {"plain": "01", "coupon": "02"}
    assert experiment.epoch == 2


@pytest.mark.parametrize(
    ("before", "after", "fragment"),
    [
        ("epoch: 1", "epoch: 2", "must be 1"),
        ("epoch: 1, ", "", "has no 'epoch'"),
        ("2026-01-31T09:30:00Z", "soon", "is not a time"),
        ("hash: abc, ", "", "has no 'hash'"),
        ("plain: 1", "plain: {hash: a}", "has no 'share'"),
        ("plain: 1", "plain: lots", "must be a share"),
    ],
)
def test_reports_what_is_wrong_with_an_epoch(
    read: Read, winback_text: str, before: str, after: str, fragment: str
) -> None:
    assert before in EPOCH
    _, findings = read(winback_text + EPOCH.replace(before, after))
    assert [fragment in finding.message for finding in findings] == [True]
    assert findings[0].line == 13


@given(st.text(alphabet="{}[]:,-?&*!|>'\"%#\n amesgrtl19", max_size=80))
def test_never_raises_for_content(text: str) -> None:
    experiment, findings = read_experiment(SourceFile("x.yaml", text), "x")
    assert experiment is not None or findings


@given(st.data())
def test_never_raises_for_a_value_of_the_wrong_kind(data: st.DataObject) -> None:
    keys = ["message", "channels", "status", "audience", "unit", "salt", "coverage"]
    keys += ["arms", "control", "metrics", "plan", "epochs"]
    values = ["[]", "{}", "~", "1", "true", "[{}]", "{a: {}}", "[[1]]", "{epoch: []}"]
    values += ["[{epoch: 1, at: x, arms: [1]}]", "{alpha: []}", "{primary: {}}", "1e9"]
    lines = [f"{key}: {data.draw(st.sampled_from(values))}\n" for key in keys]
    _, findings = read_experiment(SourceFile("x.yaml", "".join(lines)), "x")
    assert all(finding.line is not None for finding in findings)
