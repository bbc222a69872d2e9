"""Which of the shop's goods a message is about, by the words of their names: products, category, sizes, colours. Pure.

A word speaks for a category only if no other category has it: `hinoki` says nothing in a shop that sells nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from helpdesk.store.search.tokens import fold

CONSIDERED = 8_000
MOST_CATEGORIES = 3
LATIN = re.compile(r"[a-z][a-z'&-]*")
SPLIT = re.compile(r"[\s・,，、()（）/／|【】\[\]]+")
KANJI = re.compile(r"[一-鿿々]{2,}$")
KATAKANA = re.compile(r"[ァ-ヺー]{3,}$")
KANA = re.compile(r"[ぁ-ゖー]+")
SIZE = re.compile(
    r"(?<![A-Z0-9.'’])(XXS|XS|S|M|L|LL|3L|4L|XL|XXL|XXXL|[0-9]+(?:\.[0-9]+)?(?:CM|MM|ML|KG|G|L|号|合))(?![A-Z0-9])"
)
LETTERED = re.compile(
    r"(?:サイズ|SIZE)[はがを:：\s]{0,2}(X{0,3}[SL]|M|LL|[34]L)(?![A-Z0-9])|(?<![A-Z0-9'’])(X{0,3}[SL]|M|LL|[34]L)\s?(?:サイズ|SIZE)"
)
COLOURS = {
    "black": ("黒", "ブラック", "black"), "white": ("白", "ホワイト", "white"), "red": ("赤", "レッド", "red"),
    "blue": ("青", "ブルー", "blue"), "navy": ("紺", "ネイビー", "navy"), "green": ("緑", "グリーン", "green"),
    "yellow": ("黄色", "イエロー", "yellow"), "pink": ("ピンク", "pink"), "purple": ("紫", "パープル", "purple"),
    "grey": ("灰色", "グレー", "グレイ", "grey", "gray"), "brown": ("茶色", "ブラウン", "brown"),
    "beige": ("ベージュ", "beige"), "ivory": ("アイボリー", "生成り", "ivory"), "orange": ("オレンジ", "orange"),
    "silver": ("銀色", "シルバー", "silver"), "gold": ("金色", "ゴールド", "gold"), "khaki": ("カーキ", "khaki"),
}  # fmt: skip
EVERYDAY = frozenset(  # last words of names that customers say about anything
    (
        "set", "pair", "stand", "box", "kit", "pack", "bag", "bags", "case", "cover", "piece", "pieces", "pcs", "cup",
        "cups", "gift", "light", "hand", "size", "small", "large", "mini", "refill", "type", "new", "item", "order",
        "face", "hair", "room", "time", "back", "look", "mail", "card", "tools", "goods", "subscription",
        "セット", "ケース", "サイズ", "タイプ", "カラー", "小物", "商品", "注文", "本体",
        "個入", "枚入", "限定", "単品", "用品", "定期便", "期便",
    )
)  # fmt: skip
SHORTEST_LATIN = 4


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the shop sells; `names` in any languages."""

    sku: str
    names: tuple[str, ...]
    category: str


@dataclass(frozen=True, slots=True)
class Named:
    """What a message names. Categories and products likeliest first."""

    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Words of the shop's goods; empty where nothing is known of them."""

    words: dict[str, str] = field(default_factory=dict)  # a folded word -> the one category that has it
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)  # a folded whole name or its head -> SKUs
    skus: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # folded -> as the shop writes it, category
    sizes: frozenset[str] = frozenset()
    colours: frozenset[str] = frozenset()
    called: dict[str, tuple[str, ...]] = field(default_factory=dict)  # SKU -> names, in any languages


def learn(items: Iterable[Item]) -> Catalogue:
    homes: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, list[str]] = defaultdict(list)
    skus: dict[str, tuple[str, str]] = {}
    called: dict[str, tuple[str, ...]] = {}
    sizes, colours = set[str](), set[str]()
    for item in items:
        called[item.sku] = (*called.get(item.sku, ()), *item.names)
        if len(item.sku) >= SHORTEST_LATIN:
            skus[fold(item.sku)] = (item.sku, item.category)
        for name in item.names:
            for word in dict.fromkeys(_words(name)):
                homes[word].add(item.category)
                owners[word].append(item.sku)
            sizes.update(SIZE.findall(_capitals(name)))
            colours.update(_colours(fold(name), COLOURS))
    words = {word: min(some) for word, some in homes.items() if len(some) == 1 and min(some)}
    names = {word: tuple(dict.fromkeys(some)) for word, some in owners.items() if len(some) <= 3}
    return Catalogue(words, names, skus, frozenset(sizes), frozenset(colours), called)


