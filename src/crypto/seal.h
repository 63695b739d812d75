/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing at rest: what would hurt in a leaked database is encrypted and bound to its place with a key derived
   from the master key. Also the keyed hashes of what is only ever compared: codes, refresh tokens, sessions.

   A sealed text: version (1 byte, 1), key id (4), nonce (24), XChaCha20-Poly1305-IETF ciphertext and tag
   (plain length + 16). Version, key id and identity are authenticated with it. */
#pragma once

#include "base/arena.h"
#include "crypto/digest.h"

enum { MASTER_KEY_LEN = 32 };

/* The keys; not changed while threads use it, so safe from all of them. */
struct sealer;

/* `master_key` is MASTER_KEY_LEN random bytes; it is not needed afterwards. */
struct sealer *sealer_new(str master_key);

/* One more key that opens what was sealed before a rotation; nothing is sealed or hashed with it. False when
   there are too many. Only before the sealer is shared. */
bool sealer_add_old_key(struct sealer *sealer, str master_key);

/* Wipes the keys and nulls the pointer. */
void sealer_free(struct sealer **sealer);

/* `identity` names the row and column that the sealed text will stand in, e.g. "user_pool_client:<id>:secret",
   so that it cannot be moved elsewhere. Never fails; each call gives another text. */
str seal_close(const struct sealer *sealer, struct arena *arena, str plain, str identity);

/* False for anything that was not sealed for this identity with a key of this sealer. */
bool seal_open(const struct sealer *sealer, struct arena *arena, str sealed, str identity, str *plain);

/* A keyed hash (BLAKE2b-256). Different purposes never give the same hash. Made with the newest key alone: after
   a rotation older hashes fit nothing any more. */
struct digest seal_hash(const struct sealer *sealer, str purpose, str data);
