"""A real IMAP server (Dovecot 2.3) on a free port of this machine, with its own folders and no rights."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.fakes.ports import free_port

PASSWORD = "open-sesame"
CONFIG = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{home}/mail/%n
imap_idle_notify_interval = 1 secs
mailbox_idle_check_interval = 1 secs
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
{capability}
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = static
  args = password={password}
}}
{oauth}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {home}/oauth2.conf
}}
"""
OAUTH_CONF = """
introspection_mode = get
introspection_url = {url}?token=
username_attribute = email
"""


@dataclass
class Dovecot:
    home: Path
    port: int
    user: str = "support"
    process: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, home: Path, *, introspection_url: str = "", idle: bool = True) -> Dovecot:
        server = cls(home, free_port())
        user, group = _unprivileged()
        (home / "mail").mkdir(parents=True)
        if introspection_url:
            (home / "oauth2.conf").write_text(OAUTH_CONF.format(url=introspection_url))
        text = CONFIG.format(
            home=home,
            port=server.port,
            user=user,
            group=group,
            password=PASSWORD,
            oauth=OAUTH.format(home=home) if introspection_url else "",
            capability="" if idle else "imap_capability = IMAP4rev1 LITERAL+ UIDPLUS SASL-IR",
        )
        (home / "dovecot.conf").write_text(text)
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{user}:{group}", str(home)], check=True)
        server.up()
        return server

    def up(self) -> None:
        command = [_binary(), "-F", "-c", str(self.home / "dovecot.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"Dovecot does not listen: {(self.home / 'dovecot.log').read_text()}")

    def down(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
            self.process = None

    def client(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.port, ssl=False)
        client.login(self.user, PASSWORD)
        return client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Deliver mails into a folder."""
        with self.client() as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            for mail in mails:
                client.append(folder, mail)

    def renumber(self) -> None:
        """What a restored backup or a migration does: another UIDVALIDITY, new UIDs."""
        folder = self.home / "mail" / self.user
        uids = folder / "dovecot-uidlist"
        version, validity, _next, guid = uids.read_text().split("\n")[0].split(" ")
        uids.write_text(f"{version} V{int(validity[1:]) + 1000} N1 {guid}\n")
        for path in folder.glob("dovecot.index*"):
            path.unlink()


def require_dovecot() -> None:
    """Skips where no Dovecot 2.3 is installed; 2.4 speaks another configuration language."""
    if not _binary():
        pytest.skip("Dovecot is not installed (Debian: dovecot-imapd)")
    version = subprocess.run([_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3"):
        pytest.skip(f"this Dovecot is {version.split()[0]}; the configuration here is for 2.3")


def start(**given: object) -> Iterator[Dovecot]:
    """For a fixture: `yield from start()`. A folder that the server's own user may enter, unlike tmp_path."""
    require_dovecot()
    with tempfile.TemporaryDirectory(prefix="dovecot-") as folder:
        Path(folder).chmod(0o755)
        server = Dovecot.start(Path(folder) / "home", **given)  # type: ignore[arg-type]
        try:
            yield server
        finally:
            server.down()


def _binary() -> str:
    return shutil.which("dovecot") or next((p for p in ("/usr/sbin/dovecot",) if Path(p).exists()), "")


def _unprivileged() -> tuple[str, str]:
    """The test's own user, or nobody when the tests run as root."""
    if os.geteuid() == 0:
        return "nobody", "nogroup"
    import grp

    return getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
