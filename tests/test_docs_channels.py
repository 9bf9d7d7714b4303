"""docs/channels.md says what copylab measures, checked line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from copylab.channels.sms import load_profile, measure, profile_names
from copylab.config import read_config
from copylab.source import SourceFile

if TYPE_CHECKING:
    from pathlib import Path

    from copylab.channels.sms import SmsProfile

_ROW = re.compile(r"^\| (`.+`.*) \| (\d+) \| (.+) \|$", re.MULTILINE)
_PIECE = re.compile(r"`(.)`(?: x (\d+))?")
_YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs/channels.md").read_text(encoding="utf-8")


def test_each_example_costs_what_the_page_says(page: str) -> None:
    rows = _ROW.findall(page.split("### Characters", maxsplit=1)[0])
    assert len(rows) == 8
    for text, parts, because in rows:
        pieces = _PIECE.findall(text)
        written = "".join(char * int(count or 1) for char, count in pieces)
        length = measure(written)
        assert length.segments == int(parts), text
        if sizes := re.findall(r"\d+(?: \+ \d+)+", because):
            assert sizes[0] == " + ".join(map(str, length.segment_units)), text


@pytest.mark.parametrize("name", profile_names())
def test_each_profile_has_its_line(page: str, name: str) -> None:
    assert describe(load_profile(name)) in page


def test_no_line_is_about_a_profile_that_is_not_there(page: str) -> None:
    table = page.split("| profile |")[1].split("\n\n", maxsplit=1)[0]
    assert re.findall(r"^\| `([^`]+)`", table, re.MULTILINE) == list(profile_names())


def test_the_settings_on_the_page_are_accepted(page: str) -> None:
    blocks = _YAML.findall(page)
    assert len(blocks) == 3
    for block in blocks:
        _, findings = read_config(SourceFile("copylab.yaml", block))
        assert findings == []


def describe(profile: SmsProfile) -> str:
    """The line of the table for a profile."""
    counted = [item for item in (profile.gsm7, profile.ucs2) if item is not None]
    unit = "" if counted else " bytes"
    if profile.octets is not None and not counted:
        counted = [profile.octets]
    single = " / ".join(str(item.single_units) for item in counted) + unit
    part = " / ".join(str(item.part_units) for item in counted) + unit
    if profile.long_product:
        part = f"one {profile.long_product}"
    cells = [single, part, ", ".join(caps(profile, unit)), additions(profile)]
    return f"| `{profile.name}` | " + " | ".join(cells).replace("|  |", "| |")


def caps(profile: SmsProfile, unit: str) -> list[str]:
    found = []
    if profile.max_units:
        found.append(f"{profile.max_units:,}{unit or ' units'}")
    if profile.max_gsm7_units:
        found.append(f"{profile.max_gsm7_units:,} / {profile.max_ucs2_units:,} units")
    if profile.max_characters:
        found.append(f"{profile.max_characters:,} characters")
    if profile.max_segments not in {None, 255}:
        found.append(f"{profile.max_segments} parts")
    return found


def additions(profile: SmsProfile) -> str:
    if profile.extra_segments:
        return f"up to {profile.extra_segments} part more"
    if profile.signature_format:
        return profile.signature_format.replace("{}", "…")
    return repr(profile.suffix) if profile.suffix else ""
