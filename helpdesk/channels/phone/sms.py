"""Text messages as delivery sees them: Twilio's interface takes forms and knows no key against repeats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from helpdesk.channels import guarded
from helpdesk.channels.cut import cut
from helpdesk.channels.http import Api, NoAnswer, Said
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.protocol import Account, Outgoing, Parcel, Receipt, Traits
from helpdesk.errors import Rejected
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

BASE = "https://api.twilio.com"
LONGEST = 1600


class Sms:
    @property
    def traits(self) -> Traits:
        return Traits(max_length=10 * LONGEST)

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        links = [f"{one.name} {one.url}" for one in outgoing.attachments if one.url]
        texts = cut("\n".join([outgoing.text, *links]), LONGEST)
        if not texts or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        return json.dumps(
            {"to": outgoing.to[0].address, "requests": [{"Body": one} for one in texts]}
        ).encode()

    def open(self, account: Account) -> SmsLine | None:
        if not account.secrets.get("auth_token") or not account.config.get("account_sid"):
            return None
        import httpx2  # loaded when a channel needs it

        return SmsLine(account, httpx2.AsyncClient())

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        """Twilio's own addresses want the account's name and token; they are told to nobody else."""
        base = str(account.config.get("api_base") or BASE)
        if not ref.startswith(f"{base}/"):
            return await guarded.fetch(ref, most=most)
        import httpx2  # loaded when a channel needs it

        auth = (str(account.config.get("account_sid") or ""), str(account.secrets.get("auth_token") or ""))
        async with httpx2.AsyncClient(follow_redirects=True) as http:
            return await Api("Twilio", http, words=_words).file("GET", ref, most=most, auth=auth)


class SmsLine:
    def __init__(self, account: Account, http: httpx2.AsyncClient) -> None:
        self._account = account
        self._http = http
        self._api = Api("Twilio", http, words=_words)

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


def _words(said: Said) -> str:
    return " ".join(str(said[name]) for name in ("code", "message") if said.get(name))
