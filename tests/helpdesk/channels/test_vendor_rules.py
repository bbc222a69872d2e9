"""Whatever we send is what the providers' own descriptions of their interfaces allow."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.channels.line.kind import Line
from helpdesk.channels.meta.kind import Meta
from helpdesk.channels.phone.sms import Sms
from helpdesk.channels.protocol import Account, File, Kind, Outgoing, Parcel, Person
from helpdesk.channels.telegram.kind import Telegram
from helpdesk.channels.whatsapp.kind import WhatsApp
from helpdesk.errors import Rejected
from tests.fakes.serving import serving

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")

SPECS = Path(os.environ.get("HELPDESK_SHARED", Path(__file__).parents[4] / "shared")) / "openapi"
pytestmark = pytest.mark.skipif(
    not SPECS.is_dir(), reason="the providers' descriptions (HELPDESK_SHARED) are not here"
)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
USER = "U206d25c2ea6bd87c17655609a1c37cb8"
URL = "https://help.example/files/k/1-a/"

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
long_words = st.tuples(words, st.integers(1, 900)).map(lambda both: " ".join([both[0]] * both[1])[:24_000])
files = st.sampled_from(
    [
        File("a.jpg", "image/jpeg", b"x", url=URL + "a.jpg", preview_url=URL + "p.jpg"),
        File("b.png", "image/png", b"x", url=URL + "b.png"),
        File("請求書.pdf", "application/pdf", b"x", url=URL + "c.pdf"),
        File("d.mp4", "video/mp4", b"x", url=URL + "d.mp4"),
        File("e.mp3", "audio/mpeg", b"x", url=URL + "e.mp3"),
    ]
)
cards = st.fixed_dictionaries(
    {"title": words, "lines": st.lists(words, max_size=12)},
    optional={"url": st.just("https://shop.example/o/1"), "label": words},
)
letters = st.builds(
    Outgoing,
    id=st.just("hd.1.2"),
    sender=st.builds(Person, words, st.just("PAGE")),
    to=st.just((Person("", USER),)),
    text=long_words,
    date=st.just(NOW),
    attachments=st.lists(files, max_size=4).map(tuple),
    choices=st.lists(words, max_size=15, unique=True).map(tuple),
    card=st.none() | cards,
)


@cache
def line() -> Mapping[str, Any]:
    spec: dict[str, Any] = json.loads((SPECS / "line" / "messaging-api.strict.json").read_text())
    return spec


@cache
def whatsapp() -> Mapping[str, Any]:
    name = SPECS / "meta" / "business-messaging-api_v23.0.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    spec: dict[str, Any] = yaml.load(name.read_text(), Loader=loader)
    schemas = spec["components"]["schemas"]
    return {"components": {"schemas": {name: _joined(one, schemas) for name, one in schemas.items()}}}


def _joined(schema: Any, schemas: Mapping[str, Any]) -> Any:
    """Parts that each forbid what the others add could never be met together: as one they can."""
    if not isinstance(schema, dict) or "allOf" not in schema:
        return schema
    parts = [
        _joined(schemas[one["$ref"].rpartition("/")[2]] if "$ref" in one else one, schemas)
        for one in schema["allOf"]
    ]
    made: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    for one in parts:
        made["properties"] |= one.get("properties", {})
        made["required"] += one.get("required", [])
        made |= {name: one[name] for name in ("additionalProperties", "oneOf", "anyOf") if name in one}
    if not made["required"]:
        del made["required"]
    return made


def assert_whatsapp_allows(body: Mapping[str, Any]) -> None:
    """By the type that it says it is. Our own id is described only where it comes back, with a status."""
    body = dict(body)
    assert len(body.pop("biz_opaque_callback_data", "")) <= 512
    types = whatsapp()["components"]["schemas"]["Message"]["discriminator"]["mapping"]
    assert body.get("type") in types
    assert_allowed("whatsapp", types[body["type"]].rpartition("/")[2], body)


@cache
def validator(vendor: str, schema: str) -> Any:
    """Its descriptions name each other from the root."""
    spec = {"line": line, "whatsapp": whatsapp}[vendor]()
    return jsonschema.Draft4Validator({**spec, "$ref": f"#/components/schemas/{schema}"})


def assert_allowed(vendor: str, schema: str, body: object) -> None:
    error = jsonschema.exceptions.best_match(validator(vendor, schema).iter_errors(body))
    assert error is None, f"{error.json_path}: {error.message[:500]}"


def opened(**config: Any) -> Account:
    secrets = dict.fromkeys(("channel_secret", "access_token", "bot_token", "auth_token", "app_secret"), "T")
    return Account(1, "any", "105954558954427", "青葉商店", {"account_sid": "AC1", **config}, secrets)


def requests(kind: Kind, letter: Outgoing) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = json.loads(kind.prepare(opened(), letter))["requests"]
    return made


@settings(max_examples=40, deadline=None)
@given(letters)
def test_line_allows_every_answer(letter: Outgoing) -> None:
    sent = requests(Line(), letter)
    for one in sent:
        UUID(one["key"])
        assert_allowed("line", "PushMessageRequest", {"to": USER, "messages": one["messages"]})
        assert_allowed("line", "ReplyMessageRequest", {"replyToken": "R", "messages": one["messages"]})
        for message in one["messages"]:
            assert len(str(message.get("text", "")).encode("utf-16-le")) // 2 <= 5000
            assert len(json.dumps(message.get("contents"), ensure_ascii=False).encode()) <= 30_000
    assert len({one["key"] for one in sent}) == len(sent)


def test_line_allows_nothing_that_is_not_a_message() -> None:
    """That the description says no at all."""
    for wrong in ({"type": "text"}, {"type": "nonsense"}, {"type": "flex", "altText": "x", "contents": {}}):
        with pytest.raises(AssertionError):
            assert_allowed("line", "PushMessageRequest", {"to": USER, "messages": [wrong]})


@settings(max_examples=40, deadline=None)
@given(letters, st.sampled_from(["819012345678", "+819012345678"]))
def test_whatsapp_allows_every_answer(letter: Outgoing, to: str) -> None:
    for one in requests(WhatsApp(), Outgoing(**{**_fields(letter), "to": (Person("", to),)})):
        assert_whatsapp_allows(one)


@pytest.mark.parametrize("parameters", [(), ("1001", "明日")])
def test_whatsapp_allows_templates(parameters: tuple[str, ...]) -> None:
    template = {"name": "shipped", "language": "ja", "parameters": parameters}
    letter = Outgoing("hd.1.2", Person("x", "y"), (Person("", "8190"),), "", NOW, template=template)
    (one,) = requests(WhatsApp(), letter)
    assert_whatsapp_allows(one)


def test_whatsapp_allows_nothing_that_is_not_a_message() -> None:
    for wrong in (
        {"type": "text"},
        {"messaging_product": "whatsapp", "to": "1", "type": "nonsense"},
        {"type": "text", "text": {"body": 7}},
    ):
        with pytest.raises(AssertionError):
            assert_whatsapp_allows(wrong)


def test_who_has_no_number_is_written_to_by_their_id() -> None:
    """Newer than the description here."""
    letter = Outgoing("hd.1.2", Person("x", "y"), (Person("", "JP.123"),), "x", NOW)
    (one,) = requests(WhatsApp(), letter)
    assert one["recipient"] == "JP.123"
    assert "to" not in one


@settings(max_examples=40, deadline=None)
@given(letters)
def test_telegram_allows_every_answer(letter: Outgoing) -> None:
    methods = (
        json.loads((SPECS / "telegram" / "api.min.json").read_text())["methods"] if not _TELEGRAM else {}
    )
    _TELEGRAM.update(methods)
    for one in requests(Telegram(), letter):
        known = {each["name"]: each for each in _TELEGRAM[one["method"]]["fields"]}
        body = {"chat_id": USER, **one["body"]}
        assert set(body) <= set(known)
        assert {name for name, each in known.items() if each["required"]} <= set(body)
        assert len(body.get("text", "x").encode("utf-16-le")) // 2 <= 4096
        assert len(body.get("caption", "")) <= 1024


_TELEGRAM: dict[str, Any] = {}


@settings(max_examples=20, deadline=None)
@given(letters, st.sampled_from(["messenger", "instagram"]))
def test_meta_is_never_told_more_than_it_takes(letter: Outgoing, name: str) -> None:
    for one in requests(Meta(name), letter):
        text = one["message"].get("text", "x")
        assert (len(text.encode()) if name == "instagram" else len(text)) > 0
        assert (len(text.encode()) <= 1000) if name == "instagram" else (len(text) <= 2000)
        replies = one["message"].get("quick_replies", [])
        assert len(replies) <= 13
        assert all(0 < len(each["title"]) <= 20 for each in replies)
        assert len(one["message"].get("metadata", "")) <= 1000


def _fields(letter: Outgoing) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in Outgoing.__slots__}


@dataclass
class Provider:
    """Answers as the provider would and remembers what it was asked."""

    address: str = ""
    asked: list[tuple[str, str, Mapping[str, str], Any]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        raw = await request.body()
        form = "form" in request.headers.get("content-type", "")
        body = parse_qs(raw.decode()) if form else json.loads(raw or b"{}")
        self.asked.append((request.method, request.url.path, dict(request.headers), body))
        return JSONResponse({"ok": True, "sid": "SM1", "result": {"message_id": 1}, "message_id": "m"})


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    with serving(Starlette(routes=[Route("/{path:path}", made.answer, methods=["GET", "POST"])])) as address:
        made.address = f"http://{address}"
        yield made


def send(kind: Kind, provider: Provider, letter: Outgoing) -> None:
    account = opened(api_base=provider.address)

    async def go() -> None:
        line = kind.open(account)
        assert line is not None
        try:
            await line.send(Parcel(letter.id, kind.prepare(account, letter), (USER,)))
        finally:
            await line.close()

    asyncio.run(go())


def allowed_path(spec: Mapping[str, Any], path: str, method: str) -> Mapping[str, Any]:
    """The operation at that address. Fails when there is none."""
    for template, operations in spec["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), path) and method.lower() in operations:
            found: Mapping[str, Any] = operations[method.lower()]
            return found
    raise AssertionError(f"{method} {path} is not there")


@pytest.mark.parametrize("token", ["", "R"])
def test_line_is_asked_at_its_addresses_with_its_headers(provider: Provider, token: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=30) if token else None
    letter = Outgoing(
        *("hd.1.2", Person("白石", "y"), (Person("", USER),), "お待たせしました。", NOW),
        reply_token=token,
        reply_until=until,
    )
    send(Line(), provider, letter)
    ((method, path, headers, body),) = provider.asked
    operation = allowed_path(line(), path, method)
    schema = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert schema == ("ReplyMessageRequest" if token else "PushMessageRequest")
    assert_allowed("line", schema, body)
    named = {one["name"].lower() for one in operation.get("parameters", ()) if one["in"] == "header"}
    assert ("x-line-retry-key" in headers) == ("x-line-retry-key" in named)
    assert headers["authorization"] == "Bearer T"


def test_twilio_is_asked_as_it_describes(provider: Provider) -> None:
    spec = json.loads((SPECS / "twilio" / "twilio_api_v2010.subset.json").read_text())
    letter = Outgoing("hd.1.2", Person("x", "y"), (Person("", "+8190"),), "x" * 2000, NOW)
    send(Sms(), provider, letter)
    assert len(provider.asked) == 2
    for method, path, headers, form in provider.asked:
        operation = allowed_path(spec, path, method)
        schema = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
        assert set(form) <= set(schema["properties"])
        assert set(schema.get("required", ())) <= set(form)
        assert len(form["Body"][0]) <= 1600
        assert headers["authorization"].startswith("Basic ")


def test_whatsapp_is_asked_with_what_it_wants_in_the_head(provider: Provider) -> None:
    send(WhatsApp(), provider, Outgoing("hd.1.2", Person("x", "y"), (Person("", "8190"),), "x", NOW))
    ((method, path, headers, body),) = provider.asked
    assert (method, re.fullmatch(r"/v[\d.]+/105954558954427/messages", path) is not None) == ("POST", True)
    assert re.match(r"[\w.-]+/[\d.]+", headers["user-agent"])
    assert headers["content-type"] == "application/json"
    assert_whatsapp_allows(body)


def test_files_without_an_address_are_refused_before_anything_leaves() -> None:
    file = File("a.jpg", "image/jpeg", b"x")
    letter = Outgoing("hd.1.2", Person("x", "y"), (Person("", USER),), "x", NOW, attachments=(file,))
    for kind in (Line(), WhatsApp(), Telegram(), Meta("messenger")):
        with pytest.raises(Rejected):
            kind.prepare(opened(), letter)
