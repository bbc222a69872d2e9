"""People who are known twice: asked about, merged, and with an address that several people write from."""

from __future__ import annotations

from helpdesk.customers import merge, shared, suggest
from helpdesk.customers.identify import identify, list_identities
from helpdesk.models import Agent, Brand, Customer, Message, Ticket
from helpdesk.store.db import Unit
from helpdesk.tickets.open import open_ticket


def furnish(unit: Unit, brand: Brand, by: Agent) -> dict[str, str]:
    """A pair that is asked about, and one that was merged."""
    mail, line, _ticket = add_pair(unit, brand, "小川 葵")
    kept, gone, _ticket = add_pair(unit, brand, "Nora Lindqvist")
    done = merge.merge(unit, gone, kept, by=by)
    shared.exclude(unit, brand.pk, "office@company.example", by=by)
    return {
        "same_mail": mail.key,
        "same_line": line.key,
        "same_kept": kept.key,
        "same_merge": done.key,
        "same_identity": str(list_identities(unit, kept.pk)[0].pk),
    }


def add_pair(unit: Unit, brand: Brand, name: str) -> tuple[Customer, Customer, Ticket]:
    """Somebody by mail, and who names that address on LINE, with the ticket there."""
    code = f"{abs(hash(name)) % 10**9}"
    mail = identify(unit, brand.pk, "email", f"same{code}@example.jp", name=name, language="ja")
    line = identify(unit, brand.pk, "line", f"U{code}", name=" ".join(reversed(name.split())), language="en")
    mail.note, line.note, line.vip = "ギフト包装を毎回希望", "Calls only after 19:00", True
    ticket = open_ticket(unit, brand, line, channel="line", account_id=None, subject="", language="ja")
    unit.session.flush()
    words = f"same{code}@example.jp で登録しています"
    unit.session.add(
        Message(
            brand_id=brand.pk,
            ticket_id=ticket.pk,
            customer_id=line.pk,
            channel="line",
            direction="in",
            sender={"name": line.name, "address": f"U{code}"},
            text=words,
            reply=words,
            fingerprint=f"same:{code}",
            sent_at=unit.now,
            created_at=unit.now,
        )
    )
    unit.session.flush()
    suggest.look(unit, line)
    return mail, line, ticket
