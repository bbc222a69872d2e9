"""LINE's account link: its token says who came from LINE, our nonce says who they are at the shop.

LINE itself checks that whoever holds the token is the one it was made for, and tells us the nonce by webhook.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from helpdesk.channels.http import open_http
from helpdesk.channels.line.client import Client, Tokens
from helpdesk.channels.protocol import Account
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

ACCESS = "https://access.line.me"


def access_base(account: Account) -> str:
    """Where customers confirm it."""
    return str(account.config.get("access_base") or account.config.get("api_base") or ACCESS)


async def dialog_url(account: Account, user: str, nonce: str) -> str:
    """The page of LINE's to which the customer goes; good for ten minutes, once.

    Raises Rejected for who is not a friend, Unavailable when LINE is away.
    """
    async with open_http() as http:
        client = Client(account, http, Tokens())
        said = await client.call("POST", f"/v2/bot/user/{quote(user, safe='')}/linkToken")
    token = str(said.get("linkToken") or "")
    if not token:
        raise Rejected(_("LINE gave no token for linking this account"))
    asked = urlencode({"linkToken": token, "nonce": nonce})
    return f"{access_base(account)}/dialog/bot/accountLink?{asked}"
