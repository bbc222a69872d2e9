"""Header fields of an outgoing mail: encoded words (RFC 2047), folding (RFC 5322), parameters (RFC 2231).

Written by hand because the standard library's generator breaks long message ids into encoded words.
No value can end its line: control characters become spaces before anything else happens.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.header import Header
from urllib.parse import quote

from helpdesk.channels.protocol import Person
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

LINE = 76
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]+")
ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
ADDRESS = re.compile(r"[^\s<>,;:\\\"()\[\]\x00-\x1f\x7f@]+@[^\s<>,;:\\\"()\[\]\x00-\x1f\x7f@]+")
KEPT_IN_PARAMETER = "!#$&+-.^_`|~"


def clean(text: str) -> str:
    """One line without control characters."""
    return CONTROL.sub(" ", text).strip()


def unstructured(name: str, value: str) -> str:
    """`Subject: …` folded, with encoded words where it is not plain ASCII."""
    return f"{name}: {encoded(clean(value), first=len(name) + 2)}\r\n"


def encoded(value: str, *, first: int = 0) -> str:
    """Encoded words of at most 75 characters that never cut a character; ASCII stays readable."""
    plain = value.isascii() and "=?" not in value
    header = Header(
        value, "us-ascii" if plain else "utf-8", maxlinelen=LINE, header_name=" " * max(first - 2, 0) or None
    )
    return header.encode(linesep="\r\n")


def people(name: str, everyone: Iterable[Person]) -> str:
    """`To: …` with each person on a line of their own."""
    return f"{name}: " + ",\r\n ".join(mailbox(one) for one in everyone) + "\r\n"


def mailbox(person: Person) -> str:
    """`"Shop, Ltd." <a@b>`; a name that is not ASCII as encoded words."""
    address, name = valid_address(person.address), clean(person.name)
    if not name:
        return address
    if not name.isascii() or "=?" in name:
        return f"{encoded(name, first=8)}\r\n <{address}>"
    return f"{name if ATOM.fullmatch(name) else quoted(name)} <{address}>"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def valid_address(address: str) -> str:
    """The address with an ASCII domain. Raises Rejected for what a header or a server could misread."""
    address = address.strip()
    if not ADDRESS.fullmatch(address):
        raise Rejected(
            _("%(address)s is not an e-mail address; correct it", address=repr(clean(address)[:80]))
        )
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise Rejected(
            _("%(address)s has a domain that cannot exist; correct it", address=repr(address))
        ) from error


def ids(name: str, values: Iterable[str]) -> str:
    """`References: …`, one id a line, never encoded."""
    return f"{name}: " + "\r\n ".join(f"<{one}>" for one in map(message_id, values) if one) + "\r\n"


def message_id(value: str) -> str:
    """An id without brackets, with nothing in it that would end it."""
    return re.sub(r"[^\x21-\x7e]|[<>]", "", value)[:900]


def parameter(name: str, value: str) -> list[str]:
    """`name="…"`, and for other scripts the RFC 2231 form in numbered pieces."""
    value = clean(value)
    if value.isascii() and len(value) <= 60:
        return [f"{name}={quoted(value)}"]
    pieces = _pieces(quote(value, safe=KEPT_IN_PARAMETER, encoding="utf-8"), 50)
    if len(pieces) == 1:
        return [f"{name}*=utf-8''{pieces[0]}"]
    return [f"{name}*{n}*={'' if n else 'utf-8' + chr(39) * 2}{piece}" for n, piece in enumerate(pieces)]


def _pieces(escaped: str, size: int) -> list[str]:
    """Cuts between %XX groups only."""
    pieces, current = [], ""
    for group in re.findall(r"%[0-9A-F]{2}|.", escaped):
        if len(current) + len(group) > size:
            pieces.append(current)
            current = ""
        current += group
    return [*pieces, current]
