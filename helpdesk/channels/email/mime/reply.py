"""What the writer wrote now: the body without the quoted original and the signature. The rest is
kept apart, not lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.channels.email.mime import headerblock, quotes, signature
from helpdesk.channels.email.mime.htmltext import BODY, QUOTED, Line

MAX_LINES = 1_500


@dataclass(frozen=True, slots=True)
class Split:
    """The new words, and all that was cut away, each in its order."""

    reply: str
    quoted: str


def split(lines: list[Line], *, forwarded: bool = False, rich: bool = False) -> Split:
    """The body's lines split in what is new and what is quoted or signature.

    `forwarded`: the subject says so, the original is what the writer wants read. `rich`: the lines come from
    HTML, where some programs put everything in a quote; then nothing is cut rather than all.
    """
    texts = [line.text.rstrip() for line in lines]
    keep = [line.kind == BODY or (forwarded and line.kind == QUOTED) for line in lines]
    end = _forward(texts, keep)
    _cut_quotes(texts, keep, end, forwarded)
    if end < len(texts):
        _drop_headers(texts, keep, end, end + 1)
    else:
        _cut_signature(texts, keep)
    kept = _text(texts, keep, True)
    if not kept.strip() and rich:
        return Split("\n".join(texts).strip("\n"), "")
    return Split(kept, _text(texts, keep, False))


def _text(texts: list[str], keep: list[bool], wanted: bool) -> str:
    out: list[str] = []
    gap = False
    for text, kept in zip(texts, keep, strict=True):
        if kept == wanted:
            if gap and out and out[-1].strip() and text.strip():
                out.append("")
            out.append(text)
            gap = False
        else:
            gap = True
    return "\n".join(out).strip("\n")


def _forward(texts: list[str], keep: list[bool]) -> int:
    """Where forwarded content begins, which is what the writer wants read; the end if there is none."""
    for index in range(min(len(texts), MAX_LINES)):
        if keep[index] and quotes.is_forward(texts[index]):
            return index
    return len(texts)


def _drop_headers(texts: list[str], keep: list[bool], start: int, index: int) -> None:
    """The marker and the header lines of a forwarded original go, its words stay."""
    first = _next_text(texts, index, len(texts))
    after = headerblock.find_block(texts, first) if first is not None else None
    _drop(keep, start, after if after is not None else index)


def _cut_quotes(texts: list[str], keep: list[bool], end: int, forwarded: bool) -> None:
    index = 0
    limit = min(end, MAX_LINES)
    while index < limit:
        after = index + 1
        if keep[index] and texts[index]:
            if _cut_block(texts, keep, index, end, forwarded):
                return
            if quotes.is_quote(texts[index]):
                keep[index] = False
                _drop_wrapped(texts, keep, index)
            elif (found := quotes.find_attribution(texts, index)) is not None:
                after = _cut_introduced(texts, keep, index, found, end)
        index = after
    for index in range(limit, end):  # far down only what is marked line by line
        keep[index] = keep[index] and not quotes.is_quote(texts[index])


def _cut_block(texts: list[str], keep: list[bool], index: int, end: int, forwarded: bool) -> bool:
    """Whether an original that goes to the end began here; one that nothing precedes loses its
    header lines only."""
    if quotes.is_original(texts[index]) and _something_above(texts, keep, index):
        _drop(keep, index, end)
        return True
    block = headerblock.find_block(texts, index)
    if block is None:
        return False
    start = headerblock.start_of(texts, index)
    if forwarded or not _something_above(texts, keep, start):
        _drop(keep, start, block)
        return forwarded
    _drop(keep, start, end)
    return True


def _cut_introduced(texts: list[str], keep: list[bool], index: int, found: tuple[int, bool], end: int) -> int:
    """Drop an introduction, with all below it if nothing marks where the original ends; the line to
    go on from."""
    following = _next_text(texts, found[0], end)
    quoted = following is not None and (quotes.is_quote(texts[following]) or not keep[following])
    if quoted:
        _drop(keep, index, found[0])
        return found[0]
    if not found[1]:
        return index + 1
    if following is None or not _something_above(texts, keep, index):
        _drop(keep, index, found[0])
        return found[0]
    _drop(keep, index, end)
    return end


def _drop_wrapped(texts: list[str], keep: list[bool], index: int) -> None:
    """The overhang of a long quoted line that was wrapped in passing, between two quoted lines."""
    if index + 2 < len(texts) and len(texts[index]) > 58 and quotes.is_quote(texts[index + 2]):
        overhang = texts[index + 1]
        if overhang[:1].islower() and len(overhang) < len(texts[index]):
            keep[index + 1] = False


def _something_above(texts: list[str], keep: list[bool], index: int) -> bool:
    return any(keep[i] and texts[i].strip() for i in range(index))


def _next_text(texts: list[str], start: int, end: int) -> int | None:
    return next((i for i in range(start, min(end, start + 4)) if texts[i].strip()), None)


def _drop(keep: list[bool], start: int, end: int) -> None:
    keep[start:end] = [False] * (end - start)


def _cut_signature(texts: list[str], keep: list[bool]) -> None:
    kept = [i for i, one in enumerate(keep) if one]
    start = signature.start_of([texts[i] for i in kept])
    for i in kept[start:]:
        keep[i] = False
