/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing. One master key gives three subkeys (crypto_kdf, BLAKE2b): for sealing, for hashing, and for the key id
   that finds the right key again. The sealer lives in guarded memory, locked as far as the process may lock. */
#include "crypto/seal.h"

#include <assert.h>
#include <sodium.h>

#include "base/entropy.h"
#include "base/fatal.h"
#include "crypto/library.h"
#include "crypto/secret.h"

enum {
	VERSION = 1,
	KEY_ID_LEN = 4,
	HEADER_LEN = 1 + KEY_ID_LEN,
	NONCE_LEN = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG_LEN = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	KEYS_MAX = 8,
};

enum subkey { SUBKEY_SEALING = 1, SUBKEY_HASHING, SUBKEY_ID };

struct key {
	unsigned char header[HEADER_LEN]; /* what stands in front of all that it sealed */
	unsigned char sealing[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	unsigned char hashing[crypto_generichash_KEYBYTES];
};

struct sealer {
	size_t key_count;
	struct key keys[KEYS_MAX]; /* the first seals, all open */
};

static void derive(unsigned char *out, size_t len, enum subkey subkey, str master_key)
{
	crypto_kdf_derive_from_key(out, len, subkey, "poolward", (const unsigned char *)master_key.data);
}

static void add_key(struct sealer *sealer, str master_key)
{
	struct key *key = &sealer->keys[sealer->key_count++];
	unsigned char id[crypto_kdf_BYTES_MIN];
	derive(id, sizeof id, SUBKEY_ID, master_key);
	derive(key->sealing, sizeof key->sealing, SUBKEY_SEALING, master_key);
	derive(key->hashing, sizeof key->hashing, SUBKEY_HASHING, master_key);
	key->header[0] = VERSION;
	memcpy(key->header + 1, id, KEY_ID_LEN);
}

struct sealer *sealer_new(str master_key)
{
	assert(master_key.len == MASTER_KEY_LEN);
	library_start();
	struct sealer *sealer = sodium_malloc(sizeof *sealer);
	if (!sealer)
		fatal("out of memory");
	memset(sealer, 0, sizeof *sealer);
	add_key(sealer, master_key);
	sodium_mprotect_readonly(sealer);
	return sealer;
}

bool sealer_add_old_key(struct sealer *sealer, str master_key)
{
	assert(master_key.len == MASTER_KEY_LEN);
	if (sealer->key_count == KEYS_MAX)
		return false;
	sodium_mprotect_readwrite(sealer);
	add_key(sealer, master_key);
	sodium_mprotect_readonly(sealer);
	return true;
}

void sealer_free(struct sealer **sealer)
{
	sodium_free(*sealer);
	*sealer = NULL;
}

/* What is authenticated besides the text: the header and the identity. */
static str bind(struct arena *arena, const struct key *key, str identity)
{
	char *bound = arena_alloc(arena, HEADER_LEN + identity.len);
	memcpy(bound, key->header, HEADER_LEN);
	if (identity.len)
		memcpy(bound + HEADER_LEN, identity.data, identity.len);
	return (str){ bound, HEADER_LEN + identity.len };
}

str seal_close(const struct sealer *sealer, struct arena *arena, str plain, str identity)
{
	const struct key *key = &sealer->keys[0];
	str bound = bind(arena, key, identity);
	size_t len = HEADER_LEN + NONCE_LEN + plain.len + TAG_LEN;
	unsigned char *sealed = arena_alloc(arena, len);
	unsigned char *nonce = sealed + HEADER_LEN;
	memcpy(sealed, key->header, HEADER_LEN);
	entropy_fill(nonce, NONCE_LEN);
	crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_LEN, NULL, (const unsigned char *)plain.data,
		plain.len, (const unsigned char *)bound.data, bound.len, NULL, nonce, key->sealing);
	return (str){ (const char *)sealed, len };
}

static bool open_with(const struct key *key, struct arena *arena, str sealed, str identity, str *plain)
{
	str bound = bind(arena, key, identity);
	const unsigned char *nonce = (const unsigned char *)sealed.data + HEADER_LEN;
	size_t closed_len = sealed.len - HEADER_LEN - NONCE_LEN;
	unsigned char *opened = arena_alloc(arena, closed_len - TAG_LEN + 1);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(opened, NULL, NULL, nonce + NONCE_LEN, closed_len,
		    (const unsigned char *)bound.data, bound.len, nonce, key->sealing))
		return false;
	*plain = (str){ (const char *)opened, closed_len - TAG_LEN };
	return true;
}

bool seal_open(const struct sealer *sealer, struct arena *arena, str sealed, str identity, str *plain)
{
	if (sealed.len < HEADER_LEN + NONCE_LEN + TAG_LEN)
		return false;
	for (size_t i = 0; i < sealer->key_count; i++)
		if (memcmp(sealed.data, sealer->keys[i].header, HEADER_LEN) == 0 &&
			open_with(&sealer->keys[i], arena, sealed, identity, plain))
			return true;
	return false;
}

static void add_to_hash(crypto_generichash_state *state, str part)
{
	/* The length in front, so that no purpose and data run into each other; the same bytes on every machine. */
	unsigned char len[8];
	for (size_t i = 0; i < sizeof len; i++)
		len[i] = (unsigned char)((uint64_t)part.len >> (8 * i));
	crypto_generichash_update(state, len, sizeof len);
	crypto_generichash_update(state, (const unsigned char *)part.data, part.len);
}

struct digest seal_hash(const struct sealer *sealer, str purpose, str data)
{
	struct digest digest;
	crypto_generichash_state state;
	crypto_generichash_init(&state, sealer->keys[0].hashing, sizeof sealer->keys[0].hashing, DIGEST_LEN);
	add_to_hash(&state, purpose);
	add_to_hash(&state, data);
	crypto_generichash_final(&state, digest.bytes, sizeof digest.bytes);
	secret_wipe(&state, sizeof state);
	return digest;
}
