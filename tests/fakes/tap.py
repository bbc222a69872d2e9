"""A pipe between a client and a server that can be cut in the middle of what the server says."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.fakes.ports import free_port


@dataclass
class Tap:
    """A connection is cut where an answer contains one of `poison`, and once after `cut_after` bytes."""

    target: int
    port: int
    poison: tuple[bytes, ...] = ()
    cut_after: int | None = None
    connections: int = 0
    _silent: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    def cut(self) -> None:
        """Every connection, now."""
        for one in self._open:
            _end(one)

    def silence(self) -> None:
        """From now on nothing comes through, and nobody hangs up."""
        self._silent.set()

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            self._open += [client, server]
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        passed = 0
        try:
            while data := source.recv(2048):
                passed += len(data)
                if self._silent.is_set():
                    self._ended.wait()
                if answers and self._cuts(data, passed):
                    break
                sink.sendall(data)
        except OSError:
            pass
        _end(source)
        _end(sink)

    def _cuts(self, data: bytes, passed: int) -> bool:
        if self.cut_after is not None and passed > self.cut_after:
            self.cut_after = None
            return True
        return any(word in data for word in self.poison)


def start(target: int) -> Iterator[Tap]:
    tap = Tap(target, free_port())
    listener = socket.create_server(("127.0.0.1", tap.port))
    thread = threading.Thread(target=tap.serve, args=(listener,), daemon=True)
    thread.start()
    try:
        yield tap
    finally:
        tap._ended.set()
        _end(listener)
        listener.close()
        thread.join(5)
        for one in tap._open:
            one.close()


def _end(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
