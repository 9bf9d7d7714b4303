from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from copylab.compose.one import Composer
from copylab.decision.results import analyze_workspace
from copylab.errors import DataError
from copylab.experiment.buckets import bucket
from copylab.simulation.exposures import as_running
from copylab.simulation.run import Wish, simulate, simulate_outcomes, simulate_users
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
WISH = Wish(7, AT, {"coupon": 1.0}, {"click": 0.15})
USERS = 3000


@pytest.fixture(scope="module")
def workspace(repository: Path) -> Workspace:
    return load(repository)


@pytest.fixture(scope="module")
def files(workspace: Workspace) -> Mapping[str, bytes]:
    return simulate(workspace, "approved_sms_hook", USERS, WISH).files


def rows(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(io.BytesIO(data)).to_pylist()
    return found


def test_the_same_seed_is_the_same_bytes(
    workspace: Workspace, files: Mapping[str, bytes]
) -> None:
    assert simulate(workspace, "approved_sms_hook", USERS, WISH).files == files
    other = simulate(workspace, "approved_sms_hook", USERS, replace(WISH, seed=8)).files
    assert all(other[name] != data for name, data in files.items())


def test_every_user_is_in_the_audience_when_written_to_and_later(
    workspace: Workspace, files: Mapping[str, bytes]
) -> None:
    users = {user["user_id"]: user for user in rows(files["users.parquet"])}
    assert list(users) == [f"u{number:06d}" for number in range(1, USERS + 1)]
    exposures = rows(files["exposures.parquet"])
    assert {item["reason"] for item in exposures} == {"assigned"}
    assert len(exposures) == USERS
    experiment = workspace.experiments["approved_sms_hook"]
    composer = Composer(
        as_running(workspace, experiment, AT), experiment.message, "sms"
    )
    for item in exposures[::50]:
        again = composer.compose(users[item["unit"]], item["ts"], None, item["send_id"])
        exposure = getattr(again, "exposure", None)
        assert exposure is not None
        assert exposure._asdict() == item  # the users on disk give the same send
        later = composer.compose(users[item["unit"]], AT)
        assert getattr(later, "exposure").reason == "assigned"  # noqa: B009 - of any kind


def test_arms_are_those_of_the_buckets(
    workspace: Workspace, files: Mapping[str, bytes]
) -> None:
    salt = workspace.experiments["approved_sms_hook"].salt
    for item in rows(files["exposures.parquet"])[::100]:
        assert bucket(salt, item["unit"]) == (
            item["traffic_bucket"],
            item["arm_bucket"],
        )


def test_everything_has_happened_by_the_time_given(files: Mapping[str, bytes]) -> None:
    sends = [item["ts"] for item in rows(files["exposures.parquet"])]
    events = [item["at"] for item in rows(files["outcomes.parquet"])]
    assert sends == sorted(sends)
    assert timedelta(days=5) < max(sends) - min(sends) <= timedelta(days=7)
    assert max(sends) + timedelta(days=14) < AT
    assert max(events) <= AT


def test_users_lack_some_values_that_have_a_replacement(
    files: Mapping[str, bytes],
) -> None:
    users = rows(files["users.parquet"])
    absent = sum(user["call_name"] is None for user in users)
    assert 0.02 * USERS < absent < 0.09 * USERS
    assert all(user["link"] and user["limit"] for user in users)
    assert {user["locale"] for user in users} == {"zh-CN", "en-US"}
    for user in users:
        name = user["call_name"]
        assert (
            name is None
            or name.isascii()
            or user["locale"] == "zh-CN"
            or "ë" in (name.replace("í", "ë").replace("é", "ë"))
        )


def test_the_truth_says_what_was_drawn(
    workspace: Workspace, files: Mapping[str, bytes]
) -> None:
    truth = json.loads(files["truth.json"])
    assert truth["primary"] == {"metric": "click", "event": "click"}
    assert truth["effects"]["coupon"] == 1.0
    assert truth["rates"]["plain"]["click"] == pytest.approx(0.15)
    assert truth["rates"]["coupon"]["click"] == pytest.approx(0.3)
    assert truth["lift"]["coupon"]["click"] == pytest.approx(1.0)
    assert truth["rates"]["none"]["click"] == 0
    assert sum(truth["units"].values()) == USERS
    assert list(truth["units"]) == [*workspace.experiments["approved_sms_hook"].arms]


def test_the_analysis_finds_the_truth(
    workspace: Workspace, files: Mapping[str, bytes], tmp_path: Path
) -> None:
    for name in ("exposures", "outcomes"):
        (tmp_path / f"{name}.parquet").write_bytes(files[f"{name}.parquet"])
    found = analyze_workspace(
        workspace,
        "approved_sms_hook",
        exposures=tmp_path / "exposures.parquet",
        outcomes=tmp_path / "outcomes.parquet",
        alpha=0.001,
        wish="final",
    )
    truth = json.loads(files["truth.json"])
    assert found.srm.ok
    events = {"click": "click", "login": "login", "application": "application"}
    seen = [item for item in found.comparisons if item.metric in events]
    assert {item.metric for item in seen} == set(events)
    for item in seen:
        rates = truth["rates"]
        diff = rates[item.arm][item.metric] - rates["plain"][item.metric]
        assert item.diff.low is not None
        assert item.diff.high is not None
        assert item.diff.low <= diff <= item.diff.high, item
    best = next(item for item in seen if (item.arm, item.metric) == ("coupon", "click"))
    assert best.significant


def test_users_alone_are_those_of_the_whole(
    workspace: Workspace, files: Mapping[str, bytes]
) -> None:
    made = simulate_users(workspace, "approved_sms_hook", USERS, WISH)
    assert dict(made.files) == {"users.parquet": files["users.parquet"]}


def test_outcomes_for_given_exposures_are_those_of_the_whole(
    workspace: Workspace, files: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "exposures.parquet"
    path.write_bytes(files["exposures.parquet"])
    made = simulate_outcomes(workspace, "approved_sms_hook", [path], WISH)
    assert made.files["truth.json"] == files["truth.json"]
    first = {(r["unit"], r["event"]) for r in rows(made.files["outcomes.parquet"])}
    second = {(r["unit"], r["event"]) for r in rows(files["outcomes.parquet"])}
    assert first == second


def test_every_experiment_of_the_sample_can_be_simulated(workspace: Workspace) -> None:
    for name, experiment in workspace.experiments.items():
        made = simulate(workspace, name, 200, Wish(1, AT))
        exposures = rows(made.files["exposures.parquet"])
        assert len(exposures) == 200
        assert made.refused == {}
        wanted = experiment.channels
        assert {item["channel"] for item in exposures} == set(wanted)
        reasons = {item["reason"] for item in exposures}
        assert reasons <= {"assigned", "not_in_traffic"}
        assert ("not_in_traffic" in reasons) == (experiment.coverage < 1)


def test_an_audience_of_nobody_is_an_error(workspace: Workspace) -> None:
    experiment = workspace.experiments["approved_sms_hook"]
    never = replace(experiment, audience="loans > 3 and loans < 2")
    changed = replace(workspace, experiments={"x": replace(never, name="x")})
    with pytest.raises(DataError, match="too rare among made-up users") as caught:
        simulate(changed, "x", 10, Wish(1, AT))
    assert caught.value.file == experiment.file


@pytest.mark.parametrize(
    "audience",
    [
        "locale = 'zh-CN' and loans = 7",
        "registered_at < '2026-03-01' and registered_at > '2026-02-01'",
        "user_id like 'u%' and open_loans in (12, 13)",
        "date(registered_at) = date(now - 30 days)",
    ],
)
def test_users_are_drawn_around_what_the_audience_asks(
    workspace: Workspace, audience: str
) -> None:
    experiment = replace(
        workspace.experiments["approved_sms_hook"], audience=audience, name="x"
    )
    changed = replace(workspace, experiments={"x": experiment})
    if changed.audience_of(experiment) is None:
        pytest.fail(f"not in the language: {audience}")
    if "30 days" in audience:  # true on one day, and so not at two times
        with pytest.raises(DataError, match="too rare"):
            simulate(changed, "x", 5, Wish(1, AT))
        return
    assert len(rows(simulate(changed, "x", 50, Wish(1, AT)).files["exposures.parquet"]))


def test_no_users_are_refused(workspace: Workspace) -> None:
    with pytest.raises(DataError, match="number above 0"):
        simulate(workspace, "approved_sms_hook", 0, WISH)


def test_an_unknown_experiment_is_suggested(workspace: Workspace) -> None:
    with pytest.raises(DataError, match="there is no experiment") as caught:
        simulate(workspace, "approved_sms_hok", 5, WISH)
    assert "approved_sms_hook" in caught.value.help


def test_exposures_of_other_arms_or_experiments_are_refused(
    workspace: Workspace, files: Mapping[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "exposures.parquet"
    path.write_bytes(files["exposures.parquet"])
    with pytest.raises(DataError, match="no unit was assigned"):
        simulate_outcomes(workspace, "registered_push_hook", [path], Wish(1, AT))
    experiment = workspace.experiments["approved_sms_hook"]
    arms = {arm: s for arm, s in experiment.arms.items() if arm != "milestone"}
    fewer = replace(
        workspace, experiments={experiment.name: replace(experiment, arms=arms)}
    )
    with pytest.raises(DataError, match="the arm 'milestone'"):
        simulate_outcomes(fewer, experiment.name, [path], WISH)
