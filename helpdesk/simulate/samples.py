"""Templates as a shop has them approved at WhatsApp, of our own writing."""

from __future__ import annotations

from typing import Any

TEMPLATES: list[dict[str, Any]] = [
    {
        "id": "9001",
        "name": "parcel_on_its_way",
        "language": "ja",
        "status": "APPROVED",
        "category": "UTILITY",
        "rejected_reason": "NONE",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "発送のお知らせ"},
            {
                "type": "BODY",
                "text": "{{1}}様、ご注文{{2}}を発送しました。お届け予定は{{3}}です。",
                "example": {"body_text": [["山田花子", "1001", "11月23日"]]},
            },
            {"type": "FOOTER", "text": "このメッセージに返信できます"},
        ],
    },
    {
        "id": "9002",
        "name": "parcel_on_its_way",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [
            {
                "type": "BODY",
                "text": "Hello {{1}}, your order {{2}} is on its way. It should arrive on {{3}}.",
                "example": {"body_text": [["Hanako", "1001", "23 November"]]},
            },
        ],
    },
    {
        "id": "9003",
        "name": "may_we_write",
        "language": "ja",
        "status": "APPROVED",
        "category": "UTILITY",
        "parameter_format": "NAMED",
        "components": [
            {
                "type": "BODY",
                "text": "{{name}}様、お問い合わせの件でご連絡です。このメッセージにご返信いただけますか。",
                "example": {"body_text_named_params": [{"param_name": "name", "example": "山田花子"}]},
            },
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "はい"}]},
        ],
    },
    {
        "id": "9004",
        "name": "follow_parcel",
        "language": "en",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["picture"]}},
            {
                "type": "BODY",
                "text": "Your parcel {{1}} is with the carrier.",
                "example": {"body_text": [["1001"]]},
            },
            {
                "type": "BUTTONS",
                "buttons": [{"type": "URL", "text": "Follow it", "url": "https://shop.example/t/{{1}}"}],
            },
        ],
    },
    {
        "id": "9005",
        "name": "winter_sale",
        "language": "ja",
        "status": "REJECTED",
        "category": "MARKETING",
        "rejected_reason": "PROMOTIONAL",
        "components": [{"type": "BODY", "text": "冬のセールが始まりました。"}],
    },
]
