"""Everything that can go wrong by name; the web and the command line each map these once.

HelpdeskError
├── NotFound          nothing there, or not for this agent
├── Forbidden         there, but this agent's role does not allow it
├── Invalid           the input cannot be taken; `field` says where
├── Conflict          the state moved on, or the same thing exists
├── LimitExceeded     a limit set by the brand; a lead may approve
├── Misconfigured     a setting is missing or wrong
└── SendFailed
    ├── Rejected      final: the provider's own words say why
    └── Unavailable   try again later, with the same key
"""

from __future__ import annotations

from collections.abc import Mapping


class HelpdeskError(Exception):
    """`code` is stable and machine-readable; `data` carries the facts; the text tells what to do.

    `template` is the English message id: its `%(name)s` places are filled from `data`, in any language.
    """

    code = "error"

    def __init__(self, template: str, **data: object) -> None:
        super().__init__(fill(template, data))
        self.template = template
        self.data = data

    @property
    def text(self) -> str:
        """In English, filled."""
        return fill(self.template, self.data)


def fill(template: str, data: Mapping[str, object]) -> str:
    """A server's own words may hold a `%(` that is no place to fill: then they stay as they are."""
    if "%(" not in template:
        return template
    try:
        return template % data
    except (KeyError, ValueError, TypeError):
        return template


class NotFound(HelpdeskError):
    code = "not_found"


class Forbidden(HelpdeskError):
    code = "forbidden"


class Invalid(HelpdeskError):
    code = "invalid"

    def __init__(self, template: str, *, field: str = "", **data: object) -> None:
        super().__init__(template, field=field, **data)
        self.field = field


class Conflict(HelpdeskError):
    code = "conflict"


class LimitExceeded(HelpdeskError):
    code = "limit_exceeded"


class Misconfigured(HelpdeskError):
    code = "misconfigured"


class SendFailed(HelpdeskError):
    code = "send_failed"


class Rejected(SendFailed):
    code = "rejected"


class Unavailable(SendFailed):
    """`retry_after` in seconds, where the provider named one."""

    code = "unavailable"

    def __init__(self, template: str, *, retry_after: float | None = None, **data: object) -> None:
        super().__init__(template, **data)
        self.retry_after = retry_after
