"""Files of customers are fetched from where they lie, kept, and shown; what cannot be fetched says why."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helpdesk.channels import registry
from helpdesk.models import Attachment, Brand, ChannelAccount, DroppedFile, MediaFetch, Message, Ticket
from helpdesk.social.redact import drop_files, redact
from helpdesk.store.db import Database
from helpdesk.store.files import Files
from helpdesk.store.seal import Seal
from helpdesk.work.media import Media
from tests.fakes.serving import serving
from tests.helpdesk.stories import only, rows

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
Queue = Callable[..., MediaFetch]


class Provider:
    def __init__(self) -> None:
        self.status, self.content, self.asked = 200, PNG, 0

    async def answer(self, request: Request) -> Response:
        if "oauth2" in request.url.path:
            return JSONResponse({"access_token": "T", "expires_in": 900})
        self.asked += 1
        assert request.headers["authorization"] == "Bearer T"
        return Response(self.content, self.status, media_type="application/octet-stream")


@pytest.fixture
def provider() -> Iterator[tuple[Provider, str]]:
    made = Provider()
    with serving(Starlette(routes=[Route("/{path:path}", made.answer, methods=["GET", "POST"])])) as address:
        yield made, f"http://{address}"


@pytest.fixture
def queue(
    database: Database, brand: Brand, seal: Seal, ticket: Ticket, provider: tuple[Provider, str]
) -> Queue:
    def queue(ref: str = "9", name: str = "image.jpg", **more: Any) -> MediaFetch:
        with database.write() as unit:
            account = ChannelAccount(
                brand_id=brand.pk,
                kind="line",
                address=f"A-{name}",
                config={"api_base": provider[1], "channel_id": "1"},
                secrets=seal.close({"channel_secret": "s"}),
                created_at=unit.now,
            )
            unit.session.add(account)
            unit.session.flush()
            fetch = MediaFetch(
                brand_id=brand.pk,
                account_id=account.pk,
                message_id=only(database, Message).pk,
                ref=ref,
                name=name,
                content_type="image/jpeg",
                next_at=unit.now,
                created_at=unit.now,
                **more,
            )
            unit.session.add(fetch)
        return fetch

    return queue


@pytest.fixture
def media(database: Database, files: Files, seal: Seal) -> Media:
    return Media(database, files, seal, registry.kinds())


def test_a_picture_is_kept_as_what_it_is(
    database: Database, files: Files, queue: Queue, media: Media
) -> None:
    queue(sha256=hashlib.sha256(PNG).hexdigest())
    assert asyncio.run(media.drain()) == 1
    kept = only(database, Attachment)
    assert (kept.name, kept.content_type, files.get(kept.sha256)) == ("image.jpg", "image/png", PNG)
    assert only(database, MediaFetch).state == "done"
    assert asyncio.run(media.drain()) == 0


def test_a_provider_that_is_away_is_asked_again(
    database: Database, queue: Queue, media: Media, provider: tuple[Provider, str], clock: Any
) -> None:
    provider[0].status = 503
    queue()
    asyncio.run(media.drain())
    assert (only(database, MediaFetch).state, rows(database, Attachment)) == ("queued", [])
    provider[0].status = 200
    assert asyncio.run(media.drain()) == 0
    clock.advance(minutes=1)
    assert asyncio.run(media.drain()) == 1
    assert only(database, Attachment)


def test_a_file_that_is_gone_says_so_in_its_message(
    database: Database, queue: Queue, media: Media, provider: tuple[Provider, str]
) -> None:
    provider[0].status = 404
    queue()
    asyncio.run(media.drain())
    assert only(database, MediaFetch).state == "failed"
    (lost,) = only(database, Message).content["lost"]
    assert lost["name"] == "image.jpg"
    assert "404" in lost["why"]


def test_an_address_inside_is_never_asked(database: Database, queue: Queue, media: Media) -> None:
    queue("https://169.254.169.254/latest/meta-data")
    asyncio.run(media.drain())
    assert only(database, MediaFetch).state == "failed"
    assert rows(database, Attachment) == []


def test_damaged_bytes_are_not_kept(database: Database, queue: Queue, media: Media) -> None:
    queue(sha256="0" * 64)
    asyncio.run(media.drain())
    assert rows(database, Attachment) == []
    assert only(database, MediaFetch).state == "queued"


def test_bytes_of_what_was_taken_back_are_deleted_unless_somebody_else_has_them(
    database: Database, files: Files, queue: Queue, media: Media
) -> None:
    queue()
    asyncio.run(media.drain())
    digest = only(database, Attachment).sha256
    with database.write() as unit:
        redact(unit, unit.session.get_one(Message, only(database, Message).pk), name="9")
    assert files.path(digest).exists()
    drop_files(database, files)
    assert not files.path(digest).exists()
    assert rows(database, DroppedFile) == []
    assert rows(database, MediaFetch) == []


def test_one_file_that_breaks_does_not_hold_up_the_others(
    database: Database, queue: Queue, media: Media, provider: tuple[Provider, str], clock: Any
) -> None:
    queue()
    with database.write() as unit:
        first = only(database, MediaFetch)
        account = ChannelAccount(brand_id=first.brand_id, kind="telegram", address="T", created_at=unit.now)
        unit.session.add(account)  # removed meanwhile: without a token
        unit.session.flush()
        given = first.model_dump(exclude={"id", "account_id"})
        unit.session.add(MediaFetch(**given, account_id=account.pk))
    asyncio.run(media.drain())
    assert len(rows(database, Attachment)) == 1
    for _turn in range(9):
        clock.advance(days=1)
        asyncio.run(media.drain())
    assert [one.state for one in rows(database, MediaFetch)] == ["done", "failed"]
    assert only(database, Message).content["lost"]


def test_an_account_sealed_with_another_key_does_not_hold_up_the_others(
    database: Database, seal: Seal, queue: Queue, media: Media, clock: Any
) -> None:
    waits, comes = queue(), queue(name="second.jpg")
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, waits.account_id)
        account.secrets = Seal("the key of before").close({"channel_secret": "s"})
    assert asyncio.run(media.drain()) == 1
    assert {one.pk: one.state for one in rows(database, MediaFetch)} == {
        waits.pk: "queued",
        comes.pk: "done",
    }
    with database.write() as unit:
        account = unit.session.get_one(ChannelAccount, waits.account_id)
        account.secrets = seal.close({"channel_secret": "s"})
    clock.advance(minutes=4)
    assert asyncio.run(media.drain()) == 1
    assert len(rows(database, Attachment)) == 2


def test_bytes_that_come_after_their_message_was_taken_back_are_deleted(
    database: Database, files: Files, queue: Queue, media: Media, provider: tuple[Provider, str]
) -> None:
    queue()
    fetch = media.kinds["line"].fetch  # type: ignore[attr-defined]

    class TakenBackMeanwhile:
        async def fetch(self, *given: Any, **more: Any) -> tuple[bytes, str]:
            with database.write() as unit:
                redact(unit, unit.session.get_one(Message, only(database, Message).pk), name="9")
            content: tuple[bytes, str] = await fetch(*given, **more)
            return content

    late: Any = {"line": TakenBackMeanwhile()}
    asyncio.run(Media(database, files, media.seal, late).drain())
    digest = hashlib.sha256(PNG).hexdigest()
    assert files.path(digest).exists()
    drop_files(database, files)
    assert not files.path(digest).exists()
