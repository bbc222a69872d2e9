"""Where log lines go: to stderr, readable or as JSON, so that stdout stays for answers."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from helpdesk.settings import Settings

plain = structlog.dev.plain_traceback


def configure(settings: Settings) -> None:
    """Tracebacks come without the values of variables: those would be customers' words and passwords."""
    level = logging.getLevelNamesMapping().get(settings.log_level.upper(), logging.INFO)
    logging.basicConfig(
        stream=sys.stderr, level=max(level, logging.WARNING), format="%(levelname)s %(name)s: %(message)s"
    )
    machine = settings.log_format == "json"
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if machine
        else [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso" if machine else "%H:%M:%S", utc=machine),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def say(words: str) -> None:
    """For the person at the console; not a log line."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
