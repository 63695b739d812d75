# SPDX-License-Identifier: Apache-2.0
"""A service that sends text messages, as tests want it: over TLS with a certificate of a private authority, and with
answers that a test chooses."""

import http.server
import ssl
import subprocess
import threading
from typing import NamedTuple

from server import wait_for


class Request(NamedTuple):
    path: str
    headers: dict
    body: bytes


def make_certificate(folder):
    """cert.pem and key.pem for 127.0.0.1, which vouch for themselves."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=provider",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out",
                    folder / "cert.pem"], check=True, capture_output=True)


class Provider:
    def __init__(self, port=0, certificate_in=None):
        provider = self
        self.requests = []
        self.answers = []  # statuses of the next requests, 200 when there is none

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.requests.append(Request(self.path, dict(self.headers.items()), body))
                self.send_response(provider.answers.pop(0) if provider.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.scheme = "http"
        if certificate_in:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate_in / "cert.pem", certificate_in / "key.pem")
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def await_request(self, number=1):
        return wait_for(lambda: self.requests[number - 1:], f"request {number} at the provider")[0]
