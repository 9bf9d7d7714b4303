"""How many finished texts ``check_text`` looks at in a second, with all packs on.

What is measured is processor time of one process, the least of several rounds for each
batch of texts: others on the machine only ever add. The texts are the clean ones of the
tests, as a service checks them before it sends: hardly any has a finding. The promise is
2,000 a second for texts of the length of an SMS.

    python benchmarks/check_text.py [rounds]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import yaml

from copylab.lint.pack_rules import builtin_pack_rules
from copylab.lint.text import check_text

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 15
BATCH = 50
LEAST = 300
PROMISED = 2_000
US_LOANS = [
    "Harbor Credit: payment options are in the app. Terms apply. Reply STOP to opt out",
    "Harbor Credit: set up autopay in the app by Dec 5. Reply STOP to opt out, HELP 4 help",
    "Harbor Credit: new branch hours, 9 AM to 5 PM on weekdays. Reply STOP to opt out",
]
US = {
    "channel": "sms",
    "market": "US",
    "locale": "en-US",
    "purpose": "marketing",
    "brand": "Harbor Credit",
    "industry": "lending",
}

Case = tuple[str, dict[str, Any]]


def clean_texts() -> list[Case]:
    """The clean texts of the tests, with what is said about each."""
    found = []
    for path in sorted((ROOT / "tests/lint/clean_texts").glob("*.yaml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            texts = (*group.get("texts", ()), *group.get("near", ()))
            found += [(text.strip(), group["settings"]) for text in texts]
    return found


def is_chinese_loan(said: dict[str, Any]) -> bool:
    """Whether a text is a lender's marketing by SMS for China."""
    return (said["channel"], said["market"], said["purpose"], said.get("industry")) == (
        "sms",
        "CN",
        "marketing",
        "lending",
    )


def mixes() -> dict[str, list[Case]]:
    """The texts to be looked at, by what they are, each at least ``LEAST``."""
    short = [case for case in clean_texts() if case[1]["channel"] == "sms"]
    found = {
        "CN, a lender's marketing": [
            case for case in short if is_chinese_loan(case[1])
        ],
        "US, a lender's marketing": [(text, US) for text in US_LOANS],
        "SMS of all markets": short,
    }
    return {name: cases * -(-LEAST // len(cases)) for name, cases in found.items()}


def measure(cases: list[Case]) -> tuple[float, int]:
    """Seconds of processor time for some texts, and how many findings they have."""
    start, findings = time.process_time(), 0
    for text, said in cases:
        findings += len(check_text(text, **said))
    return time.process_time() - start, findings


def main() -> None:
    """Measure each mix, and print texts a second."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    every = mixes()
    start = time.process_time()
    for cases in every.values():
        measure(cases)  # compiles what binds
    print(f"{len(builtin_pack_rules())} rules of packs are on")
    print(f"the first look at each takes {time.process_time() - start:.2f} s in all")
    batches = [
        (name, cases[at : at + BATCH])
        for name, cases in every.items()
        for at in range(0, len(cases), BATCH)
    ]
    measured = [[measure(cases) for _, cases in batches] for _ in range(rounds)]
    best, told = dict.fromkeys(every, 0.0), dict.fromkeys(every, 0)
    for (name, _), costs in zip(batches, zip(*measured, strict=True), strict=True):
        best[name] += min(seconds for seconds, _ in costs)
        told[name] += costs[0][1]
    print(f"{'':28}{'texts/s':>9}{'findings a text':>17}")
    for name, seconds in best.items():
        speed = len(every[name]) / seconds
        kept = "kept" if speed >= PROMISED else "BROKEN"
        share = told[name] / len(every[name])
        print(f"{name:28}{speed:9,.0f}{share:17.2f}  promised {PROMISED:,}: {kept}")


if __name__ == "__main__":
    main()
