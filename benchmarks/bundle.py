"""What a bundle costs: building it, its size, loading it, the first and later messages.

The workspace is made up: two channels and two locales a message. Loading is measured in
a process of its own, in CPU-seconds: from the end of its imports, and from its start.

    python benchmarks/bundle.py [messages]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from copylab.bundle import pack
from copylab.workspace import load

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/peers"))
from lint_workspace import write_workspace  # noqa: E402 - the path is made above

MOST_SECONDS = 1.0
LOAD = """
import sys
from time import process_time
import copylab
load = copylab.load
imported = process_time()
workspace = load(sys.argv[1])
loaded = process_time()
key = next(iter(workspace.templates))
def look():
    begun = process_time()
    workspace.templates[key]
    return process_time() - begun
print(loaded - imported, loaded, look(), look())
"""


def main() -> None:
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    with tempfile.TemporaryDirectory() as folder:
        root, bundle = Path(folder) / "workspace", Path(folder) / "copylab.bundle"
        texts = write_workspace(root, messages)
        start = time.perf_counter()
        workspace = load(root)
        read = time.perf_counter()
        bundle.write_bytes(pack(workspace))
        packed = time.perf_counter()
        size = bundle.stat().st_size / 1e6
        print(f"{messages:,} messages, {texts:,} texts: {size:.1f} MB")
        print(f"folder read in {read - start:.1f} s, packed in {packed - read:.1f} s")
        runs = []
        for _ in range(5):
            ran = subprocess.run(
                [sys.executable, "-c", LOAD, str(bundle)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            runs.append([float(word) for word in ran.stdout.split()])
        loading, whole, first, later = (
            min(column) for column in zip(*runs, strict=True)
        )
    print(f"bundle loaded in {loading:.3f} s, {whole:.3f} s from the start of Python")
    print(f"a message made ready in {first * 1e3:.1f} ms, then {later * 1e6:.1f} µs")
    if whole > MOST_SECONDS:
        sys.exit(f"loading takes longer than {MOST_SECONDS} s")


if __name__ == "__main__":
    main()
