from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copylab.channels.composed import Email, Push, Sms
from copylab.compose.result import Rejected, Skipped
from copylab.experiment.buckets import bucket
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

User = dict[str, Any]


def unit_of_arm(low: int, high: int) -> str:
    """A unit whose arm bucket lies in a range."""
    return next(
        f"u{i}"
        for i in range(10_000)
        if low <= bucket("hook.1a2b3c", f"u{i}")[1] < high
    )


ARMS = {"plain": (0, 400_000), "coupon": (400_000, 800_000), "none": (800_000, 10**6)}


def test_an_sms_is_composed_measured_and_recorded(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    sms = quiet_shop.compose("news", user, channel="sms", at=at, send_id="s1")
    assert isinstance(sms, Sms)
    assert sms.text == (
        "Shop: Ann, $12.00 for 3 days. Terms apply. https://shop.example/a "
        "Reply STOP to opt out"
    )
    assert (sms.encoding, sms.units, sms.segments) == ("GSM-7", len(sms.text), 1)
    record = sms.exposure.to_dict()
    assert record["ts"] == "2026-11-22T11:00:00Z"
    assert record["send_id"] == "s1"
    assert record["reason"] == "no_experiment"
    assert (record["unit_type"], record["unit"]) == ("user_id", "u1")
    assert (record["template_id"], record["variant"]) == ("news", "plain")
    assert (record["channel"], record["locale"]) == ("sms", "en-US")
    assert record["segments"] == 1
    assert record["experiment"] is record["arm"] is record["arm_bucket"] is None


@pytest.mark.parametrize("arm", ["plain", "coupon"])
def test_an_arm_of_the_running_experiment_is_sent_and_recorded(
    shop: Workspace, user: User, at: datetime, arm: str
) -> None:
    user["user_id"] = unit_of_arm(*ARMS[arm])
    sms = shop.compose("news", user, channel="sms", at=at)
    record = sms.exposure
    assert ("coupon" in sms.text) is (arm == "coupon")
    assert (record.experiment, record.arm, record.variant) == ("hook", arm, arm)
    assert (record.reason, record.epoch) == ("assigned", 1)
    assert (record.traffic_bucket, record.arm_bucket) == bucket(
        "hook.1a2b3c", user["user_id"]
    )
    assert record.audience_hash == shop.audiences["fresh"].hash
    assert record.template_hash == shop.copy_hashes["news", "sms", "en-US", arm]


def test_the_silent_arm_is_skipped_with_its_exposure(
    shop: Workspace, user: User, at: datetime
) -> None:
    user["user_id"] = unit_of_arm(*ARMS["none"])
    skipped = shop.compose("news", user, channel="sms", at=at)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "arm_none"
    assert (skipped.exposure.arm, skipped.exposure.variant) == ("none", None)


def test_nobody_outside_of_the_audience_is_randomised(
    shop: Workspace, user: User, at: datetime
) -> None:
    for change in ({"loans": 2}, {"joined_at": None}, {"joined_at": "2026-11-21"}):
        sms = shop.compose("news", {**user, **change}, channel="sms", at=at)
        assert sms.exposure.reason == "not_in_audience"
        assert (sms.exposure.variant, sms.exposure.arm) == ("plain", None)


def test_a_channel_the_experiment_leaves_out_gets_the_live_variant(
    shop: Workspace, user: User, at: datetime
) -> None:
    push = shop.compose("news", user, channel="push", at=at)
    assert isinstance(push, Push)
    assert push.exposure.reason == "no_experiment"


@pytest.mark.parametrize("unit", [None, "", 7, 7.0, b"u1", "\ud83d"])
def test_a_user_without_a_usable_unit_is_rejected(
    shop: Workspace, user: User, at: datetime, unit: object
) -> None:
    rejected = shop.compose("news", {**user, "user_id": unit}, channel="sms", at=at)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "unit"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("zh-Hans-CN", "zh-CN"),
        ("zh_CN", "zh-CN"),
        ("ZH-cn", "zh-CN"),
        ("en-US", "en-US"),
    ],
)
def test_a_locale_falls_back_along_its_parents(
    quiet_shop: Workspace, user: User, at: datetime, wanted: str, found: str
) -> None:
    sms = quiet_shop.compose("news", {**user, "locale": wanted}, channel="sms", at=at)
    assert sms.exposure.locale == found


