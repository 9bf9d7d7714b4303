"""`measure` and `split` of copylab against other people's code, text by text.

Run as a program it writes docs/sms-agreement.md:

    make agreement
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import regex
import sms_octets
from sms_disagreements import CAUSES, explain, is_overfull, places_of
from sms_node import HERE, Asked
from sms_texts import generate_texts

from copylab.channels.graphemes import split_graphemes
from copylab.channels.sms import measure, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TEXTS, SEED = 100_000, 20_261_122
PAGE = HERE.parent.parent / "docs/sms-agreement.md"
OCTETS, SPLIT, TWILIO = (
    "the standards by octets",
    "split-sms",
    "sms-segments-calculator",
)
_find_clusters = regex.compile(r"\X").findall


@dataclass(slots=True)
class Agreement:
    """What came of comparing texts.

    Attributes:
        texts: How many there were.
        encodings: How many are sent in each encoding.
        divided: How many need more than one part.
        layouts: How many the two layouts of copylab need different parts for.
        longest: The most parts of one text.
        explained: For each cause, the texts laid out otherwise and the texts whose
            number of parts differs; a text can have several causes.
        differing: The texts that Twilio's calculator lays out or counts otherwise.
        unexplained: Who disagreed, and with which text.
    """

    texts: int = 0
    encodings: Counter[str] = field(default_factory=Counter)
    divided: int = 0
    layouts: int = 0
    longest: int = 0
    explained: dict[str, Counter[str]] = field(
        default_factory=lambda: {cause.name: Counter() for cause in CAUSES}
    )
    differing: Counter[str] = field(default_factory=Counter)
    unexplained: list[tuple[str, str]] = field(default_factory=list)


def find_clusters(text: str) -> list[str]:
    """The user-perceived characters of `text` by `regex`, CR and LF apart."""
    clusters: list[str] = []
    for cluster in _find_clusters(text):
        clusters += cluster if cluster == "\r\n" else [cluster]
    return clusters


def agrees_by_octets(text: str) -> bool:
    """Whether characters, counts and layouts are what a sender makes and a phone reads."""
    length, clusters = measure(text), find_clusters(text)
    least = sms_octets.send(text, text)
    most = sms_octets.send(text, clusters)
    units = tuple(map(sms_octets.units_of, least))
    return (
        split_graphemes(text) == clusters
        and length.encoding == ("GSM-7" if least[0].gsm else "UCS-2")
        and length.units == sum(units)
        and length.segment_units == units
        and (length.segments, length.segments_max) == (len(least), len(most))
        and split(text) == tuple(sms_octets.receive(least))
        and split(text, keep_graphemes=True) == tuple(sms_octets.receive(most))
    )


def compare(texts: Sequence[str]) -> Agreement:
    """What comes of comparing `texts`, none of which needs more than 255 parts."""
    result = Agreement(texts=len(texts))
    with tempfile.TemporaryDirectory() as name:
        asked = Asked(texts, Path(name))
        for text in texts:
            if not agrees_by_octets(text):
                result.unexplained.append((OCTETS, text))
        different = []
        for text, answer in zip(texts, asked.answers(), strict=True):
            _tally(result, text, answer["split"])
            if not _is_same_layout(text, answer["twilio"]):
                different.append((text, answer["twilio"]))
    _explain_all(result, different)
    return result


def _tally(result: Agreement, text: str, answer: dict) -> None:
    """Count a text, and hold it against split-sms."""
    length = measure(text)
    result.encodings[length.encoding] += 1
    result.divided += length.segments > 1
    result.layouts += length.segments != length.segments_max
    result.longest = max(result.longest, length.segments_max)
    if answer != {"encoding": length.encoding, "parts": list(length.segment_units)}:
        result.unexplained.append((SPLIT, text))


def _is_same_layout(text: str, answer: dict) -> bool:
    """Whether Twilio's calculator has the encoding and the parts of copylab."""
    length = measure(text)
    if length.encoding == "GSM-7":
        units = length.segment_units
    else:
        units = tuple(map(_utf16_units, split(text, keep_graphemes=True)))
    return (answer["encoding"], answer["parts"]) == (length.encoding, list(units))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2


