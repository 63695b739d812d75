# SPDX-License-Identifier: Apache-2.0
"""An authenticator app: the codes of RFC 6238 as phones make them."""

import base64
import hmac
import time

from server import wait_for

STEP = 30  # seconds
MARGIN = 3  # before a step ends its predecessor's code is given to nobody, as it may come too late


def totp(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset:offset + 4], 'big') & 0x7fffffff) % 1000000:06}"


class Authenticator:
    """The server takes the code of the step before and of the step after too, so there are three codes at any time;
    each counts once, and none that is older than one that was used."""

    def __init__(self, secret):
        self.secret = secret
        self.last = 0

    def _next(self):
        step, passed = divmod(time.time(), STEP)
        wanted = max(self.last + 1, int(step) - (passed < STEP - MARGIN))
        if wanted > step + 1:
            return None
        self.last = wanted
        return totp(self.secret, wanted)

    def code(self):
        """One that was not given before."""
        return wait_for(self._next, "a code that counts")

    def used(self):
        return totp(self.secret, self.last)

    def wrong(self):
        now = int(time.time() // STEP)
        near = {totp(self.secret, step) for step in range(now - 4, now + 5)}
        return next(code for code in map("{:06}".format, range(10)) if code not in near)
