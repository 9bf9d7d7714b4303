"""What short messages cost: bounds over all branches, exact in decimals."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from copylab.lint.cost import Range, cost_catalog
from copylab.lint.formats.cost_table import render_costs
from copylab.workspace import open_workspace

CONFIG = """\
brand: {name: Example, signature: 示例}
locales: {default: en-US, also: [zh-CN, ko-KR]}
markets: {en-US: [US], zh-CN: [CN], ko-KR: [KR]}
sms:
  price:
    US: 0.0083 USD
    CN: 0.045 CNY
    KR: {SMS: 8.4 KRW, LMS: 25.9 KRW}
"""
MESSAGE = """\
purpose: transactional
live: plain
locales: [en-US, zh-CN, ko-KR]
variants: {plain: {hook: a}, long: {hook: b}}
variables:
  name: {type: person_name, max: 20, charset: zh, missing: there}
  stage: {type: enum, values: [new, old], missing: new}
"""
EN = """\
# plain
Example: your parcel is here.
# long
Example: {name}, {{% if stage == "old" %}}{more}{{% endif %}} your parcel is here.
"""
ZH = (
    "# plain\n【示例】您的包裹已到。\n# long\n【示例】{{ name }}，" + "好" * 45 + "。\n"
)
KO = (
    "# plain\n[예시] 택배가 도착했습니다.\n"
    "# long\n[예시] {{ name }}님, " + "택배가 도착했습니다. " * 3 + "\n"
)

Make = Callable[[dict[str, str | bytes]], Path]


@pytest.fixture
def workspace(make_files: Make) -> Path:
    return make_files(
        {
            "copylab.yaml": CONFIG,
            "templates/parcel/message.yaml": MESSAGE,
            "templates/parcel/sms.en-US.md": EN.format(
                name="{{ name }}", more="x" * 100
            ),
            "templates/parcel/sms.zh-CN.md": ZH,
            "templates/parcel/sms.ko-KR.md": KO,
        }
    )


def test_parts_and_costs_hold_over_all_branches(workspace: Path) -> None:
    costs = cost_catalog(open_workspace(workspace), 1000)
    found = {(row.locale, row.variant): row for row in costs.rows}
    plain, long = found["en-US", "plain"], found["en-US", "long"]
    assert (plain.least_parts, plain.most_parts, plain.is_live) == (1, 1, True)
    assert plain.cost == Range(Decimal("8.3"), Decimal("8.3"))
    # 100 x, 20 characters beyond the BMP and 33 more: 173 units are 3 parts of 67.
    assert (long.least_parts, long.most_parts, long.is_live) == (1, 3, False)
    assert long.cost == Range(Decimal("8.3"), Decimal("24.9"))
    chinese = found["zh-CN", "long"]
    assert (chinese.least_parts, chinese.most_parts) == (1, 2)
    assert chinese.cost == Range(Decimal(45), Decimal(90))


def test_a_long_product_has_a_price_of_its_own(workspace: Path) -> None:
    costs = cost_catalog(open_workspace(workspace), 1000)
    rows = {row.variant: row for row in costs.rows if row.market == "KR"}
    assert rows["plain"].products == ("SMS",)
    assert rows["plain"].cost == Range(Decimal(8400), Decimal(8400))
    assert rows["long"].products == ("SMS", "LMS")
    assert rows["long"].cost == Range(Decimal(8400), Decimal(25900))


def test_a_total_is_one_text_a_message_in_each_currency(workspace: Path) -> None:
    folder = workspace / "templates/second"
    folder.mkdir()
    for name in ("message.yaml", "sms.en-US.md", "sms.zh-CN.md", "sms.ko-KR.md"):
        text = (workspace / "templates/parcel" / name).read_text()
        (folder / name).write_text(text.replace("live: plain", "live: long"))
    totals = cost_catalog(open_workspace(workspace), 1000).totals
    assert [(t.currency, t.messages) for t in totals] == [
        ("CNY", 2), ("KRW", 2), ("USD", 2),
    ]  # fmt: skip
    assert totals[0].cost == Range(Decimal(90), Decimal(135))
    assert totals[2].cost == Range(Decimal("16.6"), Decimal("33.2"))


def test_without_a_price_there_are_parts_and_a_cure(workspace: Path) -> None:
    config = workspace / "copylab.yaml"
    config.write_text(config.read_text().replace("    CN: 0.045 CNY\n", ""))
    costs = cost_catalog(open_workspace(workspace), 1000)
    assert costs.unpriced == ("CN",)
    shown = render_costs(costs)
    assert "no price is known for CN: write sms: {price: {CN: 0.045 CNY}}" in shown
    [line] = [row for row in shown.split("\n") if "long" in row and "zh-CN" in row]
    assert line.split() == ["parcel", "zh-CN", "long", "CN", "1-2", "-", "-", "-"]


def test_the_product_without_a_price_is_told_in_the_currency_that_is_there(
    workspace: Path,
) -> None:
    config = workspace / "copylab.yaml"
    text = config.read_text()
    assert "    KR: {SMS: 8.4 KRW, LMS: 25.9 KRW}\n" in text
    config.write_text(text.replace(", LMS: 25.9 KRW", ""))
    shown = render_costs(cost_catalog(open_workspace(workspace), 1000))
    assert (
        "  no price is known for LMS in KR: write sms: {price: {KR: {SMS: 8.4 KRW, "
        "LMS: … KRW}}} in copylab.yaml"
    ) in shown.split("\n")


def test_products_paid_for_in_two_currencies_have_no_sum_in_the_first(
    workspace: Path,
) -> None:
    config = workspace / "copylab.yaml"
    text = config.read_text()
    config.write_text(text.replace("LMS: 25.9 KRW", "LMS: 0.02 USD"))
    costs = cost_catalog(open_workspace(workspace), 1000)
    rows = {row.variant: row for row in costs.rows if row.market == "KR"}
    assert rows["plain"].cost == Range(Decimal(8400), Decimal(8400))
    assert (rows["long"].cost, rows["long"].currency) == (None, "")
    assert costs.unpriced == ("KR",)
    shown = render_costs(costs)
    assert "8.40 KRW/0.02 USD" in shown
    assert "no sum for KR: its products are paid for in different currencies" in shown


def test_a_text_that_is_long_alone_asks_for_the_price_of_its_product(
    make_files: Make,
) -> None:
    root = make_files(
        {
            "copylab.yaml": "brand: {name: Example}\nmarkets: [KR]\n"
            "locales: {default: ko-KR}\nsms: {price: {SMS: 9 KRW}}\n",
            "templates/a/message.yaml": "purpose: otp\nlive: plain\n",
            "templates/a/sms.ko-KR.md": "안녕하세요 " * 12 + "\n",
        }
    )
    shown = render_costs(cost_catalog(open_workspace(root), 10))
    assert (
        "no price is known for LMS in KR: write sms: {price: {KR: {SMS: 9 KRW, "
        in shown
    )


def test_more_ways_than_can_be_walked_are_bounded(make_files: Make) -> None:
    names = [f"v{n}" for n in range(13)]
    tests = "".join(f"{{% if {name} %}}{'x' * 20}{{% endif %}}" for name in names)
    listed = "".join(f"  {name}: {{type: bool, missing: false}}\n" for name in names)
    root = make_files(
        {
            "copylab.yaml": "brand: {name: Example}\nmarkets: [US]\n"
            "locales: {default: en-US}\nsms: {price: 1 USD}\n",
            "templates/a/message.yaml": f"purpose: otp\nlive: plain\nvariables:\n{listed}",
            "templates/a/sms.en-US.md": f"Example: {tests}\n",
        }
    )
    [row] = cost_catalog(open_workspace(root), 10).rows
    assert (row.least_parts, row.most_parts) == (1, 2)
    assert row.cost == Range(Decimal(10), Decimal(20))


@pytest.mark.parametrize("size", [0, -5])
def test_an_audience_has_people(workspace: Path, size: int) -> None:
    with pytest.raises(ValueError, match="must be 1 or more"):
        cost_catalog(open_workspace(workspace), size)


def test_the_command_prints_a_table_after_the_findings(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    ran = run_copylab("lint", "--audience-size", "500000", cwd=workspace)
    title = "cost of one send to 500,000 people, over all branches and values"
    assert ran.out.index(" from ") < ran.out.index(title)
    assert "* live: 1 message, each to 500,000 people: 4,150.00 USD" in ran.out
    table = ran.out[ran.out.index(title) :].split("\n")
    [line] = [row for row in table if "en-US" in row and " long " in row]
    words = ["parcel", "en-US", "long", "US", "1-3", "0.0083"]
    assert line.split() == [*words, "4,150.00", "USD", "12,450.00", "USD"]


def test_json_has_the_costs_in_exact_decimals(
    workspace: Path, run_copylab: Callable[..., Any]
) -> None:
    ran = run_copylab("lint", "--audience-size", "3", "--format", "json", cwd=workspace)
    costs = json.loads(ran.out)["costs"]
    assert costs["audience_size"] == 3
    [row] = [
        row
        for row in costs["rows"]
        if (row["locale"], row["variant"]) == ("en-US", "long")
    ]
    assert row["cost"] == {"least": "0.0249", "most": "0.0747"}
    assert row["parts"] == {"least": 1, "most": 3}
    assert row["prices"] == {"SMS": "0.0083"}
    without = run_copylab("lint", "--format", "json", cwd=workspace)
    assert "costs" not in json.loads(without.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--audience-size", "0"),
        ("--audience-size", "many"),
        ("--audience-size", "5", "--stdin", "--channel", "sms", "--market", "US"),
    ],
)
def test_a_size_that_makes_no_sense_is_wrong_usage(
    workspace: Path, run_copylab: Callable[..., Any], arguments: tuple[str, ...]
) -> None:
    ran = run_copylab("lint", *arguments, cwd=workspace)
    assert ran.code == 2
    assert "Error: " in ran.err
    assert "Traceback" not in ran.err
