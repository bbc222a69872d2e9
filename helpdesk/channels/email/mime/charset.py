"""Bytes to text, the first step for every header and body: the declared charset where it fits,
the content where not.

Never raises and never yields a lone surrogate, a NUL or an undecoded escape.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

from charset_normalizer import from_bytes

from helpdesk.channels.email.mime import japanese
from helpdesk.channels.email.mime.charset_names import ALIASES

_TEXT_CODECS_ONLY = {"base64", "hex", "zlib", "bz2", "quopri", "uu", "rot13", "punycode", "idna", "undefined"}
_SINGLE_BYTE = re.compile(r"^(cp125\d|iso8859|iso8859_\d+|latin|mac_|koi8|cp874|cp8\d\d|cp437)")
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([@-DO-Q]|\(I)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_WESTERN = frozenset("ÀÁÂÄÅÆÇÈÉÊËÌÍÎÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüœŒ“”‘’„–—…•€£§°«»¿¡´·\xa0")
_BOMS = (
    (codecs.BOM_UTF8, "utf_8"),
    (codecs.BOM_UTF32_LE, "utf_32_le"),
    (codecs.BOM_UTF32_BE, "utf_32_be"),
    (codecs.BOM_UTF16_LE, "utf_16_le"),
    (codecs.BOM_UTF16_BE, "utf_16_be"),
)
_SAMPLE = 6_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the codec that read it, and whether that was a guess or left unreadable bytes."""

    text: str
    codec: str
    problem: str | None = None


def decode(
    data: bytes, declared: str | None = None, hint: str | None = None, *, guess: bool = True
) -> Decoded:
    """The text of `data`: by its declared charset if that fits, else by content (`hint`: what the
    mail uses elsewhere; `guess`: by statistics at last, which take milliseconds)."""
    bom = next(((mark, codec) for mark, codec in _BOMS if data.startswith(mark)), None)
    if bom:
        return Decoded(data[len(bom[0]) :].decode(bom[1], "replace"), bom[1])
    codec = codec_of(declared)
    if codec == "jis" or _JIS_ESCAPE.search(data):
        text, whole = japanese.decode_jis(data)
        if whole or (codec == "jis" and not _high(data)):
            return Decoded(
                text, "iso2022_jp", None if whole else "some ISO-2022-JP characters are unreadable"
            )
    if data.isascii() and codec not in ("utf_7", "hz", "utf_16", "utf_16_le", "utf_16_be", "utf_32"):
        return Decoded(data.decode("ascii"), "ascii")
    if codec and codec not in ("ascii", "jis"):
        found = _strict(data, codec)
        if found is not None and not _is_mislabelled(data, codec):
            return Decoded(found, codec)
    return _by_content(data, codec, hint, guess)


