from __future__ import annotations

import csv
import gzip
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from statsmodels.stats.multitest import multipletests

from copylab.cli.analyze import analyze

REPOSITORY = Path(__file__).resolve().parents[2]
HEADER = "arm,click,spend,opens\n"
ROWS = "".join(
    f"{arm},{int(i < clicks)},{i % 7}.5,{1 + i % 3}\n"
    for arm, clicks in (("A", 20), ("B", 45))
    for i in range(100)
)


@pytest.fixture(scope="session")
def real_data() -> Path:
    folder = Path(os.environ.get("COPYLAB_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; set COPYLAB_DATA")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(analyze, [str(argument) for argument in arguments])


def run_json(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    record: dict[str, Any] = json.loads(result.stdout, parse_constant=pytest.fail)
    return record


def refuse(*arguments: object) -> str:
    """The message of a command that must stop with exit code 2, without a trace."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


def write(folder: Path, text: str, name: str = "units.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def units(path: Path, *metrics: str) -> list[object]:
    chosen = [part for metric in metrics for part in ("--metric", metric)]
    return ["--data", path, "--arm", "arm", "--control", "A", *chosen]


def counts(path: Path, *metrics: str) -> list[object]:
    chosen = [part for metric in metrics or ("k",) for part in ("--metric", metric)]
    start = ["--counts", path, "--arm", "arm", "--control", "A"]
    return [*start, "--total", "n", *chosen]


# What real experiments say


def test_hillstrom_has_the_known_numbers(real_data: Path) -> None:
    found = run_json(
        "--data", real_data / "hillstrom_outcomes.csv.gz", "--arm", "segment",
        "--control", "No E-Mail", "--metric", "visit:share",
        "--metric", "conversion:share", "--metric", "spend:mean",
    )  # fmt: skip
    assert {arm["arm"]: arm["n"] for arm in found["arms"]} == {
        "Mens E-Mail": 21_307,
        "Womens E-Mail": 21_387,
        "No E-Mail": 21_306,
    }
    assert found["srm"]["p_value"] == pytest.approx(0.903693, abs=5e-7)
    known = {
        ("visit", "Mens E-Mail"): (0.0765896, 5.685e-112),
        ("visit", "Womens E-Mail"): (0.0452331, 3.182e-44),
        ("conversion", "Mens E-Mail"): (0.0068050, 1.5232e-13),
        ("conversion", "Womens E-Mail"): (0.0031111, 1.57105e-4),
        ("spend", "Mens E-Mail"): (0.769827, 1.16381e-7),
        ("spend", "Womens E-Mail"): (0.424413, 0.00112940),
    }
    assert len(found["comparisons"]) == len(known)
    for item in found["comparisons"]:
        diff, p_value = known[item["metric"], item["arm"]]
        assert item["diff"]["value"] == pytest.approx(diff, rel=2e-5)
        assert item["p_value"] == pytest.approx(p_value, rel=5e-4)
        assert item["significant"]
        assert item["corrections"] == ["holm"]
    assert found["verdict"]["action"] == "promote"
    assert found["verdict"]["arm"] == "Mens E-Mail"
    assert found["verdict"]["also"] == []


def megastudy(real_data: Path) -> tuple[list[object], dict[str, int]]:
    path = real_data / "megastudy_walmart_2022.csv"
    with path.open(encoding="utf-8") as file:
        sizes = {row["condition"]: int(row["n"]) for row in csv.DictReader(file)}
    arguments = [
        "--counts", path, "--arm", "condition", "--total", "n",
        "--metric", "vaccinated_dec", "--control", "Business As Usual Control",
    ]  # fmt: skip
    return arguments, sizes


def test_megastudy_with_equal_shares_is_not_read(real_data: Path) -> None:
    arguments, _ = megastudy(real_data)
    found = run_json(*arguments)
    assert not found["srm"]["ok"]
    assert found["verdict"]["action"] == "invalid"
    assert found["verdict"]["arm"] is None


def test_megastudy_with_its_true_shares_has_no_single_winner(real_data: Path) -> None:
    arguments, sizes = megastudy(real_data)
    split = ",".join(f"{arm}={5 if n > 31_000 else 4}" for arm, n in sizes.items())
    found = run_json(*arguments, "--split", split)
    assert found["srm"]["ok"]
    comparisons = found["comparisons"]
    assert sum(item["significant"] for item in comparisons) == len(comparisons) == 22
    reference = multipletests([c["p_value"] for c in comparisons], method="holm")[1]
    adjusted = [item["p_adjusted"] for item in comparisons]
    assert adjusted == pytest.approx(reference, rel=1e-9)
    top = max(comparisons, key=lambda item: float(item["diff"]["value"]))
    assert top["diff"]["value"] == pytest.approx(0.02888, abs=5e-6)
    verdict = found["verdict"]
    assert (verdict["action"], verdict["arm"]) == ("promote", top["arm"])
    assert "cannot be told apart" in verdict["reason"]
    assert "(p = 0.51)" in verdict["reason"]
    assert "no single winner" in verdict["reason"]
    second = sorted(comparisons, key=lambda item: -float(item["diff"]["value"]))[1]
    assert verdict["also"][0] == second["arm"]


def test_megastudy_as_text_keeps_its_table_narrow(real_data: Path) -> None:
    arguments, sizes = megastudy(real_data)
    text = run(*arguments).stdout
    table = [
        line for line in text.splitlines() if line.endswith(("* higher", "control"))
    ]
    assert len(table) == 23
    assert max(map(len, table)) <= 120
    for arm in sizes:
        assert arm in text  # in the legend where the table cuts it


def test_upworthy_tests_never_crash_nor_print_an_infinite_bound(
    real_data: Path, tmp_path: Path
) -> None:
    tests: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (real_data / "upworthy_sample.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            tests[row["clickability_test_id"]].append(row)
    assert len(tests) > 20
    for rows in tests.values():
        if len(rows) == 1:
            continue
        path = tmp_path / "test.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["arm", "n", "clicks"])
            for number, row in enumerate(rows):
                name = "A" if number == 0 else f"{row['headline']} ({number})"
                writer.writerow([name, row["impressions"], row["clicks"]])
        for item in run_json(*counts(path, "clicks"))["comparisons"]:
            low, value, high = (item["diff"][key] for key in ("low", "value", "high"))
            assert -1 <= low <= value <= high <= 1
            assert low < high
            assert (low > 0 or high < 0) == (item["p_value"] < 0.05)
        assert run(*counts(path, "clicks")).exit_code == 0


# What the forms give


def test_json_has_exactly_the_promised_shape(tmp_path: Path) -> None:
    found = run_json(*units(write(tmp_path, HEADER + ROWS), "click"))
    assert list(found)[:4] == ["arms", "srm", "comparisons", "verdict"]
    assert found["arms"] == [{"arm": "A", "n": 100}, {"arm": "B", "n": 100}]
    assert list(found["srm"]) == ["p_value", "ok"]
    assert list(found["verdict"]) == ["action", "arm", "reason", "also"]
    (item,) = found["comparisons"]
    assert list(item) == [
        "metric", "arm", "control", "value", "control_value", "diff", "lift",
        "p_value", "p_adjusted", "significant", "corrections", "method",
    ]  # fmt: skip
    assert list(item["diff"]) == list(item["lift"]) == ["value", "low", "high"]
    assert (item["value"], item["control_value"]) == (0.45, 0.2)
    assert item["corrections"] == []  # one comparison has no family


def test_all_file_kinds_give_the_same_numbers(tmp_path: Path) -> None:
    plain = write(tmp_path, HEADER + ROWS)
    packed = tmp_path / "units.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    parquet, lines = tmp_path / "units.parquet", tmp_path / "units.jsonl"
    duckdb.sql(f"COPY (FROM '{plain}') TO '{parquet}'")
    duckdb.sql(f"COPY (FROM '{plain}') TO '{lines}' (FORMAT json)")
    metrics = ("click:share", "spend:mean", "click:ratio=opens")
    expected = run_json(*units(plain, *metrics))
    assert [item["metric"] for item in expected["comparisons"]] == [
        "click:share",
        "spend",
        "click:ratio=opens",
    ]
    for path in (packed, parquet, lines):
        assert run_json(*units(path, *metrics)) == expected


def test_units_and_counts_agree(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,100,20\nB,100,45\n", "counts.csv")
    by_count = run_json(*counts(table))["comparisons"][0]
    by_unit = run_json(*units(write(tmp_path, HEADER + ROWS), "click"))["comparisons"][
        0
    ]
    assert by_count | {"metric": "click"} == by_unit


def test_a_large_offset_does_not_cancel_the_variance(tmp_path: Path) -> None:
    path = tmp_path / "units.parquet"
    duckdb.sql(
        f"""COPY (SELECT CASE WHEN i % 2 = 0 THEN 'A' ELSE 'B' END AS arm,
        (hash(i) % 1000) / 1000.0 + 0.1 * (i % 2) AS small, small + 1e9 AS large
        FROM range(20000) t(i)) TO '{path}'"""
    )
    small, large = run_json(*units(path, "small:mean", "large:mean"))["comparisons"]
    for end in ("value", "low", "high"):
        assert large["diff"][end] == pytest.approx(small["diff"][end], rel=1e-4)


def test_corrections_are_named_only_where_they_touched(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,900,90\nB,900,120\nC,900,115\n")
    plain = run_json(*counts(table), "--correction", "none")["comparisons"]
    assert all(item["corrections"] == [] for item in plain)
    assert all(item["p_value"] == item["p_adjusted"] for item in plain)
    for name in ("holm", "bh", "dunnett"):
        items = run_json(*counts(table), "--correction", name)["comparisons"]
        assert all(item["corrections"] == [name] for item in items)
        assert items[0]["p_adjusted"] > items[0]["p_value"]


def test_text_says_verdict_health_tables_and_corrections(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,900,90\nB,900,130\nC,900,95\n")
    text = run(*counts(table)).stdout
    order = [
        "PROMOTE B",
        "sample ratio ok",
        "k (share, primary)",
        "Holm's correction over",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_markdown_takes_names_literally(tmp_path: Path) -> None:
    table = write(tmp_path, 'arm,n,k\nA,900,90\n"<b>*|x|*</b>",900,95\n')
    text = run(*counts(table), "--format", "markdown").stdout
    assert r"\<b\>\*\|x\|\*\</b\>" in text


def test_wide_names_keep_the_columns_aligned(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,900,90\n优惠券文案,900,95\n")
    lines = run(*counts(table)).stdout.splitlines()
    wide = next(line for line in lines if "优惠券文案" in line and "900" in line)
    narrow = next(line for line in lines if line.startswith("  A "))
    assert wide.index("900") + 5 == narrow.index("900")


@pytest.mark.parametrize(
    "split",
    ["A=1,B, with=comma=2", '"A"=50,"B, with=comma"=100', "B, with=comma = 2, A=1"],
)
def test_split_takes_names_with_commas_and_equals_signs(
    tmp_path: Path, split: str
) -> None:
    table = write(tmp_path, 'arm,n,k\nA,1000,90\n"B, with=comma",2000,190\n')
    assert not run_json(*counts(table))["srm"]["ok"]
    assert run_json(*counts(table), "--split", split)["srm"]["ok"]


def test_split_can_be_a_file(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,1000,90\nB,2000,190\n")
    split = write(tmp_path, "arm,share\nA,1\nB,2\n", "split.csv")
    assert run_json(*counts(table), "--split", split)["srm"]["ok"]


def test_arm_planned_empty_but_used_is_invalid(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,1000,90\nB,1000,190\nC,3,1\n")
    found = run_json(*counts(table), "--split", "A=1,B=1,C=0")
    assert found["srm"] == {"p_value": 0.0, "ok": False}
    assert found["verdict"]["action"] == "invalid"


def test_nothing_happened_anywhere_is_no_evidence(tmp_path: Path) -> None:
    (item,) = run_json(*counts(write(tmp_path, "arm,n,k\nA,50,0\nB,50,0\n")))[
        "comparisons"
    ]
    assert item["p_value"] == 1.0
    assert item["lift"] == {"value": None, "low": None, "high": None}
    assert item["diff"]["low"] < 0 < item["diff"]["high"]


def test_paths_with_pattern_signs_are_one_file(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + ROWS, "week [1]*'.csv")
    write(tmp_path, "arm,click\nZ,1\n", "week 1.csv")
    assert run_json(*units(path, "click"))["arms"][0]["arm"] == "A"


def test_numbers_as_names_of_arms_stay_as_written(tmp_path: Path) -> None:
    rows = "".join(f"00{i % 2},{i % 3 // 2}\n" for i in range(40))
    path = write(tmp_path, "arm,click\n" + rows)
    found = run_json(
        "--data", path, "--arm", "arm", "--control", "000", "--metric", "click"
    )
    assert [arm["arm"] for arm in found["arms"]] == ["000", "001"]


# What cannot be analysed


def test_missing_values_are_named_and_counted(tmp_path: Path) -> None:
    for bad, word in [
        ("", "2 empty"), ("NaN", "2 NaN"), ("inf", "2 infinite"), ("abc", "2 unreadable"),
    ]:  # fmt: skip
        path = write(tmp_path, HEADER + ROWS + f"B,1,{bad},1\n" * 2)
        message = refuse(*units(path, "spend:mean"))
        assert '"spend"' in message
        assert word in message


def test_nan_in_parquet_is_named_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "units.parquet"
    duckdb.sql(
        f"""COPY (SELECT 'AB'[1 + i % 2] AS arm, CASE WHEN i < 3 THEN 'nan'::DOUBLE
        ELSE i END AS spend FROM range(100) t(i)) TO '{path}'"""
    )
    assert "3 NaN" in refuse(*units(path, "spend:mean"))


@pytest.mark.parametrize("bad", ["", "nan", "  "])
def test_rows_without_an_arm_are_counted(tmp_path: Path, bad: str) -> None:
    path = write(tmp_path, HEADER + ROWS + f"{bad},1,1,1\n" * 3)
    message = refuse(*units(path, "click"))
    assert '"arm"' in message
    assert "3 rows" in message


def test_share_with_other_values_is_refused(tmp_path: Path) -> None:
    message = refuse(*units(write(tmp_path, HEADER + ROWS), "opens:share"))
    assert '"opens"' in message
    assert ":mean" in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "is empty"),
        ("arm,click\n", "no rows"),
        ("arm,other\nA,1\nB,0\n", 'no column "click"'),
        ("arm,click\nA,1\nA,0\n", "only one arm"),
        ("arm,click\nB,1\nC,0\n", 'control "A"'),
        ("arm,click\nA,1\nB,0,7,8\n", "as many cells"),
        ("arm,click\n" + "A,1\n" * 50_000 + "B,0,7,8\n", "cannot be read"),
    ],
)
def test_tables_of_units_that_cannot_be_used(
    tmp_path: Path, text: str, part: str
) -> None:
    assert part in refuse(*units(write(tmp_path, text), "click"))


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("arm,n,k\n", "no rows"),
        ("arm,n\nA,1\nB,2\n", 'no column "k"'),
        ("arm,n,k\nA,9,1\n", "only one arm"),
        ("arm,n,k\nB,9,1\nC,9,1\n", 'control "A"'),
        ("arm,n,k\nA,9,1\nB,9,-1\n", "'-1'"),
        ("arm,n,k\nA,-9,1\nB,9,1\n", "'-9'"),
        ("arm,n,k\nA,9,1.5\nB,9,1\n", "'1.5'"),
        ("arm,n,k\nA,9,nan\nB,9,1\n", "'nan'"),
        ("arm,n,k\nA,9,inf\nB,9,1\n", "'inf'"),
        ("arm,n,k\nA,9,\nB,9,1\n", "nothing"),
        ("arm,n,k\nA,9,1\nB,9,10\n", "10"),
        ("arm,n,k\nA,9,1\nB,9,1\nB,9,1\n", '"B" stands in 2 rows'),
        ("arm,n,k\nA,9,1\n,9,1\n", "no arm in 1 row"),
    ],
)
def test_tables_of_counts_that_cannot_be_used(
    tmp_path: Path, text: str, part: str
) -> None:
    assert part in refuse(*counts(write(tmp_path, text)))


def test_a_broken_row_of_csv_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    rows = HEADER + ROWS * 30
    short = refuse(*units(write(tmp_path, f"{rows}A,1\n"), "click"))
    assert "Found: 2" in short
    assert f"Line: {rows.count(chr(10)) + 1}" in short
    coded = tmp_path / "coded.csv"
    coded.write_bytes(f"{rows}Ä,1,1,1\n".encode("latin-1"))
    assert "save the file as UTF-8" in refuse(*units(coded, "click"))


def test_files_that_are_not_tables(tmp_path: Path) -> None:
    garbage = tmp_path / "units.parquet"
    garbage.write_bytes(os.urandom(500))
    assert "cannot be read" in refuse(*units(garbage, "click"))
    broken = tmp_path / "units.csv.gz"
    broken.write_bytes(b"no gzip at all")
    assert "cannot be read" in refuse(*units(broken, "click"))
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"arm,click\nA,\xff\xfe\nB,1\n")
    assert refuse(*units(binary, "click"))
    assert "is a directory" in refuse(*units(tmp_path, "click"))
    assert "does not exist" in refuse(*units(tmp_path / "none.csv", "click"))
    assert "ending" in refuse(*units(write(tmp_path, ROWS, "a.xlsx"), "click"))


@pytest.mark.parametrize(
    ("metric", "part"),
    [
        ("click:median", '"median" is not a kind'),
        ("click:ratio", "COLUMN:ratio=DENOMINATOR"),
        ("click:ratio=", "COLUMN:ratio=DENOMINATOR"),
        ("click:mean=opens", "COLUMN:ratio=DENOMINATOR"),
        ("click:ratio=none", 'no column "none"'),
        ("arm:mean", "unreadable"),
    ],
)
def test_metrics_that_cannot_be_used(tmp_path: Path, metric: str, part: str) -> None:
    assert part in refuse(*units(write(tmp_path, HEADER + ROWS), metric))


def test_counts_cannot_give_a_mean(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,9,1\nB,9,1\n")
    assert "cannot give a mean" in refuse(*counts(table, "k:mean"))


@pytest.mark.parametrize(
    ("split", "part"),
    [
        ("A=1,B=1,C=1", '"C"'),
        ("A=1", 'leaves out "B"'),
        ("A=1,A=1,B=1", "twice"),
        ("A=x,B=1", "no number"),
        ("A=0,B=0", "every arm a share of 0"),
        ("half and half", "cannot be read"),
        ("A=-1,B=1", "no number"),
    ],
)
def test_splits_that_cannot_be_used(tmp_path: Path, split: str, part: str) -> None:
    table = write(tmp_path, "arm,n,k\nA,9,1\nB,9,1\n")
    assert part in refuse(*counts(table), "--split", split)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["winback", "--data", "units.csv"],
        ["--data", "units.csv", "--counts", "counts.csv"],
        ["--data", "units.csv"],
        ["--counts", "counts.csv", "--arm", "a", "--control", "A", "--metric", "k"],
        [
            "--data",
            "u.csv",
            "--arm",
            "a",
            "--control",
            "A",
            "--metric",
            "k",
            "--total",
            "n",
        ],
        ["--data", "units.csv", "--alpha", "5"],
        ["winback", "--arm", "a"],
        ["winback", "--metric", "click"],
        ["--data", "units.csv", "--correction", "magic"],
    ],
)
def test_wrong_usage_is_explained(arguments: list[str]) -> None:
    assert "Error: " in refuse(*arguments)


def test_files_as_spreadsheets_write_them(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    text = (HEADER + ROWS).replace("\n", "\r\n").replace(",", ";")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    expected = run_json(*units(write(tmp_path, HEADER + ROWS, "plain.csv"), "click"))
    assert run_json(*units(path, "click")) == expected


def test_too_many_arms_are_taken_for_a_wrong_column(tmp_path: Path) -> None:
    rows = "".join(f"user {i},1\n" for i in range(1_200))
    path = write(tmp_path, "arm,click\nA,1\n" + rows)
    assert "more than 1,000" in refuse(*units(path, "click"))


def test_the_path_of_the_command_imports_nothing_slow(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + ROWS)
    script = (
        "import sys\n"
        "from copylab.cli.analyze import analyze\n"
        "early = {'duckdb', 'pandas', 'scipy', 'numpy'} & set(sys.modules)\n"
        "analyze(sys.argv[1:], standalone_mode=False)\n"
        "slow = {'pandas', 'scipy', 'numpy', 'statsmodels', 'ibis', 'pyarrow'}\n"
        "print(sorted(early), sorted(slow & set(sys.modules)), file=sys.stderr)\n"
    )
    arguments = [str(part) for part in units(path, "click", "spend:mean")]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True, text=True, check=True, cwd=REPOSITORY,
    )  # fmt: skip
    assert done.stderr.strip() == "[] []"


@pytest.mark.parametrize("name", ["arm", "n", "k"])
def test_a_column_name_that_stands_twice_is_refused(tmp_path: Path, name: str) -> None:
    table = write(tmp_path, f"arm,n,k,{name}\nA,100,20,3\nB,100,45,4\n")
    assert f'more than one column "{name}"' in refuse(*counts(table))


def test_a_column_of_units_that_stands_twice_is_refused(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,click,click\nA,1,0\nB,0,1\n")
    assert 'more than one column "click"' in refuse(*units(table, "click"))


def test_repeated_names_of_columns_not_read_are_left_alone(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k,x,x\nA,100,20,3,1\nB,100,45,4,1\n")
    assert run_json(*counts(table))["comparisons"][0]["value"] == 0.45


def test_a_control_that_is_not_there_is_guessed_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    rows = "".join(f"Arm {i},100,20\n" for i in range(22))
    table = write(tmp_path, "arm,n,k\n" + rows + "Business As Usual,100,20\n")
    told = refuse(*counts(table)[:4], "--control", "business as usuall",
                  "--total", "n", "--metric", "k")  # fmt: skip
    assert 'help: did you mean "Business As Usual"? the arms are "Arm 0", ' in told
    assert told.strip().endswith('"Arm 11" and 11 more')


def test_an_arm_without_units_has_no_p_value_and_is_named(tmp_path: Path) -> None:
    table = write(tmp_path, "arm,n,k\nA,100,20\nB,100,25\nC,0,0\n")
    split = ("--split", "A=1,B=1,C=0")
    found = run_json(*counts(table), *split)
    item = next(item for item in found["comparisons"] if item["arm"] == "C")
    assert item["p_value"] is item["p_adjusted"] is None
    assert [note["name"] for note in found["health"]] == ["no-units"]
    text = run(*counts(table), *split).stdout
    assert 'note: no units in "C"' in text
    (row,) = (line for line in text.splitlines() if line.startswith("  C "))
    assert row.split() == ["C", "0", *"–––––"]


def test_a_ratio_without_denominators_has_no_p_value_and_is_named(
    tmp_path: Path,
) -> None:
    rows = "".join(f"A,{i % 2},1\nB,{i % 2},0\n" for i in range(40))
    table = write(tmp_path, "arm,click,sends\n" + rows)
    found = run_json(*units(table, "click:ratio=sends"))
    (item,) = found["comparisons"]
    assert item["p_value"] is item["p_adjusted"] is None
    (note,) = found["health"]
    assert note["name"] == "no-denominator"
    assert 'no value in "B"' in note["message"]
