"""Fingerprints: what makes a finding the same one after the file has changed.

Neither lines nor columns are in them, nor figures in the text, which change with every
edit: a finding keeps its fingerprint while words around it come and go.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from copylab.findings import Finding

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """The fingerprint of each finding, 32 hexadecimal digits; no two are equal.

    It is made of the rule, the file, the variant, the field and the text without its
    figures; of equal ones, the second has its number in it, too.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in findings:
        key = _key(finding)
        seen[key] += 1
        found.append(_digest((*key, str(seen[key]))))
    return found


def _key(finding: Finding) -> tuple[str, ...]:
    text = _FIGURE.sub("#", " ".join(finding.message.split()))
    place = (finding.file or "", finding.variant or "", finding.field or "")
    return (finding.rule, *place, text)


def _digest(parts: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(4, "big") + data)
    return digest.hexdigest()[:32]
