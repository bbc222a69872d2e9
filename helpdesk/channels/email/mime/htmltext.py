"""Sanitised HTML to readable lines, remembering which of them a mail client marked as the quoted original."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [^\s"=<>]+(?:="[^"]*")?)*) ?/?>|([^<]+|<)')
_ATTRIBUTE = re.compile(r' ([^\s"=]+)="([^"]*)"')
_BLOCK_TEXT = (
    "address article blockquote center dd details div dl dt figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul caption"
)
_BLOCK = frozenset(_BLOCK_TEXT.split())
_SPACED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote"])
_VOID = frozenset(("br", "hr", "img", "wbr", "col"))
_CLASSES = re.compile(
    r"(?:^|\s)(?:x_)*(?:gmail_quote(?:_container)?|gmail_attr|yahoo_quoted|yahoo-quoted-begin"
    r"|moz-cite-prefix|moz-email-headers-table"
    r"|protonmail_quote|tutanota_quote|zmail_extra|freshdesk_quote|hs_reply|front-blockquote"
    r"|missive_quote|gmail_extra_quote"
    r"|moz-reply-prefix|mailbox-quote|mail-quote|isReplyContent|x_yahoo_quoted|ms-quote|quote-container"
    r"|zendesk_quote"
    r"|replyquote|nylas-quote|spark_quote|hey-quote|tb-quote|ymail_quoted|fastmail-quote"
    r"|roundcube-quote)(?:\s|$)"
)
_TO_THE_END = re.compile(
    r"(?:^|\s)(?:OutlookMessageHeader|x?_?OutlookMessageHeader|divRplyFwdMsg|x_divRplyFwdMsg"
    r"|stopSpelling|appendonsend"
    r"|reply-intro|mail-editor-reference-message-container|ms-outlook-mobile-reference-message"
    r"|lineBreakAtBeginningOfMessage_reply)(?:\s|$)"
)
_IDENTITIES = re.compile(
    r"^(?:x_)*(?:yahoo_quoted_\w+|divRplyFwdMsg|OutlookMessageHeader|reply-intro|isReplyContent)$"
)
_SIGNATURES = re.compile(
    r"(?:^|\s)(?:gmail_signature|gmail_signature_prefix|moz-signature|ms-outlook-mobile-signature"
    r"|AppleMailSignature"
    r"|protonmail_signature_block|ymail_android_signature|ymail_ios_signature|yahoo-signature"
    r"|edo-signature|acompli_signature"
    r"|x_gmail_signature|tutanota_signature)(?:\s|$)"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FORWARDED = re.compile(
    r"forwarded message|転送|weitergeleitet|transféré|reenviado|inoltrat|encaminhad|doorgestuurd",
    re.I,
)
_SPACE = re.compile(r"[ \t\n\r\f]+")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
MAX_TOKENS = 30_000

BODY, QUOTED, SIGNATURE = 0, 1, 2


@dataclass(slots=True)
class Line:
    """One line of text and what it belongs to: the body, a client's quote container or its signature
    container."""

    text: str
    kind: int = BODY


@dataclass(slots=True)
class _State:
    lines: list[Line] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    blank: bool = False
    fresh: bool = True  # the buffer ends in a space or is empty
    stack: list[tuple[str, int, bool, int]] = field(
        default_factory=list
    )  # tag, kind before, hidden before, quote depth before
    kind: int = BODY
    hidden: bool = False
    depth: int = 0
    pre: int = 0


def flatten(cleaned: str) -> list[Line]:
    """The lines a reader sees; block quotes carry `> ` as in plain text."""
    state = _State()
    for count, match in enumerate(_TOKEN.finditer(cleaned)):
        if count > MAX_TOKENS:
            _break(state)
            state.lines += _plainly(cleaned[match.start() :])
            break
        closing, tag, attributes, text = match[1], match[2], match[3], match[4]
        if text is not None:
            if not state.hidden:
                _text(state, html.unescape(text) if "&" in text else text)
        elif closing:
            _close(state, tag)
        else:
            _open(state, tag, attributes)
    _break(state)
    return _without_forwards(state.lines)


def _plainly(rest: str) -> list[Line]:
    """The end of an enormous mail: its words without the care for layout."""
    text = html.unescape(_ANY_TAG.sub("\n", rest))
    return [Line(line.strip()) for line in text.split("\n") if line.strip()]


def join(lines: list[Line]) -> str:
    """The lines as one text without blank ends."""
    return "\n".join(line.text for line in lines).strip("\n")


def _text(state: _State, text: str) -> None:
    if state.pre:
        first, *rest = text.split("\n")
        state.buffer.append(first)
        for piece in rest:
            _break(state, keep_empty=True)
            state.buffer.append(piece)
        return
    words = _SPACE.sub(" ", text)
    if state.fresh:
        words = words.lstrip(" ")
    if words:
        state.buffer.append(words)
        state.fresh = words.endswith(" ")


def _open(state: _State, tag: str, attributes: str) -> None:
    if tag in _BLOCK:
        _break(state)
        if tag in _SPACED:
            state.blank = True
    if tag in _VOID:
        _void(state, tag, attributes)
        return
    state.stack.append((tag, state.kind, state.hidden, state.depth))
    if attributes:
        _mark(state, tag, dict(_ATTRIBUTE.findall(attributes)))
    if tag == "blockquote" and not _is_indent(attributes):
        state.depth += 1
    elif tag == "pre":
        state.pre += 1
    elif tag == "li":
        state.buffer.append("* ")
        state.fresh = True


def _is_indent(attributes: str) -> bool:
    """Gmail's indent button makes the same element as its quotes, without the line at the left."""
    return "gmail_quote" in attributes and "border-left" not in attributes and "cite" not in attributes


