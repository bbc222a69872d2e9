"""`helpdesk report totals|volume|times|rising`: the numbers of the reports page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from helpdesk import i18n
from helpdesk.access import Access
from helpdesk.cli import add_data
from helpdesk.errors import Invalid, NotFound
from helpdesk.people import brands
from helpdesk.reports import export, overview
from helpdesk.reports.measures import Scope
from helpdesk.reports.overview import Shop
from helpdesk.reports.volume import DIMENSIONS
from helpdesk.settings import Settings, load
from helpdesk.store import migrate
from helpdesk.store.db import Database, Unit


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", choices=sorted(export.REPORTS), metavar="NAME", help=", ".join(export.REPORTS)
    )
    parser.add_argument(
        "--from", dest="first", required=True, metavar="DATE", help="first day, like 2026-01-05"
    )
    parser.add_argument("--to", dest="last", required=True, metavar="DATE", help="last day, included")
    parser.add_argument("--by", choices=sorted(DIMENSIONS), default="day", help="rows of the volume report")
    parser.add_argument("--format", choices=sorted(export.FORMATS), default="json")
    parser.add_argument("--brand", default="", metavar="NAME", help="name or key of one brand (default: all)")
    parser.add_argument("--language", choices=i18n.LANGUAGES, default="en", help="of headings and labels")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write there instead of to standard output"
    )
    add_data(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    to_terminal = arguments.output is None and sys.stdout.isatty()
    if arguments.format == "xlsx" and to_terminal:
        raise Invalid("a workbook cannot be shown on a terminal; add --output FILE")
    content = _make(arguments, load(data=arguments.data))
    if arguments.output is None:
        sys.stdout.buffer.write(content)
    else:
        arguments.output.write_bytes(content)
    return 0


def _make(arguments: argparse.Namespace, settings: Settings) -> bytes:
    database = Database(settings.url)
    try:
        migrate.upgrade(database)
        with i18n.using(arguments.language, settings.timezone), database.read() as unit:
            report = overview.read(unit, _scope(unit, arguments, settings))
            return export.write(report, arguments.name, arguments.by, arguments.format)
    finally:
        database.close()


def _scope(unit: Unit, arguments: argparse.Namespace, settings: Settings) -> Scope:
    access = Access(0, "admin", tuple(brand.pk for brand in brands.list_all(unit)))
    shops = overview.list_shops(unit, access)
    params = {"from": arguments.first, "to": arguments.last, "brand": _key(shops, arguments.brand)}
    return overview.choose(shops, params, ZoneInfo(settings.timezone), unit.now)


def _key(shops: list[Shop], asked: str) -> str:
    found = [shop.key for shop in shops if asked in (shop.key, shop.name)]
    if asked and not found:
        known = ", ".join(shop.name for shop in shops)
        raise NotFound("there is no brand %(asked)s; choose one of: %(known)s", asked=asked, known=known)
    return found[0] if asked else ""