def clean(text: str) -> str:
    """Text that can be stored and shown: no NUL or other control, no lone surrogate, line ends as \\n."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


@lru_cache(maxsize=512)
def codec_of(name: str | None) -> str | None:
    """The codec for a charset name as written in mail, None for none or an unknown one."""
    if not name:
        return None
    key = re.sub(r"[^a-z0-9]", "", name.split("*")[0].lower())
    if key in ALIASES:
        return ALIASES[key] or None
    for spelling in (name, name.strip(" \t\"'").lower(), key, re.sub(r"^(?:cp|windows|ibm|x)", "cp", key)):
        try:
            codec = codecs.lookup(spelling)
        except (LookupError, ValueError, UnicodeError):
            continue
        plain = codec.name.replace("-", "_")

        if plain.split("_")[0] in _TEXT_CODECS_ONLY or not codec._is_text_encoding:
            return None
        return ALIASES.get(re.sub(r"[^a-z0-9]", "", plain)) or plain
    return None


def _strict(data: bytes, codec: str) -> str | None:
    if codec == "eucjp":
        text, clean_read = japanese.decode_euc(data)
        return text if clean_read else None
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError):
        if codec != "cp1252":
            return None
        text = data.decode("cp1252", "replace")
        if text.count("\ufffd") > 2 + len(data) // 200:
            return None
        text = "".join(c if c != "\ufffd" else chr(b) for c, b in zip(text, data, strict=True))
    return text if codec != "utf_7" or _encodable(text) else None


def _encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _is_mislabelled(data: bytes, codec: str) -> bool:
    """A single-byte charset accepts anything, so ask whether the bytes are really UTF-8 or Japanese."""
    if not _SINGLE_BYTE.match(codec):
        if codec in ("cp932", "eucjp"):
            return (
                _utf8(data) is not None
                and japanese.score(data[:_SAMPLE].decode(codec_name(codec), "ignore")) < 0.9
            )
        return False
    if _utf8(data) is not None:
        return True
    if codec != "cp1252" or _high(data) < 8:
        return False
    found = _japanese(data, 0.85)
    return found is not None and japanese.has_kana(found[0])


def codec_name(codec: str) -> str:
    """The Python codec nearest to one of our own."""
    return {"eucjp": "euc_jp", "jis": "iso2022_jp_ext"}.get(codec, codec)


def _by_content(data: bytes, declared: str | None, hint: str | None, guess: bool) -> Decoded:
    note = f"charset {declared or 'missing or unknown'} did not fit, read as {{}}"
    text = _utf8(data)
    if text is not None:
        return Decoded(text, "utf_8", note.format("UTF-8"))
    hinted = codec_of(hint)
    if hinted and hinted not in ("ascii", "jis", declared):
        text = _strict(data, hinted)
        if text is not None and not _is_mislabelled(data, hinted):
            return Decoded(text, hinted, note.format(hinted))
    if declared and declared not in ("ascii", "jis", "cp1252"):
        mostly = _mostly(data, declared)
        if mostly is not None:
            return Decoded(mostly, declared, f"some bytes are not valid {declared}")
    found = _japanese(data, 0.6)
    if found:
        return Decoded(found[0], found[1], note.format(found[1]))
    mostly = _mostly(data, "utf_8")
    if mostly is not None:
        return Decoded(mostly, "utf_8", "some bytes are not valid UTF-8")
    return _by_statistics(data, note, guess)


def _by_statistics(data: bytes, note: str, guess: bool) -> Decoded:
    if guess and len(data) >= 24 and not _is_western(data[:_SAMPLE]):
        best = from_bytes(data[:_SAMPLE], steps=3, chunk_size=512).best()
        if best is not None and best.encoding not in ("ascii", "utf_8"):
            text = _strict(data, codec_of(best.encoding) or best.encoding)
            if text is not None:
                return Decoded(text, best.encoding, note.format(best.encoding))
    return Decoded(_strict(data, "cp1252") or data.decode("latin-1"), "cp1252", note.format("cp1252"))


def _is_western(data: bytes) -> bool:
    """Some accented letters among plain ones: Western European, where statistics err on short texts."""
    foreign = [c for c in data.decode("cp1252", "replace") if c > "\x7f"]
    return len(foreign) * 4 < len(data) and all(c in _WESTERN for c in foreign)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mostly(data: bytes, codec: str) -> str | None:
    """A reading with few unreadable places (a cut or damaged character), None if there are many."""
    if codec == "eucjp":
        text = japanese.decode_euc(data)[0]
    else:
        try:
            text = data.decode(codec, "replace")
        except (UnicodeError, ValueError, LookupError):
            return None
    return text if text.count("\ufffd") * 12 <= _high(data) + 12 and _encodable(text) else None


def _japanese(data: bytes, least: float) -> tuple[str, str] | None:
    """The better of Shift_JIS and EUC-JP, if one of them reads as Japanese."""
    sample = data[:_SAMPLE]
    readings: list[tuple[float, str]] = []
    for codec in ("cp932", "eucjp"):
        text = _mostly(sample, codec)
        if text is not None:
            readings.append((japanese.score(text), codec))
    for value, codec in sorted(readings, reverse=True):
        if value >= least and (whole := _strict(data, codec)) is not None:
            return whole, codec
    return None


def _high(data: bytes) -> int:
    return len(data) - len(data.translate(None, bytes(range(128, 256))))