def _void(state: _State, tag: str, attributes: str) -> None:
    if state.hidden:
        return
    if tag == "br":
        _break(state, keep_empty=True)
    elif tag == "img":
        alt = re.search(r' alt="([^"]{1,12})"', attributes)
        if alt and not html.unescape(alt[1]).isascii() and len(html.unescape(alt[1])) <= 4:
            _text(state, html.unescape(alt[1]))  # carriers and webmail send emoji as pictures


def _mark(state: _State, tag: str, attributes: dict[str, str]) -> None:
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    if _TO_THE_END.search(names):
        _to_the_end(state)
    elif _CLASSES.search(names) or _IDENTITIES.match(attributes.get("id", "")):
        if tag != "blockquote":
            state.kind = QUOTED
    elif _SIGNATURES.search(names) and state.kind == BODY:
        state.kind = SIGNATURE
    elif attributes.get("name") in ("messageReplySection", "quote"):
        state.kind = QUOTED
    if "style" in attributes and _HIDDEN.search(attributes["style"]):
        state.hidden = True


def _to_the_end(state: _State) -> None:
    """Outlook puts the original after its header block, not inside: all that follows is quoted."""
    state.kind = QUOTED
    state.stack = [(tag, QUOTED, hidden, depth) for tag, _, hidden, depth in state.stack]


def _close(state: _State, tag: str) -> None:
    if tag in _BLOCK:
        _break(state)
        if tag in _SPACED:
            state.blank = True
    if tag == "pre":
        state.pre = max(0, state.pre - 1)
    if any(entry[0] == tag for entry in state.stack[-50:]):
        while state.stack:
            opened, state.kind, state.hidden, state.depth = state.stack.pop()
            if opened == tag:
                break


def _break(state: _State, *, keep_empty: bool = False) -> None:
    text = "".join(state.buffer)
    if not state.pre:
        text = text.replace("\xa0", " ").strip(" ")
    state.buffer.clear()
    state.fresh = True
    if not text.strip() and not keep_empty:
        return
    quote = "> " * min(state.depth, 9)
    if state.blank and state.lines and state.lines[-1].text.strip("> "):
        state.lines.append(Line(quote.rstrip() if state.depth else "", state.kind))
    state.blank = False
    state.lines.append(Line((quote + text.rstrip()).rstrip(), state.kind))


def _without_forwards(lines: list[Line]) -> list[Line]:
    """Clients use one container for replies and forwards; what is forwarded is what the writer wants read."""
    start = next((i for i, line in enumerate(lines) if line.kind == QUOTED and line.text.strip("> ")), None)
    if start is not None and len(lines[start].text) < 200 and _FORWARDED.search(lines[start].text):
        for line in lines[start:]:
            line.kind = BODY
            line.text = re.sub(r"^(?:> ?)+", "", line.text)
    return lines
