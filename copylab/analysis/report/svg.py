"""Interval plots as SVG, drawn by hand: no library, no script, words for the blind."""

from __future__ import annotations

from html import escape
from math import floor, log10
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from copylab.analysis.report.document import visible

if TYPE_CHECKING:
    from copylab.analysis.report.document import Plot, PlotRow

_WIDTH, _LABELS, _NUMBERS = 760, 150, 190
_ROW, _TOP, _BOTTOM = 34, 10, 34
_LABEL_COLUMNS = 20
_TICKS = 5


def draw(plot: Plot, name: str) -> str:
    """The plot as an ``svg`` element with its title and description.

    Args:
        plot: The plot.
        name: An id that no other plot on the page has.
    """
    height = _TOP + _ROW * len(plot.rows) + _BOTTOM
    base = _TOP + _ROW * len(plot.rows)
    lines = [
        (
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'aria-labelledby="{name}-t {name}-d">'
        ),
        f'<title id="{name}-t">{_text(plot.title)}</title>',
        f'<desc id="{name}-d">{_text(plot.described)}</desc>',
    ]
    for tick in _ticks(*plot.span()):
        x = _x(plot, tick)
        lines.append(f'<line class="grid" x1="{x}" y1="{_TOP}" x2="{x}" y2="{base}"/>')
        label = f"{100 * tick:+.4g}%" if tick else "0"
        lines.append(
            f'<text class="tick" x="{x}" y="{base + 18}" text-anchor="middle">{label}</text>'
        )
    zero = _x(plot, 0.0)
    lines.append(
        f'<line class="zero" x1="{zero}" y1="{_TOP}" x2="{zero}" y2="{base}"/>'
    )
    if plot.limit is not None:
        x = _x(plot, plot.limit)
        lines.append(f'<line class="limit" x1="{x}" y1="{_TOP}" x2="{x}" y2="{base}"/>')
    for place, row in enumerate(plot.rows):
        lines += _row(plot, row, _TOP + _ROW * place + _ROW / 2)
    return "\n".join([*lines, "</svg>"])


def _row(plot: Plot, row: PlotRow, y: float) -> list[str]:
    start = _LABELS if row.low is None else _x(plot, row.low)
    end = _WIDTH - _NUMBERS if row.high is None else _x(plot, row.high)
    x = _x(plot, row.value)
    tone = row.tone or "plain"
    marks = [
        (
            f'<text class="label" x="{_LABELS - 12}" y="{y + 4}" text-anchor="end">'
            f"{_text(_shorten(row.label))}</text>"
        ),
        f'<line class="interval {tone}" x1="{start}" y1="{y}" x2="{end}" y2="{y}"/>',
    ]
    for bound, at in ((row.low, start), (row.high, end)):
        if bound is not None:
            marks.append(
                f'<line class="interval {tone}" x1="{at}" y1="{y - 5}" '
                f'x2="{at}" y2="{y + 5}"/>'
            )
    marks.append(f'<circle class="point {tone}" cx="{x}" cy="{y}" r="5.5"/>')
    if row.expected is not None:
        e = _x(plot, row.expected)
        marks.append(
            f'<path class="expected" d="M{e} {y - 7}L{e + 6} {y}L{e} {y + 7}L{e - 6} {y}Z"/>'
        )
    marks.append(
        f'<text class="numbers" x="{_WIDTH - _NUMBERS + 14}" y="{y + 4}">'
        f"{_text(row.text)}</text>"
    )
    return marks


def _x(plot: Plot, value: float) -> float:
    low, high = plot.span()
    room = _WIDTH - _LABELS - _NUMBERS
    return round(_LABELS + (value - low) / (high - low) * room, 2)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers on the axis, zero among them."""
    rough = (high - low) / _TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = int(low // step) + 1, int(high // step)
    return [place * step for place in range(first, last + 1)]


def _shorten(label: str) -> str:
    """The label in the room there is; wide signs take two columns."""
    shown, columns = "", 0
    for sign in visible(label):
        columns += 2 if east_asian_width(sign) in "WF" else 1
        if columns > _LABEL_COLUMNS:
            return shown + "…"
        shown += sign
    return shown


def _text(text: str) -> str:
    return escape(visible(text))
