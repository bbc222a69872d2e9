"""`helpdesk classify`: JSON lines in, their tags and urgency out, in the same order."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import classifiers


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", type=Path, metavar="FILE", help="another model than the built-in one")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    model = classifiers.load(arguments.model) if arguments.model else classifiers.builtin()
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    refused = classifiers.classify_lines(model, sys.stdin, sys.stdout)
    if refused:
        sys.stderr.write(f"helpdesk: {refused} lines were no messages; each has an error in the output\n")
    return 1 if refused else 0
