"""The servers that these tests talk to."""

from tests.fakes.fixtures import dovecot, dovecot_process, make_account, sink, token_server

__all__ = ["dovecot", "dovecot_process", "make_account", "sink", "token_server"]
