"""What leaves for social channels, asked of a server that answers as the providers do."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.channels.line.kind import Line
from helpdesk.channels.meta.kind import Meta
from helpdesk.channels.phone.sms import Sms
from helpdesk.channels.protocol import Account, File, Kind, Outgoing, Parcel, Person, Receipt
from helpdesk.channels.telegram.kind import Telegram
from helpdesk.channels.whatsapp.kind import WhatsApp
from helpdesk.channels.x.kind import X
from helpdesk.errors import Misconfigured, Rejected, SendFailed, Unavailable
from tests.fakes.serving import serving

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Provider:
    """Answers in turn what it was given, 200 when nothing is left; remembers what it was asked."""

    address: str = ""
    asked: list[tuple[str, Any, dict[str, str]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        raw = await request.body()
        form = "form" in request.headers.get("content-type", "")
        body = (
            {name: one[0] for name, one in parse_qs(raw.decode()).items()}
            if form
            else json.loads(raw or b"{}")
        )
        if "oauth2" in request.url.path:
            return JSONResponse({"access_token": "T", "expires_in": 900})
        self.asked.append((request.url.path, body, dict(request.headers)))
        status, said = self.answers.pop(0) if self.answers else (200, self.said(request.url.path))
        if status == 0:
            await asyncio.sleep(0.05)
            return Response(b"", headers={"content-length": "99"})
        return JSONResponse(said, status)

    def said(self, path: str) -> dict[str, Any]:
        number = str(len(self.asked))
        if "/bot/" in path:
            return {"sentMessages": [{"id": number}]}
        if "/botT" in path:
            return {"ok": True, "result": {"message_id": len(self.asked)}}
        if "dm_conversations" in path:
            return {"data": {"dm_event_id": number}}
        if "Accounts" in path:
            return {"sid": number}
        return {"messages": [{"id": number}]} if "PHONE" in path else {"message_id": number}


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(Starlette(routes=[Route("/{path:path}", made.answer, methods=["GET", "POST"])])) as address:
        made.address = f"http://{address}"
        yield made


def send(kind: Kind, provider: Provider, outgoing: Outgoing, *accepted: str, **account: Any) -> Receipt:
    config = {
        "api_base": provider.address,
        "channel_id": "1",
        "account_sid": "AC",
        **account.pop("config", {}),
    }
    secrets = {
        "channel_secret": "s",
        "app_secret": "s",
        "access_token": "T",
        "bot_token": "T",
        "auth_token": "T",
    }
    if isinstance(kind, Line):
        del secrets["access_token"]
    opened = Account(1, "any", account.pop("address", "PAGE"), "Shop", config, secrets)
    raw = kind.prepare(opened, outgoing)
    line = kind.open(opened)
    assert line is not None

    async def go() -> Receipt:
        try:
            return await line.send(Parcel(outgoing.id, raw, ("U1",), accepted=accepted))
        finally:
            await line.close()

    return asyncio.run(go())


def letter(text: str = "お待たせしました。", **more: Any) -> Outgoing:
    return Outgoing("hd.1.2", Person("白石", "PAGE"), (Person("", "U1"),), text, NOW, **more)


def line(now: datetime = NOW) -> Line:
    return Line(clock=lambda: now)


FRESH = {"reply_token": "R", "reply_until": NOW + timedelta(seconds=50)}


def test_line_uses_the_free_reply_while_it_lasts(provider: Provider) -> None:
    receipt = send(line(), provider, letter(**FRESH))
    ((path, body, _),) = provider.asked
    assert path.endswith("/reply")
    assert body["replyToken"] == "R"
    assert receipt.known_as == ("1",)


def test_line_pushes_when_the_reply_token_is_stale(provider: Provider) -> None:
    send(line(NOW + timedelta(minutes=1)), provider, letter(**FRESH))
    assert [path.rpartition("/")[2] for path, _, _ in provider.asked] == ["push"]


def test_line_pushes_when_the_reply_token_was_used(provider: Provider) -> None:
    provider.answers = [(400, {"message": "Invalid reply token"})]
    send(line(), provider, letter(**FRESH))
    assert [path.rpartition("/")[2] for path, _, _ in provider.asked] == ["reply", "push"]


def test_line_is_not_told_twice_when_the_first_reply_was_taken_in_silence(provider: Provider) -> None:
    provider.answers = [(0, {}), (400, {"message": "Invalid reply token"})]
    receipt = send(line(), provider, letter(**FRESH))
    assert [path.rpartition("/")[2] for path, _, _ in provider.asked] == ["reply", "reply"]
    assert "U1" in receipt.accepted


def test_line_pushes_the_same_answer_under_the_same_key(provider: Provider) -> None:
    provider.answers = [(500, {"message": "try again"})]
    with pytest.raises(Unavailable):
        send(line(), provider, letter())
    send(line(), provider, letter())
    keys = [headers["x-line-retry-key"] for _, _, headers in provider.asked]
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_what_line_has_taken_already_counts_as_sent(provider: Provider) -> None:
    provider.answers = [(409, {"message": "taken", "sentMessages": [{"id": "77"}]})]
    assert send(line(), provider, letter()).known_as == ("77",)


def test_line_words_of_a_refusal_reach_the_agent(provider: Provider) -> None:
    details = [{"property": "messages[0].text", "message": "too long"}]
    provider.answers = [(400, {"message": "The request body has 1 error", "details": details})]
    with pytest.raises(Rejected, match=r"messages\[0\]\.text: too long"):
        send(line(), provider, letter())


def test_line_long_words_go_in_requests_of_five(provider: Provider) -> None:
    send(line(NOW), provider, letter("長い文です。" * 5000))
    counts = [len(body["messages"]) for _, body, _ in provider.asked]
    assert counts == [5, 2]
    assert len({headers["x-line-retry-key"] for _, _, headers in provider.asked}) == 2


def test_line_shows_pictures_and_links_other_files(provider: Provider) -> None:
    files = (
        File("a.jpg", "image/jpeg", b"x", url="https://help.example/a"),
        File("b.pdf", "application/pdf", b"x", url="https://help.example/b"),
    )
    send(line(), provider, letter(attachments=files, choices=("はい", "いいえ")))
    messages = provider.asked[0][1]["messages"]
    assert [one["type"] for one in messages] == ["text", "image", "text"]
    assert messages[2]["text"] == "b.pdf\nhttps://help.example/b"
    assert [one["action"]["text"] for one in messages[2]["quickReply"]["items"]] == ["はい", "いいえ"]


def test_a_file_without_a_public_address_is_not_lost_in_silence() -> None:
    with pytest.raises(Rejected, match=r"a\.jpg"):
        Line().prepare(
            Account(1, "line", "", "", {}, {}), letter(attachments=(File("a.jpg", "image/jpeg", b""),))
        )


def test_a_wrong_line_secret_is_a_setting_to_correct(provider: Provider) -> None:
    async def refuse(request: Request) -> Response:
        return JSONResponse({"error_description": "invalid client_secret"}, 400)

    app = Starlette(routes=[Route("/{path:path}", refuse, methods=["POST"])])
    with serving(app) as address, pytest.raises(Misconfigured, match="invalid client_secret"):
        send(line(), Provider(f"http://{address}"), letter())


@pytest.mark.parametrize(("human", "tag"), [(True, "HUMAN_AGENT"), (False, None)])
def test_messenger_marks_what_a_person_writes_late(
    provider: Provider, *, human: bool, tag: str | None
) -> None:
    send(Meta("messenger"), provider, letter(human=human))
    assert provider.asked[0][1].get("tag") == tag


def test_an_automatic_message_is_never_marked_as_a_persons(provider: Provider) -> None:
    send(Meta("messenger"), provider, letter(human=True, automatic=True))
    assert "tag" not in provider.asked[0][1]


def test_instagram_counts_bytes(provider: Provider) -> None:
    send(Meta("instagram"), provider, letter("あ" * 700))
    sent = [body["message"]["text"] for _, body, _ in provider.asked]
    assert "".join(sent) == "あ" * 700
    assert max(len(one.encode()) for one in sent) <= 1000


def test_a_comment_is_answered_in_private(provider: Provider) -> None:
    send(Meta("instagram"), provider, letter(answers="comment:C1"))
    assert provider.asked[0][1]["recipient"] == {"comment_id": "C1"}


def test_what_meta_did_not_answer_is_for_a_person_to_look_into(provider: Provider) -> None:
    provider.answers = [(0, {})]
    with pytest.raises(Rejected, match="look there"):
        send(Meta("messenger"), provider, letter())
    assert len(provider.asked) == 1


def test_parts_that_were_taken_are_not_sent_again(provider: Provider) -> None:
    provider.answers = [(200, {"message_id": "1"}), (500, {"error": {"code": 2, "message": "later"}})]
    first = send(Meta("messenger"), provider, letter("x" * 5000))
    assert "U1" in first.waiting
    again = send(Meta("messenger"), provider, letter("x" * 5000), *first.accepted)
    texts = [body["message"]["text"] for _, body, _ in provider.asked]
    assert [len(one) for one in texts] == [2000, 2000, 2000, 1000]
    assert "U1" in again.accepted


@pytest.mark.parametrize(
    ("code", "expected"), [(190, Unavailable), (131056, Unavailable), (131047, Rejected), (551, Rejected)]
)
def test_meta_errors_are_told_apart_by_their_number(
    provider: Provider, code: int, expected: type[SendFailed]
) -> None:
    provider.answers = [(400, {"error": {"code": code, "message": "no", "fbtrace_id": "tr"}})]
    with pytest.raises(expected, match=rf"{code} no \(tr\)"):
        send(WhatsApp(), provider, letter(), address="PHONE")


def test_whatsapp_template(provider: Provider) -> None:
    template = {"name": "order_shipped", "language": "ja", "parameters": ["1001"]}
    send(WhatsApp(), provider, letter(template=template), address="PHONE")
    body = provider.asked[0][1]
    assert body["template"]["language"] == {"policy": "deterministic", "code": "ja"}
    assert body["template"]["components"][0]["parameters"] == [{"type": "text", "text": "1001"}]
    assert body["biz_opaque_callback_data"] == "hd.1.2"


def test_whatsapp_writes_to_an_id_where_there_is_no_number(provider: Provider) -> None:
    for address, name in (("819012345678", "to"), ("JP.1234", "recipient")):
        outgoing = Outgoing("hd.1.2", Person("", ""), (Person("", address),), "x", NOW)
        send(WhatsApp(), provider, outgoing, address="PHONE")
        assert provider.asked[-1][1][name] == address


def test_whatsapp_offers_buttons(provider: Provider) -> None:
    send(WhatsApp(), provider, letter(choices=("はい", "いいえ")), address="PHONE")
    assert provider.asked[0][1]["interactive"]["action"]["buttons"][1]["reply"]["title"] == "いいえ"


@pytest.mark.parametrize(
    ("kind", "ids"), [(X(), ("1",)), (Telegram(), ("U1/1",)), (Sms(), ("1",))], ids=["x", "telegram", "sms"]
)
def test_the_others_send_and_know_their_message_again(
    provider: Provider, kind: Kind, ids: tuple[str, ...]
) -> None:
    assert send(kind, provider, letter()).known_as == ids


def test_telegram_says_when_to_come_back(provider: Provider) -> None:
    provider.answers = [(429, {"ok": False, "description": "Too Many", "parameters": {"retry_after": 7}})]
    with pytest.raises(Unavailable) as caught:
        send(Telegram(), provider, letter())
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("kind", [Line(), Meta("messenger"), WhatsApp(), X(), Telegram(), Sms()])
def test_without_a_secret_nothing_is_sent(kind: Kind) -> None:
    assert kind.open(Account(1, "any", "A", "", {}, {})) is None
