from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.testclient import TestClient

from helpdesk.app import build, make_parts
from helpdesk.settings import Settings
from helpdesk.store.db import Database


def test_a_migrated_database_is_ready(browser: Callable[..., TestClient]) -> None:
    answer = browser().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "workers": "off"}


def test_an_empty_database_is_not(settings: Settings, tmp_path_factory: object) -> None:
    fresh = Settings(
        data=settings.data, database_url=f"sqlite:///{settings.data}/fresh.sqlite3", secret_key="k"
    )
    parts = make_parts(fresh)
    answer = TestClient(build(fresh, work=False, parts=parts)).get("/readyz")
    parts.database.close()
    assert answer.status_code == 503
    assert "helpdesk migrate" in answer.json()["migrations"]


def test_the_process_says_that_it_lives(browser: Callable[..., TestClient]) -> None:
    assert browser().get("/healthz").text == "ok\n"


def test_metrics_are_for_loopback(app: Starlette) -> None:
    assert TestClient(app, client=("203.0.113.9", 1)).get("/metrics").status_code == 403
    answer = TestClient(app, client=("127.0.0.1", 1)).get("/metrics")
    assert "helpdesk_requests_total" in answer.text


def test_with_a_token_metrics_are_for_who_has_it(settings: Settings, database: Database) -> None:
    guarded = Settings(**{**settings.model_dump(), "metrics_token": "secret-token"})
    app = build(guarded, work=False, parts=make_parts(guarded, database=database))
    client = TestClient(app, client=("127.0.0.1", 1))
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"authorization": "Bearer secret-token"}).status_code == 200
