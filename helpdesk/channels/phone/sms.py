"""Text messages as delivery sees them: Twilio's interface takes forms and knows no key against repeats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk.channels import cards
from helpdesk.channels.cut import cut
from helpdesk.channels.http import Api, NoAnswer, open_http
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.phone.recording import BASE, fetch, words
from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

LONGEST = 1600


class Sms:
    @property
    def traits(self) -> Traits:
        return Traits(max_length=10 * LONGEST, longest=LONGEST, files_as_links=True, once=True)

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        links = [f"{one.name} {one.url}" for one in outgoing.attachments if one.url]
        texts = cut("\n".join([cards.in_words(outgoing.text, outgoing.card), *links]), LONGEST)
        if not texts or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        return json.dumps(
            {"to": outgoing.to[0].address, "requests": [{"Body": one} for one in texts]}
        ).encode()

    def open(self, account: Account) -> SmsLine | None:
        if not account.secrets.get("auth_token") or not account.config.get("account_sid"):
            return None
        return SmsLine(account, open_http())

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        return await fetch(account, ref, most=most)


class SmsLine:
    def __init__(self, account: Account, http: httpx2.AsyncClient) -> None:
        self._account = account
        self._http = http
        self._api = Api("Twilio", http, words=words)

    async def send(self, parcel: Parcel) -> Receipt:
        made, config = json.loads(parcel.raw), self._account.config
        sid = str(config["account_sid"])
        url = f"{config.get('api_base') or BASE}/2010-04-01/Accounts/{sid}/Messages.json"
        service = config.get("messaging_service")
        sender = {"MessagingServiceSid": service} if service else {"From": self._account.address}
        told = {"StatusCallback": config["status_url"]} if config.get("status_url") else {}

        async def post(_number: int, request: dict[str, Any]) -> list[str]:
            form = {"To": made["to"], **sender, **told, **request}
            try:
                said = await self._api.call(
                    "POST", url, data=form, auth=(sid, self._account.secrets["auth_token"])
                )
            except NoAnswer as error:
                raise once(error) from error
            return [str(said["sid"])] if said.get("sid") else []

        return await send_parts(parcel, made["to"], made["requests"], post)

    async def close(self) -> None:
        await self._http.aclose()
