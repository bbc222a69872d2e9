from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from helpdesk.demo.shop import PRODUCTS
from helpdesk.demo.storefront.drawings import drawing
from helpdesk.demo.storefront.pages import Answer, Visit, answer, policy

HELPDESK = "https://help.example"


def visit(path: str, **given: object) -> Answer:
    return answer(Visit(path=path, helpdesk=HELPDESK, **given))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["/", "/demo/shop", "/products/KT-101", "/cart", "/contact", "/nowhere"])
def test_every_page_stands_in_both_languages_and_carries_the_widget(path: str, language: str) -> None:
    found = visit(path, widget="KEY", query={"lang": language})
    html = found.body.decode()
    assert found.status == (404 if path == "/nowhere" else 200)
    assert f'<html lang="{language}">' in html
    assert f'<script async src="{HELPDESK}/widget.js" data-brand="KEY" data-lang="{language}">' in html
    assert "style=" not in html


def test_without_a_chat_there_is_no_tag() -> None:
    assert b"widget.js" not in visit("/contact").body


def test_the_policy_allows_of_the_helpdesk_scripts_and_connections_alone() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy(HELPDESK).split(";"))
    assert rules["script-src"] == f"'self' {HELPDESK}"
    assert rules["connect-src"] == f"{HELPDESK} wss://help.example"
    assert [name for name, value in rules.items() if "help.example" in value] == ["script-src", "connect-src"]


def test_what_is_put_into_the_cart_is_counted_and_paid() -> None:
    put = visit("/cart", posted=True, form={"sku": "KT-101"})
    cookie = dict(put.headers)["Set-Cookie"]
    assert (put.status, cookie.split(";")[0]) == (303, "shop_cart=KT-101x1")
    more = visit(
        "/cart", posted=True, form={"sku": "KT-101", "quantity": "3"}, cookies={"shop_cart": "KT-101x1"}
    )
    assert dict(more.headers)["Set-Cookie"].startswith("shop_cart=KT-101x3;")
    assert "¥19,140" in visit("/cart", cookies={"shop_cart": "KT-101x3"}).body.decode()


def test_a_cart_of_nonsense_is_empty() -> None:
    html = visit("/cart", query={"lang": "en"}, cookies={"shop_cart": "XX-999x4.<b>x1"}).body.decode()
    assert "Your cart is empty." in html


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.sku)
def test_every_thing_has_its_picture(product: object) -> None:
    root = ElementTree.fromstring(drawing(product))  # type: ignore[arg-type]
    assert len(root) >= 4
    assert "WALL" not in drawing(product)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/files/../pages.py", "/files/layout.html", "/pictures/ZZ-999.svg"])
def test_nothing_else_is_given_out(path: str) -> None:
    assert visit(path).status == 404
