"""Formatted answers: what the editor may send, made safe, and the same words as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

import nh3

LONGEST = 1_000_000  # characters
DEEPEST = 60
TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "a", "ul", "ol", "li", "blockquote", "img", "code"}
TAGS |= {"pre", "h3"}
PLAIN = {"p", "br"}
STAGED = re.compile(r"/staged/([a-z0-9]{1,24})$")
_IMAGE = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_SOURCE = re.compile(r'(<img(?: [a-z]+="[^"]*")*? src=")([^"]*)(")')
_TAG = re.compile(r"</?([a-z][a-z0-9]*)")
_DIV = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """An image comes from the answer's own files; everything else would call home when it is read."""
    if tag == "img" and name == "src":
        found = STAGED.search(value)
        return f"/staged/{found[1]}" if found else value if value.startswith("cid:") else None
    return value


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "title", "template", "svg", "math", "iframe", "object", "xml"},
    attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    link_rel=None,
    strip_comments=True,
)


def clean(source: str) -> str:
    """The editor's HTML without anything but simple formatting; unsourced images are dropped.

    What was pasted too deeply nested loses its formatting, never its words.
    """
    source = source.replace("\x00", "")[:LONGEST]
    source = _DIV.sub(lambda found: "</p>" if found[1] else "<p>", source)
    cleaned = _CLEANER.clean(source)
    if _depth(cleaned) > DEEPEST:
        cleaned = from_text(text_of(cleaned))
    return _IMAGE.sub(lambda found: found[0] if ' src="' in found[0] else "", cleaned).strip()


def is_plain(cleaned: str) -> bool:
    """Whether nothing but lines and paragraphs is in it, so that plain text says the same."""
    return set(_TAG.findall(cleaned)) <= PLAIN


def images(cleaned: str) -> list[str]:
    """Keys of the staged files that are shown in the text."""
    found = (STAGED.search(source[2]) for source in _SOURCE.finditer(cleaned))
    return list(dict.fromkeys(one[1] for one in found if one))


def with_sources(cleaned: str, sources: dict[str, str]) -> str:
    """Image addresses exchanged: `/staged/<key>` for `cid:<id>` when it is sent, and back again."""
    return _SOURCE.sub(lambda found: found[1] + escape(sources.get(found[2], found[2])) + found[3], cleaned)


def from_text(text: str) -> str:
    """Paragraphs and lines; what the editor makes of plain text."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip("\n"))
    return "".join(
        "<p>" + escape(block, quote=False).replace("\n", "<br>") + "</p>" for block in blocks if block
    )


def text_of(cleaned: str) -> str:
    """The same words as plain text: lists with - or numbers, links as `text <address>`, quotes with >."""
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return reader.text()


def _depth(cleaned: str) -> int:
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)([a-z][a-z0-9]*)", cleaned):
        if tag[2] not in ("br", "img"):
            depth += -1 if tag[1] else 1
            deepest = max(deepest, depth)
    return deepest


@dataclass(slots=True)
class _List:
    numbered: bool
    next: int


@dataclass(slots=True)
class _Line:
    """`depth` says in how many quotes it stands."""

    text: str
    prefix: str
    depth: int


@dataclass
class _Reader(HTMLParser):
    """Lines grow in `words`; a block's end breaks them, a paragraph's leaves a blank one."""

    lines: list[_Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    depth: int = 0  # of quotes
    pre: int = 0
    blank: bool = False
    mark: str = ""  # of a list's item, until its first line is written
    link: tuple[str, int] | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._end_line(keep=True)
        elif tag == "img":
            self._say(f"[{given['alt'].strip()}]" if given.get("alt", "").strip() else "")
        elif tag == "a":
            self.link = (given.get("href", ""), len(self.words))
        elif tag == "li":
            self._end_line()
            self.mark = self._next_mark()
        elif tag in ("p", "h3", "blockquote", "pre", "ul", "ol"):
            self._open(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._end_link()
        elif tag == "li":
            self._end_line()
            self.mark = ""
        elif tag in ("p", "h3", "blockquote", "pre", "ul", "ol"):
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if self.pre:
            first, *others = data.split("\n")
            self._say(first)
            for line in others:
                self._end_line(keep=True)
                self._say(line)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        if not self.words or self.words[-1].endswith(" "):
            words = words.lstrip(" ")
        self._say(words)

    def text(self) -> str:
        self._end_line()
        return "\n".join(line.prefix + line.text for line in self.lines).strip("\n")

    def _say(self, words: str) -> None:
        if words:
            self.words.append(words)

    def _open(self, tag: str, given: dict[str, str]) -> None:
        self._end_line()
        if tag in ("ul", "ol"):
            start = given.get("start", "")
            self.blank = self.blank or not self.lists
            self.lists.append(_List(tag == "ol", int(start) if start.isdecimal() and len(start) < 7 else 1))
            return
        self.blank = self.blank or (bool(self.lines) and not self.mark)
        self.depth += tag == "blockquote"
        self.pre += tag == "pre"

    def _close(self, tag: str) -> None:
        self._end_line()
        if tag in ("ul", "ol"):
            if self.lists:
                self.lists.pop()
            self.blank = not self.lists
            return
        self.blank = self.blank or not self.lists
        self.depth = max(0, self.depth - (tag == "blockquote"))
        self.pre = max(0, self.pre - (tag == "pre"))

    def _next_mark(self) -> str:
        if not self.lists:
            return "- "
        current = self.lists[-1]
        current.next += 1
        return f"{current.next - 1}. " if current.numbered else "- "

    def _end_link(self) -> None:
        if self.link is None:
            return
        address, start = self.link
        self.link = None
        words = "".join(self.words[start:]).strip()
        if address and words not in (address, address.removeprefix("mailto:").removeprefix("tel:")):
            self._say(f" <{address}>" if words else f"<{address}>")

    def _end_line(self, *, keep: bool = False) -> None:
        text = "".join(self.words)
        text = text.rstrip() if self.pre else text.replace("\xa0", " ").strip(" ")
        self.words.clear()
        if self.link:
            self.link = (self.link[0], 0)
        if not text and not keep:
            return
        quote = "> " * self.depth
        if self.blank and self.lines and text:
            shared = min(self.depth, self.lines[-1].depth)
            self.lines.append(_Line("", ("> " * shared).rstrip(), shared))
        self.blank = False
        indent = "  " * max(0, len(self.lists) - 1) + ("" if self.mark or not self.lists else "  ")
        prefix = (quote + indent + self.mark) if text else quote.rstrip()
        self.lines.append(_Line(text, prefix, self.depth))
        self.mark = "" if text else self.mark
