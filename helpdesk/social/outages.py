"""Whoever looks after accounts hears that one fails, and that it works again, without opening its page.

What lasts a moment alone is not told. Looked at again and again in the background, by whatever it was that broke.
"""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from helpdesk import i18n
from helpdesk.channels.names import NAMES
from helpdesk.i18n import gettext as _
from helpdesk.models import AccountDuty, Brand, ChannelAccount
from helpdesk.people import sign_in
from helpdesk.people.colleagues import list_colleagues
from helpdesk.people.notify import notify_of
from helpdesk.social import duties, health
from helpdesk.social.health import Health
from helpdesk.store.db import Database, Unit

OUTAGE = (
    "outage"  # nothing that is done: the row that says since when an account fails, and whether that was told
)
LASTS = timedelta(minutes=2)
FAILED, RECOVERED = "account_failed", "account_recovered"
MAIL = "email"
SILENT = ("chat",)  # nothing of theirs can fail at somebody else's


def look(database: Database) -> int:
    """How many accounts began to fail, were told of, or work again."""
    with database.read() as unit:
        changed = [account.pk for account, told, why in _list(unit) if _differs(unit, told, why)]
    count = 0
    for pk in changed:
        with database.write() as unit:
            account = unit.session.get_one(ChannelAccount, pk, with_for_update=True, populate_existing=True)
            count += _settle(unit, account)
    return count


def _list(unit: Unit) -> list[tuple[ChannelAccount, AccountDuty | None, str]]:
    wanted = select(ChannelAccount).where(col(ChannelAccount.kind).not_in(SILENT))
    rows = list(unit.session.exec(wanted))
    states, booked = health.list_states(unit, rows), duties.list_of(unit, [one.pk for one in rows])
    return [(one, booked[one.pk].get(OUTAGE), _why(one, states[one.pk])) for one in rows]


def _why(account: ChannelAccount, state: Health) -> str:
    """Empty for one that works, and for one that nobody wants to work."""
    if not account.active or account.removed_at:
        return ""
    if account.state == "failing":  # a mailbox that cannot be read
        return account.state_text or "?"
    return next((one.text for one in state.problems if one.serious), "")


def _differs(unit: Unit, row: AccountDuty | None, why: str) -> bool:
    """Pure but for the clock: whether there is anything to note or to tell."""
    since = row.failing_since if row else None
    if not why:
        return since is not None
    if since is None:
        return True
    return row is not None and row.standing != "failing" and unit.now - since >= LASTS


def _settle(unit: Unit, account: ChannelAccount) -> bool:
    """Once more, with the account held: another process may have told it."""
    brand = unit.session.get_one(Brand, account.brand_id)
    row = duties.find(unit, account.pk, OUTAGE)
    with i18n.using(brand.language):
        why = _why(account, health.state_of(unit, account))
        if not _differs(unit, row, why):
            return False
        row = row or duties.note(unit, account.pk, account.brand_id, OUTAGE)
        told = row.standing == "failing"
        if not why:
            row.standing, row.text, row.failing_since = "ok", "", None
            if told and account.active:
                _tell(unit, account, RECOVERED, "")
            return True
    if row.failing_since is None:
        row.failing_since = unit.now
        return True
    row.standing, row.text = "failing", why
    _tell(unit, account, FAILED, why)
    return True


def _tell(unit: Unit, account: ChannelAccount, name: str, why: str) -> None:
    mail = account.kind == MAIL
    right, page = ("settings", "mailboxes") if mail else ("channels", "channels")
    for agent in list_colleagues(unit, account.brand_id):
        if not sign_in.access_of(unit, agent).may(right):
            continue
        with i18n.using(agent.language):
            shown = account.address if mail else f"{_(NAMES[account.kind])} {account.name or account.address}"
        notify_of(
            unit,
            agent.pk,
            account.brand_id,
            name,
            place=f"/settings/{page}/{account.key}",
            account=shown.strip(),
            reason=why,
        )
