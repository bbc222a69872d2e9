from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy.exc import DataError, StatementError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from helpdesk import errors
from helpdesk.models import Agent, Brand
from helpdesk.store.db import Database
from helpdesk.web.auth import agent_required
from tests.helpdesk.desk import add_ticket, customer_of

RAISED = {
    "missing": (errors.NotFound("there is no such agent"), 404),
    "forbidden": (errors.Forbidden("ask a lead"), 403),
    "invalid": (errors.Invalid("the name is missing", field="name"), 422),
    "conflict": (errors.Conflict("somebody was faster"), 409),
    "limit": (errors.LimitExceeded("too many points"), 422),
    "rejected": (errors.Rejected("550 no such user"), 502),
    "words": (errors.Rejected("98%(high) of 20%(x)d"), 502),
    "value": (DataError("the secret statement", {}, ValueError("too long")), 400),
    "number": (OverflowError("the secret is too large"), 400),
    "statement": (StatementError("the secret", None, None, TypeError("a bug")), 500),
    "bug": (RuntimeError("the secret is 42"), 500),
}


@pytest.fixture
def broken(app: Starlette) -> Starlette:
    def fail(request: Request) -> Response:
        raise RAISED[request.path_params["kind"]][0]

    app.router.routes.append(Route("/broken/{kind}", agent_required(fail)))
    return app


@pytest.fixture
def visitor(broken: Starlette, browser: Callable[..., TestClient], agent: Agent) -> TestClient:
    return browser(agent)


@pytest.mark.parametrize("kind", RAISED)
def test_every_failure_is_a_page_with_its_status(visitor: TestClient, kind: str) -> None:
    answer = visitor.get(f"/broken/{kind}")
    assert answer.status_code == RAISED[kind][1]
    assert '<a class="button" href="/">' in answer.text


def test_the_words_of_an_error_are_a_sentence(visitor: TestClient) -> None:
    assert "There is no such agent." in visitor.get("/broken/missing").text


def test_a_bug_tells_its_number_and_nothing_else(visitor: TestClient) -> None:
    answer = visitor.get("/broken/bug")
    assert answer.headers["x-request-id"] in answer.text
    assert "the secret" not in answer.text


def test_htmx_shows_a_notice_and_leaves_the_page_alone(visitor: TestClient) -> None:
    answer = visitor.get("/broken/conflict", headers={"hx-request": "true"})
    assert json.loads(answer.headers["hx-trigger"])["notice"] == {
        "text": "Somebody was faster.",
        "kind": "error",
    }
    assert answer.headers["hx-reswap"] == "none"


def test_an_unknown_page_is_told_in_the_readers_language(browser: Callable[..., TestClient]) -> None:
    answer = browser().get("/nowhere", headers={"accept-language": "ja"})
    assert answer.status_code == 404
    assert "ページが見つかりません" in answer.text


def test_words_of_a_server_are_no_template(visitor: TestClient) -> None:
    assert "98%(high) of 20%(x)d" in visitor.get("/broken/words").text


@pytest.mark.parametrize("told", ["98%(high)", "%(field", "%(field)y", "100%(code)d"])
def test_what_cannot_be_filled_stays_as_it_is(told: str) -> None:
    assert errors.Invalid(told, code="x").text == told


def test_a_name_with_a_percent_sign_is_told_whole() -> None:
    error = errors.Invalid("%(file)s is larger than %(most)s MB", file="50%(a).pdf", most=20)
    assert error.text == "50%(a).pdf is larger than 20 MB"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("/?q=%00", 200), ("/?q=a%%0000b", 200), ("/?tag=%00", 200), ("/inbox/rows?language=%00ja", 200)),
        *(("/customers?q=a%00", 200), ("/tickets/%00", 404), ("/customers/a%00b", 404)),
        *(("/?after=99999999999999999999999~x", 422), (f"/?after={'9' * 30}~2026-01-05T00:00:00Z~1", 422)),
        *(
            (f"/?after=1~2026-01-05T00:00:00Z~{'9' * 5000}", 422),
            ("/?after=1~0001-01-01T00:00%2B14:00~1", 422),
        ),
        *((f"/?limit={'9' * 5000}", 200), (f"/?q={'9' * 5000}", 200), ("/reports?brand=%00", 200)),
    ],
)
def test_odd_parameters_are_no_failure_of_ours(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    "before", [f"2026-01-05T00:00:00%2B00:00~order~{'9' * 30}", "0001-01-01T00:00%2B14:00~x~1"]
)
def test_an_odd_place_in_a_story_is_no_failure_of_ours(
    client: TestClient, database: Database, brand: Brand, before: str
) -> None:
    key = customer_of(database, add_ticket(database, brand)).key
    assert client.get(f"/customers/{key}?before={before}").status_code in (200, 400, 422)


@pytest.mark.parametrize("kind", ["value", "number"])
def test_a_value_that_no_column_takes_is_the_senders_mistake(visitor: TestClient, kind: str) -> None:
    answer = visitor.get(f"/broken/{kind}")
    assert answer.status_code == 400
    assert "the secret" not in answer.text
