"""Raw bytes to a `Mail`: the table of contents of this folder. Nothing that arrives can make it raise."""

from __future__ import annotations

import re

from helpdesk.channels.email.mime import (
    address,
    automatic,
    body,
    bounce,
    charset,
    header,
    html,
    htmltext,
    proof,
    quotes,
    reply,
    structure,
)
from helpdesk.channels.email.mime.body import Block
from helpdesk.channels.email.mime.htmltext import Line
from helpdesk.channels.email.mime.mail import Address, Mail
from helpdesk.channels.email.mime.reply import Split

_CHARSET = re.compile(rb"(?i)charset\s*=\s*[\"']?([\w.:-]{2,40})")
_ENCODED = re.compile(rb"=\?([\w.:-]{2,40})(?:\*[\w-]*)?\?[bBqQ]\?")
_DEAF = (b"us-ascii", b"ascii")
_QUOTE_MARK = re.compile(
    r"(?i)gmail_quote|yahoo_quoted|moz-cite|blockquote|divRplyFwdMsg|OutlookMessageHeader|appendonsend"
    r"|_quote"
)
MAX_SIZE = 100_000_000


def parse_mail(raw: bytes) -> Mail:
    """The mail in these bytes. Never raises: what cannot be read is named in `problems`."""
    try:
        return _parse(raw)
    except Exception as error:  # a mail must never be lost to a fault of ours: it is shown as it came
        text = charset.clean(charset.decode(raw[:200_000]).text)
        return Mail(
            text=text,
            reply=text,
            problems=(f"could not be read as a mail ({type(error).__name__}); shown as it came",),
        )


def _parse(raw: bytes) -> Mail:
    problems: list[str] = []
    if len(raw) > MAX_SIZE:
        raw = raw[:MAX_SIZE]
        problems.append("longer than 100 MB, the rest was not read")
    raw = _without_leading_lines(raw)
    hint = _hint(raw)
    root = structure.read(raw, hint, problems)
    content = body.collect(root, hint)
    problems += content.problems
    headers = root.headers
    subject = headers.text("subject", hint)
    rich = _html(content.blocks)
    text, split = _texts(content.blocks, rich, quotes.is_forward_subject(subject))
    sender = _sender(headers, hint)
    if sender is None:
        problems.append("no sender")
    found = bounce.find_bounce(root, sender, subject, text)
    machine = found is None and automatic.is_machine(root, subject)
    return Mail(
        message_id=next(iter(address.read_ids(headers.list_values("message-id"))), None),
        in_reply_to=next(iter(address.read_ids(headers.list_values("in-reply-to"))), None),
        references=address.read_ids(headers.list_values("references")),
        date=address.read_date(headers.find("date")),
        sender=sender,
        to=address.read_addresses(headers.list_values("to"), hint),
        cc=address.read_addresses(headers.list_values("cc"), hint),
        reply_to=address.read_addresses(headers.list_values("reply-to"), hint),
        subject=subject,
        text=text,
        reply=split.reply,
        quoted=split.quoted,
        html="".join(rich) if any(block.html is not None for block in content.blocks) else None,
        attachments=tuple(content.attachments),
        auto_reply=machine,
        notification=machine and not automatic.is_auto_reply(root, subject),
        bounce=found,
        list=automatic.is_list(headers),
        problems=tuple(dict.fromkeys(problems)),
        delivered_to=_delivered_to(headers),
        return_path=_return_path(headers),
        automatic_headers=automatic.list_automatic_headers(headers),
        vouched_by=proof.list_vouching(headers, sender.address) if sender else (),
    )


def _without_leading_lines(raw: bytes) -> bytes:
    """Blank lines before the header go; the blanks at the start of its first line stay."""
    blank = len(raw) - len(raw.lstrip(b" \t\r\n\x00"))
    start = max(raw.rfind(b"\n", 0, blank), raw.rfind(b"\r", 0, blank)) + 1
    return raw[start:].lstrip(b"\x00")


def _hint(raw: bytes) -> str | None:
    """The charset that this mail uses somewhere, to read what declares none."""
    for pattern in (_CHARSET, _ENCODED):
        for match in pattern.finditer(raw[:200_000]):
            if match[1].lower() not in _DEAF:
                return match[1].decode("ascii")
    return None


def _html(blocks: list[Block]) -> list[str]:
    """Every block as safe HTML; nothing to do for a mail of plain text."""
    if all(block.html is None for block in blocks):
        return ["" for _ in blocks]
    return [html.sanitise(b.html) if b.html is not None else html.from_text(b.plain or "") for b in blocks]


def _texts(blocks: list[Block], rich: list[str], forwarded: bool) -> tuple[str, Split]:
    """The whole body as text, and its split into what is new and what is quoted."""
    lines: list[Line] = []
    marked = False
    for block, cleaned in zip(blocks, rich, strict=True):
        if lines:
            lines.append(Line(""))
        if block.plain is not None and (block.plain.strip() or not block.html):
            lines.extend(Line(line) for line in block.plain.split("\n"))
            marked = marked or (block.html is not None and bool(_QUOTE_MARK.search(cleaned)))
        elif block.html is not None:
            lines.extend(htmltext.flatten(cleaned))
    split = reply.split(lines, forwarded=forwarded, rich=not any(block.plain for block in blocks))
    if marked and not split.quoted and len(blocks) == 1:
        by_html = reply.split(htmltext.flatten(rich[0]), forwarded=forwarded, rich=True)
        if by_html.quoted.strip() and by_html.reply.strip():
            split = by_html
    return htmltext.join(lines), split


def _sender(headers: header.Headers, hint: str | None) -> Address | None:
    for name in ("from", "sender", "return-path"):
        found = address.read_addresses(headers.list_values(name), hint)
        if found:
            return next((one for one in found if "@" in one.address), found[0])
    return None


def _delivered_to(headers: header.Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
    values = [value for name in names for value in headers.list_values(name)]
    return tuple(dict.fromkeys(one.address for one in address.read_addresses(values) if one.address))


def _return_path(headers: header.Headers) -> str | None:
    """The envelope sender; the empty string is `<>`, the mark of machines; None if unknown."""
    value = headers.find("return-path")
    if value is None:
        return None
    found = address.read_addresses([value])
    return found[0].address if found else ""
