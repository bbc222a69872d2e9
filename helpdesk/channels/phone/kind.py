"""A telephone line as delivery sees it: recordings are fetched from it, nothing can be written on it."""

from __future__ import annotations

from helpdesk.channels.phone.recording import fetch
from helpdesk.channels.protocol import Account, Line, Outgoing, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _


class Phone:
    @property
    def traits(self) -> Traits:
        return Traits()

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        raise Rejected(_("nothing can be written on a telephone line; call back, or answer by another way"))

    def open(self, account: Account) -> Line | None:
        return None

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        return await fetch(account, ref, most=most)
