"""Whatever a URL names, somebody of another brand neither reads it nor changes it, whatever their role allows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select as select_rows
from sqlmodel import SQLModel
from starlette.routing import Route
from starlette.testclient import TestClient

from helpdesk.access import RIGHTS
from helpdesk.models import (
    Agent,
    Article,
    ArticleCategory,
    ArticleMiss,
    Attachment,
    BlockedSender,
    Brand,
    BulkJob,
    ChannelAccount,
    Correction,
    Customer,
    CustomerMerge,
    CustomField,
    Delivery,
    Event,
    InboundEvent,
    Merge,
    MergeSuggestion,
    Notification,
    PointsRequest,
    SharedSender,
    StagedFile,
    Tag,
    Team,
    Ticket,
    Topic,
    View,
)
from helpdesk.people import roles
from helpdesk.settings import Settings
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.web.routes import routes
from tests.helpdesk.desk import add_message, add_ticket

Keys = dict[str, str]
EVERYBODYS = (
    "/assets/",
    "/hooks/",
    "/files/",
    "/line/link/",
    "/widget/",
    "/reports/",
    "/bulk/menu/",
    "/settings/agents/",
    "/settings/roles/",
    "/settings/channels/new/",
)
KEYED = [
    route
    for route in routes(Settings())
    if isinstance(route, Route) and "{" in route.path and not route.path.startswith(EVERYBODYS)
]
BELOW = [
    route
    for route in KEYED
    if re.search(r"^/tickets/\{key\}/.*\{(?!mode|macro|name)", route.path) or "/fields/{name}" in route.path
]
ROOMS = {
    room: [route for route in KEYED if route.path.partition("{")[0] == room]
    for room in dict.fromkeys(route.path.partition("{")[0] for route in KEYED)
}  # one shop for the routes of a room: what is refused changes nothing
# What a good request says: a refusal must not come from its form.
BODIES: dict[str, dict[str, Any]] = {
    "PUT /tickets/{key}/draft/{mode}": {"json": {"content": {"text": "下書き"}, "revision": 0}},
    "POST /tickets/{key}/files/{mode}": {"files": {"file": ("a.txt", b"x", "text/plain")}},
    "POST /tickets/{key}/points": {"data": {"amount": "5", "reason": "late_delivery", "token": "t"}},
    "POST /tickets/{key}/deliveries/{delivery}/time": {"data": {"at": "2026-01-06T09:00"}},
    "POST /tickets/{key}/reply": {"data": {"body": "返事"}},
    "POST /tickets/{key}/notes": {"data": {"body": "メモ"}},
    "POST /chats/{key}/messages": {"data": {"body": "返事"}},
    "POST /chats/{key}/notes": {"data": {"body": "メモ"}},
    "POST /articles/{key}/pictures": {"files": {"file": ("a.png", b"\x89PNG\r\n\x1a\n", "image/png")}},
}
FORGIVING = "/tickets/{key}/files/{file}"  # taking away what is not there is done already
IGNORED = {"sign_ins", "audit_entries", "ticket_seen"}


def method(route: Route) -> str:
    return next(iter(set(route.methods or ()) - {"HEAD"}))


def named(route: Route) -> str:
    return f"{method(route)} {route.path}"


def ask(client: TestClient, route: Route, values: Keys) -> int:
    path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda hole: values[hole[1]], route.path)
    return client.request(method(route), path, **BODIES.get(named(route), {})).status_code


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.read() as unit:
        return {
            table.name: sorted(map(tuple, unit.session.execute(select_rows(table))), key=repr)
            for table in SQLModel.metadata.sorted_tables
            if table.name not in IGNORED
        }


@pytest.fixture
def stranger(
    database: Database, make_agent: Callable[..., Agent], browser: Callable[..., TestClient]
) -> TestClient:
    """May do everything, in `brand` alone."""
    with database.write() as unit:
        role = roles.create(unit, name="Everything", rights=list(RIGHTS))
    return browser(make_agent("Stranger", role=role.key))


@pytest.fixture
def theirs(
    database: Database, other_brand: Brand, make_agent: Callable[..., Agent], files: Files
) -> dict[str, str]:
    """One of each of another brand: what it is -> its key."""
    owner = make_agent("Owner", brand_ids=[other_brand.pk])
    target, source = add_ticket(database, other_brand), add_ticket(database, other_brand, name="別の人")
    said = add_message(database, target, "秘密の言葉", direction="in")
    sent = add_message(database, target, "秘密の答え", direction="out", agent_id=owner.pk)
    with database.write() as unit:
        now, brand = unit.now, other_brand.pk
        account = ChannelAccount(brand_id=brand, kind="email", address="x@foreign.example", created_at=now)
        unit.session.add(account)
        unit.session.flush()
        sha256, on = files.put(b"secret"), {"brand_id": brand, "ticket_id": target.pk}
        team = Team(brand_id=brand, name="Foreign team")
        unit.session.add(team)
        unit.session.flush()
        made: dict[str, Any] = {
            "attachments": Attachment(brand_id=brand, message_id=said.pk, name="a.txt", size=6, sha256=sha256),
            "staged": StagedFile(**on, agent_id=owner.pk, name="a.txt", sha256=sha256, created_at=now),
            "deliveries": Delivery(
                brand_id=brand, account_id=account.pk, message_id=sent.pk, external_id="x", next_at=now, created_at=now
            ),
            "merges": Merge(brand_id=brand, source_id=source.pk, target_id=target.pk, moved={}, created_at=now),
            "notifications": Notification(**on, agent_id=owner.pk, name="assigned", created_at=now),
            "points": PointsRequest(
                **on, customer_id=target.customer_id, agent_id=owner.pk, amount=5, idempotency_key="k", created_at=now
            ),
            "views": View(agent_id=owner.pk, audience="team", team_id=team.pk, name="Foreign view", created_at=now),
            "bulk": BulkJob(
                agent_id=owner.pk, action="close", ticket_ids=[target.pk], next_at=now, created_at=now, state="done"
            ),
            "tags": Tag(brand_id=brand, name="foreign", created_at=now),
            "joined": CustomerMerge(
                brand_id=brand, source_id=source.customer_id, target_id=target.customer_id, moved={}, created_at=now
            ),
            "suggestions": MergeSuggestion(
                brand_id=brand, left_id=target.customer_id, right_id=source.customer_id, created_at=now
            ),
            "shared": SharedSender(brand_id=brand, kind="email", value="a@b.example", created_at=now),
            "blocked": BlockedSender(brand_id=brand, kind="email", value="a@b.example", created_at=now),
            "quarantine": InboundEvent(
                brand_id=brand, account_id=account.pk, external_id="q", raw=b"x", state="quarantined",
                received_at=now, next_at=now,
            ),
            "widgets": ChannelAccount(
                brand_id=brand, kind="chat", address="foreign", created_at=now,
                config={"flows": [{"key": "returns", "steps": {}}], "campaigns": [{"key": "hello"}]},
            ),
            "channels": ChannelAccount(brand_id=brand, kind="line", address="@foreign", created_at=now),
            "articles": Article(brand_id=brand, created_at=now),
            "categories": ArticleCategory(brand_id=brand, names={"ja": "秘密", "en": "Secret"}, created_at=now),
            "misses": ArticleMiss(
                brand_id=brand, language="ja", query="秘密の質問", folded="秘密の質問", asked_at=now
            ),
            "topics": Topic(brand_id=brand, language="ja", found_at=now, seen_at=now),
            "field": CustomField(brand_id=brand, name="foreign_field", created_at=now),
        }  # fmt: skip
        event = Event(**on, agent_id=owner.pk, name="closed", data={"was": {}, "became": {}}, created_at=now)
        correction = Correction(
            **on, agent_id=owner.pk, kind="tag_confirmed", value="foreign", created_at=now
        )
        unit.session.add_all([*made.values(), event, correction])
        unit.session.flush()
        keys = {name: row.key for name, row in made.items()}
        customer = unit.session.get_one(Ticket, target.pk).customer_id
        keys |= {
            "correction": str(correction.pk),
            "event": str(event.pk),
            "teams": team.key,
            "mailboxes": account.key,
        }
        keys["customers"] = _customer_key(unit, customer)
    return keys | {
        "tickets": target.key,
        "chats": target.key,
        "messages": said.key,
        "outbox": keys["deliveries"],
        "brands": other_brand.key,
    }


def _customer_key(unit: Any, customer_id: int) -> str:
    return str(unit.session.get_one(Customer, customer_id).key)


def values_for(route: Route, theirs: Keys) -> Keys:
    """What stands in the holes of the route's path: something of theirs wherever it fits."""
    parts = route.path.removeprefix("/settings").split("/")
    if parts[1:3] in (["customers", "merges"], ["customers", "suggestions"]):
        parts = ["", {"merges": "joined"}.get(parts[2], parts[2])]
    place = parts[2] if parts[1:3] in (["articles", "categories"], ["articles", "misses"]) else parts[1]
    return {
        "key": theirs.get(place, ""),
        "message": theirs["messages"],
        "delivery": theirs["deliveries"],
        "merge": theirs["merges"],
        "request": theirs["points"],
        "file": theirs["staged"],
        "event": theirs["event"],
        "correction": theirs["correction"],
        "brand": theirs["brands"],
        "name": "foreign_field" if "fields" in route.path else "foreign",
        "macro": "order-status",
        "mode": "reply",
        "article": theirs["articles"],
        "flow": "returns",
        "campaign": "hello",
    }


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_another_brands_is_not_there(
    database: Database, stranger: TestClient, theirs: Keys, room: str
) -> None:
    before = everything(database)
    for route in ROOMS[room]:
        assert ask(stranger, route, values_for(route, theirs)) in (403, 404), named(route)
        assert everything(database) == before, named(route)


