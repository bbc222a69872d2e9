"""`helpdesk model train|evaluate`: learn from labelled rows, measure on rows that were not learned from."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import classifiers
from classifiers.evaluate import evaluate
from classifiers.training import NotEnoughRows
from helpdesk.errors import Invalid


def configure(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    train = commands.add_parser(
        "train", help="learn from the built-in corpus and, with --data, your own rows"
    )
    train.add_argument("--data", type=Path, metavar="FILE.jsonl", help="your own labelled rows")
    train.add_argument(
        "--out", type=Path, metavar="FILE", help="where to store the model (default: the built-in one)"
    )
    train.add_argument("--json", action="store_true")
    train.set_defaults(run=run_train)
    measure = commands.add_parser("evaluate", help="measure on labelled rows")
    measure.add_argument("--data", type=Path, metavar="FILE.jsonl", required=True)
    measure.add_argument("--model", type=Path, metavar="FILE", help="another model than the built-in one")
    measure.add_argument("--json", action="store_true")
    measure.set_defaults(run=run_evaluate)


def run_train(arguments: argparse.Namespace) -> int:
    rows = [*classifiers.read_corpus(), *(_rows(arguments.data) if arguments.data else ())]
    target = arguments.out or classifiers.BUILTIN
    try:
        classifiers.save(classifiers.train(rows), target)
    except NotEnoughRows as error:
        raise Invalid(str(error)) from error
    _show({"rows": len(rows), "model": str(target)}, as_json=arguments.json)
    return 0


def run_evaluate(arguments: argparse.Namespace) -> int:
    model = classifiers.load(arguments.model) if arguments.model else classifiers.builtin()
    _show(evaluate(model, _rows(arguments.data)), as_json=arguments.json)
    return 0


def _rows(path: Path) -> list[classifiers.Row]:
    try:
        return list(classifiers.read_rows(path))
    except classifiers.BadRow as error:
        raise Invalid(f"{error}; correct the line") from error


def _show(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
        return
    for name, value in facts.items():
        if name == "per_tag":
            for tag, figures in value.items():
                sys.stdout.write(f"  {tag:24} n {figures['n']:5}  f1 {figures['f1']}\n")
        else:
            sys.stdout.write(f"{name:20} {value}\n")
