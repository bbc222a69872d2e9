"""What speaks for two customers being one person: what they say, what they ordered, what they are called."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import col, select

from helpdesk.commerce.orders import mentioned_numbers
from helpdesk.customers.identify import EMAIL, normalise
from helpdesk.customers.numbers import international, spellings
from helpdesk.models import Brand, Customer, Identity, Message, Order, SharedSender
from helpdesk.store import search
from helpdesk.store.db import Unit
from helpdesk.store.search.tokens import fold

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
PHONE = re.compile(r"(?<!\d)(?:\+?\d[\d\-() ]{8,16}\d)(?!\d)")
NUMBERED = ("phone", "whatsapp")  # identities that are telephone numbers
WEIGHTS = {"email_told": 60, "phone_told": 60, "order_told": 50, "home": 50, "name": 30, "phone": 70}
LEAST = 50  # of 100; below it nobody is asked
LOOKED_AT = 50  # newest messages
NEW_FOR = timedelta(days=7)  # so long what others have said before is searched
ADDRESSES = 3
MOST = 20  # candidates by name: Tanaka Yuki is nobody in particular


@dataclass(frozen=True, slots=True)
class Evidence:
    """`kind` is a key of WEIGHTS; `shown` is what both have, as it stands with one of them."""

    kind: str
    shown: str

    @property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


def score(evidence: Iterable[Evidence]) -> int:
    """0 to 100: each kind once, together never certain."""
    doubt = 1.0
    for kind in {one.kind for one in evidence}:
        doubt *= 1 - WEIGHTS[kind] / 100
    return round(100 * (1 - doubt))


def gather(unit: Unit, customer: Customer) -> dict[int, list[Evidence]]:
    """Other customers of the brand with what speaks for them."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    text = _told(unit, customer)
    mails, phones = _claims(text)
    _by_identity(unit, customer, (EMAIL,), mails, "email_told", found)
    _by_identity(unit, customer, NUMBERED, _spellings(unit, customer.brand_id, phones), "phone_told", found)
    _by_identity(unit, customer, NUMBERED, _own_phones(unit, customer), "phone", found)
    _by_others_words(unit, customer, found)
    _by_order(unit, customer, text, found)
    _by_home(unit, customer, found)
    _by_name(unit, customer, found)
    found.pop(customer.pk, None)
    return dict(found)


def _told(unit: Unit, customer: Customer) -> str:
    newest = (
        select(Message.reply)
        .where(Message.customer_id == customer.pk, Message.direction == "in")
        .order_by(col(Message.id).desc())
        .limit(LOOKED_AT)
    )
    return "\n".join(unit.session.exec(newest))


def _claims(text: str) -> tuple[set[str], set[str]]:
    """Addresses and numbers that somebody names as they write; whose they are, nobody knows."""
    mails = {normalise(EMAIL, one) for one in ADDRESS.findall(text)}
    return mails, set(PHONE.findall(unicodedata.normalize("NFKC", text)))


def _spellings(unit: Unit, brand_id: int, numbers: Iterable[str]) -> set[str]:
    """Providers name the country, with or without a +; people of the country do not."""
    currency = unit.session.get_one(Brand, brand_id).currency
    whole = (international(one, currency) for one in numbers)
    return {spelled for one in whole if one for spelled in spellings(one, currency)}


def _own_phones(unit: Unit, customer: Customer) -> set[str]:
    rows = unit.session.exec(
        select(Identity.value).where(Identity.customer_id == customer.pk, col(Identity.kind).in_(NUMBERED))
    )
    numbers = (one if one.startswith(("+", "0")) else f"+{one}" for one in rows)
    return _spellings(unit, customer.brand_id, numbers)


