from __future__ import annotations

import csv
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from copylab.cli.compose import compose

REPOSITORY = Path(__file__).resolve().parents[2]
MESSAGE = "winback/approved_day7"
AT = "2026-11-22T11:00:00Z"


def run(*arguments: object) -> Result:
    given = [*arguments, "--workspace", REPOSITORY]
    return CliRunner().invoke(compose, [str(argument) for argument in given])


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.csv"
    names = ["user_id", "locale", "call_name", "limit", "link"]
    rows = [
        ["u1", "zh-CN", "张伟", "50000", "a1"],
        ["u2", "en-US", "Ann", "8000", "a2"],
        ["u3", "zh-Hans-CN", "", "", "a3"],
        ["u4", "fr-FR", "", "8000", "a4"],
        ["u5", "zh-CN", "", "8000", ""],
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([names, *rows])
    return path


def test_the_summary_says_what_became_of_whom(users: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    files = ("--users", users, "--output", output)
    result = run(MESSAGE, *files, "--channel", "sms", "--at", AT)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines == [
        f"{MESSAGE} · sms · send {MESSAGE}/sms/{AT}",
        "5 rows: 2 composed, 1 skipped, 2 rejected",
        "  plain                           2 messages            3 segments",
        "  rejected: locale                1",
        "  rejected: missing               1",
        "  skipped: missing                1",
        "1 message, 1 part, 0.0083 USD at 0.0083 USD a part",
        "1 message, 2 parts, 0.09 CNY at 0.045 CNY a part",
        "together 2 messages, 3 parts, 0.09 CNY and 0.0083 USD",
        f"messages   {output}",
        f"exposures  {tmp_path / 'out.exposures.csv'}",
        f"rejects    {tmp_path / 'out.rejects.csv'}",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.csv",
        "out.exposures.csv",
        "out.rejects.csv",
        "users.csv",
    ]
    assert result.stderr == ""


def test_an_audience_is_scaled_from_the_rows_composed(
    users: Path, tmp_path: Path
) -> None:
    files = ("--users", users, "--output", tmp_path / "out.csv", "--channel", "sms")
    result = run(MESSAGE, *files, "--at", AT, "--audience-size", 1_000_000)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[9] == (
        "for 1,000,000 users about 400,000 messages, 600,000 parts, "
        "18,000.00 CNY, 1,660.00 USD"
    )


def test_an_audience_is_scaled_for_what_is_paid_by_parts(
    users: Path, tmp_path: Path
) -> None:
    files = ("--users", users, "--output", tmp_path / "out.csv", "--channel", "push")
    result = run(MESSAGE, *files, "--at", AT, "--audience-size", 1000)
    assert result.exit_code == 2
    assert "--audience-size is for sms" in result.stderr
    result = run(MESSAGE, *files, "--at", AT, "--audience-size", 0)
    assert result.exit_code == 2
    assert not (tmp_path / "out.csv").exists()


def test_a_price_that_is_missing_is_a_short_hint(users: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shop"
    shutil.copytree(REPOSITORY / "templates", copy / "templates")
    settings = (REPOSITORY / "copylab.yaml").read_text("utf-8")
    priceless = re.sub(r"  price: .*", "  price: {CN: 0.045 CNY}", settings)
    (copy / "copylab.yaml").write_text(priceless, "utf-8")
    files = ("--users", users, "--output", tmp_path / "out.csv", "--channel", "sms")
    given = [MESSAGE, *files, "--at", AT, "--workspace", copy, "--audience-size", 50]
    result = CliRunner().invoke(compose, [str(each) for each in given])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[6:10] == [
        "1 message, 1 part (no price in copylab.yaml: sms.price)",
        "1 message, 2 parts, 0.09 CNY at 0.045 CNY a part",
        "together 2 messages, 3 parts, 0.09 CNY and what has no price",
        "for 50 users about 20 messages, 30 parts, 0.90 CNY",
    ]


def test_the_channel_of_the_first_step_is_taken_and_said(
    users: Path, tmp_path: Path
) -> None:
    result = run(MESSAGE, "--users", users, "--output", tmp_path / "o.jsonl")
    assert result.exit_code == 0, result.output
    assert "push (the first step of the message's sequence)" in result.stdout
    record = json.loads((tmp_path / "o.jsonl").read_text("utf-8").split("\n")[0])
    assert record["channel"] == "push"


def test_the_locale_and_the_key_can_be_named(users: Path, tmp_path: Path) -> None:
    output = tmp_path / "o.jsonl"
    result = run(
        MESSAGE, "--users", users, "--output", output, "--channel", "sms",
        "--locale", "en-US", "--send-id", "autumn", "--engine", "local",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert {row["locale"] for row in rows} == {"en-US"}
    exposures = (tmp_path / "o.exposures.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["send_id"] for line in exposures} == {"autumn"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"message": "winback/approved_day9"}, "did you mean 'winback/approved_day7'?"),
        ({"--locale": "fr-FR"}, "has no sms copy in 'fr-FR'; it has en-US, zh-CN"),
        ({"--channel": "fax"}, "Invalid value for '--channel'"),
        ({"--at": "soon"}, "'soon' is not a time"),
        ({"--send-id": " "}, "--send-id"),
        ({"--send-id": "a\nb"}, "--send-id"),
        ({"--engine": "flink"}, "Invalid value for '--engine'"),
        ({"--users": "nowhere.csv"}, "nowhere.csv: is not there"),
        ({"--output": "nowhere/out.csv"}, "the folder of the output is not there"),
        ({"--output": "out.txt"}, ".parquet, .csv, .jsonl"),
        ({"--workspace": "/"}, "copylab.yaml is missing"),
    ],
)
def test_what_cannot_run_is_one_message_and_exit_code_2(
    users: Path, tmp_path: Path, change: dict[str, str], message: str
) -> None:
    options = {"--users": str(users), "--output": str(tmp_path / "o.csv")}
    options |= {"--channel": "sms", "--workspace": str(REPOSITORY), **change}
    name = options.pop("message", MESSAGE)
    arguments = [part for option in options.items() for part in option]
    result = CliRunner().invoke(compose, [name, *arguments])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert message in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["users.csv"]


def test_all_absent_columns_are_named_at_once(tmp_path: Path) -> None:
    users = tmp_path / "u.csv"
    users.write_text("user_id,Limit\nu1,3\n")
    files = ("--users", users, "--output", tmp_path / "o.csv")
    result = run(MESSAGE, *files, "--channel", "sms")
    assert result.exit_code == 2
    for part in ("'limit' (", "limit_cny", "'link' (", "'locale' ("):
        assert part in result.stderr
    assert "the columns are 'user_id', 'Limit'" in result.stderr


def test_a_message_without_a_sequence_asks_for_the_channel(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    folder = root / "templates" / "news"
    folder.mkdir(parents=True)
    (root / "copylab.yaml").write_text("locales: {default: en-US}\nmarkets: [US]\n")
    (folder / "message.yaml").write_text("purpose: transactional\nlive: plain\n")
    (folder / "sms.en-US.md").write_text("Hello\n")
    users = tmp_path / "u.csv"
    users.write_text("user_id,locale\nu1,en-US\n")
    arguments = ["news", "--users", str(users), "--output", str(tmp_path / "o.csv")]
    arguments += ["--workspace", str(root)]
    only = CliRunner().invoke(compose, arguments)
    assert only.exit_code == 0, only.output
    assert "sms (the message's only one)" in only.stdout
    (folder / "push.en-US.md").write_text("## title\nHello\n## body\nYou\n")
    both = CliRunner().invoke(compose, arguments)
    assert both.exit_code == 2
    assert "name a --channel: news has copy for sms, push" in both.stderr


def many_users(folder: Path, count: int) -> Path:
    path = folder / "many.csv"
    lines = (f"u{i},zh-CN,50000,a{i}\n" for i in range(count))
    path.write_text("user_id,locale,limit,link\n" + "".join(lines))
    return path


def start(folder: Path, users: Path, **how: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "copylab", "compose", MESSAGE, "--channel", "sms"]
    command += ["--users", str(users), "--output", str(folder / "out.csv")]
    return subprocess.Popen(command, cwd=REPOSITORY, **how)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_leaves_no_file_of_its_names(
    tmp_path: Path, sign: signal.Signals
) -> None:
    users = many_users(tmp_path, 150_000)
    process = start(tmp_path, users, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob("out.csv.parts/0*.json")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert b"Traceback" not in errors
    left = {path.name for path in tmp_path.iterdir()} - {"many.csv"}
    assert left == {"out.csv.parts"}
    if sign != signal.SIGKILL:
        assert b"the same command goes on" in errors
    again = start(tmp_path, users, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    said, told = again.communicate(timeout=120)
    assert again.returncode == 0
    assert b"going on with the run of" in told
    assert b"by an earlier run" in said
    names = {"many.csv", "out.csv", "out.exposures.csv", "out.rejects.csv"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_bar_shows_the_speed_on_a_terminal_only(tmp_path: Path) -> None:
    users = many_users(tmp_path, 30_000)
    leader, follower = pty.openpty()
    process = start(
        tmp_path,
        users,
        stdout=subprocess.PIPE,
        stderr=follower,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            chunk = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    output = process.communicate(timeout=60)[0].decode()
    os.close(leader)
    assert process.returncode == 0
    assert b"rows/s" in shown
    assert "30,000 rows" in output
    assert "rows/s" not in output
