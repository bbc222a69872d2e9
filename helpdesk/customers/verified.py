"""Proof that an address is somebody's joins at once, and can be taken back: the shop's word, or their own act there.

What proves it: a signed login in the chat, the link of a LINE account, a number that a provider knows and the shop
has confirmed, an address for which the shop vouches. A mail alone proves nothing, and an address that several people
write from never does.
"""

from __future__ import annotations

from sqlmodel import col, select

from helpdesk.customers import merge, suggest
from helpdesk.customers.identify import EMAIL, find_customer, identify, normalise
from helpdesk.customers.numbers import international, spellings
from helpdesk.models import Brand, Customer, CustomerMerge, Identity, SharedSender
from helpdesk.store.db import Unit

SHOP, PHONE, WHATSAPP = "shop", "phone", "whatsapp"
NUMBERED = (PHONE, WHATSAPP)  # kinds whose addresses are telephone numbers, as the provider knows them
LOGIN, LINE, NUMBER, WORD = "verified_login", "verified_line", "verified_phone", "verified_by_shop"
VERIFIED = "verified"  # how the reasons of such merges begin


def by_shop_name(unit: Unit, brand_id: int, user: str, *, name: str = "") -> Customer:
    """The customer whom the shop calls so, by its own id or by the e-mail address; a new one where there is none."""
    found = find_by_shop_name(unit, brand_id, user)
    return found or identify(unit, brand_id, EMAIL if "@" in user else SHOP, user, name=name)


def find_by_shop_name(unit: Unit, brand_id: int, user: str) -> Customer | None:
    found = find_customer(unit, brand_id, SHOP, user)
    if found is None and "@" in user:
        found = find_customer(unit, brand_id, EMAIL, user)
    return found


def mark_login(unit: Unit, customer: Customer, user: str) -> None:
    """Under that name the shop has vouched for them: it is proven from now on."""
    named = (SHOP, normalise(SHOP, user)), (EMAIL, normalise(EMAIL, user))
    for one in unit.session.exec(select(Identity).where(Identity.customer_id == customer.pk)):
        if (one.kind, one.value) in named:
            one.verified = True


def vouch(
    unit: Unit, customer: Customer, kind: str, address: str, *, reason: str = WORD, alone: bool = False
) -> Customer:
    """The address is this customer's for sure; who had it until now is the same person.

    Returns under whom all of it stands; of whom an agent said that they are two, each keeps what is theirs. With
    `alone` somebody who is known by other means as well keeps what is
    theirs, and only the address moves. Two accounts at the shop are never made one here.
    """
    customer, value = merge.root(unit, customer), normalise(kind, address)
    if not value or is_shared(unit, customer.brand_id, kind, value):
        return customer
    known = _hold(unit, customer.brand_id, kind, value)
    if known is None:
        known = _know(unit, customer, kind, value, address)
    elif known.customer_id != customer.pk:
        holder = unit.session.get_one(Customer, known.customer_id)
        if suggest.kept_apart(unit, holder, customer):  # an agent's word holds
            return customer
        if alone and _others(unit, holder, known):
            known.customer_id = customer.pk
            unit.session.flush()
        else:
            customer = join(unit, holder, customer, reason=reason)
            if known.customer_id != customer.pk:
                return customer
    else:
        _prove_merges(unit, customer, known, reason)
    known.verified = True
    unit.session.flush()
    customer.several_ways = customer.several_ways or len(_ways(unit, customer)) > 1
    return _by_number(unit, customer, value) if kind == PHONE else customer


def join(unit: Unit, source: Customer, target: Customer, *, reason: str) -> Customer:
    """Both are one person, proven: they stand under `target`, unless each has an account at the shop."""
    source, target = _hold_roots(unit, source, target)
    if source.pk == target.pk:
        return target
    accounts = _accounts(unit, source), _accounts(unit, target)
    if all(accounts) or suggest.kept_apart(unit, source, target):  # an agent's word holds
        return target
    if accounts[0]:
        source, target = target, source
    merge.merge(unit, source, target, by=None, reason=reason)
    unit.session.expire_all()  # rows moved under our feet
    return target


def wrote_first(unit: Unit, customer: Customer, kind: str, address: str) -> Customer:
    """Somebody whom a social channel has brought. A number of WhatsApp is theirs; who calls can show any number."""
    if customer.created_at < unit.now:  # known before, by the same address elsewhere
        customer.several_ways = True
        return customer
    if kind != WHATSAPP or not address.lstrip("+").isdecimal():
        return customer
    if own := _hold(unit, customer.brand_id, kind, normalise(kind, address)):
        own.verified = True
    return _by_confirmed(unit, customer, address)


