"""What the made-up customers and agents of the measurements write: parts of sentences, put together at random."""

from __future__ import annotations

import random
from functools import lru_cache
from itertools import product

from helpdesk.store.search.tokens import tokens

FAMILIES = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
GIVEN = [
    "花子",
    "太郎",
    "健一",
    "由美",
    "翔太",
    "美咲",
    "大輔",
    "愛",
    "直樹",
    "陽子",
    "誠",
    "結衣",
    "拓也",
    "恵子",
    "亮",
    "真由美",
    "学",
    "彩",
    "隆",
    "千尋",
]
FIRST = [
    "Emma",
    "Liam",
    "Olivia",
    "Noah",
    "Ava",
    "James",
    "Mia",
    "Lucas",
    "Grace",
    "Henry",
    "Ella",
    "Jack",
    "Ruby",
    "Leo",
    "Alice",
    "Oscar",
]
LAST = [
    "Miller",
    "Brown",
    "Clark",
    "Evans",
    "Hall",
    "Young",
    "King",
    "Wright",
    "Scott",
    "Green",
    "Baker",
    "Adams",
    "Carter",
    "Reed",
    "Cook",
    "Ward",
]
THINGS_JA = [
    "マグカップ",
    "麻のシャツ",
    "檜のまな板",
    "水筒",
    "弁当箱",
    "座布団",
    "手ぬぐい",
    "急須",
    "風呂敷",
    "毛布",
    "箸置き",
    "靴下",
    "帽子",
    "傘",
]
THINGS_EN = [
    "mug",
    "linen shirt",
    "cutting board",
    "water bottle",
    "lunch box",
    "cushion",
    "towel",
    "teapot",
    "blanket",
    "umbrella",
]
HELLO_JA = (
    "お世話になっております。",
    "こんにちは。",
    "はじめまして。",
    "先日購入した者です。",
    "たびたび失礼します。",
)
ASK_JA = tuple(
    f"{thing}{what}"
    for thing, what in product(
        THINGS_JA,
        (
            "がまだ届きません。",
            "を返品したいです。",
            "の交換をお願いします。",
            "のサイズが合いませんでした。",
            "の箱が潰れていました。",
            "の領収書をください。",
            "の色を変更できますか。",
            "の配送先を変えたいです。",
            "の再入荷はいつですか。",
            "をキャンセルしてください。",
            "の使い方を教えてください。",
            "に傷がありました。",
        ),
    )
)
RARE_JA = ("金継ぎはできますか。", "漆のかぶれが心配です。", "熨斗を付けてください。", "関税はかかりますか。")
BYE_JA = ("よろしくお願いいたします。", "お返事をお待ちしております。", "急いでおります。", "")
HELLO_EN = ("Hello,", "Hi there,", "Good morning,", "Dear team,", "Hi, me again.")
ASK_EN = tuple(
    f"{before} {thing}{after}"
    for thing, (before, after) in product(
        THINGS_EN,
        (
            ("where is my order with the", "?"),
            ("I would like to return the", "."),
            ("please exchange the", " for another size."),
            ("I want a refund for the", "."),
            ("the parcel arrived damaged:", " is broken."),
            ("can I still change the address for the", "?"),
            ("do you have a receipt for the", "?"),
            ("please cancel the", " right away."),
            ("when is it back in stock, the", "?"),
            ("how do I wash the", "?"),
        ),
    )
)
RARE_EN = (
    "Is kintsugi possible?",
    "Does the lacquer cause an allergy?",
    "Can customs be prepaid?",
    "Any heirloom sets?",
)
BYE_EN = ("Thank you.", "Best regards", "Please answer soon.", "")
ANSWER_JA = tuple(
    f"お問い合わせありがとうございます。{what}"
    for what in (
        "荷物は本日発送いたします。",
        "返品を承りました。送料は当店が負担します。",
        "交換品を手配しました。到着まで三日ほどかかります。",
        "返金の手続きを行いました。",
        "倉庫に確認しておりますので、少々お待ちください。",
        "領収書はマイページから発行できます。",
        "ご不便をおかけして申し訳ございません。",
        "再入荷は来月の予定です。",
    )
)
ANSWER_EN = tuple(
    f"Thank you for your message. {what}"
    for what in (
        "Your order leaves the warehouse today.",
        "We accept the return and pay the postage.",
        "A replacement is on its way and takes three days.",
        "Your refund has been made.",
        "We are asking the warehouse, please bear with us.",
        "You find the receipt in your account.",
        "We are sorry for the trouble.",
        "It will be back next month.",
    )
)


def name(dice: random.Random, japanese: bool) -> str:
    if japanese:
        return f"{dice.choice(FAMILIES)} {dice.choice(GIVEN)}"
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def question(dice: random.Random, japanese: bool, order: str) -> list[str]:
    """Sentences; one in two thousand holds a rare one."""
    hello, ask, rare, bye = (
        (HELLO_JA, ASK_JA, RARE_JA, BYE_JA) if japanese else (HELLO_EN, ASK_EN, RARE_EN, BYE_EN)
    )
    said = [dice.choice(hello), dice.choice(ask)]
    if dice.random() < 0.0005:
        said.append(dice.choice(rare))
    if dice.random() < 0.4:
        said.append(f"注文番号は{order}です。" if japanese else f"My order number is {order}.")
    return [*said, dice.choice(bye)]


def answer(dice: random.Random, japanese: bool) -> list[str]:
    return [dice.choice(ANSWER_JA if japanese else ANSWER_EN), dice.choice(BYE_JA if japanese else BYE_EN)]


@lru_cache(50_000)
def tokens_of(sentence: str) -> tuple[str, ...]:
    return tuple(tokens(sentence))
