"""A text as terms with weights: what an article is found by, and what a customer's words ask for.

Pure. Folding and bigrams are those of the inbox's index. On top of that English words lose their endings, the words
of one concept meet in one term (`#late`, and `=late` where it names the article), and the beginnings of an article's
naming words are terms (`^refu`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Set
from itertools import groupby

from helpdesk.help.concepts import CONCEPTS, PALE
from helpdesk.help.concepts import STOP as STOPPED
from helpdesk.store.search.tokens import CJK, LATIN, LONGEST_WORD, RUN, fold

WORD = re.compile(rf"{LATIN}+(?:'{LATIN}+)?")
WORDLY = re.compile(LATIN)
APOSTROPHES = str.maketrans("’‘", "''")
FIRST_LETTERS = range(3, 9)
KANJI = "㐀-䶿一-鿿豈-﫿々〆"
SCRIPTS = re.compile(rf"(?P<kanji>[{KANJI}])|(?P<kata>[ァ-ヺー-ヿ])|(?P<kana>[ぁ-ゖゝ-ゟ])|(?P<other>.)")
KANA = 0.3
WEIGHT = {"kanji": 1.0, "kata": 0.9, "other": 0.9, "kana": KANA}  # of a pair of characters of one script
MIXED, DIM = 0.5, 0.15
CONCEPT, NAMED, BEGUN = 1.1, 1.1, 0.8
KNOWN = 0.5  # of a pair that a concept counts already
MOST_TERMS = 60
SHORTEST_BEGINNING, MOST_BEGUN = 3, 2


def of_article(title: str, keywords: str, headings: str, body: str) -> dict[str, float]:
    """Term -> how much the article is about it, from 0 to 1: what names it counts more than what it mentions."""
    counted: dict[str, float] = defaultdict(float)
    for text, boost in ((title, 4.0), (keywords, 4.0), (headings, 2.0), (body, 1.0)):
        for term, times in Counter(_terms(text)).items():
            counted[term] += boost * min(times, 4)
    length = sum(counted.values())
    slow = 1.2 * (0.6 + 0.4 * length / 400)  # a long article has every word at some time
    weights = {term: times / (times + slow) for term, times in counted.items()}
    weights |= {f"={name}": 1.0 for name in concepts(f"{title}\n{keywords}")}
    for beginning in _beginnings(f"{title} {keywords}"):
        weights.setdefault(beginning, 0.6)
    return weights


def of_query(text: str) -> dict[str, float]:
    """Term -> how much the customer's words are about it; empty when they ask for nothing."""
    normal = unicodedata.normalize("NFKC", text)
    names = concepts(normal, open_end=True)
    weights = {f"#{name}": CONCEPT for name in names} | {f"={name}": NAMED for name in names}
    known = {pair for form in _forms(normal) for pair in _pairs(form)}
    kana: dict[str, float] = {}
    for run in RUN.findall(_stemmed(normal, kept=True)):
        if CJK.match(run):
            for pair, weight in _weighed(run):
                folded = fold(pair)
                told = KNOWN if folded in known else 1.0
                (kana if weight == KANA else weights).setdefault(folded, weight * told)
        elif run not in STOP and len(run) > 1:
            weights.setdefault(run[:LONGEST_WORD], 1.0)
    if last := _last_word(normal):
        weights.setdefault(f"^{last}", BEGUN)
    found = weights if any(weight > DIM for weight in weights.values()) else weights | kana
    return dict(sorted(found.items(), key=lambda one: -one[1])[:MOST_TERMS])


def concepts(text: str, *, open_end: bool = False) -> list[str]:
    """Names of what the text speaks of; with `open_end` its last word may still be being typed."""
    found = list(dict.fromkeys(name for form in _forms(text) for name in CONCEPTS_OF[form]))
    if open_end and not found and (last := re.search(rf"(?:{LATIN}+|\S+)$", fold(text))):
        found = _begun(last[0])
    return found


