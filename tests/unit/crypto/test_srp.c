/* SPDX-License-Identifier: Apache-2.0 */
/* The numbers were computed by another implementation. */
#include "unit/cases.h"

#include "base/encode.h"
#include "base/fatal.h"
#include "crypto/digest.h"
#include "crypto/srp.h"

#define PRIME \
	"ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd" \
	"ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed" \
	"ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f" \
	"83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b" \
	"e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510" \
	"15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7" \
	"abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c" \
	"bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff"

#define TWICE_PRIME \
	"1ffffffffffffffff921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273644a29410f31c6809b" \
	"bdf2a33679a748636605614dbe4be286e9fc26adadaa3848bc90b6aecc4bcfd8de89885d34c6fdad617feb96de80d6fd" \
	"bdc70d7f6b5133f4b5d3e4822f8963fcc9250cca3d9c8b67b8400f97142c77e0b31b4906c38aba734d22c7f51fa499eb" \
	"f06caba47b9475b2c38c5e6ac410aa5773daa520ee12d2cdace186a9c95793009e2e8d811943042f86520bc8c5c6d9c7" \
	"7c73cee58301d0c07364f0745d80f451f6b8abbe0de98a593bc5797ed2ab02e30732a92f9d52ad5ca2ba44c3131f40a2" \
	"02ae51cb51555885b5a662e1a08a0f46750aa4357be3974c9d9f70a08b1b7de1515d4e2aeba0c18fb672e1f0b4dc3c98" \
	"f57eb5d19b61267ae3d1929c0944ac33b9dc7a44c35a5dcd7e25ff40db31410c9b0ec04e67d90d4c8a43e56302ef6401" \
	"977c22eaef4c2bad8ee13118175b28dc411c49f40e9cb566287b6b7f9c1fa211c9705a2415275a595fffffffffffffff" \
	"e"

/* g^a for a of 32 bytes 0x11. */
#define PUBLIC_A \
	"f2c4e7407ccfac452a7c7e1034e8388bf70b3aea30007fd146ae4c54b341d252f7752a43f24cd28368a96f455f9ee00e" \
	"b4312863c2560b7162587cd2c962b588cae47a9ac339433f9fc7d3563c1abb952acc1e3dd565fc9ecde1ac7cc5936274" \
	"94abc14dbb2410bc3dc4a0cf5e6f2f7af643f1d2c888180b50375a28902031b3c7052284d5d32b9dd8ee35c6c0cb9ee5" \
	"2288bcbc52deb224c55391da65ec10e66f8c41cc7d0c12b7a75f171ada3cb4c21fba22c4ad59ad4685cd63080d92d959" \
	"cc54fcda8022cb856ce27c6e2ae2c81f6f9fa8cad13cfb22dc202b650e14014498bf3afd56c95a8cf956c46e3aedb2f2" \
	"0b4d1d8ebf2e9ef26955e228142b1168b1bfd7383d403ccbb00d89ca6843e39b7a44d7741a063bd4edb9c054606f59c7" \
	"416327aa574b2f6d910606d9677c5018d07e080cd342ac446d35fd481f7818c780deb9508aeba3483493e43c98c6885e" \
	"09883b8feb7e903e16468e7a1fc3df0cc55c71d1b3e4b4574d40699be76bca7abdf7938cfb2068cacca3b49b35a49099"

#define BLOCK	  STR("secret-block-0001")
#define TIMESTAMP STR("Tue Feb 4 09:05:03 UTC 2025")

static const char salt[] = "9a0b1c2d3e4f5061728394a5b6c7d8e9";

static const struct {
	const char *name;
	str group, identity, password;
	const char *key, *signature;
} logins[] = {
	{ "user", STR_INIT("AbCdEfGhI"), STR_INIT("4f3c2b1a-0000-4000-8000-1234567890ab"), STR_INIT("Passw0rd!"),
		"e8305fd82561431a46a61a62e09f3bcb", "v8Sp1i5JTZGEriIpIyFyLJw/PNsH7cfJ15Y8dJ8YqB4=" },
	{ "device", STR_INIT("-abcdef12"), STR_INIT("us-east-1_11111111-2222-4333-8444-555555555555"),
		STR_INIT("ZGV2aWNlLXBhc3N3b3Jk"), "504fc7cb3559f063a78cde03c9b9b817",
		"3aW5CIzcbiMktQ6VdUel4ylc7VmovOHUJn14g9vpSBc=" },
};

