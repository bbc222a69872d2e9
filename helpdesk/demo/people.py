"""Customers of the demo brand: invented people with reserved addresses and a way of writing of their own."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

FAMILY = """
佐藤 sato,鈴木 suzuki,伊藤 ito,渡辺 watanabe,山本 yamamoto,中村 nakamura,加藤 kato,吉田 yoshida,山田 yamada,佐々木 sasaki,山口 yamaguchi,
松本 matsumoto,井上 inoue,木村 kimura,林 hayashi,斎藤 saito,清水 shimizu,山崎 yamazaki,阿部 abe,森 mori,池田 ikeda,橋本 hashimoto,石川 ishikawa,
前田 maeda,藤田 fujita,小川 ogawa,岡田 okada,後藤 goto,長谷川 hasegawa,村上 murakami,近藤 kondo,石井 ishii,坂本 sakamoto,遠藤 endo,青木 aoki,
藤井 fujii,西村 nishimura,福田 fukuda,三浦 miura,原田 harada,松田 matsuda,中島 nakajima,上田 ueda,宮崎 miyazaki,今井 imai,高木 takagi,
"""
GIVEN = """
陽子 yoko,真由美 mayumi,恵子 keiko,裕子 yuko,久美子 kumiko,由美 yumi,香織 kaori,智子 tomoko,直美 naomi,明美 akemi,彩 aya,麻衣 mai,愛 ai,沙織 saori,
千夏 chinatsu,結衣 yui,葵 aoi,さくら sakura,凛 rin,詩織 shiori,奈緒 nao,美穂 miho,理恵 rie,亜希子 akiko,健一 kenichi,誠 makoto,浩二 koji,隆 takashi,
大輔 daisuke,拓也 takuya,翔太 shota,直樹 naoki,和也 kazuya,俊介 shunsuke,亮 ryo,悠斗 yuto,蒼 ao,修 osamu,哲也 tetsuya,雅人 masato,
"""
GIVEN_EN = """
Olivia Amelia Grace Hannah Chloe Sophie Megan Laura Rachel Claire Nora Julia Maya Priya Elena Ingrid Naomi Tessa Ruth Beth
James Oliver Daniel Thomas Samuel Marcus Henry Lucas Adrian Colin Peter Martin Julian Victor Owen Graham Felix Simon Dylan Isaac
"""
FAMILY_EN = """
Carter Bennett Hughes Collins Foster Murray Palmer Webb Hartley Lawson Doyle Fletcher Nolan Pearce Quinn Sutton Turner Vance Walsh Yates
Abbott Barlow Chandler Drake Ellison Finch Gallagher Holloway Iverson Jennings Kessler Lindgren Moreau Novak Okafor Petrov Ramirez Schmidt Tan Wong
"""
# prefecture, in English, city, in English, start of the postcode, days a parcel needs, region
PLACES = (
    ("東京都", "Tokyo", "世田谷区", "Setagaya", "15", 1, "kanto"), ("東京都", "Tokyo", "杉並区", "Suginami", "16", 1, "kanto"),
    ("東京都", "Tokyo", "江東区", "Koto", "13", 1, "kanto"), ("東京都", "Tokyo", "三鷹市", "Mitaka", "18", 1, "kanto"),
    ("神奈川県", "Kanagawa", "横浜市", "Yokohama", "22", 1, "kanto"), ("神奈川県", "Kanagawa", "鎌倉市", "Kamakura", "24", 1, "kanto"),
    ("埼玉県", "Saitama", "川越市", "Kawagoe", "35", 1, "kanto"), ("千葉県", "Chiba", "船橋市", "Funabashi", "27", 1, "kanto"),
    ("茨城県", "Ibaraki", "つくば市", "Tsukuba", "30", 1, "kanto"), ("北海道", "Hokkaido", "札幌市", "Sapporo", "06", 3, "north"),
    ("宮城県", "Miyagi", "仙台市", "Sendai", "98", 2, "north"), ("岩手県", "Iwate", "盛岡市", "Morioka", "02", 2, "north"),
    ("新潟県", "Niigata", "新潟市", "Niigata", "95", 1, "north"), ("長野県", "Nagano", "松本市", "Matsumoto", "39", 1, "middle"),
    ("愛知県", "Aichi", "名古屋市", "Nagoya", "46", 1, "middle"), ("静岡県", "Shizuoka", "浜松市", "Hamamatsu", "43", 1, "middle"),
    ("石川県", "Ishikawa", "金沢市", "Kanazawa", "92", 1, "middle"), ("京都府", "Kyoto", "京都市", "Kyoto", "60", 1, "west"),
    ("大阪府", "Osaka", "大阪市", "Osaka", "53", 1, "west"), ("大阪府", "Osaka", "豊中市", "Toyonaka", "56", 1, "west"),
    ("兵庫県", "Hyogo", "神戸市", "Kobe", "65", 1, "west"), ("奈良県", "Nara", "奈良市", "Nara", "63", 2, "west"),
    ("岡山県", "Okayama", "倉敷市", "Kurashiki", "71", 2, "west"), ("広島県", "Hiroshima", "広島市", "Hiroshima", "73", 2, "west"),
    ("香川県", "Kagawa", "高松市", "Takamatsu", "76", 2, "west"), ("福岡県", "Fukuoka", "福岡市", "Fukuoka", "81", 2, "south"),
    ("熊本県", "Kumamoto", "熊本市", "Kumamoto", "86", 2, "south"), ("沖縄県", "Okinawa", "那覇市", "Naha", "90", 4, "south"),
)  # fmt: skip
ABROAD = (
    ("United States", "Portland"), ("United States", "Brooklyn"), ("United Kingdom", "Bristol"), ("United Kingdom", "Edinburgh"),
    ("Australia", "Melbourne"), ("Singapore", "Singapore"), ("Canada", "Vancouver"), ("New Zealand", "Wellington"), ("Germany", "Hamburg"),
)  # fmt: skip
TOWNS = (
    ("みどり台", "Midoridai"),
    ("桜ヶ原", "Sakuragahara"),
    ("若葉町", "Wakaba-cho"),
    ("南風台", "Haedai"),
    ("栄野", "Sakaeno"),
)
DOMAINS = {
    "ja": ("example.jp", "example.com", "example.jp", "example.net"),
    "en": ("example.com", "example.org", "example.net"),
}
STYLES = {
    "ja": ("formal", "polite", "polite", "plain", "terse"),
    "en": ("formal", "polite", "plain", "plain", "terse"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """`family` and `given` as they are written; `days` is how long a parcel to them needs."""

    name: str
    family: str
    given: str
    email: str
    language: str
    region: str  # prefecture or country
    city: str
    line: str
    postcode: str
    days: int
    area: str  # kanto, north, middle, west, south, abroad
    style: str
    phone: str = ""
    note: str = ""


NOTES = (
    "ギフト包装を毎回ご希望。納品書は同梱しない。",
    "電話よりメールでの連絡をご希望。",
    "小さなお子さまがいらっしゃるため、配達は午後以降をご希望。",
    "実店舗の展示会でお会いしたお客様。米びつを長くご愛用。",
    "Prefers e-mail; writes from a different time zone.",
)


def make_people(rng: Random, count: int, *, english: float = 0.35) -> list[Person]:
    """`count` different people; no name and no address twice."""
    families, givens = _pairs(FAMILY), _pairs(GIVEN)
    japanese = [(family, given) for family in families for given in givens]
    western = [(given, family) for given in GIVEN_EN.split() for family in FAMILY_EN.split()]
    rng.shuffle(japanese)
    rng.shuffle(western)
    people: list[Person] = []
    for place in range(count):
        if (place * 0.618034) % 1 < english:
            people.append(_english(rng, *western.pop(), place))
        else:
            people.append(_japanese(rng, *japanese.pop(), place))
    return people


def strangers(rng: Random) -> list[Person]:
    """Who sends what nobody asked for."""
    names = (
        ("集客サポート事務局", "ja"),
        ("Growth Team", "en"),
        ("アカウント管理センター", "ja"),
        ("Domain Services", "en"),
        ("Kelly from AppWorks", "en"),
        ("助成金相談窓口", "ja"),
    )
    return [
        Person(
            name,
            name,
            name,
            f"info{rng.randint(100, 999)}@bulk{place}.example",
            language,
            "",
            "",
            "",
            "",
            0,
            "",
            "terse",
        )
        for place, (name, language) in enumerate(names)
    ]


def _japanese(rng: Random, family: tuple[str, str], given: tuple[str, str], place: int) -> Person:
    prefecture, _, city, _, postcode, days, area = rng.choice(PLACES)
    local = rng.choice(
        (
            f"{given[1]}.{family[1]}",
            f"{family[1]}.{given[1]}",
            f"{family[1]}_{given[1][0]}",
            f"{given[1]}{rng.randint(60, 99)}",
        )
    )
    return Person(
        name=f"{family[0]} {given[0]}",
        family=family[0],
        given=given[0],
        email=f"{local}{place}@{rng.choice(DOMAINS['ja'])}",
        language="ja",
        region=prefecture,
        city=city,
        line=f"{prefecture}{city}{rng.choice(TOWNS)[0]}{_block(rng)}",
        postcode=f"{postcode}0-0000",
        days=days,
        area=area,
        style=rng.choice(STYLES["ja"]),
        phone=f"090-0000-{place:04d}" if rng.random() < 0.3 else "",
        note=rng.choice(NOTES[:-1]) if rng.random() < 0.06 else "",
    )


def _english(rng: Random, given: str, family: str, place: int) -> Person:
    local = rng.choice((f"{given}.{family}", f"{given[0]}{family}", f"{given}_{family}")).lower()
    region, city, line, postcode, days, area = _abroad(rng) if rng.random() < 0.55 else _resident(rng)
    return Person(
        name=f"{given} {family}",
        family=family,
        given=given,
        email=f"{local}{place}@{rng.choice(DOMAINS['en'])}",
        language="en",
        region=region,
        city=city,
        line=line,
        postcode=postcode,
        days=days,
        area=area,
        style=rng.choice(STYLES["en"]),
        note=NOTES[-1] if rng.random() < 0.06 else "",
    )


def _resident(rng: Random) -> tuple[str, str, str, str, int, str]:
    _, prefecture, _, city, postcode, days, area = rng.choice(PLACES)
    line = f"{_block(rng)} {rng.choice(TOWNS)[1]}, {city}, {prefecture}"
    return prefecture, city, line, f"{postcode}0-0000", days, area


def _abroad(rng: Random) -> tuple[str, str, str, str, int, str]:
    country, city = rng.choice(ABROAD)
    street = rng.choice(("Example Street", "Sample Lane", "Placeholder Road"))
    return (
        country,
        city,
        f"{rng.randint(1, 99)} {street}, {city}, {country}",
        "00000",
        rng.randint(5, 7),
        "abroad",
    )


def _block(rng: Random) -> str:
    return f"{rng.randint(1, 6)}-{rng.randint(1, 28)}-{rng.randint(1, 20)}"


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (pair.split() for pair in text.replace("\n", "").split(",") if pair.strip())
    return [(kanji, romaji) for kanji, romaji in found]
