from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from helpdesk import i18n
from helpdesk.models import Agent
from helpdesk.web import assets, render


def test_htmx_gets_the_block_and_the_address_bar_the_page(client: TestClient) -> None:
    whole, part = client.get("/outbox"), client.get("/outbox", headers={"hx-request": "true"})
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert "Outbox" in part.text
    assert "HX-Request" in part.headers["vary"]


def test_a_boosted_link_and_the_history_get_the_page(client: TestClient) -> None:
    for header in ("hx-boosted", "hx-history-restore-request"):
        assert "<html" in client.get("/outbox", headers={"hx-request": "true", header: "true"}).text


def test_a_notice_is_shown_once(client: TestClient) -> None:
    client.post("/settings/profile/sign-outs")
    assert "All other browsers are signed out." in client.get("/settings/profile").text
    assert "All other browsers are signed out." not in client.get("/settings/profile").text


def test_a_made_up_notice_is_not_shown(client: TestClient) -> None:
    client.cookies["notice"] = "WyJlcnJvciIsICJwYXkgbWUiXQ==.aaaaaaaaaaaaaaaa"
    assert "pay me" not in client.get("/settings").text


def test_a_notice_survives_any_words(client: TestClient, make_agent: Callable[..., Agent]) -> None:
    form = {"name": "あ" * 120, "language": "ja", "timezone": "Asia/Tokyo", "theme": "dark", "signature": ""}
    client.post("/settings/profile", data=form)
    page = client.get("/settings/profile")
    assert 'data-theme="dark"' in page.text
    assert 'class="notice notice-ok"' in page.text


def test_what_people_typed_is_escaped(client: TestClient) -> None:
    form = {
        "name": "<script>alert(1)</script>",
        "language": "en",
        "timezone": "UTC",
        "theme": "light",
        "signature": "</textarea><b>",
    }
    client.post("/settings/profile", data=form)
    page = client.get("/settings/profile").text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page


def test_static_files_may_be_kept_for_ever_under_their_digest(client: TestClient) -> None:
    answer = client.get(assets.asset("app.css"))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.text.index("@layer tokens") < answer.text.index(".button")
    assert client.get("/assets/older/app.css").headers["cache-control"] == "no-cache"


def test_nothing_outside_the_static_folder_is_served(client: TestClient) -> None:
    for path in ("%2e%2e/%2e%2e/pyproject.toml", "nothing.css", "css"):
        assert client.get(f"/assets/{assets.digest()}/{path}").status_code in (404, 307)
    for path in ("../pyproject.toml", "css/../../pyproject.toml", "/etc/hostname"):
        assert assets.find(path) is None


def test_sizes_and_initials_read_well() -> None:
    filters = render.environment().filters
    assert [filters["size"](n) for n in (1, 12_345, 3_400_000)] == ["1 kB", "12 kB", "3.4 MB"]
    assert [filters["initials"](name) for name in ("佐藤 由美", "Emma Clarke", "Bo", "")] == [
        "佐",
        "EC",
        "B",
        "?",
    ]


def test_every_template_compiles() -> None:
    env = render.environment()
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)


def test_texts_follow_the_readers_language() -> None:
    template = render.environment().from_string('{{ _("Settings") }}')
    with i18n.using("en"):
        assert template.render() == "Settings"
    with i18n.using("ja"):
        assert template.render() == "設定"
