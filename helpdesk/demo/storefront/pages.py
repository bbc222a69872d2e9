"""The shop's pages: what was asked for in, a whole answer out. The cart is a cookie, there is no other memory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpdesk.demo import shop
from helpdesk.demo.shop import PRODUCTS, Product
from helpdesk.demo.storefront.drawings import drawing

HOME = "/demo/shop"
HERE = Path(__file__).parent / "templates"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
BY_SKU = {product.sku: product for product in PRODUCTS}
YEAR = 31_536_000
MOST = 9  # of one thing in a cart


@dataclass(frozen=True, slots=True)
class Visit:
    """One request; `widget` is the public key of the shop's chat, "" where there is none."""

    path: str
    helpdesk: str
    widget: str = ""
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    posted: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    accepts: str = ""

    @property
    def language(self) -> str:
        asked = self.query.get("lang") or self.cookies.get("shop_lang") or self.accepts[:2].lower()
        return asked if asked in ("ja", "en") else "ja"

    @property
    def cart(self) -> dict[str, int]:
        """Article number → how many, as the cookie has it; what is no article of ours is left out."""
        found = re.findall(r"([A-Z]{2}-\d{3})x(\d)", self.cookies.get("shop_cart", ""))
        return {sku: int(count) for sku, count in found if sku in BY_SKU and int(count)}


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def answer(visit: Visit) -> Answer:
    if visit.path.startswith("/files/"):
        return _file(visit.path.removeprefix("/files/"))
    if visit.path.startswith("/pictures/"):
        return _picture(visit.path.removeprefix("/pictures/").removesuffix(".svg"))
    if visit.posted:
        return _change_cart(visit) if visit.path == "/cart" else _page(visit, "missing", status=404)
    if visit.path in ("/", HOME):
        wanted = visit.query.get("category", "")
        chosen = [product for product in PRODUCTS if wanted in ("", product.category)]
        return _page(visit, "list", products=chosen, category=wanted)
    if visit.path in ("/cart", "/contact"):
        return _page(visit, visit.path[1:])
    product = BY_SKU.get(visit.path.removeprefix("/products/"))
    if product is None:
        return _page(visit, "missing", status=404)
    return _page(visit, "product", product=product, others=_others(product))


def _page(visit: Visit, name: str, *, status: int = 200, **given: Any) -> Answer:
    language = visit.language
    lines = [(BY_SKU[sku], count) for sku, count in visit.cart.items()]
    total = sum(product.price * count for product, count in lines)
    html = (
        _environment()
        .get_template(f"{name}.html")
        .render(
            visit=visit,
            language=language,
            say=_words()[language],
            categories=_words()["categories"],
            stories=_words()["stories"],
            shop=shop,
            lines=lines,
            total=total,
            shipping=0 if total >= shop.FREE_SHIPPING_FROM else shop.SHIPPING,
            in_cart=sum(visit.cart.values()),
            **given,
        )
    )
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", policy(visit.helpdesk)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Cache-Control", "no-store"),
    ]
    if "lang" in visit.query:
        headers.append(_cookie("shop_lang", language))
    return Answer(html.encode(), status, tuple(headers))


def policy(helpdesk: str) -> str:
    """As strict as a shop can be: of the helpdesk it allows scripts and connections alone."""
    socket = urlsplit(helpdesk)._replace(scheme="wss" if helpdesk.startswith("https:") else "ws").geturl()
    return (
        f"default-src 'none'; script-src 'self' {helpdesk}; connect-src {helpdesk} {socket}; style-src 'self'; "
        "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


def _change_cart(visit: Visit) -> Answer:
    cart, sku = visit.cart, visit.form.get("sku", "")
    if sku in BY_SKU:
        given = visit.form.get("quantity", "")
        wanted = int(given) if re.fullmatch(r"\d", given) else cart.get(sku, 0) + 1
        cart[sku] = min(wanted, MOST)
    value = ".".join(f"{one}x{count}" for one, count in cart.items() if count)
    return Answer(status=303, headers=(("Location", "/cart"), _cookie("shop_cart", value)))


def _cookie(name: str, value: str) -> tuple[str, str]:
    return "Set-Cookie", f"{name}={value}; Path=/; Max-Age={YEAR}; SameSite=Lax; HttpOnly"


def _others(product: Product) -> list[Product]:
    alike = [one for one in PRODUCTS if one.category == product.category and one != product]
    return alike[:4]


def _file(name: str) -> Answer:
    path = HERE / name
    if path.parent != HERE or path.suffix not in TYPES or not path.is_file():
        return Answer(status=404)
    return Answer(
        path.read_bytes(), headers=(("Content-Type", TYPES[path.suffix]), ("Cache-Control", "no-cache"))
    )


def _picture(sku: str) -> Answer:
    if sku not in BY_SKU:
        return Answer(status=404)
    headers = (("Content-Type", "image/svg+xml"), ("Cache-Control", "max-age=86400"))
    return Answer(drawing(BY_SKU[sku]).encode(), headers=headers)


@cache
def _words() -> Any:
    return yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["yen"] = lambda value: f"¥{value:,}"
    return env
