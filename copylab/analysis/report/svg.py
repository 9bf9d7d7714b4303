"""Interval plots as SVG, drawn by hand: no library, no script, words for the blind.

A row has its words on a line and its interval below them, so that the plot stays legible
on a telephone, where it is as wide as the page, and on paper.
"""

from __future__ import annotations

from html import escape
from math import floor, log10
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from copylab.analysis.report.document import visible

if TYPE_CHECKING:
    from copylab.analysis.report.document import Plot, PlotRow

_WIDTH, _SIDE = 420, 14
_TOP, _BOTTOM = 6, 26
_LINE, _BAR = 18, 30
_LABEL_COLUMNS, _LONG_COLUMNS = 22, 52
_TICKS = 4
_TICK_ROOM = 24
_UNITS = {"percent": (100.0, "%"), "points": (100.0, ""), "plain": (1.0, "")}


def draw(plot: Plot, name: str) -> str:
    """The plot as an ``svg`` element with its title and description.

    Args:
        plot: The plot.
        name: An id that no other plot on the page has.
    """
    base = _TOP + _height(plot) * len(plot.rows)
    lines = [
        (
            f'<svg viewBox="0 0 {_WIDTH} {base + _BOTTOM}" role="img" '
            f'aria-labelledby="{name}-t {name}-d">'
        ),
        f'<title id="{name}-t">{_text(plot.title)}</title>',
        f'<desc id="{name}-d">{_text(plot.described)}</desc>',
    ]
    ticks = _ticks(*plot.span())
    for tick in ticks:
        lines += _upright("grid", _x(plot, tick), plot)
        lines.append(
            f'<text class="tick" x="{_x(plot, tick)}" y="{base + 18}" '
            f'text-anchor="{_anchor(_x(plot, tick))}">{_label(plot, tick, ticks)}</text>'
        )
    lines += _upright("zero", _x(plot, 0.0), plot)
    if plot.limit is not None:
        lines += _upright("limit", _x(plot, plot.limit), plot)
    for place, row in enumerate(plot.rows):
        lines += _row(plot, row, _TOP + _height(plot) * place)
    return "\n".join([*lines, "</svg>"])


def _anchor(x: float) -> str:
    """Where a number on the axis begins, so that none is cut at an end."""
    if x < _TICK_ROOM:
        return "start"
    return "end" if x > _WIDTH - _TICK_ROOM else "middle"


def _has_long_names(plot: Plot) -> bool:
    """Whether a name has a line of its own, with the numbers on the next."""
    return any(_columns(visible(row.label)) > _LABEL_COLUMNS for row in plot.rows)


def _height(plot: Plot) -> int:
    """How high a row is: its words, then its interval."""
    return _LINE * (2 if _has_long_names(plot) else 1) + _BAR


def _upright(kind: str, x: float, plot: Plot) -> list[str]:
    """A line through all intervals, with gaps where words stand."""
    high = _height(plot)
    words = high - _BAR + 4
    return [
        f'<line class="{kind}" x1="{x}" y1="{_TOP + high * place + words}" '
        f'x2="{x}" y2="{_TOP + high * (place + 1)}"/>'
        for place in range(len(plot.rows))
    ]


def _row(plot: Plot, row: PlotRow, top: float) -> list[str]:
    is_long = _has_long_names(plot)
    y = top + _height(plot) - _BAR / 2
    label = _shorten(row.label, _LONG_COLUMNS if is_long else _LABEL_COLUMNS)
    second = top + _LINE * (2 if is_long else 1) - 3
    start = _SIDE if row.low is None else _x(plot, row.low)
    end = _WIDTH - _SIDE if row.high is None else _x(plot, row.high)
    x = _x(plot, row.value)
    tone = row.tone or "plain"
    marks = [
        (f'<text class="label" x="0" y="{top + _LINE - 3}">{_text(label)}</text>'),
        (
            f'<text class="numbers" x="{_WIDTH}" y="{second}" text-anchor="end">'
            f"{_text(row.text)}</text>"
        ),
        f'<line class="interval {tone}" x1="{start}" y1="{y}" x2="{end}" y2="{y}"/>',
    ]
    for bound, at, way in ((row.low, start, -1), (row.high, end, 1)):
        if bound is not None:
            marks.append(
                f'<line class="interval {tone}" x1="{at}" y1="{y - 5}" '
                f'x2="{at}" y2="{y + 5}"/>'
            )
        else:  # it goes on: an arrow
            marks.append(
                f'<path class="point {tone}" d="M{at + way * 8} {y}L{at} {y - 5}'
                f'L{at} {y + 5}Z"/>'
            )
    marks.append(f'<circle class="point {tone}" cx="{x}" cy="{y}" r="5.5"/>')
    if row.expected is not None:
        e = _x(plot, row.expected)
        marks.append(
            f'<path class="expected" d="M{e} {y - 7}L{e + 6} {y}L{e} {y + 7}L{e - 6} {y}Z"/>'
        )
    return marks


def _x(plot: Plot, value: float) -> float:
    low, high = plot.span()
    room = _WIDTH - 2 * _SIDE
    return round(_SIDE + (value - low) / (high - low) * room, 2)


def _label(plot: Plot, tick: float, ticks: list[float]) -> str:
    """A number on the axis, with as many digits as its neighbours need."""
    scale, sign = _UNITS[plot.axis]
    if not tick:
        return "0"
    step = scale * (ticks[1] - ticks[0]) if len(ticks) > 1 else abs(scale * tick)
    places = max(-floor(log10(step) + 1e-9), 0)
    return f"{scale * tick:+,.{places}f}{sign}"


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers on the axis, zero among them."""
    rough = (high - low) / _TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = int(low // step) + 1, int(high // step)
    return [place * step for place in range(first, last + 1)]


def _shorten(label: str, most_columns: int) -> str:
    """The label in the room there is."""
    shown = visible(label)
    if _columns(shown) <= most_columns:
        return shown
    while _columns(shown) > most_columns - 1:
        shown = shown[:-1]
    return f"{shown}…"


def _columns(text: str) -> int:
    """The columns of a text; wide signs take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _text(text: str) -> str:
    return escape(visible(text))
