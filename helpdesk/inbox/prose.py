"""A customer's plain text in pieces, so that addresses can be clickable without touching a character."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Japanese goes on right after an address without a space, so only ASCII belongs to it.
_ADDRESS = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[!#-&(-;=?-~]+")
_NOT_AT_THE_END = ".,;:!?)]}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, or a link when `href` is there. All pieces joined are the text again."""

    text: str
    href: str = ""


def pieces(text: str) -> list[Piece]:
    found: list[Piece] = []
    place = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_NOT_AT_THE_END)
        found.append(Piece(text[place : match.start()]))
        found.append(Piece(address, address))
        place = match.start() + len(address)
    found.append(Piece(text[place:]))
    return [piece for piece in found if piece.text]
