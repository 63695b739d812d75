# SPDX-License-Identifier: Apache-2.0
"""Opens what a server sealed and makes the hashes that it keeps, as src/crypto/seal.c does, from the master key of its
data folder: so that a check of the files sees what a message waiting to be sent says."""

import base64
import ctypes
import ctypes.util
import hashlib

HEADER, NONCE, TAG = 5, 24, 16
SEALING, HASHING = 1, 2


class Sealer:
    def __init__(self, data):
        self.sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
        self.master = base64.b64decode((data / "master.key").read_text())

    def _subkey(self, number):
        return hashlib.blake2b(key=self.master, digest_size=32, salt=number.to_bytes(16, "little"),
                               person=b"poolward").digest()

    def open(self, sealed, identity):
        """The text; None when it was not sealed for that place."""
        header, nonce, closed = sealed[:HEADER], sealed[HEADER:HEADER + NONCE], sealed[HEADER + NONCE:]
        if len(closed) < TAG:
            return None
        bound = header + identity.encode()
        opened = ctypes.create_string_buffer(len(closed) - TAG + 1)
        failed = self.sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            opened, None, None, closed, ctypes.c_ulonglong(len(closed)), bound, ctypes.c_ulonglong(len(bound)),
            nonce, self._subkey(SEALING))
        return None if failed else opened.raw[:-1].decode()

    def hash(self, purpose, data):
        parts = (len(part).to_bytes(8, "little") + part for part in (purpose.encode(), data.encode()))
        return hashlib.blake2b(b"".join(parts), key=self._subkey(HASHING), digest_size=32).digest()
