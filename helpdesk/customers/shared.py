"""Addresses that several people write from (a family, a company, a form): they say nothing of who somebody is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from helpdesk.customers.evidence import LEAST, Evidence, score
from helpdesk.customers.identify import EMAIL, list_identities, normalise
from helpdesk.customers.numbers import international
from helpdesk.customers.verified import NUMBERED, WHATSAPP, spelled
from helpdesk.errors import Invalid, NotFound
from helpdesk.i18n import lazy
from helpdesk.models import Agent, Brand, Identity, MergeSuggestion, SharedSender
from helpdesk.store.db import Unit

TOLD = {EMAIL: ("email_told",), "phone": ("phone_told", "phone")}
SHORTEST = 6  # digits of a telephone number


def exclude(unit: Unit, brand_id: int, address: str, *, by: Agent | None, kind: str = "") -> SharedSender:
    """From now on it suggests and proves nothing; what it has suggested is asked no longer. Twice is once.

    A number is the same one by voice, as SMS and on WhatsApp. `kind` where it is known of what the address is.
    Raises Invalid for what is neither an e-mail address nor a telephone number.
    """
    found = find(unit, brand_id, address, kind=kind)
    if found:
        return found
    kind, value = _read(unit, brand_id, address, kind)
    made = SharedSender(
        brand_id=brand_id, kind=kind, value=value, agent_id=by.pk if by else None, created_at=unit.now
    )
    unit.session.add(made)
    unit.session.flush()
    _withdraw(unit, made)
    unit.tell("sender_shared", brand_id)
    return made


def include(unit: Unit, sender: SharedSender) -> None:
    """It is one person's again."""
    unit.session.delete(sender)
    unit.session.flush()


def read(address: str) -> tuple[str, str]:
    """Kind and normal form of what somebody typed."""
    given = address.strip()
    local, _at, domain = given.partition("@")
    if local and "." in domain and " " not in given:
        return EMAIL, normalise(EMAIL, given)
    number = normalise("phone", given)
    if "@" not in given and len(number.lstrip("+")) >= SHORTEST:
        return "phone", number
    raise Invalid(lazy("this is neither an e-mail address nor a telephone number"), field="address")


def _read(unit: Unit, brand_id: int, address: str, kind: str) -> tuple[str, str]:
    """A number in its international form, where its country is known."""
    read_as, value = read(address)
    if read_as == EMAIL:
        return read_as, value
    whole = f"+{value.lstrip('+')}" if kind == WHATSAPP else value
    currency = unit.session.get_one(Brand, brand_id).currency
    return read_as, international(whole, currency) or value


def is_shareable(identity: Identity) -> bool:
    """A name that a provider gave somebody is one person's."""
    number = identity.kind in NUMBERED and identity.value.lstrip("+").isdecimal()
    return number or identity.kind == EMAIL


def list_shared(unit: Unit, brand_ids: Sequence[int]) -> list[tuple[SharedSender, str | None]]:
    """With who said it, newest first."""
    rows = (
        select(SharedSender, Agent.name)
        .outerjoin(Agent, col(Agent.id) == col(SharedSender.agent_id))
        .where(col(SharedSender.brand_id).in_(brand_ids))
        .order_by(col(SharedSender.id).desc())
    )
    return [(row, name) for row, name in unit.session.exec(rows)]


def get(unit: Unit, brand_ids: Sequence[int], key: str) -> SharedSender:
    found = unit.session.exec(
        select(SharedSender).where(SharedSender.key == key, col(SharedSender.brand_id).in_(brand_ids))
    ).first()
    if found is None:
        raise NotFound(lazy("this address is one person's again already; reload the page"))
    return found


def list_known(unit: Unit, customer_id: int) -> list[tuple[Identity, bool]]:
    """All that a customer is known by, and whether several people write from it."""
    known = list_identities(unit, customer_id)
    shared = among(unit, known)
    return [(one, (one.kind, one.value) in shared) for one in known]


def among(unit: Unit, identities: Sequence[Identity]) -> set[tuple[str, str]]:
    """Which of one brand's addresses several people write from: kind and value, in one question."""
    if not identities:
        return set()
    brand_id = identities[0].brand_id
    ways = {(one.kind, one.value): spelled(unit, brand_id, one.kind, one.value) for one in identities}
    values = {value for some in ways.values() for value in some}
    rows = unit.session.exec(
        select(SharedSender.kind, SharedSender.value).where(
            SharedSender.brand_id == brand_id, col(SharedSender.value).in_(values)
        )
    )
    told = set(rows)
    return {
        way
        for way, some in ways.items()
        if any((kind, one) in told for kind in _like(way[0]) for one in some)
    }


def _like(kind: str) -> Sequence[str]:
    return NUMBERED if kind in NUMBERED else (kind,)


def find(unit: Unit, brand_id: int, address: str, *, kind: str = "") -> SharedSender | None:
    """However it is spelled. Raises Invalid as `exclude` does."""
    read_as, value = _read(unit, brand_id, address, kind)
    same = spelled(unit, brand_id, read_as, value)
    return unit.session.exec(
        select(SharedSender).where(
            SharedSender.brand_id == brand_id,
            SharedSender.kind == read_as,
            col(SharedSender.value).in_(same),
        )
    ).first()


def _withdraw(unit: Unit, sender: SharedSender) -> None:
    """Open suggestions without what this address spoke for; those that are left with too little end."""
    same = spelled(unit, sender.brand_id, sender.kind, sender.value)
    waiting = unit.session.exec(
        select(MergeSuggestion).where(
            MergeSuggestion.brand_id == sender.brand_id, MergeSuggestion.state == "open"
        )
    )
    for one in waiting.all():
        left = [told for told in one.evidence if not _speaks(sender, same, told)]
        if len(left) == len(one.evidence):
            continue
        one.evidence, one.score = left, score(Evidence(**told) for told in left)
        if one.score < LEAST:
            unit.session.delete(one)


def _speaks(sender: SharedSender, same: Collection[str], told: dict[str, str]) -> bool:
    return told["kind"] in TOLD[sender.kind] and normalise(sender.kind, told["shown"]) in same
