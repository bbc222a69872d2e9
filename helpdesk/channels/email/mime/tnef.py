"""winmail.dat (TNEF, MS-OXTNEF): the files and the text that Outlook packs where other programs
cannot see them.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from helpdesk.channels.email.mime import charset, params
from helpdesk.channels.email.mime.mail import Attachment

_SIGNATURE = 0x223E9F78
_RENDERING, _TITLE, _DATA, _ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE, _CODEPAGE = 0x800C, 0x9003, 0x9007
_PLAIN, _HTML = 0x1000, 0x1013
_FILE_DATA, _LONG_NAME, _SHORT_NAME, _MIME_TYPE, _CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_VARIABLE = (0x1E, 0x1F, 0x102, 0x0D)
MAX_VALUES = 10_000


@dataclass(slots=True)
class Unpacked:
    """What was inside."""

    text: str = ""
    html: str | None = None
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(slots=True)
class _File:
    name: str = ""
    content: bytes = b""
    content_type: str = ""
    content_id: str | None = None


def read(data: bytes) -> Unpacked | None:
    """The content of a TNEF file, None if it is none or is damaged before anything useful."""
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        return None
    try:
        return _read(data)
    except (struct.error, IndexError, ValueError, OverflowError):
        return None


def _read(data: bytes) -> Unpacked:
    out, files, codepage = Unpacked(), list[_File](), "cp1252"
    for attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _RENDERING:
            files.append(_File())
        elif attribute == _BODY:
            out.text = out.text or _string(value, codepage)
        elif attribute == _MESSAGE:
            _message(out, value, codepage)
        elif files and attribute == _TITLE:
            files[-1].name = files[-1].name or _string(value, codepage)
        elif files and attribute == _DATA:
            files[-1].content = value
        elif files and attribute == _ATTACHMENT:
            _file(files[-1], value, codepage)
    for one in files:
        kind = one.content_type.lower() or "application/octet-stream"
        out.attachments.append(
            Attachment(
                params.file_name(one.name) or "attachment",
                kind,
                one.content,
                bool(one.content_id),
                one.content_id,
            )
        )
    return out


def _attributes(data: bytes) -> list[tuple[int, bytes]]:
    out: list[tuple[int, bytes]] = []
    position = 6
    while position + 9 <= len(data) and len(out) < MAX_VALUES:
        level, name, _, size = struct.unpack_from("<BHHI", data, position)
        if level not in (1, 2):
            break
        out.append((name, data[position + 9 : position + 9 + size]))
        position += 9 + size + 2
    return out


def _message(out: Unpacked, value: bytes, codepage: str) -> None:
    found = _properties(value)
    if _PLAIN in found:
        out.text = _property_text(found[_PLAIN], codepage) or out.text
    if _HTML in found:
        out.html = charset.clean(charset.decode(found[_HTML][1], None, codepage).text)


def _file(one: _File, value: bytes, codepage: str) -> None:
    found = _properties(value)
    name = found.get(_LONG_NAME) or found.get(_SHORT_NAME)
    if name:
        one.name = _property_text(name, codepage) or one.name
    if _FILE_DATA in found and not one.content:
        kind, content = found[_FILE_DATA]
        one.content = content[16:] if kind == 0x0D else content
    if _MIME_TYPE in found:
        one.content_type = _property_text(found[_MIME_TYPE], codepage)
    if _CONTENT_ID in found:
        one.content_id = _property_text(found[_CONTENT_ID], codepage).strip("<>") or None


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """MAPI properties by id: their type and first value."""
    out: dict[int, tuple[int, bytes]] = {}
    (count,) = struct.unpack_from("<I", data)
    position = 4
    for _ in range(min(count, MAX_VALUES)):
        if position + 4 > len(data):
            break
        kind, name = struct.unpack_from("<HH", data, position)
        position += 4
        if name >= 0x8000:
            position = _after_name(data, position)
        many, kind = bool(kind & 0x1000), kind & 0x0FFF
        values = 1
        if many or kind in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, position)
            position += 4
        for index in range(min(values, MAX_VALUES)):
            value, position = _value(data, position, kind)
            if index == 0:
                out.setdefault(name, (kind, value))
    return out


def _after_name(data: bytes, position: int) -> int:
    (by_text,) = struct.unpack_from("<I", data, position + 16)
    position += 20
    if not by_text:
        return position + 4
    size = int(struct.unpack_from("<I", data, position)[0])
    return position + 4 + size + (-size % 4)


def _value(data: bytes, position: int, kind: int) -> tuple[bytes, int]:
    if kind in _VARIABLE:
        (size,) = struct.unpack_from("<I", data, position)
        position += 4
        if position + size > len(data):
            raise ValueError("a property is longer than its file")
        return data[position : position + size], position + size + (-size % 4)
    size = _FIXED.get(kind, 4)
    return data[position : position + size], position + size


def _property_text(found: tuple[int, bytes], codepage: str) -> str:
    kind, value = found
    if kind == 0x1F:
        return charset.clean(value.decode("utf-16-le", "replace"))
    return _string(value, codepage)


def _string(value: bytes, codepage: str) -> str:
    return charset.clean(charset.decode(value.rstrip(b"\0"), codepage).text)
