# SPDX-License-Identifier: Apache-2.0
"""The client's side of SRP-6a as Cognito's clients compute it: the 3072-bit group of RFC 5054, SHA-256."""

import base64
import datetime
import hashlib
import hmac
import secrets

PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF", 16)
GENERATOR = 2


def pad(number):
    """The shortest big-endian bytes whose top bit is clear."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(data):
    return int.from_bytes(data, "big")


MULTIPLIER = number(digest(pad(PRIME), pad(GENERATOR)))


def timestamp(moment=None):
    """E.g. Tue Feb 4 09:05:03 UTC 2025: the day without padding."""
    moment = moment or datetime.datetime.now(datetime.timezone.utc)
    return f"{moment:%a %b} {moment.day} {moment:%H:%M:%S} UTC {moment:%Y}"


class Proof:
    """One sign-in. `secret` is fixed by tests with known answers only."""

    def __init__(self, pool_id, secret=None):
        self.pool = pool_id.split("_", 1)[1]
        self.secret = secret or secrets.randbits(1024)
        self.public = pow(GENERATOR, self.secret, PRIME)

    @property
    def srp_a(self):
        return f"{self.public:x}"

    def key(self, user, password, salt, srp_b):
        salt, peer = int(salt, 16), int(srp_b, 16)
        private = number(digest(pad(salt), digest(f"{self.pool}{user}:{password}".encode())))
        scramble = number(digest(pad(self.public), pad(peer)))
        shared = pow(peer - MULTIPLIER * pow(GENERATOR, private, PRIME), self.secret + scramble * private, PRIME)
        extracted = hmac.digest(pad(scramble), pad(shared), "sha256")
        return hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]

    def answers(self, parameters, password, when=None):
        """ChallengeResponses of PASSWORD_VERIFIER."""
        user, block = parameters["USER_ID_FOR_SRP"], parameters["SECRET_BLOCK"]
        when = when or timestamp()
        key = self.key(user, password, parameters["SALT"], parameters["SRP_B"])
        claim = (self.pool + user).encode() + base64.b64decode(block) + when.encode()
        return {"USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block, "TIMESTAMP": when,
                "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, claim, "sha256")).decode()}
