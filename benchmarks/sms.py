"""How fast and how right short messages are counted, beside three others, in one run.

Speed: `measure` of one text, in one thread, against a count in plain Python that looks
at each character, and against two packages of npm in a warm process of node. The least
processor time of the rounds counts, so that a busy machine matters less. The promise is
250,000 measures a second for 70 characters on one core.

Agreement: the share of made-up hard texts that each counts as the standards by octets
do; `make agreement` says why Twilio's calculator differs.

    python benchmarks/sms.py [texts]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "tests/peers"
sys.path.insert(0, str(PEERS))

import sms_octets  # noqa: E402 - the other implementations lie beside the tests
from sms_agreement import find_clusters  # noqa: E402
from sms_node import INSTALL, Asked, node_is_ready  # noqa: E402
from sms_texts import EXTENSION, GSM, generate_texts  # noqa: E402

from copylab.channels.sms import measure  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

PROMISE, ROUNDS, SECONDS = 250_000, 7, 0.2
GSM_CHARACTERS, TWICE = frozenset(GSM), frozenset(EXTENSION)
ENGLISH = "Example Bank: your limit is open. See it at https://s.example/w/a1b2c3."
CHINESE = "您的可借额度有更新，最高可申请五万元，年化利率百分之七点二起，点开看看详情。"
SPEED_TEXTS = {
    "70 characters, GSM-7": [f"{ENGLISH[:66]} {number:03d}" for number in range(100)],
    "70 characters, Chinese": [
        (CHINESE * 2)[:67] + f"{number:03d}" for number in range(100)
    ],
    "300 characters, GSM-7 with {}": [
        ("{" + ENGLISH + "}") * 4 + f"{number:03d}" for number in range(100)
    ],
    "150 characters, emoji": [
        ("👍🏽👨\u200d👩\u200d👧" + CHINESE) * 3 + f"{number:03d}"
        for number in range(100)
    ],
}


def count_naively(text: str) -> int:
    """The parts of `text`, one character after another; escapes and pairs kept whole."""
    gsm = all(char in GSM_CHARACTERS for char in text)
    costs = [1 + (char in TWICE) if gsm else 1 + (ord(char) > 0xFFFF) for char in text]
    if sum(costs) <= (160 if gsm else 70):
        return 1
    parts, room = 0, 0
    for cost in costs:
        if cost > room:
            parts, room = parts + 1, 153 if gsm else 67
        room -= cost
    return parts


def seconds_of(call: Callable[[str], object], texts: list[str]) -> float:
    """The processor seconds that one text takes, over at least SECONDS."""
    calls, start = 0, time.process_time()
    while True:
        for text in texts:
            call(text)
        calls += len(texts)
        passed = time.process_time() - start
        if passed >= SECONDS:
            return passed / calls


def node_seconds(texts: list[str]) -> dict[str, float]:
    """The same for each package of npm; empty where they are missing."""
    if not node_is_ready():
        return {}
    command = ["node", str(PEERS / "sms_speed.js"), str(ROUNDS), str(SECONDS)]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def compare_speed() -> None:
    for name, texts in SPEED_TEXTS.items():
        assert [count_naively(text) for text in texts] == [
            measure(text).segments for text in texts
        ]
        ours = naive = float("inf")
        for _ in range(ROUNDS):
            ours = min(ours, seconds_of(measure, texts))
            naive = min(naive, seconds_of(count_naively, texts))
        promised = ""
        if name.startswith("70 "):
            kept = "kept" if 1 / ours >= PROMISE else "BROKEN"
            promised = f" (promised: {PROMISE:,}; {kept})"
        print(f"{name}: {1 / ours:,.0f} measures a second{promised}")
        for peer, seconds in {"plain Python": naive, **node_seconds(texts)}.items():
            print(
                f"  {peer:26} {1 / seconds:11,.0f}   copylab is {seconds / ours:.1f} ×"
            )


def compare_counts(count: int) -> None:
    texts = list(generate_texts(count, seed=1))
    least = [len(sms_octets.send(text, text)) for text in texts]
    most = [len(sms_octets.send(text, find_clusters(text))) for text in texts]
    lengths = [measure(text) for text in texts]
    rows = [
        ("copylab, segments", [length.segments for length in lengths], least),
        ("copylab, segments_max", [length.segments_max for length in lengths], most),
        ("plain Python", [count_naively(text) for text in texts], least),
        ("units divided by 153 or 67", [_divided(text) for text in texts], least),
    ]
    if node_is_ready():
        with tempfile.TemporaryDirectory() as name:
            answers = list(Asked(texts, Path(name)).answers())
        for key, package, right in (
            ("split", "split-sms", least),
            ("twilio", "sms-segments-calculator", most),
        ):
            parts = [len(answer[key]["parts"]) for answer in answers]
            rows.append((package, parts, right))
    print(f"the right number of parts, of {count:,} hard texts:")
    for name, counted, right in rows:
        same = sum(a == b for a, b in zip(counted, right, strict=True))
        print(f"  {name:26} {same / count:8.2%}")


def _divided(text: str) -> int:
    """The parts by dividing, as many calculators do."""
    length = measure(text)
    single, part = (160, 153) if length.encoding == "GSM-7" else (70, 67)
    return 1 if length.units <= single else -(-length.units // part)


def main() -> None:
    if not node_is_ready():
        print(f"split-sms and sms-segments-calculator are NOT compared: {INSTALL}")
    compare_speed()
    compare_counts(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)


if __name__ == "__main__":
    main()
