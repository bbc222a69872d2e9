"""`helpdesk mail parse|import`: mail files to JSON, or into the helpdesk."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from helpdesk.channels.email.command import parse_files
from helpdesk.cli import add_data
from helpdesk.errors import Invalid, Misconfigured


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    parse = commands.add_parser("parse", help="one JSON object a line for each file")
    parse.add_argument("files", nargs="*", metavar="FILE")
    parse.add_argument(
        "--files-from", metavar="FILE", help="a file with one path a line, or - for standard input"
    )
    parse.set_defaults(run=run_parse)
    take = commands.add_parser("import", help="take in .eml files, a folder of them, mbox or Maildir")
    take.add_argument("path", type=Path)
    take.add_argument("--to", metavar="ADDRESS", help="the mailbox it came to (default: the first one)")
    take.add_argument("--json", action="store_true", help="the summary alone, as JSON")
    add_data(take)
    take.set_defaults(run=run_import)


def run_parse(arguments: argparse.Namespace) -> int:
    if not arguments.files and not arguments.files_from:
        raise Invalid("no mail file was named; give files or --files-from")
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    return parse_files(_paths(arguments), sys.stdout)


def run_import(arguments: argparse.Namespace) -> int:
    # Parsing alone must start at once; the parts below take a second to load.
    from helpdesk import app
    from helpdesk.cli import logs
    from helpdesk.intake import importing
    from helpdesk.intake.pipeline import Intake
    from helpdesk.settings import load
    from helpdesk.store import migrate

    settings = load(data=arguments.data)
    logs.configure(settings)
    parts = app.make_parts(settings)
    if parts.model is None:
        raise Misconfigured("the classifier has not been built; run: python -m classifiers.build")
    migrate.upgrade(parts.database)
    intake = Intake(parts.database, parts.files, parts.seal, parts.model)
    summary = importing.import_mail(intake, arguments.path, to=arguments.to)
    parts.database.close()
    facts = summary.as_dict()
    if arguments.json:
        sys.stdout.write(json.dumps(facts) + "\n")
    else:
        sys.stdout.write(", ".join(f"{name} {value}" for name, value in facts.items()) + "\n")
    return 0


def _paths(arguments: argparse.Namespace) -> Iterator[str]:
    yield from arguments.files
    if arguments.files_from == "-":
        yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
    elif arguments.files_from:
        with Path(arguments.files_from).open(encoding="utf-8", errors="surrogateescape") as lines:
            yield from (line.rstrip("\r\n") for line in lines if line.strip())
