"""Plain text in pieces, so that addresses and mentions stand out without touching a character."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from helpdesk.tickets import mention

# Japanese goes on right after an address without a space, so only ASCII belongs to it.
_ADDRESS = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[!#-&(-;=?-~]+")
_NOT_AT_THE_END = ".,;:!?)]}"


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, a link when `href` is there, or the name of a called colleague. All pieces joined are the text again."""

    text: str
    href: str = ""
    mention: bool = False


def pieces(text: str, names: Sequence[str] = ()) -> list[Piece]:
    """`names` are those of agents whose mention stands out."""
    found: list[Piece] = []
    place = 0
    for match in _ADDRESS.finditer(text):
        address = match.group().rstrip(_NOT_AT_THE_END)
        found += _called(text[place : match.start()], names)
        found.append(Piece(address, address))
        place = match.start() + len(address)
    found += _called(text[place:], names)
    return [piece for piece in found if piece.text]


def _called(text: str, names: Sequence[str]) -> Iterable[Piece]:
    place = 0
    for hit in mention.find(text, names) if names else ():
        yield Piece(text[place : hit.start])
        yield Piece(text[hit.start : hit.end], mention=True)
        place = hit.end
    yield Piece(text[place:])