def _clusters_of(text: str, lengths: Iterable[int]) -> list[str]:
    """The pieces of `text` that have these lengths in UTF-16 units."""
    octets, start, clusters = text.encode("utf-16-be"), 0, []
    for length in lengths:
        clusters.append(octets[start : start + 2 * length].decode("utf-16-be"))
        start += 2 * length
    return clusters


def _explain_all(result: Agreement, different: list[tuple[str, dict]]) -> None:
    """Sort the disagreements with Twilio's calculator by cause."""
    changed = _changed_characters(different)
    for text, answer in different:
        causes = _causes_of(text, answer, changed)
        if not causes:
            result.unexplained.append((TWILIO, text))
            continue
        counted = measure(text).segments_max != len(answer["parts"])
        for tally in (result.differing, *(result.explained[name] for name in causes)):
            tally["layout"] += 1
            tally["count"] += counted


def _causes_of(text: str, answer: dict, changed: frozenset[str]) -> set[str]:
    """The names of the causes, empty where something is left unexplained."""
    if answer["encoding"] != measure(text).encoding:
        return set()
    if is_overfull(answer["parts"]):
        return {CAUSES[0].name}
    theirs = _clusters_of(text, answer["clusters"])
    # By its own characters it must have laid the text out as the standards say.
    sent = sms_octets.send(text, theirs)
    if answer["parts"] != list(map(sms_octets.units_of, sent)):
        return set()
    places = places_of(text, theirs, find_clusters(text), changed)
    found = [explain(place)[:1] for place in places]
    return {name for names in found for name in names} if all(found) else set()


def _changed_characters(different: list[tuple[str, dict]]) -> frozenset[str]:
    """The characters beside disputed places that the peer joins otherwise alone."""
    beside = set()
    for text, answer in different:
        theirs = _clusters_of(text, answer["clusters"])
        for place in places_of(text, theirs, find_clusters(text), frozenset()):
            beside |= {place.before[-1], place.after[0]}
    ways = ("a{}", "{}a", "가{}")
    probes = [(char, way.format(char)) for char in sorted(beside) for way in ways]
    answers = ask_twilio(probe for _, probe in probes)
    return frozenset(
        char
        for (char, probe), answer in zip(probes, answers, strict=True)
        if _clusters_of(probe, answer["clusters"]) != find_clusters(probe)
    )


def ask_twilio(texts: Iterable[str]) -> list[dict]:
    """What Twilio's calculator answers to each of `texts`."""
    with tempfile.TemporaryDirectory() as name:
        return [answer["twilio"] for answer in Asked(texts, Path(name)).answers()]


def render_page(result: Agreement) -> str:
    """The page docs/sms-agreement.md that tells of `result`."""
    versions = json.loads((HERE / "package.json").read_text())["dependencies"]
    rows = "".join(
        f"| {cause.name} | {result.explained[cause.name]['layout']:,} |"
        f" {result.explained[cause.name]['count']:,} | {cause.why} | {cause.shown} |\n"
        for cause in CAUSES
    )
    template = (HERE / "sms-agreement.md.in").read_text(encoding="utf-8")
    return template.format(
        **{name.replace("-", "_"): version for name, version in versions.items()},
        regex=regex.__version__,
        texts=f"{result.texts:,}",
        gsm=f"{result.encodings['GSM-7']:,}",
        ucs2=f"{result.encodings['UCS-2']:,}",
        divided=f"{result.divided:,}",
        layouts=f"{result.layouts:,}",
        longest=result.longest,
        layout=f"{result.differing['layout']:,}",
        count=f"{result.differing['count']:,}",
        same=f"{result.texts - result.differing['layout']:,}",
        rows=rows.rstrip(),
    )


def main() -> None:
    """Compare, and write the page, or say what is unexplained."""
    result = compare(list(generate_texts(TEXTS, SEED)))
    for peer, text in result.unexplained[:20]:
        sys.stderr.write(f"{peer} disagrees: {text!a}\n")
    if result.unexplained:
        sys.exit(1)
    PAGE.write_text(render_page(result), encoding="utf-8")


if __name__ == "__main__":
    main()
