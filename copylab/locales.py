"""Locales: BCP 47 tags, their parents, and the direction of their script."""

from __future__ import annotations

import re
from functools import lru_cache

_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})"
    r"(?:[-_](?P<script>[A-Za-z]{4}))?"
    r"(?:[-_](?P<region>[A-Za-z]{2}|[0-9]{3}))?\Z"
)
# Languages written from right to left, of the Unicode CLDR's character orders, and
# the scripts (ISO 15924) that are, in whatever language.
_RIGHT_TO_LEFT = frozenset(
    ("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(
    ("Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa")
)


@lru_cache(maxsize=4096)
def normalise_locale(tag: str) -> str | None:
    """The tag in its usual case (``zh-Hans-CN``), or None where it is no tag."""
    match = _TAG.match(tag.strip())
    if match is None:
        return None
    language, script, region = match.group("language", "script", "region")
    parts = [language.lower()]
    if script:
        parts.append(script.title())
    if region:
        parts.append(region.upper())
    return "-".join(parts)


@lru_cache(maxsize=4096)
def locale_parents(tag: str) -> tuple[str, ...]:
    """The tag and its parents, nearest first: the script is dropped before the region.

    ``zh-Hans-CN`` gives ``zh-Hans-CN, zh-CN, zh-Hans, zh``. A text that is no
    locale tag gives nothing.
    """
    normal = normalise_locale(tag)
    if normal is None:
        return ()
    match = _TAG.match(normal)
    assert match is not None
    language, script, region = match.group("language", "script", "region")
    candidates = [normal]
    if script and region:
        candidates += [f"{language}-{region}", f"{language}-{script}"]
    candidates.append(language)
    return tuple(dict.fromkeys(candidates))


def text_direction(tag: str) -> str:
    """``rtl`` or ``ltr``, the value of HTML's ``dir``; a written script decides."""
    match = _TAG.match(tag.strip())
    if match is None:
        return "ltr"
    language, script = match.group("language", "script")
    if script:
        backwards = script.title() in _RIGHT_TO_LEFT_SCRIPTS
    else:
        backwards = language.lower() in _RIGHT_TO_LEFT
    return "rtl" if backwards else "ltr"
