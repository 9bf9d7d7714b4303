"""Writes docs/assignment-vectors.json: fixed answers that every implementation must give.

The file is published; it changes when keys are added, never for the keys it has.

    python scripts/assignment_vectors.py
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

from copylab.experiment.buckets import SCHEMES, bucket, salt_prefix

TARGET = Path(__file__).resolve().parent.parent / "docs/assignment-vectors.json"
SALT = "winback_hook.9f3a1c"
COMPOSED = unicodedata.normalize("NFC", "Zoë Ångström")
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
UNITS = [
    "user-1", "user-2", "1", "01", "1.0", "1:1", " ", " user-1", "user-1 ", "USER-1",
    "true", "null", "None", "0", "-1", "a'b", 'a"b', "a\\b", "a%b", "a\nb", "a\tb",
    "a\u0000b", COMPOSED, DECOMPOSED, "用户", "用户😀", "👩‍👩‍👧", "مستخدم", "\u00a0", "\ufeffx",
    "3f0c8a52-6f0e-4a8e-9a53-2b1f2f6f8a10", "mailto:someone@example.com",
]  # fmt: skip
KEY_BYTES = [54, 55, 56, 57, 63, 64, 65, 119, 120, 121, 127, 128, 129, 247, 248, 300]
"""Sizes of whole keys around the ends of MD5's and SHA-256's blocks."""


def pairs() -> list[tuple[str, str]]:
    """Salts and units, each pair once."""
    sized = ["x" * (size - len(salt_prefix(SALT))) for size in KEY_BYTES]
    found = [(SALT, unit) for unit in (*UNITS, *sized)]
    found += [(salt, "user-1") for salt in ("a", "b", "0", "a.b-c_9", "s" * 60)]
    # No separator is ambiguous: these four are four keys.
    found += [("a1", "23"), ("a12", "3"), ("a", "1:23"), ("a", "123")]
    return found


def main() -> None:
    """Write the file."""
    rows = [
        {"salt": salt, "unit": unit}
        | {scheme: list(bucket(salt, unit, scheme=scheme)) for scheme in SCHEMES}
        for salt, unit in pairs()
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=True) for row in rows)
    TARGET.write_text(f"[\n{lines}\n]\n", "utf-8")
    print(f"{len(rows)} vectors in {TARGET.name}")


if __name__ == "__main__":
    main()