def find(text: str, catalogue: Catalogue) -> Named:
    """Total: any text gives an answer, at a cost that grows with the text and hardly with the catalogue."""
    if not catalogue.words and not catalogue.skus:
        return Named()
    text = text[:CONSIDERED]
    said = fold(text)
    weights: dict[str, int] = defaultdict(int)
    skus: dict[str, int] = defaultdict(int)
    for word in _standing(said, catalogue.words.keys() | catalogue.names.keys()):
        if home := catalogue.words.get(word):
            weights[home] += len(word)
        for sku in catalogue.names.get(word, ()):
            skus[sku] += len(word)
    for token in re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", said):
        if known := catalogue.skus.get(token):
            weights[known[1]] += 100
            skus[known[0]] += 100
    sizes = _sizes(text, catalogue.sizes)
    return Named(
        tuple(one for one in _best(weights) if one)[:MOST_CATEGORIES],
        tuple(_best(skus))[:MOST_CATEGORIES],
        sizes,
        tuple(_colours(said, {one: COLOURS[one] for one in sorted(catalogue.colours)})),
    )


def _best(weights: dict[str, int]) -> list[str]:
    return sorted(weights, key=lambda one: (-weights[one], one))


def _words(name: str) -> Iterator[str]:
    """By what customers would call the thing: the head of its name and pairs of words, never its material alone."""
    plain = unicodedata.normalize("NFKC", name).strip()
    latin = LATIN.findall(re.split(r"[,(|/]", plain.lower())[0])
    latin = [word for word in latin if len(word) > 2]
    if latin:
        head = latin[-1]
        if len(head) >= SHORTEST_LATIN and head not in EVERYDAY:
            yield head
        yield from (f"{one} {other}" for one, other in pairwise(latin))
    for part in SPLIT.split(plain):
        yield from _japanese(part)


def _japanese(part: str) -> Iterator[str]:
    head = part.split("の")[-1] if not part.isascii() else ""
    candidates = [head, *(match[0] for shape in (KANJI, KATAKANA) if (match := shape.search(part)))]
    candidates += [
        word[1:] for word in candidates if len(word) == 3 and KANJI.fullmatch(word)
    ]  # 鉄急須 is a 急須
    for word in dict.fromkeys(candidates):
        folded = fold(word)
        if (
            word in EVERYDAY
            or re.search(r"[0-9A-Za-z]", word)
            or len(folded) < (3 if KANA.fullmatch(folded) else 2)
        ):
            continue
        if not _is_colour(word):
            yield folded


def _standing(said: str, words: Iterable[str]) -> Iterator[str]:
    """Those that stand in the text as words of their own; Japanese leaves no gaps."""
    spaced = f" {' '.join(LATIN.findall(said))} "
    for word in words:
        if word.isascii():
            if f" {word} " in spaced or f" {word}s " in spaced:
                yield word
        elif word in said:
            yield word


def _sizes(text: str, known: frozenset[str]) -> tuple[str, ...]:
    """A lone letter is a size only beside the word; `I'm` is none."""
    said = _capitals(text)
    lettered = [one or other for one, other in LETTERED.findall(said)]
    measured = [one for one in SIZE.findall(said) if one[0].isdecimal()]
    return tuple(dict.fromkeys(one for one in (*lettered, *measured) if one in known))


def _colours(said: str, colours: dict[str, tuple[str, ...]]) -> list[str]:
    return [name for name, words in colours.items() if any(_has(said, word) for word in words)]


def _has(said: str, word: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![a-z]){word}(?![a-z])", said) is not None
    return fold(word) in said


def _is_colour(word: str) -> bool:
    return any(word in words for words in COLOURS.values())


def _capitals(text: str) -> str:
    return unicodedata.normalize("NFKC", text).upper()