def test_a_ticket_of_ones_own_opens_no_way_to_what_hangs_on_anothers(
    database: Database, brand: Brand, stranger: TestClient, theirs: Keys
) -> None:
    own = add_ticket(database, brand)
    before = everything(database)
    for route in BELOW:
        status = ask(stranger, route, values_for(route, theirs) | {"key": own.key})
        assert status == 204 if route.path == FORGIVING else status in (403, 404), named(route)
        assert everything(database) == before, named(route)


def test_the_forms_fields_name_nothing_of_another_brand(
    database: Database, brand: Brand, stranger: TestClient, theirs: Keys
) -> None:
    own = add_ticket(database, brand)
    add_message(database, own, "こちら")
    before = everything(database)
    for path, data in [
        ("merges", {"other": theirs["tickets"]}),
        ("assign", {"team": theirs["teams"]}),
        ("split", {"messages": theirs["messages"]}),
        ("order", {"order": "FOREIGN-1"}),
        ("reply", {"body": "転送", "kind": "forward", "to": "a@b.example", "forwarded": theirs["messages"]}),
        ("notes", {"body": "メモ", "staged": theirs["staged"]}),
    ]:
        assert stranger.post(f"/tickets/{own.key}/{path}", data=data).status_code in (403, 404, 422), path
    everywhere = {"action": "close", "ticket": theirs["tickets"]}
    assert stranger.post("/bulk", data=everywhere).status_code == 422
    assert stranger.get("/agents/mentionable", params={"ticket": theirs["tickets"]}).status_code == 404
    assert everything(database) == before
