"""Content-Type and Content-Disposition: the value and its parameters (RFC 2045, 2183, 2231) as
clients really write them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from helpdesk.channels.email.mime import charset, header

_PARAMETER = re.compile(
    r"(?<![A-Za-z0-9_.*-])([A-Za-z0-9_.*-]{1,80})\s*=\s*(?:\"((?:[^\"\\]|\\.)*)(?:\"|$)|'([^';]*)'(?=\s*(?:;|$))"
    r"|((?:[^;\"]|(?<=\S)\")*))",
    re.S,
)
_SECTION = re.compile(r"^(.+?)\*(?:(\d{1,4})(\*)?)?$")
_ENCODED = re.compile(r"^([\w.:()-]*)'([\w-]*)'(.*)$", re.S)
_UNSAFE = re.compile('[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff/\\\\:*?"<>|\n\r\t]')
MAX_VALUE = 20_000


def parse(value: bytes | None, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """The main value in lower case and the parameters, names in lower case, values decoded."""
    if not value:
        return "", {}
    text = header.raw_text(value[:MAX_VALUE], hint)
    main, _, rest = text.partition(";")
    if "=" in main and "/" not in main.split("=")[0]:
        main, rest = "", text
    pairs: list[tuple[str, str]] = []
    for match in _PARAMETER.finditer(rest):
        quoted, single, bare = match[2], match[3], match[4]
        if quoted is not None:
            raw = re.sub(r'\\(["\\])', r"\1", quoted)
        else:
            raw = single if single is not None else (bare or "").strip()
        pairs.append((match[1].lower(), raw))
    main = re.sub(r"\s+|\(.*?\)", "", main[:300]).lower()
    return main, _join(pairs, hint)


def _join(pairs: list[tuple[str, str]], hint: str | None) -> dict[str, str]:
    out: dict[str, str] = {}
    sections: dict[str, list[tuple[int, bool, str]]] = {}
    for name, raw in pairs:
        match = _SECTION.match(name)
        if match:
            number = int(match[2] or 0)
            encoded = match[2] is None or bool(match[3])
            sections.setdefault(match[1], []).append((number, encoded, raw))
        else:
            out.setdefault(name, charset.clean(header.decode_words(raw)))
    for name, parts in sections.items():
        extended = _continued(parts, hint)
        if extended:
            out[name] = extended
    return out


def _continued(parts: list[tuple[int, bool, str]], hint: str | None) -> str:
    parts = sorted(parts, key=lambda part: part[0])
    declared: str | None = None
    if parts[0][1]:
        match = _ENCODED.match(parts[0][2])
        if match:
            declared = match[1] or None
            parts[0] = (parts[0][0], True, match[3])
    if not any(encoded for _, encoded, _ in parts):
        return charset.clean(header.decode_words("".join(raw for _, _, raw in parts)))
    data = b"".join(
        unquote_to_bytes(raw.encode("utf-8", "replace"))
        if encoded
        else raw.encode(_codec(declared), "replace")
        for _, encoded, raw in parts
    )
    text = charset.decode(data, declared, hint).text
    return charset.clean(header.decode_words(text))


def _codec(declared: str | None) -> str:
    return charset.codec_name(charset.codec_of(declared) or "utf_8")


def file_name(name: str) -> str:
    """A name safe to show and to save under: the last part of a path, no control or direction marks."""
    name = charset.clean(name).replace("\t", " ").strip()
    if re.match(r"^(?:[A-Za-z]:\\|\\\\|\.{0,2}/|\.\.\\)", name):
        name = re.split(r"[\\/]", name)[-1]
    return _UNSAFE.sub(lambda m: "_" if m[0] in '/\\:*?"<>|' else "", name).strip()[:200]
