"""What a browser reads from a page to send it back: the fields of a form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("input", "img", "br", "hr", "meta", "link", "use"))


@dataclass
class Fields:
    """`given` are the values that would be sent, `unticked` those behind an empty checkbox, `areas` by their id."""

    given: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unticked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    areas: dict[str, str] = field(default_factory=dict)


def read_fields(html: str, form: str = "") -> Fields:
    """Of the form with that id, or of the whole fragment."""
    reader = _Reader(form)
    reader.feed(html)
    return reader.found


class _Reader(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.found = Fields()
        self._form, self._inside, self._area = form, not form, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and self._form:
            self._inside = has.get("id") == self._form
        elif self._inside and tag == "textarea":
            self._area = has.get("id") or has.get("name", "")
            self.found.areas[self._area] = ""
        elif self._inside and tag == "input" and "name" in has and has.get("form", self._form) == self._form:
            ticked = has.get("type") != "checkbox" or "checked" in has
            (self.found.given if ticked else self.found.unticked)[has["name"]].append(has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form" and self._form:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found.areas[self._area] += data
