"""A value that its attribute cannot hold is told of, however a user is composed."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copylab.compose import assign_table, compose_batches, compose_table
from copylab.compose.result import Rejected
from copylab.experiment.assign import prepare_split
from copylab.workspace import Workspace, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

User = dict[str, Any]
AT = datetime(2026, 11, 22, 11, tzinfo=UTC)
AUDIENCES = [
    "loans = 0 and joined_at <= now - 3 days",
    "loans = 0 or vip",
    "loans is not null and not (loans > 1) and (stage is null or stage = 'a')",
    "stage like 'a%' and score between 0 and 2.5",
    "born >= '2000-01-01' or score is null",
]
DECLARED = """\
brand: {name: Shop, signature: Shop}
markets: [US]
locales: {default: en-US, also: [zh-CN], missing: error}
attributes:
  {user_id: string, loans: int?, joined_at: timestamp?, vip: bool?, stage: string?,
   score: decimal?, born: date?}
email: {layout: main, unsubscribe: leave, from: Shop <hello@shop.example>}
"""
EXPERIMENT = """\
message: news
channels: [sms]
status: running
audience: asked
unit: user_id
salt: hook.1a2b3c
arms: {plain: 40%, coupon: 40%, none: 20%}
control: plain
epochs:
  - {epoch: 1, at: 2026-11-01T00:00:00Z, hash: abc, arms: {plain: 40%, coupon: 40%, none: 20%}}
