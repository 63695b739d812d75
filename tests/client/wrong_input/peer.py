# SPDX-License-Identifier: Apache-2.0
"""Bytes on a socket, and what comes back of them."""

import json
import socket
from typing import NamedTuple

import wire


class Answer(NamedTuple):
    status: int
    headers: dict  # lower case
    body: bytes

    @property
    def document(self):
        return json.loads(self.body)


class Peer:
    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.settimeout(wire.PATIENCE)
        self.heard = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, data):
        """False when the server has gone."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def finish(self):
        """Nothing more will be said; it still listens."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _hear_more(self):
        try:
            piece = self.socket.recv(65536)
        except ConnectionError:
            piece = b""
        self.heard += piece
        return bool(piece)

    def hear(self, has_body=True):
        """The next answer; None when the connection ends without one. A silent server is a failure: it raises."""
        while b"\r\n\r\n" not in self.heard:
            if not self._hear_more():
                return None
        head, _, self.heard = self.heard.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0)) if has_body else 0
        while len(self.heard) < length and self._hear_more():
            pass
        body, self.heard = self.heard[:length], self.heard[length:]
        return Answer(int(first.split()[1]), headers, body)

    def hears_end(self):
        return not self.heard and not self._hear_more()


def statuses_of(server, cases):
    """{what: bytes} -> {what: status of the first answer}, each on a connection of its own; 0 where it ends without an
    answer. All at once, as the server may take its time to give one up."""
    peers = {what: Peer(server) for what in cases}
    for what, peer in peers.items():
        peer.say(cases[what])
        peer.finish()
    answers = {what: peer.hear() for what, peer in peers.items()}
    for peer in peers.values():
        peer.socket.close()
    return {what: answer.status if answer else 0 for what, answer in answers.items()}
