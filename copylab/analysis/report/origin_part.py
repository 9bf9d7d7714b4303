"""Where the numbers come from, so that somebody else can make them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from copylab.analysis.report.document import ArmName, Bullets, Paragraph, Part, Table

if TYPE_CHECKING:
    from datetime import datetime

    from copylab.analysis.origin import Origin
    from copylab.analysis.report.document import Block
    from copylab.analysis.report.words import Words
    from copylab.analysis.results import Analysis


def about_lines(analysis: Analysis, words: Words) -> tuple[str, ...]:
    """What was tested and when, to stand below the title."""
    lines = []
    origin, span = analysis.origin, analysis.span
    if origin is not None and origin.message:
        what = words(
            "about.what",
            message=origin.message,
            channels=words.join([*origin.channels]),
            audience=origin.audience or words("about.everybody"),
        )
        lines.append(what)
    if span is not None:
        outcome = words("about.no_outcome")
        if span.last_outcome is not None:
            read = origin.at if origin is not None else None
            outcome = _minute(min(span.last_outcome, read or span.last_outcome))
        first, last = _minute(span.first_send), _minute(span.last_send)
        lines.append(words("about.when", first=first, last=last, outcome=outcome))
    return tuple(lines)


def origin_part(analysis: Analysis, words: Words) -> Part | None:
    """The files with their hashes, the hash of the words, the version; or None."""
    origin = analysis.origin
    if origin is None:
        return None
    lines = [words("origin.version", version=origin.version)]
    if origin.message:
        lines.insert(0, words("origin.again", command=_command(analysis, origin)))
        lines.append(
            words("origin.whole")
            if origin.at is None
            else words("origin.at", at=f"{origin.at:%Y-%m-%d %H:%M:%S}")
        )
    if origin.epoch is not None and origin.started is not None:
        started = _minute(origin.started)
        lines.append(words("origin.epoch", epoch=origin.epoch, started=started))
    if origin.unit:
        lines.append(words("origin.unit", unit=origin.unit))
    blocks: list[Block] = [Bullets(tuple(map(Paragraph, lines)))]
    if origin.exposures or origin.outcomes or origin.tables:
        blocks.append(_files(origin, words))
    if origin.copies:
        rows = tuple((ArmName(arm), copy) for arm, copy in origin.copies.items())
        headings = (words("arm"), words("origin.copy_hash"))
        blocks.append(Table(words("origin.copies"), headings, rows))
    return Part("origin", words("part.origin"), tuple(blocks))


def _files(origin: Origin, words: Words) -> Table:
    kinds = {
        "exposures": origin.exposures,
        "outcomes": origin.outcomes,
        "table": origin.tables,
    }
    rows = tuple(
        (file.name, words(f"origin.{kind}"), f"{file.size_bytes:,}", file.sha256)
        for kind, files in kinds.items()
        for file in files
    )
    headings = (
        words("origin.file"), words("origin.kind"), words("origin.size"),
        words("origin.hash"),
    )  # fmt: skip
    return Table(words("origin.files"), headings, rows, frozenset((2,)))


def _command(analysis: Analysis, origin: Origin) -> str:
    command = f"copylab analyze {analysis.name}"
    if origin.at is not None:
        command += f" --at {origin.at:%Y-%m-%dT%H:%M:%SZ}"
    return command


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
