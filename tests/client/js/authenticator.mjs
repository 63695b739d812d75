// SPDX-License-Identifier: Apache-2.0
// An authenticator app: the codes of RFC 6238 as phones make them. The server takes the code of the step before and
// of the step after too; each counts once, and none that is older than one that was used.
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const stepLength = 30; // seconds
const margin = 3; // before a step ends its predecessor's code is given to nobody, as it may come too late
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function decode(text) {
    const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
    return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

function totp(secret, step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac("sha1", decode(secret)).update(counter).digest();
    const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
    return String(number % 1_000_000).padStart(6, "0");
}

export class Authenticator {
    #secret;
    #last = 0;

    constructor(secret) {
        this.#secret = secret;
    }

    // One that was not given before.
    async code() {
        for (;; await sleep(20)) {
            const now = Date.now() / 1000;
            const step = Math.floor(now / stepLength);
            const oldest = now % stepLength < stepLength - margin ? step - 1 : step;
            const wanted = Math.max(this.#last + 1, oldest);
            if (wanted > step + 1) continue;
            this.#last = wanted;
            return totp(this.#secret, wanted);
        }
    }

    wrong() {
        const now = Math.floor(Date.now() / 1000 / stepLength);
        const near = new Set(Array.from({ length: 9 }, (_, index) => totp(this.#secret, now - 4 + index)));
        return ["000000", "000001", "000002", "000003", "000004", "000005", "000006", "000007", "000008", "000009"]
            .find((code) => !near.has(code));
    }
}
