"""Start-up: ``copylab --version`` beside an empty Python and a bare click command.

Run: ``python benchmarks/startup.py``. Prints the median of interleaved rounds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BARE_CLICK = "import click; click.command()(lambda: None)(args=['--help'], standalone_mode=False)"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "a bare click command": ["-c", BARE_CLICK],
    "copylab --version": ["-m", "copylab", "--version"],
    "import copylab": ["-c", "import copylab"],
    "copylab lint (sample)": ["-m", "copylab", "lint"],
}


def run_once(arguments: list[str]) -> float:
    """Seconds of wall time that a process takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Measure every command in turn, and print medians and ratios."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, arguments in COMMANDS.items():
            times[name].append(run_once(arguments))
    base = statistics.median(times["a bare click command"])
    print(f"{'command':<24} {'median ms':>10} {'x bare click':>13}")
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:<24} {median * 1000:>10.0f} {median / base:>13.2f}")


if __name__ == "__main__":
    main()
