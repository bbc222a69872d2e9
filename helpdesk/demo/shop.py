"""The demo brand itself: Hinoki & Co., things of cypress for the house, and who answers its mail."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "Hinoki & Co."
ADDRESS = "support@hinoki.example"
URL = "https://hinoki.example"
PHONE = "050-0000-0000"
ZONE = "Asia/Tokyo"
RETURN_DAYS = 14
FREE_SHIPPING_FROM = 8_800
SHIPPING = 660
SHIPPING_ABROAD = 2_800
SUPPORT_HOURS = {"ja": "平日10:00〜17:00（土日祝休み）", "en": "Monday to Friday, 10:00 to 17:00 Japan time"}
SIGNATURES = {
    "ja": f"Hinoki & Co.  檜と暮らしの道具\n{URL}\n平日10:00〜17:00（土日祝休み）",
    "en": f"Hinoki & Co.  Cypress goods for everyday living\n{URL}\n{SUPPORT_HOURS['en']}",
}
POINTS_PER_GRANT, POINTS_AGENT_DAY, POINTS_CUSTOMER = 1_000, 5_000, 2_000
POINTS_PER_YEN = 100  # one point for so many yen


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    email: str
    role: str
    language: str
    answers: str  # the language of the customers they answer


AGENTS = (
    Colleague("高橋 美咲", "misaki@hinoki.example", "admin", "ja", "ja"),
    Colleague("田中 蓮", "ren@hinoki.example", "lead", "ja", "ja"),
    Colleague("小林 千尋", "chihiro@hinoki.example", "agent", "ja", "ja"),
    Colleague("大野 拓海", "takumi@hinoki.example", "agent", "ja", "ja"),
    Colleague("Emma Brooks", "emma@hinoki.example", "agent", "en", "en"),
)
TEAMS = (
    ("国内サポート", ("高橋 美咲", "田中 蓮", "小林 千尋", "大野 拓海")),
    ("English desk", ("Emma Brooks", "田中 蓮")),
)


@dataclass(frozen=True, slots=True)
class Product:
    sku: str
    ja: str
    en: str
    category: str
    price: int  # yen, tax included

    def name(self, language: str) -> str:
        return self.ja if language == "ja" else self.en


KITCHEN, BATH, LIVING, TEA, SKIN, STATIONERY = "kitchen", "bath", "living", "tea", "skincare", "desk"
CATEGORIES = {
    KITCHEN: ("台所", "Kitchen"),
    BATH: ("バス", "Bath"),
    LIVING: ("暮らし", "Living"),
    TEA: ("お茶", "Tea"),
    SKIN: ("スキンケア", "Skincare"),
    STATIONERY: ("文具", "Stationery"),
}

SUBSCRIPTION = "TE-405"
PRODUCTS = tuple(
    Product(*row)
    for row in (
        ("KT-101", "檜のまな板 M", "Hinoki Cutting Board M", KITCHEN, 6_380),
        ("KT-102", "檜のまな板 L", "Hinoki Cutting Board L", KITCHEN, 8_580),
        ("KT-110", "曲げわっぱ弁当箱 600ml", "Bentwood Lunch Box 600 ml", KITCHEN, 9_900),
        ("KT-111", "曲げわっぱ弁当箱 850ml", "Bentwood Lunch Box 850 ml", KITCHEN, 11_550),
        ("KT-120", "檜の菜箸 2膳組", "Hinoki Cooking Chopsticks, Set of 2", KITCHEN, 1_320),
        ("KT-121", "夫婦箸 桐箱入り", "Pair of Chopsticks in a Gift Box", KITCHEN, 5_500),
        ("KT-130", "檜の米びつ 5kg", "Hinoki Rice Bin 5 kg", KITCHEN, 12_800),
        ("KT-131", "檜の米びつ 10kg", "Hinoki Rice Bin 10 kg", KITCHEN, 17_600),
        ("KT-140", "木べらとおたまのセット", "Wooden Spatula and Ladle Set", KITCHEN, 3_080),
        ("KT-150", "檜の鍋敷き", "Hinoki Trivet", KITCHEN, 2_200),
        ("KT-160", "おひつ 三合", "Ohitsu Rice Server, 3 Cups", KITCHEN, 14_300),
        ("BT-201", "檜の風呂椅子", "Hinoki Bath Stool", BATH, 13_200),
        ("BT-202", "檜の手桶", "Hinoki Wash Bucket", BATH, 7_700),
        ("BT-203", "檜のバスマット", "Hinoki Bath Mat", BATH, 8_250),
        ("BT-204", "檜の湯玉 6個入り", "Hinoki Bath Spheres, 6 pcs", BATH, 1_980),
        ("BT-205", "今治織りのフェイスタオル", "Woven Face Towel", BATH, 1_650),
        ("BT-206", "今治織りのバスタオル", "Woven Bath Towel", BATH, 4_180),
        ("BT-207", "檜の石けん置き", "Hinoki Soap Dish", BATH, 1_760),
        ("LV-301", "檜のアロマスプレー 100ml", "Hinoki Room Mist 100 ml", LIVING, 2_640),
        ("LV-302", "檜の精油 10ml", "Hinoki Essential Oil 10 ml", LIVING, 3_300),
        ("LV-303", "木の香りのキャンドル", "Forest Candle", LIVING, 3_850),
        ("LV-304", "檜の枕 かため", "Hinoki Chip Pillow, Firm", LIVING, 8_800),
        ("LV-305", "檜の枕 やわらかめ", "Hinoki Chip Pillow, Soft", LIVING, 8_800),
        ("LV-306", "麻のブランケット", "Linen Throw", LIVING, 15_400),
        ("LV-307", "檜の小さな棚", "Small Hinoki Shelf", LIVING, 24_200),
        ("LV-308", "檜のスリッパ M", "Hinoki Slippers M", LIVING, 5_940),
        ("LV-309", "檜のスリッパ L", "Hinoki Slippers L", LIVING, 5_940),
        ("TE-401", "ほうじ茶 100g", "Hojicha 100 g", TEA, 1_296),
        ("TE-402", "深蒸し煎茶 100g", "Deep-Steamed Sencha 100 g", TEA, 1_620),
        ("TE-403", "玄米茶 150g", "Genmaicha 150 g", TEA, 1_188),
        ("TE-404", "和紅茶ティーバッグ 15個", "Japanese Black Tea, 15 Bags", TEA, 1_404),
        ("TE-405", "お茶の定期便 毎月3種", "Monthly Tea Box, 3 Teas", TEA, 3_480),
        ("TE-406", "鉄急須 0.6L", "Iron Teapot 0.6 L", TEA, 16_500),
        ("SK-501", "檜バーム 30g", "Hinoki Balm 30 g", SKIN, 2_970),
        ("SK-502", "檜ハンドクリーム 40g", "Hinoki Hand Cream 40 g", SKIN, 1_980),
        ("SK-503", "米ぬか石けん", "Rice Bran Soap", SKIN, 1_210),
        ("SK-504", "柚子のリップバーム", "Yuzu Lip Balm", SKIN, 1_320),
        ("SK-505", "檜のヘアオイル 50ml", "Hinoki Hair Oil 50 ml", SKIN, 3_520),
        ("ST-601", "檜のペントレイ", "Hinoki Pen Tray", STATIONERY, 2_860),
        ("ST-602", "檜のスマホスタンド", "Hinoki Phone Stand", STATIONERY, 2_420),
        ("ST-603", "檜のブックエンド 2個組", "Hinoki Bookends, Pair", STATIONERY, 4_400),
    )
)
