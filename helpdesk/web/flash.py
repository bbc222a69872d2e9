"""Notices that outlive one redirect: a short-lived signed cookie, shown once."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from helpdesk.store.seal import Seal

COOKIE = "notice"
KINDS = ("ok", "info", "error")
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Notice:
    kind: str
    text: str


def put(response: Response, seal: Seal, text: str, kind: str = "ok", *, secure: bool) -> None:
    value = base64.urlsafe_b64encode(json.dumps([kind, text[:LONGEST]], ensure_ascii=False).encode()).decode()
    signed = f"{value}.{seal.sign('notice', value)}"
    response.set_cookie(COOKIE, signed, max_age=60, httponly=True, samesite="lax", secure=secure)


def read(request: Request, seal: Seal) -> list[Notice]:
    value, _, signature = request.cookies.get(COOKIE, "").partition(".")
    if not value or not seal.signed("notice", value, signature):
        return []
    kind, text = json.loads(base64.urlsafe_b64decode(value))
    return [Notice(kind if kind in KINDS else "info", text)]


def clear(response: Response) -> None:
    response.delete_cookie(COOKIE)
