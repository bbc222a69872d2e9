from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from helpdesk import errors
from helpdesk.models import Agent
from helpdesk.web.auth import agent_required

RAISED = {
    "missing": (errors.NotFound("there is no such agent"), 404),
    "forbidden": (errors.Forbidden("ask a lead"), 403),
    "invalid": (errors.Invalid("the name is missing", field="name"), 422),
    "conflict": (errors.Conflict("somebody was faster"), 409),
    "limit": (errors.LimitExceeded("too many points"), 422),
    "rejected": (errors.Rejected("550 no such user"), 502),
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
