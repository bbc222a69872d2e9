"""Telegram as delivery sees it: text, pictures and files by link; the bot's token is part of every address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from helpdesk.channels import cards
from helpdesk.channels.cut import cut, utf16
from helpdesk.channels.http import Api, NoAnswer, Said, open_http, read, waiting
from helpdesk.channels.parts import once, send_parts
from helpdesk.channels.protocol import Account, File, Outgoing, Parcel, Receipt, Traits
from helpdesk.errors import Rejected, Unavailable
from helpdesk.i18n import gettext as _

if TYPE_CHECKING:
    import httpx2

BASE = "https://api.telegram.org"
LONGEST = 4096
PICTURES = ("image/jpeg", "image/png", "image/webp")
MOST_CHOICES = 12
LONGEST_CHOICE = 80


class Telegram:
    @property
    def traits(self) -> Traits:
        return Traits(
            max_length=20_000,
            once=True,
            max_attachment_bytes=20_000_000,
            longest=LONGEST,
            measure="utf16",
            most_choices=MOST_CHOICES,
            longest_choice=LONGEST_CHOICE,
        )

    def prepare(self, account: Account, outgoing: Outgoing) -> bytes:
        """{"to", "requests": [{"method", "body"}]}"""
        bodies: list[dict[str, Any]] = [
            {"text": one} for one in cut(cards.in_words(outgoing.text, outgoing.card), LONGEST, utf16)
        ]
        requests: list[dict[str, Any]] = [{"method": "sendMessage", "body": one} for one in bodies]
        requests += [_file(one) for one in outgoing.attachments]
        if not requests or not outgoing.to:
            raise Rejected(_("there is nothing in this message that could be sent"))
        if outgoing.choices:
            keys = [[{"text": one}] for one in outgoing.choices[:MOST_CHOICES]]
            requests[-1]["body"]["reply_markup"] = {
                "keyboard": keys,
                "one_time_keyboard": True,
                "resize_keyboard": True,
            }
        return json.dumps({"to": outgoing.to[0].address, "requests": requests}).encode()

    def open(self, account: Account) -> TelegramLine | None:
        if not account.secrets.get("bot_token"):
            return None
        return TelegramLine(account, open_http())

    async def fetch(self, account: Account, ref: str, *, most: int) -> tuple[bytes, str]:
        """Telegram gives files of up to 20 MB."""
        async with open_http() as http:
            return await TelegramLine(account, http).file(ref, most=most)


class TelegramLine:
    def __init__(self, account: Account, http: httpx2.AsyncClient) -> None:
        self._http = http
        token = quote(str(account.secrets["bot_token"]), safe=":")
        base = str(account.config.get("api_base") or BASE)
        self._base, self._files = f"{base}/bot{token}", f"{base}/file/bot{token}"
        self._api = Api("Telegram", http, words=words)

    async def send(self, parcel: Parcel) -> Receipt:
        made = json.loads(parcel.raw)

        async def post(_number: int, request: dict[str, Any]) -> list[str]:
            said = await self._call(request["method"], {"chat_id": made["to"], **request["body"]})
            message = said.get("result")
            number = message.get("message_id") if isinstance(message, dict) else None
            return [f"{made['to']}/{number}"] if number is not None else []

        return await send_parts(parcel, made["to"], made["requests"], post)

    async def file(self, file_id: str, *, most: int) -> tuple[bytes, str]:
        said = await self._call("getFile", {"file_id": file_id}, again=True)
        found = said.get("result")
        path = found.get("file_path") if isinstance(found, dict) else None
        return await self._api.file("GET", f"{self._files}/{quote(str(path), safe='/')}", most=most)

    async def _call(self, method: str, body: dict[str, Any], *, again: bool = False) -> Said:
        """`again`: nothing happens twice by asking twice."""
        try:
            answer = await self._api.ask("POST", f"{self._base}/{method}", json=body)
        except NoAnswer as error:
            if again:
                raise
            raise once(error) from error
        said = read(answer)
        if answer.status_code < 300 and said.get("ok"):
            return said
        wait = said.get("parameters")
        if isinstance(wait, dict) and wait.get("retry_after"):
            raise Unavailable("%(why)s", why=words(said), retry_after=waiting(wait["retry_after"]))
        raise self._api.failure(answer, said)

    async def close(self) -> None:
        await self._http.aclose()


def _file(file: File) -> dict[str, Any]:
    if not file.url:
        raise Rejected(_("%(name)s cannot be sent: set the public address of the helpdesk", name=file.name))
    if file.content_type in PICTURES:
        return {"method": "sendPhoto", "body": {"photo": file.url}}
    return {"method": "sendDocument", "body": {"document": file.url, "caption": file.name[:1000]}}


def words(said: Said) -> str:
    return str(said.get("description") or "")
