"""Address fields (RFC 5322 §3.4) and message ids: tolerant reading of what clients write."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from helpdesk.channels.email.mime import charset, header
from helpdesk.channels.email.mime.mail import Address

_ENCODED = re.compile(
    r"=\?[^?\s]{1,64}\?[bBqQ]\?(?:[^?]|\?(?!=))*?\?=(?:[ \t\r\n]*=\?[^?\s]{1,64}\?[bBqQ]\?(?:[^?]"
    r"|\?(?!=))*?\?=)*",
    re.S,
)
_HELD = re.compile("\ue000(\\d+)\ue001")
# an escaped mark outside quotes is a word of its own: were it to open something, each would search to the end
_TOKEN = re.compile(
    r'"((?:[^"\\]|\\.)*)"|\(((?:[^()\\]|\\.)*)\)|<([^<>]*)>|([,;:])|([^",;:<>()\\]+|\\["()\\]|.)', re.S
)
_BARE = re.compile(r"(?<![^\s<>,;\"()])[^\s<>,;\"()]+@[^\s<>,;\"()]+")
_ID = re.compile(r"<([^<>]*)>")
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:Z"
    r"|([+-])(\d{2}):?(\d{2}))?"
)
MAX_FIELD = 100_000
MAX_FIELDS = 200_000  # of all fields of one name
MAX_IDS = 200_000
MAX_ADDRESSES = 2_000
_JAPAN = 9 * 3600


def read_addresses(values: list[bytes], hint: str | None = None) -> tuple[Address, ...]:
    """Every address of the fields, groups opened, names decoded."""
    out: list[Address] = []
    room = MAX_FIELDS
    for value in values:
        value = value[: min(MAX_FIELD, room)]
        room -= len(value)
        out.extend(_read_field(header.raw_text(value, hint)))
        if not room or len(out) >= MAX_ADDRESSES:
            break
    return tuple(out[:MAX_ADDRESSES])


def _read_field(text: str) -> list[Address]:
    held: list[str] = []
    guess = header.may_guess(text)

    def hold(match: re.Match[str]) -> str:
        held.append(header.decode_words(match[0], guess=guess))
        return f"\ue000{len(held) - 1}\ue001"

    text = re.sub("[\ue000\ue001]", "", text)
    closed = text.rfind("?=") + 2  # a word that never ends would be searched for from every beginning
    text = _ENCODED.sub(hold, text[:closed]) + text[closed:] if closed > 1 else text
    out: list[Address] = []
    words: list[str] = []
    comments: list[str] = []
    angle: str | None = None
    named = False
    for token in _TOKEN.finditer(text):
        quoted, comment, bracket, mark, bare = token.groups("")
        if len(out) >= MAX_ADDRESSES:
            return out
        if mark in (",", ";"):
            out.extend(_address(words, comments, angle, held))
            words, comments, angle, named = [], [], None, False
        elif mark == ":":
            named = named or angle is not None or _BARE.search("".join(words)) is not None
            if named:
                words.append(mark)
            else:
                words, comments = [], []  # the name of a group
        elif bracket:
            if angle is None or "@" in bracket:
                angle = bracket
        elif comment:
            comments.append(_unquote(comment))
        elif quoted:
            words.append('"' + _unquote(quoted).replace('"', "\x01") + '"' if not bare else quoted)
        elif bare not in ("<", ">", "(", ")", '"', ""):
            words.append(_unquote(bare))
    out.extend(_address(words, comments, angle, held))
    return out


def _address(words: list[str], comments: list[str], angle: str | None, held: list[str]) -> list[Address]:
    phrase = "".join(words).strip()
    if not phrase and angle is None and not comments:
        return []
    if angle is None:
        address, phrase = _bare_address(phrase)
    else:
        address = re.sub(r"^@[^:]*:", "", angle)
        if not address.strip() and _BARE.search(phrase):
            address = _BARE.search(phrase)[0]  # type: ignore[index]
    name = _restore(phrase.replace('"', " ") if '"' in phrase else phrase, held).replace("\x01", '"')
    if not name.strip() and comments:
        name = _restore(" ".join(comments), held)
    address = re.sub(r"\s+", "", _restore(address, held)).strip("'\"<>") if address else ""
    address = _tidy(address)
    if "@" not in address and (found := re.fullmatch(r"\s*<?([^\s<>@]+@[^\s<>@]+)>?\s*", name)):
        address, name = found[1], ""
    name = _tidy(name)
    return [Address(name, address)] if address or name else []


def _bare_address(phrase: str) -> tuple[str, str]:
    if phrase.startswith('"') and re.fullmatch(r'"[^"]*"\s*@\S+', phrase):
        return phrase, ""
    tight = re.sub(r" ?([.@]) ?", r"\1", " ".join(phrase.split()))  # RFC 822 allowed blanks around the dots
    if "@" in tight and " " not in tight:
        phrase = tight
    found = _BARE.search(phrase.replace("mailto:", ""))
    if found:
        return found[0], phrase.replace("mailto:", "").replace(found[0], " ")
    return (
        ("", phrase)
        if " " in phrase or not phrase.isascii() or '"' in phrase or "\ue000" in phrase
        else (phrase, "")
    )


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.S)


def _restore(text: str, held: list[str]) -> str:
    return _HELD.sub(lambda m: held[int(m[1])] if int(m[1]) < len(held) else "", text)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", charset.clean(header.decode_words(text))).strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1].strip()
    return text[:1_000]


def read_ids(values: list[bytes], limit: int = 500) -> tuple[str, ...]:
    """Message ids without angle brackets, each once, in order; words around them are dropped."""
    out: dict[str, None] = {}
    for value in values:
        text = charset.clean(header.raw_text(value[:MAX_IDS])).replace("\n", " ")
        found = _ID.findall(text)
        if not found:
            single = " " not in text.strip()
            found = [word.strip("<>,;\"'") for word in re.split(r"[\s,;]+", text) if single or "@" in word]
        for one in found:
            one = re.sub(r"\s+", "", one)
            if one:
                out.setdefault(one[:998])
        if len(out) >= limit:
            break
    return tuple(out)[:limit]


def read_date(value: bytes | None) -> datetime | None:
    """The moment in UTC; a date without a zone counts as UTC, an unreadable one is None."""
    if not value:
        return None
    text = header.decode(value[:300])
    try:
        return _rfc_date(text) or _iso_date(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _rfc_date(text: str) -> datetime | None:
    if re.match(r"\s*\d{4}[-/]", text):
        return None
    parsed = parsedate_tz(text)
    if parsed is None or not parsed[0]:
        return None
    year, month, day, hour, minute, second = parsed[:6]
    moment = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    shift = parsed[9] or (_JAPAN if re.search(r"\bJST\b", text) else 0)
    return moment - timedelta(seconds=shift)


def _iso_date(text: str) -> datetime | None:
    match = _ISO.search(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(match[i] or 0) for i in range(1, 7))
    moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    if match[7]:
        shift = timedelta(hours=int(match[8]), minutes=int(match[9]))
        moment = moment - shift if match[7] == "+" else moment + shift
    return moment
