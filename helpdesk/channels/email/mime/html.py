"""Mail HTML made safe to show (nh3), before it is stored, shown or turned into text.

Remote images are blocked in what leaves here: their address waits in `data-remote-src` until
`show_remote` puts it back.
Images of the mail itself (`cid:`) and small embedded ones (`data:image/…`) stay.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

import nh3

_TAGS_TEXT = (
    "a abbr address article b bdi bdo big blockquote br caption center cite code col colgroup dd del "
    "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd "
    "li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup "
    "table tbody td tfoot th thead time tr tt u ul var wbr"
)
_TAGS = set(_TAGS_TEXT.split())
_DROPPED_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "noembed",
    "xml",
}
_ATTRIBUTES = {
    "*": {"align", "class", "dir", "id", "lang", "style", "title", "valign", "name"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "blockquote": {"type"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing", "bgcolor", "width"},
    "td": {"colspan", "rowspan", "bgcolor", "width"},
    "th": {"colspan", "rowspan", "bgcolor", "width"},
    "tr": {"bgcolor"},
    "ol": {"start", "type"},
    "li": {"value"},
    "col": {"span"},
}
# neither width nor position: a mail must not draw over the page around it
_STYLES_TEXT = (
    "background-color border border-bottom border-collapse border-color border-left border-radius "
    "border-right border-spacing border-style border-top border-width color direction display font "
    "font-family font-size font-style font-variant font-weight letter-spacing line-height list-style- "
    "type margin margin-bottom margin-left margin-right margin-top padding padding-bottom padding-left "
    "padding-right padding-top text-align text-decoration text-indent text-transform vertical-align "
    "visibility white-space word-break overflow-wrap"
)
_STYLES = set(_STYLES_TEXT.split())
_VOID_TEXT = (
    "area base br col embed hr img input link meta source track wbr p li td tr th dt dd option tbody thead"
)
_VOID = set(_VOID_TEXT.split())
_FORMATS = frozenset(
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"]
)
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})([^<>]{0,4000})>")
_IMAGE = re.compile(r'<img((?: [\w:-]+="[^"]*")*)>')
_SOURCE = re.compile(r' src="([^"]*)"')
_WAITING = re.compile(r'(<img(?: [\w:-]+="[^"]*")*?) data-remote-src="([^"]*)"')
# a link may leave the page, not act within it
_FOREIGN_LINK = re.compile(r' href="(?!\s*(?:https?:|mailto:|tel:))[^"]*"', re.I)
# `&`, and the characters whose first byte is that of a hard blank; cut before one, as `&amp;` must stay whole
_CROWD = re.compile(r"(?:[&\x80-\xbf][^<>&\x80-\xbf]*+){1,500}+")
_CROWDING = re.compile(r"[&\x80-\xbf]")
MAX_CROWD = 500
MAX_NESTING = 200
MAX_RESTORED = 100_000
MAX_LENGTH = 4_000_000
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    filter_style_properties=_STYLES,
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)


def sanitise(source: str) -> str:
    """HTML without anything that runs, loads, navigates or covers; remote images marked and not loaded."""
    cleaned = _CLEANER.clean(_part_crowds(_flatten_nesting(source[:MAX_LENGTH])))
    return _FOREIGN_LINK.sub("", _IMAGE.sub(_block, cleaned))


def _block(match: re.Match[str]) -> str:
    attributes = match[1]
    source = _SOURCE.search(attributes)
    if source is None:
        return match[0]
    address = source[1].strip()
    if address.lower().startswith("cid:") or re.match(
        r"data:image/(?:png|gif|jpe?g|webp);base64,", address, re.I
    ):
        return match[0]
    waiting = f' data-remote-src="{address}"' if re.match(r"(?:https?:)?//", address, re.I) else ""
    return f"<img{attributes.replace(source[0], waiting, 1)}>"


def show_remote(cleaned: str) -> str:
    """Sanitised HTML with its remote images allowed, for the reader who asked for them."""
    return _WAITING.sub(r'\1 src="\2"', cleaned)


def has_remote(cleaned: str) -> bool:
    """Whether sanitised HTML holds remote images that wait for permission."""
    return _WAITING.search(cleaned) is not None


def from_text(text: str) -> str:
    """Plain text as HTML, for mails that mix both kinds of parts."""
    return "<p>" + html.escape(text.strip("\n")).replace("\n", "<br>") + "</p>"


def _part_crowds(source: str) -> str:
    """Comments, which are dropped later, part a text full of `&` and hard blanks: the cleaner's time grows
    with the square of how many stand in one piece."""
    if len(source) <= MAX_CROWD:
        return source

    def part(match: re.Match[str]) -> str:
        return match[0] + "<!---->" if _CROWDING.match(source, match.end()) else match[0]

    return _CROWD.sub(part, source)


def _flatten_nesting(source: str) -> str:
    """Tags nested too deep are dropped (their text stays): a parser's time grows with the square of
    the depth."""
    if source.count("<") <= MAX_NESTING:
        return source
    return _OPENING.sub(_Nesting().weigh, source)


@dataclass(slots=True)
class _Nesting:
    """What is open while the tags go by."""

    depth: int = 0
    dropped: int = 0
    formats: list[str] = field(default_factory=list)
    restored: int = 0

    def weigh(self, match: re.Match[str]) -> str:
        """The tag as it may stay: itself, nothing, or itself after the end of all formatting."""
        name = match[2].lower()
        ending = self._end_formats(name)
        if name in _VOID or match[3].endswith("/"):
            return ending + match[0]
        if match[1]:
            if self.dropped:
                self.dropped -= 1
                return ending
            self.depth = max(0, self.depth - 1)
            if name in self.formats:
                self.formats.remove(name)
        elif self.depth >= MAX_NESTING:
            self.dropped += 1
            return ending
        else:
            self.depth += 1
            if name in _FORMATS:
                self.formats.append(name)
        return ending + match[0]

    def _end_formats(self, name: str) -> str:
        """Formatting left open is made anew in every block that follows; a few blocks' worth is enough."""
        if not self.formats or name in _FORMATS:
            return ""
        self.restored += len(self.formats)
        if self.restored <= MAX_RESTORED:
            return ""
        ending = "".join(f"</{one}>" for one in reversed(self.formats))
        self.formats.clear()
        return ending
