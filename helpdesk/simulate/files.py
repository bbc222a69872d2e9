"""What simulated customers send besides words, made here: a photograph, a sticker, a few seconds of sound."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from functools import cache

Colour = tuple[int, int, int, int]
TABLE, SHADE, BOWL, RIM, GLAZE, CRACK = (
    *((126, 108, 92, 255), (104, 88, 74, 255), (238, 232, 220, 255)),
    *((214, 204, 188, 255), (92, 122, 138, 255), (58, 44, 38, 255)),
)
CLEAR, FACE, EDGE, INK, BLUSH, DROP = (
    *((0, 0, 0, 0), (255, 214, 102, 255), (224, 168, 52, 255)),
    *((74, 52, 28, 255), (250, 160, 130, 255), (108, 176, 232, 255)),
)
RATE, SECONDS = 8_000, 3


@cache
def photograph() -> bytes:
    """A bowl on a table, seen from above, with a crack in its rim."""
    return _png(480, 360, _bowl)


@cache
def sticker() -> bytes:
    """A troubled face on nothing."""
    return _png(240, 240, _troubled)


@cache
def sound() -> bytes:
    """A WAV of a few soft tones."""
    samples = b"".join(_sample(place / RATE) for place in range(RATE * SECONDS))
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    body = b"WAVE" + head + struct.pack("<4sI", b"data", len(samples)) + samples
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _sample(at: float) -> bytes:
    """A new tone every half second, each fading."""
    tone = (392, 440, 523, 440, 349, 392)[int(at * 2) % 6]
    loud = 9_000 * math.exp(-3 * (at % 0.5))
    return struct.pack("<h", round(loud * math.sin(2 * math.pi * tone * at)))


def _bowl(x: int, y: int) -> Colour:
    away = math.hypot(x - 236, (y - 176) * 1.08)
    if away > 142:
        return SHADE if math.hypot(x - 250, (y - 194) * 1.08) < 146 else _plank(y)
    if away > 70 and abs(x - 300 - 14 * math.sin(y / 9)) < 2.2 and y < 130:
        return CRACK
    if away > 126:
        return RIM
    return GLAZE if 96 < away < 102 else BOWL


def _plank(y: int) -> Colour:
    shade = (y // 60 % 3) * 6 + (y % 60 < 2) * 14
    return TABLE[0] - shade, TABLE[1] - shade, TABLE[2] - shade, 255


def _troubled(x: int, y: int) -> Colour:
    away = math.hypot(x - 120, y - 124)
    if away > 104:
        return CLEAR
    if math.hypot(x - 182, (y - 66) * 0.8) < 15:
        return DROP
    if away > 98:
        return EDGE
    if min(math.hypot(x - 84, y - 110), math.hypot(x - 156, y - 110)) < 11:
        return INK
    if abs(math.hypot(x - 120, y - 196) - 34) < 4 and y < 182:
        return INK
    return BLUSH if min(math.hypot(x - 62, y - 142), math.hypot(x - 178, y - 142)) < 15 else FACE


def _png(width: int, height: int, colour: Callable[[int, int], Colour]) -> bytes:
    rows = (b"\0" + bytes(part for x in range(width) for part in colour(x, y)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
