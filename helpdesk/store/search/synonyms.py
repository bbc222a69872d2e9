"""Words of a shop's support that are written in several ways; looking for one finds the others.

Words that merely belong together (return and refund) are not here: an agent who types one means that one.
"""

from __future__ import annotations

from helpdesk.store.search.tokens import fold

GROUPS = (
    ("返品", "へんぴん"),
    ("返金", "へんきん", "払い戻し", "払戻し", "払い戻", "払戻"),
    ("交換", "こうかん"),
    ("領収書", "りょうしゅうしょ", "領収証"),
    ("請求書", "せいきゅうしょ", "インボイス", "invoice"),
    ("届かない", "届きません", "届いていない", "届いていません", "未着", "とどかない", "とどきません"),
    ("荷物", "にもつ"),
    ("配送", "はいそう", "配達"),
    ("送料", "そうりょう", "配送料"),
    ("遅延", "ちえん", "遅れて", "おくれて"),
    ("追跡番号", "問い合わせ番号", "問合せ番号", "お問い合わせ番号", "伝票番号", "送り状番号"),
    ("注文", "ちゅうもん", "オーダー"),
    ("解約", "かいやく", "退会"),
    ("キャンセル", "取消", "取り消し", "取消し", "cancel", "cancellation"),
    ("不良品", "ふりょうひん", "不具合", "欠陥"),
    ("破損", "はそん", "壊れて", "こわれて", "割れて"),
    ("請求", "せいきゅう"),
    ("支払い", "支払", "しはらい", "お支払い"),
    ("問い合わせ", "問合せ", "問合わせ", "といあわせ", "お問い合わせ"),
    ("引換", "引き換え", "ひきかえ"),
    ("代引き", "代引", "代金引換", "だいびき"),
    ("ポイント", "point", "points"),
    ("クーポン", "coupon"),
    ("パスワード", "password"),
    ("メール", "mail", "email"),
    ("サイズ", "寸法"),
    ("cancelled", "canceled"),
    ("colour", "color"),
    ("parcel", "package"),
)
_GROUP_OF = {fold(word): tuple(fold(one) for one in group) for group in GROUPS for word in group}


def alike(folded: str) -> tuple[str, ...]:
    """The folded word first, then the other ways to write it."""
    return (folded, *(one for one in _GROUP_OF.get(folded, ()) if one != folded))
