"""Who vouches that a mail comes from the address in its From line (RFC 8601, as DMARC reads it).

Anybody can write such a field: it counts only from the mail server that took the mail in for us, whose name the
mailbox's settings tell. Each server's newest field stands first.
"""

from __future__ import annotations

import re

from helpdesk.channels.email.mime.header import Headers, raw_text

COMMENT = re.compile(r"\([^()]*\)")
METHOD = re.compile(r"\s*(dmarc|dkim|spf)(?:/\d+)?\s*=\s*([a-z]+)(.*)", re.IGNORECASE | re.DOTALL)
PROPERTY = re.compile(r"([a-z]+\.[a-z]+)\s*=\s*\"?([^\s\";]+)", re.IGNORECASE)
DOMAINS = {"dmarc": ("header.from",), "dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}
MOST = 10  # fields


def list_vouching(headers: Headers, address: str) -> tuple[str, ...]:
    """Names of the servers that say so, in lower case."""
    if len(headers.list_values("from")) != 1 or "@" not in address:
        return ()
    domain = address.rpartition("@")[2].lower().rstrip(".")
    said: dict[str, bool] = {}
    for value in headers.list_values("authentication-results")[:MOST]:
        server, results = _read(raw_text(value))
        if server:
            said.setdefault(server, _passes(results, domain))
    return tuple(server for server, passed in said.items() if passed)


def _read(field: str) -> tuple[str, list[str]]:
    plain = COMMENT.sub(" ", COMMENT.sub(" ", field))
    server, *results = plain.split(";")
    named = server.split()
    return (named[0].lower() if named and "=" not in named[0] else ""), results


def _passes(results: list[str], domain: str) -> bool:
    """What DMARC says counts; where it says nothing, an aligned signature or envelope does."""
    aligned = False
    for result in results:
        found = METHOD.match(result)
        if not found:
            continue
        method, verdict = found[1].lower(), found[2].lower()
        passed = verdict == "pass" and _names(found[3], DOMAINS[method], domain)
        if method == "dmarc" and (passed or verdict in ("fail", "reject", "quarantine")):
            return passed
        aligned = aligned or passed
    return aligned


def _names(text: str, properties: tuple[str, ...], domain: str) -> bool:
    """The domain itself or one above it."""
    told = {name.lower(): value for name, value in PROPERTY.findall(text)}
    given = (told[name].rpartition("@")[2].lower().rstrip(".") for name in properties if name in told)
    return any(one == domain or ("." in one and domain.endswith(f".{one}")) for one in given)
