"""How many short messages are measured a second, on one core.

A text of 70 characters, in GSM-7 and in Chinese, by the standard, by the Chinese way of
counting, on a route whose gateway adds a signature, and in octets for Korea. Rounds
alternate, so that a busy machine slows all alike; the least time of each counts.

    python benchmarks/measure_sms.py
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from copylab.channels.route import Route, measurer
from copylab.channels.sms_profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from copylab.channels.sms import SmsLength

CALLS, ROUNDS = 20_000, 15
TEXTS = {
    "GSM-7": "Your code is ready. Reply YES to keep your place or open a.example/x12",
    "Chinese": ("您的额度可用一张三十天免息券，到期后计息，以审批为准。" * 3)[:70],
}
ROUTES = {
    "gsm": ("gsm", ""),
    "cn": ("cn", ""),
    "cn-aliyun, signature added": ("cn-aliyun", "【示例分期】"),
    "kr": ("kr", ""),
}


def measures_a_second(measure: Callable[[str], SmsLength], text: str) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        measure(text)
    return CALLS / (time.perf_counter() - start)


def main() -> None:
    cases = {}
    for name, (profile, signature) in ROUTES.items():
        measure = measurer((Route("", load_profile(profile), signature, "", {}),))
        for script, text in TEXTS.items():
            if profile != "kr" or script == "GSM-7":
                cases[f"{name}, {script}"] = (measure, text)
    best = dict.fromkeys(cases, 0.0)
    for _ in range(ROUNDS):
        for name, (measure, text) in cases.items():
            best[name] = max(best[name], measures_a_second(measure, text))
    for name, rate in best.items():
        print(f"{name:40} {rate:12,.0f} measures/s")


if __name__ == "__main__":
    main()
