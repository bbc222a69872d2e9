"""Whether a brand's colour can be seen and read: ratios as the Web Content Accessibility Guidelines count them."""

from __future__ import annotations

from dataclasses import dataclass

WHITE, SOFT, BLACK = "#ffffff", "#1c1b19", "#000000"
READABLE, VISIBLE = 4.5, 3.0


@dataclass(frozen=True, slots=True)
class Contrast:
    """`ink` is what the widget writes on the colour; `page` is the colour itself on a white page."""

    ink: str
    words: float
    page: float

    @property
    def visible(self) -> bool:
        return self.page >= VISIBLE


def contrast(colour: str) -> Contrast:
    """Of #rrggbb. The widget takes white ink where that can be read, else a dark one."""
    inks = (WHITE, SOFT, BLACK)
    ink = next((one for one in inks if ratio(colour, one) >= READABLE), BLACK)
    return Contrast(ink, round(ratio(colour, ink), 1), round(ratio(colour, WHITE), 1))


def ratio(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