@pytest.mark.parametrize("wanted", [None, "", "fr-FR", "zh-TW", 5, ["en-US"], "\ud83d"])
def test_a_user_of_no_known_locale_is_rejected(
    quiet_shop: Workspace, user: User, at: datetime, wanted: object
) -> None:
    rejected = quiet_shop.compose(
        "news", {**user, "locale": wanted}, channel="sms", at=at
    )
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "locale"
    assert "en-US, zh-CN" in rejected.problems[0]


def test_the_callers_locale_wins_over_the_users(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    sms = quiet_shop.compose("news", user, channel="sms", at=at, locale="zh-CN")
    assert sms.exposure.locale == "zh-CN"


def test_the_default_locale_is_taken_where_the_workspace_says_so(
    write_shop: Callable[..., Path],
    shop_files: dict[str, str],
    user: User,
    at: datetime,
) -> None:
    config = shop_files["copylab.yaml"].replace("missing: error", "missing: default")
    shop = load(write_shop({"copylab.yaml": config}))
    for wanted in (None, "fr-FR", 3):
        sms = shop.compose("news", {**user, "locale": wanted}, channel="push", at=at)
        assert sms.exposure.locale == "en-US"


def test_replacements_follow_the_locale_of_the_words(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    user |= {"name": None, "days": 100}
    english = quiet_shop.compose("news", user, channel="sms", at=at)
    chinese = quiet_shop.compose(
        "news", user, channel="sms", at=at, locale="zh-Hans-CN"
    )
    assert "Shop: there," in english.text
    assert "for 7 days" in english.text
    assert "【Shop】您，" in chinese.text


def test_error_wins_over_skip_and_all_problems_are_named(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    skipped = quiet_shop.compose("news", {**user, "amount": -1}, channel="sms", at=at)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "missing"
    assert skipped.exposure.variant == "plain"
    assert skipped.exposure.segments is None
    both = {**user, "amount": "", "link": "//evil.example"}
    rejected = quiet_shop.compose("news", both, channel="sms", at=at)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "missing"
    assert [problem.partition(":")[0] for problem in rejected.problems] == [
        "amount",
        "link",
    ]


def test_a_missing_value_that_no_sent_field_refers_to_does_not_matter(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    for name in ("link", "leave", "amount"):
        del user[name]
    assert isinstance(quiet_shop.compose("news", user, channel="push", at=at), Push)


def test_a_message_that_is_empty_for_its_values_is_rejected(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    rejected = quiet_shop.compose("news", {**user, "note": " "}, channel="push", at=at)
    assert isinstance(rejected, Rejected)
    assert "body" in rejected.problems[0]


def test_a_push_carries_both_payloads(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    push = quiet_shop.compose("news", user, channel="push", at=at)
    assert (push.title, push.body) == ("Hi Ann", "a note")
    assert push.payload["apns"]["aps"]["alert"] == {"title": "Hi Ann", "body": "a note"}
    assert push.payload["fcm"]["notification"] == {"title": "Hi Ann", "body": "a note"}


def test_an_email_has_its_layout_its_text_and_one_click_headers(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    email = quiet_shop.compose("news", user, channel="email", at=at)
    assert isinstance(email, Email)
    assert email.subject == "News for Ann"
    assert '<html lang="en-US" dir="ltr">' in email.html
    assert "<strong>Ann</strong>" in email.html
    assert 'href="https://shop.example/out/b"' in email.html
    assert "Tea: 3" in email.text
    assert email.text.endswith("Out: https://shop.example/out/b\n")
    assert email.headers["From"] == "Shop <hello@shop.example>"
    assert email.headers["List-Unsubscribe"] == "<https://shop.example/out/b>"
    assert email.to_email_message("a@b.example")["Subject"] == "News for Ann"


def test_a_field_of_a_list_takes_its_replacement(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    user["goods"] = [{"title": "Tea"}]
    email = quiet_shop.compose("news", user, channel="email", at=at)
    assert "Tea: 1" in email.text


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("amount", Decimal("12.50"), "$12.50"),
        ("amount", 12.5, "$12.50"),
        ("amount", "12.5", "$12.50"),
        ("amount", np.int64(12), "$12.00"),
        ("amount", np.float64(12.25), "$12.25"),
        ("amount", np.float32(12.5), "$12.50"),
        ("days", 3.0, "3 days"),
        ("days", np.int8(1), "1 day."),
        ("days", np.float64("nan"), "7 days"),
        ("days", float("nan"), "7 days"),
        ("days", pd.NA, "7 days"),
        ("days", True, "7 days"),
        ("name", np.str_("Bo"), "Bo,"),
        ("name", pd.NaT, "there,"),
        ("name", np.array(["a", "b"]), "there,"),
        ("name", float("inf"), "there,"),
    ],
)
def test_values_of_tables_are_read_as_what_they_are(
    quiet_shop: Workspace,
    user: User,
    at: datetime,
    name: str,
    value: object,
    shown: str,
) -> None:
    sms = quiet_shop.compose("news", {**user, name: value}, channel="sms", at=at)
    assert isinstance(sms, Sms)
    assert shown in sms.text


@pytest.mark.parametrize(
    "goods",
    [
        [{"title": "Tea", "price": Decimal("3.10")}],
        ({"title": "Tea", "price": "3.1"},),
        np.array([{"title": "Tea", "price": np.float64(3.1)}]),
        [MappingProxyType({"title": "Tea", "price": 3.1})],
    ],
)
def test_lists_of_structs_are_read(
    quiet_shop: Workspace, user: User, at: datetime, goods: object
) -> None:
    email = quiet_shop.compose("news", {**user, "goods": goods}, channel="email", at=at)
    assert "Tea: 3.1" in email.text


@pytest.mark.parametrize(
    "joined",
    [
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1),  # noqa: DTZ001 - what many tables hold
        datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=8))),
        pd.Timestamp("2026-01-01", tz="Asia/Shanghai"),
        date(2026, 1, 1),
        "2026-01-01T00:00:00+08:00",
    ],
)
def test_times_of_tables_are_read(
    shop: Workspace, user: User, at: datetime, joined: object
) -> None:
    user |= {"joined_at": joined, "user_id": unit_of_arm(*ARMS["plain"])}
    sms = shop.compose("news", user, channel="sms", at=at)
    assert sms.exposure.reason == "assigned"


@pytest.mark.parametrize("missing", [pd.NaT, None, float("nan"), "", " "])
def test_a_missing_time_leaves_a_user_out_of_the_audience(
    shop: Workspace, user: User, at: datetime, missing: object
) -> None:
    sms = shop.compose("news", {**user, "joined_at": missing}, channel="sms", at=at)
    assert sms.exposure.reason == "not_in_audience"


@pytest.mark.parametrize(
    ("wrong", "shown"), [("soon", "'soon'"), (7, "7"), (2.5, "2.5"), (b"x", "b'x'")]
)
def test_what_is_no_time_is_told(
    shop: Workspace, user: User, at: datetime, wrong: object, shown: str
) -> None:
    """Nobody can say whether such a user is in the audience."""
    user |= {"joined_at": wrong}
    told = shop.compose("news", user, channel="sms", at=at)
    problem = f"joined_at: {shown} is no timestamp, which it is declared to be"
    assert told == Rejected("attribute", (problem,))
    # Another attribute keeps the user out already; the wrong one is told all the same.
    user |= {"loans": "many"}
    told = shop.compose("news", user, channel="sms", at=at)
    other = "loans: 'many' is no int, which it is declared to be"
    assert told == Rejected("attribute", (problem, other))


def test_only_the_attributes_that_an_audience_asks_for_must_be_readable(
    shop: Workspace, quiet_shop: Workspace, user: User, at: datetime
) -> None:
    wrong = {**user, "loans": "many", "user_id": unit_of_arm(*ARMS["plain"])}
    assert not isinstance(
        quiet_shop.compose("news", wrong, channel="sms", at=at), Rejected
    )
    assert shop.compose("news", wrong, channel="sms", at=at).reason == "attribute"
    # An arm that is tried out asks nothing.
    forced = shop.compose("news", wrong, channel="sms", at=at, force="plain")
    assert forced.exposure.reason == "forced"


def test_a_wrong_call_is_a_value_error(
    shop: Workspace, user: User, at: datetime
) -> None:
    with pytest.raises(ValueError, match="must be one of: news"):
        shop.compose("other", user, channel="sms", at=at)
    with pytest.raises(ValueError, match="sms, push, email"):
        shop.compose("news", user, channel="fax", at=at)
    with pytest.raises(ValueError, match="time zone"):
        shop.compose("news", user, channel="sms", at=at.replace(tzinfo=None))


def test_the_same_user_gets_the_same_message_in_threads_and_after_a_pickle(
    shop: Workspace, user: User, at: datetime
) -> None:
    users = [{**user, "user_id": f"u{i}"} for i in range(300)]

    def compose(workspace: Workspace, one: User) -> object:
        return workspace.compose("news", one, channel="sms", at=at).to_dict()

    expected = [compose(shop, one) for one in users]
    copies = [pickle.loads(pickle.dumps(shop)) for _ in range(2)]
    with ThreadPoolExecutor(8) as pool:
        for copy in copies:
            assert (
                list(pool.map(lambda one, w=copy: compose(w, one), users)) == expected
            )


def test_what_is_compiled_stays_behind_when_a_workspace_is_pickled(
    shop: Workspace, user: User, at: datetime
) -> None:
    before = len(pickle.dumps(shop))
    shop.compose("news", user, channel="email", at=at)
    assert len(pickle.dumps(shop)) == before


def test_a_table_of_made_up_locales_fills_no_memory(
    quiet_shop: Workspace, user: User, at: datetime
) -> None:
    composer = quiet_shop.composer("news", "sms")
    for number in range(3000):
        composer.compose({**user, "locale": f"xx-{number}"}, at)
        script = "".join(chr(97 + number // 26**i % 26) for i in range(4))
        composer.compose({**user, "locale": f"zh-{script}-CN"}, at)
    assert len(composer._locales) <= 1000


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.binary(),
    st.decimals(allow_nan=False),
    st.just(Decimal("NaN")),
    st.datetimes(),
    st.dates(),
    st.lists(st.dictionaries(st.sampled_from(["title", "price"]), st.text())),
    st.just(object()),
    st.just(pd.NA),
    st.just(pd.NaT),
)


@settings(max_examples=300, deadline=None)
@given(
    changes=st.dictionaries(
        st.sampled_from(
            ["user_id", "locale", "loans", "joined_at", "name", "amount", "days",
             "link", "leave", "note", "goods"]
        ),
        ANYTHING,
    ),
    channel=st.sampled_from(["sms", "push", "email"]),
)  # fmt: skip
def test_no_value_of_a_user_raises(
    shop: Workspace, at: datetime, changes: User, channel: str
) -> None:
    usual = {"user_id": "u1", "locale": "en-US", "name": "Ann", "amount": 1}
    usual |= {"link": "a", "leave": "b", "note": "n", "loans": 0}
    composed = shop.compose("news", {**usual, **changes}, channel=channel, at=at)
    assert isinstance(composed, Sms | Push | Email | Skipped | Rejected)
    assert isinstance(composed.to_dict(), dict)