def _by_confirmed(unit: Unit, customer: Customer, number: str) -> Customer:
    """Who has confirmed the number at the shop is the same person. One that was only typed there is a suggestion."""
    brand = unit.session.get_one(Brand, customer.brand_id)
    given = international(f"+{number.lstrip('+')}", brand.currency)
    if given is None or is_shared(unit, brand.pk, PHONE, given):
        return customer
    known = select(Identity.customer_id).where(
        Identity.brand_id == brand.pk,
        Identity.kind == PHONE,
        col(Identity.value).in_(spellings(given, brand.currency)),
        col(Identity.verified).is_(True),
        Identity.customer_id != customer.pk,
    )
    holders = set(unit.session.exec(known))
    if len(holders) != 1:  # nobody, or the shop says it of several people
        return customer
    return join(unit, customer, unit.session.get_one(Customer, holders.pop()), reason=NUMBER)


def is_shared(unit: Unit, brand_id: int, kind: str, value: str) -> bool:
    """An address that several people write from. A number is the same in all its spellings, by voice and in writing."""
    if kind not in (EMAIL, *NUMBERED):
        return False
    shared = select(SharedSender.id).where(
        SharedSender.brand_id == brand_id,
        col(SharedSender.kind).in_(NUMBERED if kind in NUMBERED else (kind,)),
        col(SharedSender.value).in_(spelled(unit, brand_id, kind, value)),
    )
    return unit.session.exec(shared).first() is not None


def spelled(unit: Unit, brand_id: int, kind: str, value: str) -> frozenset[str]:
    """An identity's value in all spellings of a number; what is none, as it stands."""
    digits = value.lstrip("+")
    if kind not in NUMBERED or not digits.isdecimal():
        return frozenset({value})
    currency = unit.session.get_one(Brand, brand_id).currency
    given = international(f"+{digits}" if kind == WHATSAPP else value, currency)
    return frozenset({value, digits, f"+{digits}"}) | (spellings(given, currency) if given else frozenset())


def find_link(unit: Unit, customer: Customer, identity: Identity) -> CustomerMerge | None:
    """The proven merge by which this address came to the customer."""
    standing = merge.list_merges(unit, customer)
    return next(
        (
            one
            for one in standing
            if one.reason.startswith(VERIFIED) and identity.pk in one.moved.get("identities", ())
        ),
        None,
    )


def _by_number(unit: Unit, customer: Customer, value: str) -> Customer:
    """Who has written from this number, by WhatsApp or SMS, is this customer."""
    brand = unit.session.get_one(Brand, customer.brand_id)
    given = international(value, brand.currency)
    if given is None:
        return customer
    written = select(Identity).where(
        Identity.brand_id == brand.pk,
        (col(Identity.kind) == WHATSAPP) & (col(Identity.value) == given.lstrip("+"))
        | (col(Identity.kind) == PHONE)
        & col(Identity.value).in_(spellings(given, brand.currency))
        & col(Identity.verified).is_(True),
        Identity.customer_id != customer.pk,
    )
    for one in unit.session.exec(written.order_by(col(Identity.id))).all():
        customer = join(unit, unit.session.get_one(Customer, one.customer_id), customer, reason=NUMBER)
    return customer


def _hold(unit: Unit, brand_id: int, kind: str, value: str) -> Identity | None:
    wanted = select(Identity).where(
        Identity.brand_id == brand_id, Identity.kind == kind, Identity.value == value
    )
    return unit.session.exec(wanted.with_for_update().execution_options(populate_existing=True)).first()


def _know(unit: Unit, customer: Customer, kind: str, value: str, shown: str) -> Identity:
    made = Identity(
        brand_id=customer.brand_id,
        customer_id=customer.pk,
        kind=kind,
        value=value,
        shown=shown[:320],
        created_at=unit.now,
    )
    unit.session.add(made)
    return made


def _prove_merges(unit: Unit, customer: Customer, identity: Identity, reason: str) -> None:
    """What an agent believed is proven now."""
    for below in merge.members(unit, customer):
        for done in merge.list_merges(unit, below):
            if identity.pk in done.moved.get("identities", ()) and not done.reason.startswith(VERIFIED):
                done.reason = reason


def _ways(unit: Unit, customer: Customer) -> set[str]:
    """Kinds of addresses that something can be written from."""
    kinds = select(Identity.kind).where(Identity.customer_id == customer.pk, Identity.kind != SHOP)
    return set(unit.session.exec(kinds.distinct()))


def _others(unit: Unit, customer: Customer, identity: Identity) -> bool:
    found = select(Identity.id).where(Identity.customer_id == customer.pk, Identity.id != identity.pk)
    return unit.session.exec(found).first() is not None


def _hold_roots(unit: Unit, source: Customer, target: Customer) -> tuple[Customer, Customer]:
    """Where both stand now, held: somebody else may have joined them meanwhile."""
    while True:
        source, target = merge.root(unit, source), merge.root(unit, target)
        merge.hold(unit, source, target)
        if source.merged_into_id is None and target.merged_into_id is None:
            return source, target


def _accounts(unit: Unit, customer: Customer) -> set[str]:
    """The names that the shop has for somebody."""
    named = select(Identity.value).where(Identity.customer_id == customer.pk, Identity.kind == SHOP)
    return set(unit.session.exec(named))
