"""Which parts are the text a person reads and which are files that came along: the tree of parts to
blocks and attachments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from helpdesk.channels.email.mime import charset, flowed, header, tnef
from helpdesk.channels.email.mime.mail import Attachment
from helpdesk.channels.email.mime.structure import Part, decode_uu

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "application/pdf": ".pdf",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "text/html": ".html",
    "message/rfc822": ".eml",
    "application/zip": ".zip",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
}
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "text/rfc822-headers",
)
_UU_BLOCK = re.compile(
    rb"(?:^|\n)begin [0-7]{3,4} ([^\r\n]{1,200})\r?\n((?:[ -`]{1,90}\r?\n)+)end[ \t]*(?=\r?\n|$)"
)


@dataclass(slots=True)
class Block:
    """One piece of the visible body, in whichever forms the writer's program gave it."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Body:
    """The visible blocks in order, the files, and what had to be repaired."""

    blocks: list[Block] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hint: str | None = None


def collect(root: Part, hint: str | None) -> Body:
    """Everything readable and everything attached; forwarded mails stay whole as files."""
    body = Body(hint=hint)
    body.blocks = _blocks(root, body)
    return body


def _blocks(part: Part, body: Body) -> list[Block]:
    if part.children:
        found = [block for child in part.children for block in _blocks(child, body)]
        return _one_of(found) if part.content_type == "multipart/alternative" else found
    if part.content_type.startswith("multipart/"):
        return []
    if _is_text(part):
        return [_text_block(part, body)]
    return _attach(part, body)


def _one_of(blocks: list[Block]) -> list[Block]:
    """The forms of an alternative are the same words: the plain ones and the HTML ones make one block."""
    plain = [block.plain for block in blocks if block.plain is not None]
    rich = [block.html for block in blocks if block.html is not None]
    if not plain and not rich:
        return []
    return [Block("\n".join(plain) if plain else None, "".join(rich) if rich else None)]


def _is_text(part: Part) -> bool:
    if part.content_type not in ("text/plain", "text/html"):
        forms = ("text/enriched", "text/richtext", "text/x-amp-html")
        return (
            part.content_type in forms
            and not part.name
            and (part.depth == 0 or part.parent == "multipart/alternative")
        )
    if part.disposition.startswith("attachment"):
        return False
    named = bool(part.name)
    return (
        not named
        or part.depth == 0
        or (part.parent == "multipart/alternative" and part.disposition != "inline")
    )


def _text_block(part: Part, body: Body) -> Block:
    data = part.content()
    if part.content_type == "text/x-amp-html":
        return Block()
    if part.content_type == "text/plain" and b"begin " in data:
        data = _take_uuencoded(data, body)
    declared = part.params.get("charset")
    if part.content_type == "text/html" and not declared:
        match = _META_CHARSET.search(data[:4_000])
        declared = match[1].decode("ascii") if match else None
    decoded = charset.decode(data, declared, body.hint)
    if decoded.problem and data.strip():
        body.problems.append(decoded.problem)
    text = charset.clean(decoded.text)
    if part.content_type == "text/plain":
        if part.params.get("format", "").lower() == "flowed":
            text = flowed.unflow(text, delete_space=part.params.get("delsp", "").lower() == "yes")
        return Block(plain=text)
    if part.content_type == "text/html":
        return Block(html=text)
    return Block(plain=re.sub(r"<[^<>]{0,100}>", "", text.replace("<<", "<")))


def _take_uuencoded(data: bytes, body: Body) -> bytes:
    def take(match: re.Match[bytes]) -> bytes:
        content = decode_uu(match[2])
        if not content:
            return match[0]
        name = charset.clean(charset.decode(match[1], None, body.hint).text).strip()
        body.attachments.append(Attachment(name[:200], "application/octet-stream", content))
        return b"\n"

    return _UU_BLOCK.sub(take, data)


def _attach(part: Part, body: Body) -> list[Block]:
    content = part.content()
    if _speaks_to_machines(part):
        return []
    if (
        part.content_type in ("application/ms-tnef", "application/vnd.ms-tnef")
        or part.name.lower() == "winmail.dat"
    ):
        unpacked = tnef.read(content)
        if unpacked is not None:
            body.attachments.extend(unpacked.attachments)
            return (
                [Block(unpacked.text or None, unpacked.html)]
                if unpacked.text.strip() or unpacked.html
                else []
            )
        body.problems.append("winmail.dat could not be opened and is kept as it came")
    inline = part.disposition == "inline" or (not part.disposition and part.parent == "multipart/related")
    body.attachments.append(
        Attachment(
            name=part.name or _made_up_name(part, content),
            content_type=part.content_type,
            content=content,
            inline=inline and not part.content_type.startswith("message/"),
            content_id=part.content_id,
        )
    )
    return []


def _speaks_to_machines(part: Part) -> bool:
    """Delivery reports, and the calendar and signature forms that mail programs add to a text."""
    if part.name:
        return False
    if part.content_type == "text/calendar":
        return part.parent == "multipart/alternative"
    return part.content_type in _REPORTS or part.content_type == "application/pgp-signature"


def _made_up_name(part: Part, content: bytes) -> str:
    stem = "attachment"
    if part.content_type == "message/rfc822":
        inner, _ = header.read_headers(content[:100_000])
        stem = re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", inner.text("subject")).strip()[:80] or "message"
    return stem + _EXTENSIONS.get(part.content_type, "")
