"""Small pictures drawn here: what a customer's phone would have sent of a dented box."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 240, 180
WOOD, PAPER, CRACK, TABLE = (205, 170, 125), (232, 222, 205), (70, 45, 30), (120, 128, 122)


def photo(rng: Random) -> bytes:
    """A PNG: a board on a table with a crack running through it."""
    left, top = rng.randint(20, 50), rng.randint(20, 40)
    right, bottom = WIDTH - rng.randint(20, 60), HEIGHT - rng.randint(15, 40)
    wood, crack = rng.choice((WOOD, PAPER)), rng.randint(left + 30, right - 30)
    rows = []
    for y in range(HEIGHT):
        if top <= y <= bottom:
            crack = min(max(crack + rng.randint(-2, 2), left + 4), right - 4)
        rows.append(b"\0" + _row(y, left, top, right, bottom, wood, crack))
    return _png(b"".join(rows))


def _row(
    y: int, left: int, top: int, right: int, bottom: int, wood: tuple[int, int, int], crack: int
) -> bytes:
    table = _shaded(TABLE, (y * 30) // HEIGHT)
    if not top <= y <= bottom:
        return table * WIDTH
    board = _shaded(wood, y // 17 % 3 * 7)
    before, after = crack - left, right - crack - 3
    return table * left + board * before + bytes(CRACK) * 3 + board * after + table * (WIDTH - right)


def _shaded(colour: tuple[int, int, int], shade: int) -> bytes:
    return bytes(max(0, channel - shade) for channel in colour)


def _png(pixels: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(pixels, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