def _forms(text: str) -> list[str]:
    """The words of concepts that stand in it, as `CONCEPTS_OF` knows them: at each place the longest.

    A mail that did not come (メールが届) is no parcel that did not (届かない).
    """
    said, found, place = _stemmed(text), [], 0
    while place < len(said):
        form = next((one for one in BY_LETTER.get(said[place], ()) if _stands(said, one, place)), "")
        if form:
            found.append(form)
        place += len(form) or 1
    return found


def _stands(said: str, form: str, place: int) -> bool:
    """Japanese words stand anywhere, others between the ends of words."""
    if not said.startswith(form, place):
        return False
    end = place + len(form)
    if CJK.match(form):
        return True
    return not ((place and WORDLY.match(said[place - 1])) or (end < len(said) and WORDLY.match(said[end])))


def count(sentence: str, wanted: Set[str]) -> int:
    """How many of a query's terms a sentence holds; cheaper than its own terms would be."""
    said = _stemmed(unicodedata.normalize("NFKC", sentence))
    held = {term for run in RUN.findall(said) for term in (_pairs(run) if CJK.match(run) else [run])}
    meant = (SAID[term[1:]] for term in wanted if term[0] == "#")
    return len(held & wanted) + sum(any(form in said for form in forms) for forms in meant)


def stem(word: str) -> str:
    """An English word without its endings; good enough that shipping, shipped and ships meet."""
    word = word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, shortest in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= shortest:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _terms(text: str) -> Iterator[str]:
    normal = unicodedata.normalize("NFKC", text)
    yield from (f"#{name}" for name in concepts(normal))
    for run in RUN.findall(_stemmed(normal)):
        if CJK.match(run):
            yield from _pairs(run)
        elif run not in STOP:
            yield run[:LONGEST_WORD]


def _stemmed(text: str, *, kept: bool = False) -> str:
    """Folded, or with `kept` only in lower case so that the scripts can still be told; words without endings."""
    said = text.lower() if kept else fold(text)
    return WORD.sub(lambda found: stem(found[0]), said.translate(APOSTROPHES))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _weighed(run: str) -> Iterator[tuple[str, float]]:
    """The pairs of a run; a long word counts for more than a short one, but not for each of its letters."""
    scripts = [str(found.lastgroup) for found in SCRIPTS.finditer(run)]
    stretches = (len(list(same)) for _script, same in groupby(scripts))
    lengths = [length for length in stretches for _one in range(length)]
    for place, pair in enumerate(_pairs(run)):
        first, second = scripts[place], scripts[place + 1]
        if pair in PALE:
            yield pair, DIM
        elif first == second:
            yield pair, WEIGHT[first] / (1.0 if first == "kana" else (lengths[place] - 1) ** 0.5)
        else:
            yield pair, MIXED if "kanji" in (first, second) else DIM


def _beginnings(names: str) -> Iterator[str]:
    for word in set(WORD.findall(fold(names))) - STOP:
        yield from (f"^{word[:length]}" for length in FIRST_LETTERS if length < len(word))


def _last_word(text: str) -> str:
    found = re.search(rf"{LATIN}{{3,8}}$", fold(text))
    whole = found and (found.start() == 0 or not re.match(LATIN, fold(text)[found.start() - 1]))
    return found[0] if found and whole and found[0] not in STOP else ""


def _begun(last: str) -> list[str]:
    if len(last) < SHORTEST_BEGINNING or last in STOP:
        return []
    found = [name for name, forms in FORMS.items() if any(form.startswith(last) for form in forms)]
    return found if len(found) <= MOST_BEGUN else []


def _concepts_of() -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for name, forms in SAID.items():
        for form in dict.fromkeys(forms):
            named.setdefault(form, []).append(name)
    return named


FORMS = {name: tuple(fold(word) for word in words) for name, words in CONCEPTS.items()}
SAID = {name: tuple(_stemmed(word) for word in words) for name, words in CONCEPTS.items()}
CONCEPTS_OF = _concepts_of()
BY_LETTER = {
    letter: sorted((form for form in CONCEPTS_OF if form[0] == letter), key=len, reverse=True)
    for letter in {form[0] for form in CONCEPTS_OF}
}
STOP = STOPPED | {stem(word) for word in STOPPED}