"""
# What a row of JSON lines may hold for each attribute: right, missing and wrong.
VALUES: dict[str, list[Any]] = {
    "loans": [0, 1, "0", " 1 ", "2.0", None, "", "abc", 2.5, True, [1]],
    "joined_at": ["2026-01-01", "2026-11-22T10:00:00+08:00", None, " ", "soon", 7],
    "vip": [True, False, "true", None, "", "yes", 1],
    "stage": ["a", "b", "abc", "", None, 5, True, {"a": 1}],
    "score": [0, 1.5, "2.5", "-1", None, "", "1e3", "nan", False],
    "born": ["1999-12-31", "2026-01-01", None, "", "01/02/2026", 20260101],
}
ROWS = st.fixed_dictionaries(
    {
        "user_id": st.sampled_from([*(f"u{i}" for i in range(9)), "", None]),
        **{name: st.sampled_from(values) for name, values in VALUES.items()},
    }
)
# As Arrow may hold them; what is written out otherwise is a text.
COLUMNS: dict[str, list[tuple[pa.DataType, list[Any]]]] = {
    "loans": [
        (pa.int32(), [0, 1, 2, None]),
        (pa.float64(), [0.0, 1.0, 2.5, float("nan"), float("inf"), None]),
        (pa.decimal128(9, 2), [Decimal("0.00"), Decimal("2.50"), None]),
        (pa.string(), ["0", "1", "abc", "", None]),
        (pa.dictionary(pa.int32(), pa.string()), ["0", "abc", None]),
        (pa.bool_(), [True, None]),
    ],
    "joined_at": [
        (pa.timestamp("us", "UTC"), [AT, datetime(2026, 1, 1, tzinfo=UTC), None]),
        (pa.string(), ["2026-01-01", "soon", "", None]),
        (pa.int64(), [1_700_000_000, None]),
        (pa.date32(), [date(2026, 1, 1), None]),
    ],
    "vip": [(pa.bool_(), [True, False, None]), (pa.int8(), [0, 1, None])],
    "stage": [
        (pa.string(), ["a", "b", "abc", "", None]),
        (pa.int64(), [5, None]),
        (pa.binary(), [b"a", None]),
    ],
    "score": [
        (pa.decimal128(9, 2), [Decimal("1.50"), None]),
        (pa.float64(), [0.5, float("nan"), float("-inf"), None]),
        (pa.int64(), [0, 3, None]),
    ],
    "born": [
        (pa.date32(), [date(1999, 1, 1), date(2026, 1, 1), None]),
        (pa.string(), ["1999-12-31", "never", None]),
        (pa.timestamp("us"), [datetime(2026, 1, 1), None]),  # noqa: DTZ001
    ],
}


@st.composite
def arrow_users(draw: Any) -> pa.RecordBatch:
    size = draw(st.integers(1, 20))
    columns = {"user_id": pa.array([f"u{i}" for i in range(size)])}
    for name, kinds in COLUMNS.items():
        kind, values = draw(st.sampled_from(kinds))
        rows = st.lists(st.sampled_from(values), min_size=size, max_size=size)
        columns[name] = pa.array(draw(rows), kind)
    return pa.RecordBatch.from_pydict(columns)


@pytest.fixture(scope="module")
def shops(
    tmp_path_factory: pytest.TempPathFactory, shop_files: dict[str, str]
) -> list[Workspace]:
    """The shop with each of the audiences."""
    made = []
    for audience in AUDIENCES:
        root = tmp_path_factory.mktemp("shop")
        changed = {
            "copylab.yaml": DECLARED,
            "experiments/audiences.yaml": f'asked: "{audience}"\n',
            "experiments/hook.yaml": EXPERIMENT,
        }
        for name, text in {**shop_files, **changed}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        made.append(load(root))
    return made


def complete(user: User) -> User:
    words = {"locale": "en-US", "name": "Ann", "amount": 12, "days": 3, "link": "a"}
    return {**user, **words}


def told_one(shop: Workspace, user: User) -> tuple[str, str]:
    """Whether a single user is rejected for an attribute, and why."""
    composed = shop.compose("news", complete(user), channel="sms", at=AT)
    if isinstance(composed, Rejected):
        return composed.reason, "; ".join(composed.problems)
    return str(composed.exposure and composed.exposure.reason), ""


def told_all(rejects: list[User], exposures: list[User], count: int) -> list[Any]:
    """As ``told_one``, of the tables of a batch."""
    wrong = {
        int(row["row"]): (row["reason"], row["problems"])
        for row in rejects
        if row["status"] == "rejected"
    }
    reasons = iter(row["reason"] for row in exposures)
    found = [wrong.get(row) or (next(reasons), "") for row in range(count)]
    assert next(reasons, None) is None
    return found


HYPOTHESIS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@HYPOTHESIS
@given(users=arrow_users())
def test_arrow_tells_what_single_users_are_told(
    shops: list[Workspace], users: pa.RecordBatch
) -> None:
    words = {
        name: pa.array([value] * len(users)) for name, value in complete({}).items()
    }
    whole = pa.RecordBatch.from_pydict(
        {name: users[name] for name in users.schema.names} | words
    )
    for shop in shops:
        (done,) = compose_batches(shop, "news", [whole], channel="sms", at=AT)
        rejects, exposures = done.rejects.to_pylist(), done.exposures.to_pylist()
        wanted = [told_one(shop, user) for user in users.to_pylist()]
        assert told_all(rejects, exposures, len(users)) == wanted
        counted = done.tally.without["rejected", "attribute"]
        assert counted == sum(reason == "attribute" for reason, _ in wanted)


@HYPOTHESIS
@given(users=arrow_users())
def test_a_table_is_assigned_as_single_users_are(
    shops: list[Workspace], users: pa.RecordBatch
) -> None:
    for shop in shops:
        composer = shop.composer("news", "sms")
        assert composer.experiment is not None
        place = prepare_split(shop.experiments["hook"]).placer(
            composer.experiment.audience
        )
        wanted = [place(user, AT) for user in users.to_pylist()]
        table = assign_table(pa.table(users), shop, "hook", at=AT)
        found = table.select(["arm", "reason", "traffic_bucket", "arm_bucket"])
        assert [tuple(row.values()) for row in found.to_pylist()] == [
            at[:4] for at in wanted
        ]


def write_csv(path: Path, rows: list[User]) -> list[User]:
    """The rows as CSV, and what a reader makes of its cells: texts, an empty one null."""
    cells = [
        {key: "" if value is None else str(value) for key, value in row.items()}
        for row in rows
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(cells[0]))
        writer.writeheader()
        writer.writerows(cells)
    return [{key: cell or None for key, cell in row.items()} for row in cells]


def write_lines(path: Path, rows: list[User]) -> list[User]:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return rows


@pytest.mark.parametrize(
    ("name", "write"), [("users.csv", write_csv), ("users.jsonl", write_lines)]
)
@settings(HYPOTHESIS, max_examples=12)
@given(users=st.lists(ROWS, min_size=1, max_size=20))
def test_files_tell_what_single_users_are_told(
    shops: list[Workspace],
    tmp_path_factory: pytest.TempPathFactory,
    users: list[User],
    name: str,
    write: Callable[[Path, list[User]], list[User]],
) -> None:
    folder = tmp_path_factory.mktemp("files")
    read = write(folder / name, [complete(user) for user in users])
    for shop in shops:
        summary = compose_table(
            shop,
            "news",
            folder / name,
            folder / "out.parquet",
            channel="sms",
            at=AT,
            allow_duplicates=True,
            workers=1,
        )
        rejects, exposures = (
            pq.read_table(summary.files[part]).to_pylist()
            for part in ("rejects", "exposures")
        )
        wanted = [told_one(shop, user) for user in read]
        assert told_all(rejects, exposures, len(read)) == wanted
        counted = summary.tally.without["rejected", "attribute"]
        assert counted == sum(reason == "attribute" for reason, _ in wanted)


def test_a_column_that_is_wrong_all_through_is_told_row_by_row(
    shops: list[Workspace], tmp_path: Path
) -> None:
    size = 20_000
    users = pa.table(
        {
            "user_id": [f"u{i}" for i in range(size)],
            "loans": pa.array([0] * size),
            "joined_at": [f"{i % 28 + 1:02d}/01/2026 {i}" for i in range(size)],
            **{name: [value] * size for name, value in complete({}).items()},
        }
    )
    pq.write_table(users, tmp_path / "users.parquet")
    summary = compose_table(
        shops[0], "news", tmp_path / "users.parquet", tmp_path / "out.parquet",
        channel="sms", at=AT,
    )  # fmt: skip
    assert dict(summary.tally.without) == {("rejected", "attribute"): size}
    rejects = pq.read_table(summary.files["rejects"])
    assert rejects["row"].to_pylist() == list(range(size))
    assert rejects["problems"][size - 1].as_py() == (
        "joined_at: '08/01/2026 19999' is no timestamp, which it is declared to be"
    )
    assert not pq.read_table(summary.files["exposures"]).num_rows