static str private_b(void)
{
	static char bytes[32];
	memset(bytes, 0x22, sizeof bytes);
	return (str){ bytes, sizeof bytes };
}

static str verifier_of(struct arena *arena, size_t login)
{
	return srp_verifier_with_salt(arena, STR(salt), logins[login].group, logins[login].identity,
		logins[login].password);
}

/* H(pad(number)) in hex. */
static str padded_digest(struct arena *arena, str number)
{
	const str parts[] = { STR("\0"), number };
	bool top_bit = number.data[0] & 0x80;
	struct digest digest = digest_sha256_parts(top_bit ? parts : parts + 1, top_bit ? 2 : 1);
	return hex_encode(arena, digest_str(&digest));
}

static void test_verifier(void **state)
{
	str verifier = verifier_of(*state, 0);
	assert_int_equal(verifier.len, SRP_VERIFIER_LEN);
	assert_str_equal(padded_digest(*state, verifier),
		STR("8a89edd9dcaa9e646a071d3f351cc71e970e11f7e112614d7017f7e85c95469d"));
}

static void test_server_public(void **state)
{
	str hex = srp_server_public(*state, verifier_of(*state, 0), private_b()), bytes;
	assert_true(hex_decode(*state, hex, &bytes));
	assert_str_equal(padded_digest(*state, bytes),
		STR("63896ea0d53846aada518dd2ce44a089891d17de771877d6eb1de7c9b8d1a94a"));
}

static void test_login(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(logins); i++) {
		str verifier = verifier_of(*state, i), key;
		str public_b = srp_server_public(*state, verifier, private_b());
		assert_case(srp_session_key(*state, STR(PUBLIC_A), public_b, private_b(), verifier, &key),
			logins[i].name);
		assert_str_equal(hex_encode(*state, key), str_of(logins[i].key));
		str signature = srp_claim_signature(*state, key, logins[i].group, logins[i].identity, BLOCK, TIMESTAMP);
		assert_str_equal(base64_encode(*state, signature), str_of(logins[i].signature));
	}
}

/* The device's client sends its verifier with a zero byte in front. */
static void test_padded_verifier(void **state)
{
	str verifier = verifier_of(*state, 1);
	char padded[SRP_VERIFIER_LEN + 1] = { 0 };
	memcpy(padded + 1, verifier.data, verifier.len);
	assert_str_equal(srp_server_public(*state, (str){ padded, sizeof padded }, private_b()),
		srp_server_public(*state, verifier, private_b()));
}

static void test_wrong_password(void **state)
{
	str right = verifier_of(*state, 0), key, other_key;
	str wrong = srp_verifier_with_salt(*state, STR(salt), logins[0].group, logins[0].identity, STR("Passw0rd?"));
	str public_b = srp_server_public(*state, right, private_b());
	assert_true(srp_session_key(*state, STR(PUBLIC_A), public_b, private_b(), right, &key));
	assert_true(srp_session_key(*state, STR(PUBLIC_A), public_b, private_b(), wrong, &other_key));
	assert_false(str_equal(key, other_key));
}

static const struct {
	const char *name;
	str hex;
	bool valid;
} publics[] = {
	{ "good", STR_INIT(PUBLIC_A), true },
	{ "zero byte in front", STR_INIT("00" PUBLIC_A), true },
	{ "odd number of digits", STR_INIT("abc"), true },
	{ "upper case", STR_INIT("ABCD"), true },
	{ "one", STR_INIT("1"), true },
	{ "absent", { NULL, 0 }, false },
	{ "empty", STR_INIT(""), false },
	{ "zero", STR_INIT("0"), false },
	{ "many zeros", STR_INIT("00000000"), false },
	{ "N", STR_INIT(PRIME), false },
	{ "N padded", STR_INIT("00" PRIME), false },
	{ "2N", STR_INIT(TWICE_PRIME), false },
	{ "too long", STR_INIT("000" PUBLIC_A), false },
	{ "not hex", STR_INIT("xyz1"), false },
	{ "hex with a prefix", STR_INIT("0x12"), false },
	{ "negative", STR_INIT("-12"), false },
	{ "space", STR_INIT(" 12"), false },
	{ "NUL inside", STR_INIT("12\0" "12"), false },
};

