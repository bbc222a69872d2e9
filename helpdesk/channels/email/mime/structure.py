"""The tree of MIME parts (RFC 2046), cut iteratively from the raw bytes so that no nesting can
exhaust the stack.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.channels.email.mime import header, params
from helpdesk.channels.email.mime.header import Headers

MAX_DEPTH = 40
MAX_PARTS = 1_000
_TYPE = re.compile(r"^[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+$")
_DELIMITER_END = re.compile(rb"(--)?[ \t]*(?:\r*\n|\r|$)")
_LINE_BREAK_BEFORE = re.compile(rb"(?:\r*\n|\r)$")
_UU_LINE = re.compile(rb"^[ -`]{1,90}$")


@dataclass(slots=True)
class Part:
    """One node: its header fields, its raw body (transfer encoding still on), and its children if it
    is a multipart."""

    headers: Headers
    raw: bytes
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    parent: str = ""
    depth: int = 0
    children: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file name, empty if none is given."""
        return params.file_name(self.disposition_params.get("filename") or self.params.get("name") or "")

    @property
    def content_id(self) -> str | None:
        """The Content-ID without its angle brackets."""
        value = header.decode(self.headers.find("content-id") or b"").strip("<> ")
        return value or None

    def content(self) -> bytes:
        """The body with its transfer encoding taken off."""
        encoding = (self.headers.find("content-transfer-encoding") or b"").strip(b" \t\";'").lower()
        return decode_transfer(self.raw, encoding.split(b";")[0].split()[0] if encoding.split() else b"")


def read(raw: bytes, hint: str | None, problems: list[str]) -> Part:
    """The tree of a whole message; what is too deep or too much stays as one undivided part, and is named."""
    root = _part(raw, 0, len(raw), "text/plain", "", 0, hint)
    count = 1
    stack = [root]
    while stack:
        part = stack.pop()
        if not part.content_type.startswith("multipart/"):
            continue
        boundary = part.params.get("boundary", "") or _guess_boundary(part.raw)
        if not boundary:
            part.content_type = "text/plain"
            problems.append("multipart without a boundary, read as text")
            continue
        if part.depth >= MAX_DEPTH or count >= MAX_PARTS:
            part.content_type = "application/octet-stream"
            problems.append("too many or too deeply nested parts; the rest is kept as one file")
            continue
        part.children = _split(part, boundary, hint, MAX_PARTS - count, problems)
        count += len(part.children)
        stack.extend(reversed(part.children))
    return root


def _part(data: bytes, start: int, end: int, default: str, parent: str, depth: int, hint: str | None) -> Part:
    headers, body = header.read_headers(data, start, end)
    kind, kind_params = params.parse(headers.find("content-type"), hint)
    disposition, disposition_params = params.parse(headers.find("content-disposition"), hint)
    return Part(
        headers=headers,
        raw=data[body:end],
        content_type=_known_type(
            kind, default, bool(disposition_params.get("filename") or kind_params.get("name"))
        ),
        params=kind_params,
        disposition=disposition,
        disposition_params=disposition_params,
        parent=parent,
        depth=depth,
    )


def _known_type(kind: str, default: str, named: bool) -> str:
    if not kind:
        return "application/octet-stream" if named and default == "text/plain" else default
    if _TYPE.match(kind):
        return kind
    if kind.startswith("multipart"):
        return "multipart/mixed"
    if kind in ("text", "text/", "plain", "text/text", "html", "text\\plain"):
        return "text/html" if kind == "html" else "text/plain"
    return "application/octet-stream" if named else default


def _split(part: Part, boundary: str, hint: str | None, room: int, problems: list[str]) -> list[Part]:
    data = part.raw
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    cuts: list[tuple[int, int]] = []
    start: int | None = None
    closed = False
    for line_start, line_end, closed in _delimiters(
        data, b"--" + boundary.rstrip().encode("utf-8", "replace")
    ):
        if start is not None:
            cuts.append((start, line_start))
        start = None if closed else line_end
        if closed or len(cuts) >= room:
            break
    if start is not None and start < len(data):
        cuts.append((start, len(data)))
    if not closed:
        problems.append("the closing boundary of a multipart is missing")
    if not cuts and not closed:
        part.content_type = "text/plain"
    return [_part(data, a, max(a, b), default, part.content_type, part.depth + 1, hint) for a, b in cuts]


def _delimiters(data: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Each boundary line: where the part before it ends, where the next begins, and whether it
    closes the multipart."""
    position = data.find(mark)
    while position >= 0:
        after = _DELIMITER_END.match(data, position + len(mark))
        if after and (position == 0 or data[position - 1] in b"\r\n"):
            before = _LINE_BREAK_BEFORE.search(data, max(0, position - 6), position)
            yield (before.start() if before else position), after.end(), bool(after[1])
        position = data.find(mark, position + len(mark))


def _guess_boundary(raw: bytes) -> str:
    match = re.search(rb"(?:^|\n)--([^\s-][^\r\n]{0,180})\r*\ncontent-", raw[:100_000], re.I)
    return match[1].decode("utf-8", "replace").rstrip(" \t") if match else ""


def decode_transfer(data: bytes, encoding: bytes) -> bytes:
    """Bytes with a Content-Transfer-Encoding taken off; unknown ones are passed through."""
    if encoding == b"base64":
        return header.decode_base64(data.strip().replace(b"\r", b"").replace(b"\n", b""))
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in (b"x-uuencode", b"uuencode", b"uue", b"x-uue"):
        return decode_uu(data)
    return data


def decode_uu(data: bytes) -> bytes:
    """The content between `begin` and `end`, or all of it where they are missing."""
    out: list[bytes] = []
    for line in data.splitlines():
        if line.startswith(b"begin "):
            out.clear()
        elif line.strip() == b"end":
            break
        elif _UU_LINE.match(line):
            try:
                out.append(binascii.a2b_uu(line))
            except binascii.Error:
                size = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders pad the line beyond its length
                try:
                    out.append(binascii.a2b_uu(line[:size]))
                except binascii.Error:
                    continue
    return b"".join(out)
