"""An Outgoing becomes the bytes of a mail (RFC 5322, MIME). Pure: the same message gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from email.utils import format_datetime
from html import escape

from helpdesk.channels.email import headers
from helpdesk.channels.protocol import File, Outgoing, Person, Quote
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

MOST_REFERENCES = 21  # the first one and the newest; longer chains are cut in the middle
LONGEST_PLAIN_LINE = 900  # RFC 5322 allows 998 with the line end
LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]+")
FRAME = "font-family:sans-serif;font-size:14px;line-height:1.6"
STYLES = {
    "img": "max-width:100%;height:auto",
    "blockquote": "margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex",
    "code": "font-family:monospace",
    "pre": "font-family:monospace;white-space:pre-wrap",
    "h3": "font-size:16px;margin:1em 0 .5em",
}
CONTENT_TYPE = re.compile(r"(?!message/|multipart/)[a-z0-9.+-]+/[a-z0-9.+-]+", re.IGNORECASE)


def compose(outgoing: Outgoing, *, reply_to: str | None = None) -> bytes:
    """The whole mail with CRLF. Raises Rejected where an address makes a valid mail impossible."""
    if not outgoing.to:
        raise Rejected(_("nobody to send to: the customer has no e-mail address; add one"))
    shown = [file for file in outgoing.attachments if _is_shown(file, outgoing.html or "")]
    others = [file for file in outgoing.attachments if file not in shown]
    body = _alternative(outgoing, shown)
    if others:
        body = _multipart("mixed", outgoing, [body, *(_attachment(file) for file in others)])
    head = _head(outgoing, reply_to) + "MIME-Version: 1.0\r\n"
    return head.encode("utf-8") + body


def _is_shown(file: File, html: str) -> bool:
    return bool(file.inline and file.content_id and f'src="cid:{escape(file.content_id)}"' in html)


def _head(outgoing: Outgoing, reply_to: str | None) -> str:
    lines = [
        f"Date: {format_datetime(outgoing.date)}\r\n",
        headers.people("From", [outgoing.sender]),
        headers.people("To", outgoing.to),
        headers.people("Cc", outgoing.cc) if outgoing.cc else "",
        headers.people("Reply-To", [Person(outgoing.sender.name, reply_to)]) if reply_to else "",
        headers.ids("Message-ID", [outgoing.id]),
        headers.ids("In-Reply-To", [outgoing.in_reply_to]) if outgoing.in_reply_to else "",
        headers.ids("References", _references(outgoing)) if _references(outgoing) else "",
        headers.unstructured("Subject", outgoing.subject),
        headers.unstructured("Content-Language", outgoing.language) if outgoing.language else "",
        _automatic() if outgoing.automatic else "",
    ]
    return "".join(lines)


def _references(outgoing: Outgoing) -> list[str]:
    """The conversation's ids, oldest first, ending with the one that is answered."""
    chain = [one for one in (*outgoing.references, outgoing.in_reply_to) if one]
    unique = list(dict.fromkeys(reversed(chain)))[::-1]
    return unique if len(unique) <= MOST_REFERENCES else [unique[0], *unique[-(MOST_REFERENCES - 1) :]]


def _automatic() -> str:
    """RFC 3834, and the words that other systems listen to: nobody's machine answers this mail."""
    return "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\n"


def _alternative(outgoing: Outgoing, images: list[File]) -> bytes:
    """Plain text, and the same in HTML; pictures in the text lie beside the HTML (RFC 2387)."""
    text = outgoing.text.rstrip() + (_quoted_text(outgoing.quote) if outgoing.quote else "") + "\n"
    html = _text_part("html", html_of(outgoing))
    if images:
        html = _multipart("related", outgoing, [html, *(_attachment(file) for file in images)])
    return _multipart("alternative", outgoing, [_text_part("plain", text), html])


def _quoted_text(quote: Quote) -> str:
    words = quote.text.strip()
    if quote.forwarded:
        return f"\n\n{quote.attribution}\n{words}"
    lines = [f"> {line}".rstrip() for line in words.split("\n")]
    return "\n\n" + "\n".join([quote.attribution, *lines])


