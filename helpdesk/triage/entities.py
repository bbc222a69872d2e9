"""All that a text names: orders, parcels, addresses, telephone numbers, goods. Pure; for linking and for showing.

Nothing here is proven: an order is one only if the shop has it, an address belongs to nobody until somebody says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from helpdesk.commerce import order_numbers, parcel_numbers
from helpdesk.commerce.order_numbers import Shape
from helpdesk.commerce.parcel_numbers import ParcelNumber
from helpdesk.commerce.spelling import CONSIDERED, plain
from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.customers.numbers import international
from helpdesk.triage import goods
from helpdesk.triage.goods import Catalogue, Named

ADDRESS = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+%-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![\w-])",
    re.ASCII,
)
TELEPHONE = re.compile(r"(?<![0-9A-Z@-])\+?[0-9(][0-9() -]{8,18}[0-9](?![0-9A-Z@]|-[0-9])")
HOME = re.compile(r"0[5789]0[0-9]{8}|0120[0-9]{6}|0800[0-9]{7}|0[1-9][0-9]{8}")  # Japan: mobile, free, fixed
GROUPED = re.compile(r"[() -]")
MOST = 12


@dataclass(frozen=True, slots=True)
class Entities:
    """In text order, without repeats. `orders` as the shop writes them, `phones` as E.164, `emails` in lower case."""

    orders: tuple[str, ...] = ()
    parcels: tuple[ParcelNumber, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    goods: Named = field(default_factory=Named)


def read(
    text: str,
    *,
    shapes: Iterable[Shape] = (),
    catalogue: Catalogue | None = None,
    currency: str = "JPY",
) -> Entities:
    """Total: any text gives an answer. `currency` says in which country a number without its country is dialled."""
    parcels = tuple(parcel_numbers.find(text))
    return Entities(
        orders=tuple(order_numbers.find(text, shapes)),
        parcels=parcels,
        emails=emails(text),
        phones=phones(text, currency, besides={one.number for one in parcels if one.checked}),
        goods=goods.find(text, catalogue or Catalogue()),
    )


def emails(text: str) -> tuple[str, ...]:
    said = plain(text[:CONSIDERED])
    return tuple(dict.fromkeys(normalise(EMAIL, one.rstrip(".")) for one in ADDRESS.findall(said)))[:MOST]


def phones(text: str, currency: str, *, besides: Iterable[str] = ()) -> tuple[str, ...]:
    """Telephone numbers, but no parcels `besides`: a bare row of digits is one only where it is dialled like that."""
    said, parcels = plain(text[:CONSIDERED]), set(besides)
    found: dict[str, None] = {}
    for written in TELEPHONE.findall(said):
        whole = international(written, currency) if _is_dialled(written, currency) else None
        if whole and re.sub("[^0-9]", "", written) not in parcels:
            found[whole] = None
    return tuple(found)[:MOST]


def _is_dialled(written: str, currency: str) -> bool:
    digits = re.sub("[^0-9]", "", written)
    if written.startswith("+"):
        return True
    if currency == "JPY":
        return HOME.fullmatch(digits) is not None
    return len(digits) in (10, 11) and GROUPED.search(written.strip()) is not None
