"""The closed list of tags in both languages. A brand's own tags come on top of it by training."""

from __future__ import annotations

from typing import NamedTuple


class Tag(NamedTuple):
    """One thing a customer can want. `base_urgency` 0–3: how soon such a message goes stale unread."""

    id: str
    ja: str
    en: str
    base_urgency: int
    definition: str


TAGS: tuple[Tag, ...] = (
    Tag(
        "order_status",
        "注文・配送状況",
        "Order status",
        2,
        "Where a placed order or parcel is, late, lost or not received",
    ),
    Tag(
        "delivery_options",
        "配送方法・送料",
        "Delivery options",
        0,
        "Carriers, fees, areas, lead times, time slots before buying",
    ),
    Tag("cancel_order", "注文キャンセル", "Cancel order", 3, "Stop an order that was placed"),
    Tag(
        "change_order",
        "注文変更",
        "Change order",
        3,
        "Other items, quantity, colour or date for a placed order",
    ),
    Tag("change_address", "届け先変更", "Change address", 3, "Another or corrected delivery address"),
    Tag("return", "返品", "Return", 1, "Send goods back, rules and labels for it"),
    Tag("exchange", "交換", "Exchange", 1, "Swap what arrived for another size, colour or item"),
    Tag("refund", "返金", "Refund", 2, "Get money back, or where that money is"),
    Tag(
        "damaged_item",
        "破損・不良",
        "Damaged or faulty",
        2,
        "Arrived broken, leaking, expired or does not work",
    ),
    Tag("wrong_item", "誤配送", "Wrong item", 2, "What came is not what was ordered"),
    Tag("missing_item", "不足・欠品", "Missing item", 2, "The parcel came but something was not in it"),
    Tag(
        "subscription_skip",
        "定期便の変更・スキップ",
        "Change or skip subscription",
        2,
        "Skip, pause, move or re-time it",
    ),
    Tag("subscription_cancel", "定期便の解約", "Cancel subscription", 2, "End a subscription or plan"),
    Tag("payment", "お支払い", "Payment", 2, "Declined, charged twice, unknown charge, ways to pay"),
    Tag("invoice_receipt", "領収書・請求書", "Invoice or receipt", 0, "Papers for accounting and tax"),
    Tag("discount_code", "クーポン・割引", "Discount code", 1, "Coupons, promotions, sale prices"),
    Tag("loyalty_points", "ポイント・会員ランク", "Loyalty points", 1, "Points, ranks, referral rewards"),
    Tag(
        "product_question",
        "商品について",
        "Product question",
        0,
        "What a product is, does, contains, costs, how to use it",
    ),
    Tag("stock_availability", "在庫・再入荷", "Stock", 0, "Is it available, when is it back, pre-orders"),
    Tag("size_fit", "サイズ", "Size and fit", 0, "Which size, measurements, how it fits"),
    Tag("account_login", "ログイン", "Login", 2, "Cannot sign in or register, password, codes"),
    Tag(
        "account_change", "会員情報変更・退会", "Account change", 0, "Open, edit, merge or delete an account"
    ),
    Tag("newsletter", "配信停止・登録", "Newsletter", 0, "Start or stop marketing messages"),
    Tag("complaint", "クレーム", "Complaint", 3, "Unhappy with the service or the company"),
    Tag("feedback_review", "ご意見・レビュー", "Feedback", 0, "Praise, opinion, suggestion, review"),
    Tag(
        "wholesale_partnership",
        "卸・提携・取材",
        "Wholesale and partners",
        0,
        "Resale, collaboration, press, creators",
    ),
    Tag(
        "human_agent",
        "有人対応希望",
        "Wants a person",
        2,
        "A person, a call, the phone number or opening hours",
    ),
    Tag("spam", "スパム・営業", "Spam", 0, "Unasked-for selling, fraud, phishing"),
    Tag("no_reply_needed", "お礼・返信不要", "No reply needed", 0, "Thanks, settled, nothing left to answer"),
)

TAG_IDS: tuple[str, ...] = tuple(tag.id for tag in TAGS)
BY_ID: dict[str, Tag] = {tag.id: tag for tag in TAGS}
SENTIMENTS: tuple[str, ...] = ("positive", "neutral", "negative", "angry", "threat")


def name(tag_id: str, lang: str) -> str:
    """The tag's name in `lang`, or the id itself for a brand's own tag."""
    tag = BY_ID.get(tag_id)
    if tag is None:
        return tag_id
    return tag.ja if lang == "ja" else tag.en
