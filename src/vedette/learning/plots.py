"""Curves as SVG, written by hand: a frame, axes that are straight or logarithmic, lines, a legend. No script, no font, no colour alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 560, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 52
COLOURS = ("#0b5fa5", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#be123c", "#0e7490", "#4d7c0f")
DASHES = ("", "6 3", "2 3", "8 3 2 3")
LEGEND = 8
"""Lines that are named; more are drawn without a name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: its name and its points, in the units of the axes."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: what it shows, from where to where, and whether in powers of ten."""

    name: str
    low: float = 0.0
    high: float = 1.0
    log: bool = False

    def place(self, value: float) -> float:
        """Return where a value stands, from 0 to 1; outside values stand at the edge.

        Example:
            >>> Axis("rate", 0.001, 1.0, log=True).place(0.001)
            0.0
        """
        held = min(max(value, self.low), self.high)
        if self.log:
            return (math.log10(held) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        return (held - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Return values to write at the axis."""
        if self.log:
            first, last = round(math.log10(self.low)), round(math.log10(self.high))
            return [10.0**k for k in range(first, last + 1)]
        return [self.low + (self.high - self.low) * k / 5 for k in range(6)]


def chart(title: str, x: Axis, y: Axis, lines: Sequence[Line], *, diagonal: bool = False) -> str:
    """Return an SVG image of some lines.

    Args:
        title: stands above, and is read out.
        x: the axis below.
        y: the axis at the left.
        lines: what is drawn.
        diagonal: a thin line from corner to corner: what would be perfect.
    """
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" '
        'font-family="sans-serif" font-size="12" fill="#1f2937">'
    )
    parts = [
        head,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="14" font-weight="bold">{escape(title)}</text>',
        *_frame(x, y),
    ]
    if diagonal:
        parts.append(_path(Line("", [(x.low, y.low), (x.high, y.high)]), x, y, 'stroke="#9ca3af" stroke-width="1"'))
    for k, line in enumerate(lines):
        dash = DASHES[k // len(COLOURS) % len(DASHES)]
        style = f'stroke="{COLOURS[k % len(COLOURS)]}" stroke-width="1.8"' + (
            f' stroke-dasharray="{dash}"' if dash else ""
        )
        parts.append(_path(line, x, y, style))
        if k < LEGEND:
            at = HEIGHT - BOTTOM - 12 - 16 * (min(len(lines), LEGEND) - 1 - k)
            parts.append(f'<line x1="{WIDTH - 214}" x2="{WIDTH - 190}" y1="{at - 4}" y2="{at - 4}" {style}/>')
            parts.append(f'<text x="{WIDTH - 184}" y="{at}">{escape(line.name[:28])}</text>')
    return "\n".join((*parts, "</svg>\n"))


def _frame(x: Axis, y: Axis) -> list[str]:
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    parts = [f'<rect x="{LEFT}" y="{TOP}" width="{wide}" height="{high}" fill="none" stroke="#6b7280"/>']
    for tick in x.ticks():
        at = LEFT + wide * x.place(tick)
        parts.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{TOP + high}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{at:.1f}" y="{TOP + high + 16}" text-anchor="middle">{tick:g}</text>')
    for tick in y.ticks():
        at = TOP + high * (1 - y.place(tick))
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + wide}" y1="{at:.1f}" y2="{at:.1f}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{tick:g}</text>')
    middle = TOP + high / 2
    parts.append(f'<text x="{LEFT + wide / 2}" y="{HEIGHT - 14}" text-anchor="middle">{escape(x.name)}</text>')
    turn = f'transform="rotate(-90 16 {middle})"'
    parts.append(f'<text x="16" y="{middle}" text-anchor="middle" {turn}>{escape(y.name)}</text>')
    return parts


def _path(line: Line, x: Axis, y: Axis, style: str) -> str:
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    points = " ".join(f"{LEFT + wide * x.place(a):.1f},{TOP + high * (1 - y.place(b)):.1f}" for a, b in line.points)
    return f'<polyline fill="none" {style} points="{points}"/>'
