"""Every kind that can be connected, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Mapping

from helpdesk.errors import NotFound
from helpdesk.i18n import lazy
from helpdesk.social.setup.fields import Setup
from helpdesk.social.setup.line import LINE
from helpdesk.social.setup.meta import INSTAGRAM, MESSENGER, WHATSAPP
from helpdesk.social.setup.others import PHONE_LINE, SMS, TELEGRAM, X

SETUPS: Mapping[str, Setup] = {
    one.kind: one for one in (LINE, INSTAGRAM, MESSENGER, WHATSAPP, TELEGRAM, SMS, PHONE_LINE, X)
}


def get_setup(kind: str) -> Setup:
    if kind not in SETUPS:
        raise NotFound(lazy("there is no such channel"))
    return SETUPS[kind]
