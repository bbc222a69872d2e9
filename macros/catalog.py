"""All macros of a shop: loaded from files, found by key or by words. Read by match and render."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from macros.errors import CatalogError, MacroNotFound, Problem
from macros.macro import Action, Frame, Macro
from macros.parse import parse, parse_frame

__all__ = ["Action", "Catalog", "Frame", "Macro"]

LIBRARY = Path(__file__).parent / "library"
FRAME_FILE = "_frame.yaml"
_CODE = re.compile(r"\{[{%#].*?[%#}]\}", re.DOTALL)
# Katakana read as hiragana, so that クーポン and くーぽん are one word.
_KANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


class Catalog:
    """Macros by key, in order of key. Not changed after it is made: `with_macros` gives a new one."""

    def __init__(self, macros: Iterable[Macro], frame: Frame | None = None) -> None:
        self._macros = {macro.key: macro for macro in sorted(macros, key=lambda macro: macro.key)}
        self.frame = frame or Frame()

    @classmethod
    def load(cls, directory: Path) -> Catalog:
        """Every *.yaml of a folder; its stem is the key. Raises CatalogError, problems of all files in it."""
        problems: list[Problem] = []
        macros: list[Macro] = []
        frame = _load_frame(directory, problems)
        for path in sorted(directory.glob("[!_]*.yaml")):
            try:
                macros.append(parse(path.stem, _text_of(path), frame, path.name))
            except CatalogError as error:
                problems.extend(error.problems)
        if not macros and not problems:
            problems.append(Problem(str(directory), "folder", "holds no *.yaml file; check the path"))
        if problems:
            raise CatalogError(problems)
        return cls(macros, frame)

    @classmethod
    def load_builtin(cls) -> Catalog:
        """The library that comes with the program, read once."""
        return _builtin()

    def __iter__(self) -> Iterator[Macro]:
        return iter(self._macros.values())

    def __len__(self) -> int:
        return len(self._macros)

    def get(self, key: str) -> Macro:
        """The macro of that key; raises MacroNotFound."""
        macro = self.find(key)
        if macro is None:
            raise MacroNotFound(key)
        return macro

    def find(self, key: str) -> Macro | None:
        return self._macros.get(key)

    def with_macros(self, macros: Iterable[Macro]) -> Catalog:
        """This catalog with a shop's own macros added; one of the same key takes the place of the old one."""
        return Catalog([*(self._macros | {macro.key: macro for macro in macros}).values()], self.frame)

    def search(self, query: str, lang: str) -> list[Macro]:
        """Macros that hold every word of the query: names first, then tags, then bodies; all for no query."""
        words = _folded(query).split()
        ranked = ((_rank(macro, words, lang), macro) for macro in self)
        found = [(rank, macro.title(lang), macro) for rank, macro in ranked if rank is not None]
        return [macro for _, _, macro in sorted(found, key=lambda one: (one[0], one[1], one[2].key))]


def _rank(macro: Macro, words: list[str], lang: str) -> int | None:
    """0 the name begins so, 1 in it, 2 in key, main tag or other name, 3 anywhere else; None nowhere."""
    name = _folded(macro.title(lang))
    if not words or name.startswith(" ".join(words)):
        return 0
    labels = _folded(
        " ".join((macro.key, macro.key.replace("_", " "), *macro.tags[:1], *macro.name.values()))
    )
    texts = _folded(" ".join((*macro.tags, *macro.description.values(), *macro.body.values())))
    places = (name, f"{name} {labels}", f"{name} {labels} {texts}")
    return next((rank for rank, place in enumerate(places, 1) if all(word in place for word in words)), None)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", _CODE.sub(" ", text)).casefold().translate(_KANA)


def _load_frame(directory: Path, problems: list[Problem]) -> Frame:
    path = directory / FRAME_FILE
    if not path.exists():
        return Frame()
    try:
        return parse_frame(_text_of(path), path.name)
    except CatalogError as error:
        problems.extend(error.problems)
        return Frame()


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError([Problem(path.name, "file", "is not UTF-8 text; save it as UTF-8")]) from error


@cache
def _builtin() -> Catalog:
    return Catalog.load(LIBRARY)
