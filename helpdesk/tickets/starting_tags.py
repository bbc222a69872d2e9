"""The tags that every brand begins with: what a customer can want, and what macros note down."""

from __future__ import annotations

from typing import NamedTuple

import classifiers

COLOURS = {
    "complaint": "amber", "damaged_item": "amber", "wrong_item": "amber", "missing_item": "amber",
    "order_status": "blue", "cancel_order": "red", "refund": "red", "change_address": "blue",
    "no_reply_needed": "green", "feedback_review": "green",
}  # fmt: skip
NOTED = {
    "account_close": ("退会手続き", "Account closed"),
    "address_changed": ("届け先変更済み", "Address changed"),
    "address_problem": ("住所要確認", "Address problem"),
    "apology_points": ("お詫びポイント", "Apology points"),
    "cancelled_by_customer": ("お客様都合キャンセル", "Cancelled by customer"),
    "delivered_not_received": ("配達済み・未受領", "Delivered, not received"),
    "exchange_requested": ("交換受付", "Exchange requested"),
    "late_delivery": ("配送遅延", "Late delivery"),
    "late_shipping": ("出荷遅延", "Late shipping"),
    "order_changed": ("注文変更済み", "Order changed"),
    "restock_request": ("再入荷希望", "Restock request"),
    "return_requested": ("返品受付", "Return requested"),
}


class Start(NamedTuple):
    name: str
    ja: str
    en: str
    kind: str  # intent: the classifier's; own: set by people and macros
    colour: str


TAGS = (
    *(Start(tag.id, tag.ja, tag.en, "intent", COLOURS.get(tag.id, "")) for tag in classifiers.TAGS),
    *(Start(name, ja, en, "own", "") for name, (ja, en) in NOTED.items()),
)
NAMES = frozenset(tag.name for tag in TAGS)