def _by_identity(
    unit: Unit,
    customer: Customer,
    kinds: tuple[str, ...],
    values: Iterable[str],
    evidence: str,
    found: dict[int, list[Evidence]],
) -> None:
    wanted = set(values)
    if wanted:
        wanted -= _shared(unit, customer.brand_id, kinds)
    if not wanted:
        return
    rows = unit.session.exec(
        select(Identity).where(
            Identity.brand_id == customer.brand_id,
            col(Identity.kind).in_(kinds),
            col(Identity.value).in_(wanted),
        )
    )
    for one in rows:
        found[one.customer_id].append(Evidence(evidence, one.shown or one.value))


def _shared(unit: Unit, brand_id: int, kinds: tuple[str, ...]) -> set[str]:
    rows = unit.session.exec(
        select(SharedSender.value).where(SharedSender.brand_id == brand_id, col(SharedSender.kind).in_(kinds))
    )
    known = set(rows)
    return known | _spellings(unit, brand_id, known) if known and "phone" in kinds else known


def _by_others_words(unit: Unit, customer: Customer, found: dict[int, list[Evidence]]) -> None:
    """Somebody has named the address of this customer before they wrote from it themselves."""
    if unit.now - customer.created_at > NEW_FOR:
        return
    mails = set(
        unit.session.exec(
            select(Identity.value).where(Identity.customer_id == customer.pk, Identity.kind == EMAIL)
        )
    )
    mails = mails - _shared(unit, customer.brand_id, (EMAIL,)) if mails else mails
    for mail in sorted(mails)[:ADDRESSES]:
        said = search.newest(unit, search.words(mail), brand_ids=[customer.brand_id])[:LOOKED_AT]
        rows = unit.session.exec(
            select(Message.customer_id, Message.reply).where(
                col(Message.id).in_(said), Message.direction == "in", Message.customer_id != customer.pk
            )
        )
        for whose, words in rows:
            if mail in _claims(words)[0]:
                found[whose].append(Evidence("email_told", mail))


def _by_order(unit: Unit, customer: Customer, text: str, found: dict[int, list[Evidence]]) -> None:
    numbers = mentioned_numbers(text)
    if not numbers:
        return
    rows = unit.session.exec(
        select(Order).where(Order.brand_id == customer.brand_id, col(Order.number).in_(numbers))
    )
    for order in rows:
        found[order.customer_id].append(Evidence("order_told", order.number))


def _by_home(unit: Unit, customer: Customer, found: dict[int, list[Evidence]]) -> None:
    """Parcels to the same door under the same name."""
    own = list(unit.session.exec(select(Order).where(Order.customer_id == customer.pk).limit(LOOKED_AT)))
    homes = {home for one in own if (home := _home(one))}
    if not homes:
        return
    rows = unit.session.exec(
        select(Order)
        .join(Customer, col(Customer.id) == col(Order.customer_id))
        .where(
            Order.brand_id == customer.brand_id,
            Customer.name == customer.name,
            Order.customer_id != customer.pk,
        )
        .limit(LOOKED_AT)
    )
    for order in rows:
        if _home(order) in homes:
            found[order.customer_id].append(Evidence("home", str(order.address.get("postcode") or "")))


def _home(order: Order) -> tuple[str, str] | None:
    postcode, line = (str(order.address.get(name) or "") for name in ("postcode", "line"))
    return (fold(postcode), fold(line)) if postcode and line else None


def _by_name(unit: Unit, customer: Customer, found: dict[int, list[Evidence]]) -> None:
    """In whichever order the two names stand; a single name says nothing."""
    parts = customer.name.split()
    if len(parts) < 2:
        return
    spelled = {customer.name, " ".join(reversed(parts)), "".join(parts)}
    rows = unit.session.exec(
        select(Customer)
        .where(
            Customer.brand_id == customer.brand_id,
            col(Customer.name).in_(spelled),
            col(Customer.merged_into_id).is_(None),
            Customer.id != customer.pk,
        )
        .limit(MOST + 1)
    ).all()
    if len(rows) <= MOST:
        for one in rows:
            found[one.pk].append(Evidence("name", one.name))
