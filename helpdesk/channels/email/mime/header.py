"""The header block: raw bytes to fields, and one field's bytes to readable text (RFC 5322, 2047, and
what breaks them).
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from helpdesk.channels.email.mime import charset

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:(.*)$", re.S)
_LINE_END = re.compile(rb"\r*\n|\r")
_FOLD = re.compile(rb"(?:\r*\n|\r)+(?=[ \t])")
_WORD = re.compile(r"=\?([^?\s*]{0,64})(?:\*[^?\s]*)?\s?\?([bBqQ])\?((?:[^?]|\?(?!=))*?)(?:\?=|$)", re.S)
_BLANK = re.compile(rb"\n\r*\n|\r\r(?!\n)")
_KNOWN = re.compile(
    rb"(?im)(?:^|\r)(?:content-type|mime-version|from|to|subject|date|message-id|received|x-[\w-]{2,40}):"
)
_SPACES = re.compile(r"[ \t\r\n]+")
MAX_FIELDS = 2_000
MAX_BLOCK = 1_000_000
MAX_STRAY = 50
MAX_GUESSED = 100  # encoded words of a field that may be read by statistics, which take long


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one part in their order, names in lower case, values still bytes without line ends."""

    fields: tuple[tuple[str, bytes], ...]

    def find(self, name: str) -> bytes | None:
        """The first field of this name, None if there is none."""
        return next((value for key, value in self.fields if key == name), None)

    def list_values(self, name: str) -> list[bytes]:
        """Every field of this name, in order."""
        return [value for key, value in self.fields if key == name]

    def text(self, name: str, hint: str | None = None) -> str:
        """The decoded first field of this name, empty if there is none."""
        value = self.find(name)
        return decode(value, hint) if value is not None else ""


def read_headers(data: bytes, start: int = 0, end: int | None = None) -> tuple[Headers, int]:
    """The fields that begin at `start`, and where the body begins; a stray line between fields is
    passed over."""
    end = len(data) if end is None else end
    limit = min(end, start + MAX_BLOCK)
    fields: list[tuple[str, bytes]] = []
    position, stray = start, 0
    last_known: int | None = None  # looked for once a block: a search for each stray line takes minutes
    while position < limit:
        line_end = _end_of_line(data, position, limit)
        line = data[position : line_end[0]]
        if not line.strip(b" \t\r"):
            return Headers(tuple(fields)), line_end[1]
        line_end = _end_of_field(data, line_end, limit)
        match = _FIELD.match(data[position : line_end[0]])
        if match and len(fields) < MAX_FIELDS:
            fields.append((match[1].decode("ascii").lower(), _FOLD.sub(b"", match[2]).strip()))
        elif not match:
            stray += 1
            if last_known is None:
                last_known = _last_known_field(data, line_end[1], limit)
            more = bool(fields) and line_end[1] <= last_known
            if stray > MAX_STRAY or not _is_passed_over(data[position : line_end[1]], more):
                return Headers(tuple(fields)), position
        position = line_end[1]
    return Headers(tuple(fields)), min(position, end)


def _end_of_line(data: bytes, position: int, limit: int) -> tuple[int, int]:
    match = _LINE_END.search(data, position, limit)
    return (match.start(), match.end()) if match else (limit, limit)


def _end_of_field(data: bytes, line_end: tuple[int, int], limit: int) -> tuple[int, int]:
    while line_end[1] < limit and data[line_end[1]] in b" \t":
        following = _end_of_line(data, line_end[1], limit)
        if not data[line_end[1] : following[0]].strip():
            break  # a line of blanks ends the block, as receiving systems see it
        line_end = following
    return line_end


def _last_known_field(data: bytes, position: int, limit: int) -> int:
    """Where the last well-known field before the next blank line begins, -1 if none does."""
    blank = _BLANK.search(data, position, limit)
    found = -1
    for match in _KNOWN.finditer(data, position, blank.start() + 1 if blank else limit):
        found = match.start()
    return found


def _is_passed_over(line: bytes, more: bool) -> bool:
    return line.startswith((b"From ", b">From ")) or (more and len(line) <= 998)


def decode(value: bytes, hint: str | None = None) -> str:
    """The readable text of one field: encoded words joined and decoded, raw 8-bit read by content."""
    if value.isascii() and b"=?" not in value and b"\x1b" not in value:
        return charset.clean(_SPACES.sub(" ", value.decode("ascii"))).strip()
    return _finish(decode_words(raw_text(value, hint)))


def raw_text(value: bytes, hint: str | None = None) -> str:
    """A field's bytes as characters, encoded words left as they are."""
    return charset.decode(value, None, hint).text


def decode_words(text: str, *, guess: bool = True) -> str:
    """Encoded words replaced by what they say; neighbours of one charset are joined first, as
    clients cut anywhere."""
    for _ in range(2):  # some gateways encode what was already encoded
        if "=?" not in text:
            break
        text = _decode_words_once(text, guess and may_guess(text))
    return text


def may_guess(text: str) -> bool:
    """Whether so few encoded words stand in a field that each may be looked at closely."""
    return text.count("=?") <= MAX_GUESSED


def _decode_words_once(text: str, guess: bool) -> str:
    out: list[str] = []
    run: list[tuple[str, str, str]] = []
    position = 0
    for match in _WORD.finditer(text):
        between = text[position : match.start()]
        if between.strip():
            out.append(_decode_run(run, guess))
            run = []
            out.append(between)
        elif not run:
            out.append(between)
        run.append((match[1].lower(), match[2].lower(), match[3]))
        position = match.end()
    out.append(_decode_run(run, guess))
    out.append(text[position:])
    return "".join(out)


def _decode_run(run: list[tuple[str, str, str]], guess: bool) -> str:
    out: list[str] = []
    index = 0
    while index < len(run):
        last = index
        while last + 1 < len(run) and run[last + 1][0] == run[index][0]:
            last += 1
        out.append(_decode_group(run[index : last + 1], guess))
        index = last + 1
    return "".join(out)


def _decode_group(words: list[tuple[str, str, str]], guess: bool) -> str:
    name = words[0][0]
    chunks = [_word_bytes(encoding, payload) for _, encoding, payload in words]
    if len(words) > 1 and any(e == "b" and len(p.rstrip("=")) % 4 == 1 for _, e, p in words[:-1]):
        chunks = [
            _word_bytes("b", "".join(p for _, _, p in words))
        ]  # the base64 itself was cut, not the text
    joined = charset.decode(b"".join(chunks), name, guess=guess)
    if joined.problem and 1 < len(chunks) <= MAX_GUESSED:
        apart = [charset.decode(chunk, name) for chunk in chunks]
        if not any(one.problem for one in apart):
            return "".join(one.text for one in apart)
    return joined.text


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding == "q":
        return binascii.a2b_qp(data.replace(b"\r", b"").replace(b"\n", b""), header=True)
    return decode_base64(data)


def decode_base64(data: bytes) -> bytes:
    """What can be read of base64: foreign characters, missing padding and padding in the middle are
    forgiven."""
    try:
        return binascii.a2b_base64(data, strict_mode=True)
    except binascii.Error:
        pass
    out: list[bytes] = []
    for piece in re.split(rb"=+", re.sub(rb"[^A-Za-z0-9+/=]", b"", data)):
        whole = piece[: len(piece) - 1] if len(piece) % 4 == 1 else piece
        out.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(out)


def _finish(text: str) -> str:
    return _SPACES.sub(" ", charset.clean(text)).strip()