def html_of(outgoing: Outgoing) -> str:
    """The same words for a reader with HTML: paragraphs, links, the quote in a blockquote."""
    language = f' lang="{escape(outgoing.language)}"' if outgoing.language else ""
    body = formatted(outgoing.html) if outgoing.html else _paragraphs(outgoing.text)
    quote = _quoted_html(outgoing.quote) if outgoing.quote else ""
    return f"<!doctype html>\n<html{language}><body>\n{body}{quote}</body></html>\n"


def _quoted_html(quote: Quote) -> str:
    if quote.forwarded:
        return f"<p>{escape(quote.attribution)}</p>\n{_paragraphs(quote.text)}"
    return (
        f"<p>{escape(quote.attribution)}</p>\n"
        '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">\n'
        f"{_paragraphs(quote.text)}</blockquote>\n"
    )


def formatted(html: str) -> str:
    """Mail programs bring wide pictures and colossal margins of their own; a few inline styles tame them."""
    for tag, style in STYLES.items():
        html = html.replace(f"<{tag}>", f'<{tag} style="{style}">').replace(
            f"<{tag} ", f'<{tag} style="{style}" '
        )
    return f'<div style="{FRAME}">\n{html}\n</div>\n'


def _paragraphs(text: str) -> str:
    blocks = re.split(r"\n[ \t]*\n", text.strip().replace("\r\n", "\n"))
    return "".join(
        f"<p>{_linked(block).replace(chr(10), '<br>' + chr(10))}</p>\n" for block in blocks if block.strip()
    )


def _linked(text: str) -> str:
    pieces, end = [], 0
    for found in LINK.finditer(text):
        url = _without_sentence_end(found[0])
        pieces += [escape(text[end : found.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        end = found.start() + len(url)
    return "".join([*pieces, escape(text[end:])])


def _without_sentence_end(url: str) -> str:
    """The dot after a link, or the bracket around it, is not part of it."""
    while url[-1] in ".,;:!?'" or (url[-1] == ")" and url.count(")") > url.count("(")):
        url = url[:-1]
    return url


def _text_part(subtype: str, text: str) -> bytes:
    """7bit for short ASCII lines, quoted-printable for long ones, base64 for every other script."""
    text = re.sub(r"\r\n?", "\n", text).replace("\x00", "")
    content = _crlf(text.encode("utf-8", "replace"))
    kind = f"text/{subtype}; charset=utf-8"
    if not text.isascii():
        return _part(kind, "base64", _base64(content))
    if max(map(len, text.split("\n"))) > LONGEST_PLAIN_LINE:
        return _part(kind, "quoted-printable", _crlf(quopri.encodestring(text.encode())))
    return _part(kind, "7bit", content)


def _attachment(file: File) -> bytes:
    """The name in both ways of writing it: RFC 2231 for new readers, encoded words for old ones."""
    name = headers.clean(file.name) or "attachment"
    kind = file.content_type if CONTENT_TYPE.fullmatch(file.content_type) else "application/octet-stream"
    old_way = (
        f'name="{headers.encoded(name, first=8)}"'
        if not name.isascii()
        else headers.parameter("name", name)[0]
    )
    if name.isascii() and len(name) > 60:
        old_way = ";\r\n ".join(headers.parameter("name", name))
    shown = file.inline and file.content_id
    disposition = ";\r\n ".join(["inline" if shown else "attachment", *headers.parameter("filename", name)])
    more = f"Content-Disposition: {disposition}\r\n" + (
        f"Content-ID: <{headers.clean(file.content_id or '')}>\r\n" if shown else ""
    )
    return _part(f"{kind.lower()};\r\n {old_way}", "base64", _base64(file.content), more)


def _multipart(subtype: str, outgoing: Outgoing, parts: list[bytes]) -> bytes:
    digest = hashlib.sha256(f"{subtype} {outgoing.id}".encode()).hexdigest()[:32]
    boundary = f"=_{digest}"  # "=_" stands in neither base64 nor quoted-printable
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode()
    line = b"--" + boundary.encode()
    return head + b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _part(content_type: str, encoding: str, content: bytes, more: str = "") -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n{more}\r\n"
    return head.encode() + content


def _base64(content: bytes) -> bytes:
    return _crlf(base64.encodebytes(content))


def _crlf(content: bytes) -> bytes:
    return content.replace(b"\n", b"\r\n")