static void test_client_public(void **state)
{
	str verifier = verifier_of(*state, 0), key;
	str public_b = srp_server_public(*state, verifier, private_b());
	for (size_t i = 0; i < ARRAY_LEN(publics); i++) {
		assert_case(srp_client_public_is_valid(publics[i].hex) == publics[i].valid, publics[i].name);
		assert_case(srp_session_key(*state, publics[i].hex, public_b, private_b(), verifier, &key) ==
				publics[i].valid,
			publics[i].name);
		assert_case(srp_session_key(*state, STR(PUBLIC_A), publics[i].hex, private_b(), verifier, &key) ==
				publics[i].valid,
			publics[i].name);
	}
}

static void test_fresh_numbers(void **state)
{
	str verifier = verifier_of(*state, 0);
	struct srp_server one, other;
	srp_server_start(*state, verifier, &one);
	srp_server_start(*state, verifier, &other);
	assert_int_equal(one.private_b.len, 32);
	assert_false(str_equal(one.private_b, other.private_b));
	assert_str_equal(srp_server_public(*state, verifier, one.private_b), one.public_b_hex);
	assert_true(one.public_b_hex.data[0] != '0');
}

/* Enough draws that salts beginning with a zero digit would show. */
static void test_salts(void **state)
{
	char seed[SRP_SEED_LEN] = { 0 };
	for (int i = 0; i < 100; i++) {
		seed[0] = (char)i;
		struct srp_verifier fake = srp_verifier_fake(*state, (str){ seed, sizeof seed });
		assert_int_equal(fake.salt_hex.len, 32);
		assert_true(fake.salt_hex.data[0] != '0');
	}
}

static void test_make(void **state)
{
	struct srp_verifier made = srp_verifier_make(*state, logins[0].group, logins[0].identity, logins[0].password);
	struct srp_verifier again = srp_verifier_make(*state, logins[0].group, logins[0].identity, logins[0].password);
	assert_int_equal(made.salt_hex.len, 32);
	assert_false(str_equal(made.salt_hex, again.salt_hex));
	assert_str_equal(srp_verifier_with_salt(*state, made.salt_hex, logins[0].group, logins[0].identity,
				 logins[0].password),
		made.verifier);
}

static void test_bad_salt(void **state)
{
	static const str salts[] = { { NULL, 0 }, STR_INIT(""), STR_INIT("salt"), STR_INIT("-9a") };
	for (size_t i = 0; i < ARRAY_LEN(salts); i++)
		assert_false(str_is_set(srp_verifier_with_salt(*state, salts[i], STR("g"), STR("i"), STR("p"))));
}

static void test_fake(void **state)
{
	str seed = STR("0123456789abcdef0123456789abcdef");
	struct srp_verifier one = srp_verifier_fake(*state, seed), again = srp_verifier_fake(*state, seed);
	struct srp_verifier other = srp_verifier_fake(*state, STR("0123456789abcdef0123456789abcdeF"));
	assert_str_equal(again.salt_hex, one.salt_hex);
	assert_str_equal(again.verifier, one.verifier);
	assert_int_equal(one.verifier.len, SRP_VERIFIER_LEN);
	assert_false(str_equal(other.salt_hex, one.salt_hex));
	assert_false(str_equal(other.verifier, one.verifier));
	struct srp_server server;
	srp_server_start(*state, one.verifier, &server);
	assert_true(srp_client_public_is_valid(server.public_b_hex));
}

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	struct arena *arena = *state;
	arena_free(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verifier),
		cmocka_unit_test(test_server_public),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_padded_verifier),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_client_public),
		cmocka_unit_test(test_fresh_numbers),
		cmocka_unit_test(test_salts),
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_bad_salt),
		cmocka_unit_test(test_fake),
	};
	return cmocka_run_group_tests(tests, make_arena, free_arena);
}
