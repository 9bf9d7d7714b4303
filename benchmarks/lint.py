"""How fast lint is on 5,000 small templates, beside djlint and j2lint, in one run.

The three do different work: djlint and j2lint look at the source of each file by itself,
copylab proves every branch and every allowed value. The ratios say what users are used
to, not which is the better.

Measured are the processor seconds of the whole process tree, so that a busy machine
matters less, and the wall time of the runs that people wait for. The promises: at most
12 seconds cold and 1 second where nothing changed; 300 ms of wall time for one file.

    python benchmarks/lint.py [messages]
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/peers"))

from lint_workspace import write_workspace  # noqa: E402 - it lies beside the tests

MESSAGES = 1_250
PROMISED = {"cold": 12.0, "cached": 1.0, "one file": 0.3}
ONE = "templates/group00/message0003/sms.en-US.md"
COPYLAB = [sys.executable, "-m", "copylab", "lint", "--format", "concise"]
PEERS = {
    "djlint --lint": [
        "djlint",
        ".",
        "--lint",
        "--extension",
        "md",
        "--profile",
        "jinja",
    ],
    "j2lint": ["j2lint", ".", "--extensions", "md"],
}


@dataclass(frozen=True)
class Cost:
    """The processor and the wall seconds of a command and its children."""

    processor: float
    wall: float


def measure(command: list[str], folder: Path) -> Cost:
    """What a command costs; its exit code says what it found, and is not looked at."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PATH": path, "PYTHONPATH": f"{folder.parent}/program"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # modules compiled, as installed
    done = subprocess.run(
        command, cwd=folder, capture_output=True, env=environment, check=False
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if b"Traceback" in done.stderr:
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode()[-500:]}")
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Cost(seconds, wall)


def least(command: list[str], folder: Path, rounds: int) -> Cost:
    """The least of several rounds: others on the machine only ever add."""
    costs = [measure(command, folder) for _ in range(rounds)]
    return Cost(min(c.processor for c in costs), min(c.wall for c in costs))


def measure_copylab(folder: Path) -> dict[str, Cost]:
    costs = {}
    measure([*COPYLAB, "--audience-size", "1"], folder)  # compiles the modules
    shutil.rmtree(folder / ".copylab_cache", ignore_errors=True)
    costs["cold"] = measure(COPYLAB, folder)
    costs["cached"] = least(COPYLAB, folder, 3)
    changed = folder / ONE
    changed.write_text(changed.read_text() + "Bye\n")
    costs["one file changed"] = measure(COPYLAB, folder)
    costs["no cache"] = measure([*COPYLAB, "--no-cache"], folder)
    costs["one file"] = least([*COPYLAB, "--no-cache", ONE], folder, 3)
    measure([*COPYLAB, ONE], folder)
    costs["one file, known"] = least([*COPYLAB, ONE], folder, 3)
    return costs


def main() -> None:
    """Measure, and print seconds, ratios and whether promises are kept."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "workspace"
        # A copy: a change of the code while this runs would rightly end the cache.
        shutil.copytree(ROOT / "copylab", Path(name) / "program/copylab")
        texts = write_workspace(folder, messages)
        print(f"{texts:,} texts of {messages:,} messages")
        costs = {
            f"copylab lint, {key}": c for key, c in measure_copylab(folder).items()
        }
        for peer, command in PEERS.items():
            if shutil.which(command[0], path=str(Path(sys.executable).parent)) is None:
                print(f"{command[0]} is NOT compared: pip install '.[dev]'")
                continue
            costs[peer] = measure(command, folder)
            costs[f"{peer}, one file"] = least(
                [command[0], ONE, *command[2:]], folder, 3
            )
    cold = costs["copylab lint, cold"].processor
    print(f"{'':34} {'processor s':>12} {'wall s':>8} {'x cold':>8}")
    for label, cost in costs.items():
        promise = PROMISED.get(label.removeprefix("copylab lint, "))
        said = ""
        if promise is not None and messages == MESSAGES:
            spent = cost.wall if promise == PROMISED["one file"] else cost.processor
            said = f"  promised {promise:g}: {'kept' if spent <= promise else 'BROKEN'}"
        ratio = cost.processor / cold
        print(f"{label:34} {cost.processor:12.2f} {cost.wall:8.2f} {ratio:8.2f}{said}")


if __name__ == "__main__":
    main()
