"""The command line: one module for each family of commands, loaded when it is the one that was asked for.

Exit 0 done, 1 failed with one line on stderr (`helpdesk: what went wrong; what to do`), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from helpdesk import __version__, i18n
from helpdesk.errors import HelpdeskError

FAMILIES = {
    "serve": "the helpdesk: web and background work",
    "work": "background work alone",
    "migrate": "bring the database to this version",
    "doctor": "check that everything is in place",
    "user": "agents' accounts: add, list",
    "mail": "mail files: parse, import",
    "classify": "JSON lines in, tags and urgency out",
    "model": "the classifier: train, evaluate",
    "report": "numbers over a span of days",
    "demo": "fill an empty database with a believable brand",
    "simulate": "customers on LINE and other channels write to a running helpdesk",
}


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    gc.disable()  # what is loaded now lives to the end: looking for garbage in it costs a tenth of the start
    arguments = _parser(words).parse_args(words)
    gc.freeze()
    gc.enable()
    with i18n.using("en"):
        try:
            code: int = arguments.run(arguments)
            sys.stdout.flush()
            return code
        except HelpdeskError as error:
            return _failed(error.text)
        except SQLAlchemyError as error:
            return _failed(f"the database failed: {_first_line(error)}; run: helpdesk doctor")
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except (OSError, ValueError) as error:
            return _failed(f"{_first_line(error)}; check the path and the arguments")
        except KeyboardInterrupt:
            return 130


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="helpdesk", description="Customer service for e-commerce brands.")
    parser.add_argument("--version", action="version", version=f"helpdesk {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    asked = next((word for word in words if word in FAMILIES), None)
    for name, summary in FAMILIES.items():
        family = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if name == asked:
            import_module(f"helpdesk.cli.{name}").configure(family)
    return parser


def add_data(parser: argparse.ArgumentParser) -> None:
    """--data, for every command that touches the database."""
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="data folder (default: $HELPDESK_DATA or ./data)"
    )


def _failed(words: str) -> int:
    sys.stderr.write(f"helpdesk: {words}\n")
    return 1


def _first_line(error: Exception) -> str:
    text = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return text.splitlines()[0][:300]
