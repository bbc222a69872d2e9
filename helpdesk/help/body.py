"""An article's formatted text, made safe: simple formatting, links, and pictures of its own alone."""

from __future__ import annotations

import re

import nh3

from helpdesk.tickets import rich

PICTURES = "/widget/articles/files/"
LONGEST = 200_000  # characters
PICTURE = re.compile(rf"{PICTURES}([a-z0-9]{{1,24}})$")
_IMAGE = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_SOURCE = re.compile(rf'(<img(?: [a-z]+="[^"]*")*? src="){PICTURES}')
_DIV = re.compile(r"<(/?)div\b[^>]*>", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6]\b[^>]*>", re.IGNORECASE)
_EMPTY = re.compile(r"<(p|h3)>(?:\s|&nbsp;|<br>)*</\1>")


def _attribute(tag: str, name: str, value: str) -> str | None:
    """A picture from elsewhere would tell that place who reads."""
    if tag == "img" and name == "src":
        found = PICTURE.search(value)
        return PICTURES + found[1] if found else None
    return value


_CLEANER = nh3.Cleaner(
    tags=rich.TAGS | {"hr"},
    clean_content_tags={"script", "style", "title", "template", "svg", "math", "iframe", "object", "xml"},
    attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
    attribute_filter=_attribute,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
    strip_comments=True,
)


def clean(source: str) -> str:
    """What the editor sent without anything else; all headings are of one kind."""
    source = source.replace("\x00", "")[:LONGEST]
    source = _DIV.sub(lambda found: "</p>" if found[1] else "<p>", source)
    source = _HEADING.sub(lambda found: f"<{found[1]}h3>", source)
    cleaned = _CLEANER.clean(source)
    cleaned = _IMAGE.sub(lambda found: found[0] if ' src="' in found[0] else "", cleaned)
    return _EMPTY.sub("", cleaned).strip()


def pictures(cleaned: str) -> list[str]:
    """Keys of the pictures that are shown in it."""
    found = (PICTURE.search(source) for source in re.findall(r'<img[^>]* src="([^"]*)"', cleaned))
    return list(dict.fromkeys(one[1] for one in found if one))


def elsewhere(cleaned: str, base: str) -> str:
    """For a page of another site: pictures by their whole address."""
    return _SOURCE.sub(lambda found: f"{found[1]}{base.rstrip('/')}{PICTURES}", cleaned)
