"""Drawings made on the server: shapes alone, stretched by the page; numbers stand beside them as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 1000, 200
STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Chart:
    svg: Markup
    top: int  # the value at the upper edge
    middle: int


def bars(now: Sequence[int], before: Sequence[int], labels: Sequence[str], *, title: str, text: str) -> Chart:
    """A column for each value, and the values of the period before as a line."""
    top = ceiling(max((*now, *before), default=0))
    step = WIDTH / max(1, len(now))
    shapes = [
        _grid(),
        *(
            _column(n, value, label, step, top)
            for n, (value, label) in enumerate(zip(now, labels, strict=True))
        ),
    ]
    if any(before):
        shapes.append(_line(before, step, top))
    svg = Markup(
        '<svg class="chart" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
        'aria-labelledby="ct cd">'
        '<title id="ct">{}</title><desc id="cd">{}</desc>{}</svg>'
    ).format(WIDTH, HEIGHT, title, text, Markup("").join(shapes))
    return Chart(svg, top, top // 2)


def share(value: int, most: int) -> Markup:
    """A bar beside a number in a table; the number says it all."""
    width = round(100 * value / most, 1) if most else 0
    return Markup(
        '<svg class="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="4"/></svg>'
    ).format(width)


def weeks(values: Sequence[int], *, text: str) -> Markup:
    """Small columns without an axis: how it went, the newest last; `text` says the same."""
    top, step = max((*values, 1)), 100 / max(1, len(values))
    shapes = (
        Markup('<rect x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/>').format(
            n * step, 28 - max(1.5, 28 * value / top), step * 0.72, max(1.5, 28 * value / top)
        )
        for n, value in enumerate(values)
    )
    return Markup('<svg class="weeks" viewBox="0 0 100 28" role="img" aria-label="{}">{}</svg>').format(
        text, Markup("").join(shapes)
    )


def ceiling(value: int) -> int:
    """The next round even number: 2, 4, 10, 20, 40, 100 …"""
    size = 2
    while True:
        for step in STEPS:
            if size * step >= value:
                return size * step
        size *= 10


def _column(place: int, value: int, label: str, step: float, top: int) -> Markup:
    """Its pale background is as high as the chart, so that a mouse finds also small values."""
    x, width = place * step + step * 0.14, step * 0.72
    height = HEIGHT * value / top
    return Markup(
        '<g class="column"><title>{}</title><rect class="hit" x="{:.2f}" y="0" width="{:.2f}" height="{}"/>'
        '<rect class="bar" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/></g>'
    ).format(escape(label), place * step, step, HEIGHT, x, HEIGHT - height, width, height)


def _line(values: Sequence[int], step: float, top: int) -> Markup:
    points = " ".join(
        f"{n * step + step / 2:.1f},{HEIGHT - HEIGHT * value / top:.1f}" for n, value in enumerate(values)
    )
    return Markup('<polyline class="before" points="{}" vector-effect="non-scaling-stroke"/>').format(points)


def _grid() -> Markup:
    line = Markup('<line class="grid" x1="0" x2="{}" y1="{}" y2="{}" vector-effect="non-scaling-stroke"/>')
    return Markup("").join(line.format(WIDTH, y, y) for y in (0, HEIGHT / 2, HEIGHT))
