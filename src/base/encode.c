/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal and the two base64 alphabets. Decoders are strict: one text for one value, trailing bits zero. */
#include "base/encode.h"

static const char base64_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

str hex_encode(struct arena *arena, str bytes)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, bytes.len * 2 + 1);
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char b = (unsigned char)bytes.data[i];
		text[2 * i] = digits[b >> 4];
		text[2 * i + 1] = digits[b & 15];
	}
	return (str){ text, bytes.len * 2 };
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool hex_decode(struct arena *arena, str text, str *bytes)
{
	if (text.len % 2)
		return false;
	char *out = arena_alloc(arena, text.len / 2 + 1);
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_value(text.data[i]), low = hex_value(text.data[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (char)(high << 4 | low);
	}
	*bytes = (str){ out, text.len / 2 };
	return true;
}

static str encode64(struct arena *arena, str bytes, const char *alphabet, bool padded)
{
	char *text = arena_alloc(arena, (bytes.len + 2) / 3 * 4 + 1);
	size_t at = 0;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		unsigned group = (unsigned)(unsigned char)bytes.data[i] << 16;
		if (left > 1)
			group |= (unsigned)(unsigned char)bytes.data[i + 1] << 8;
		if (left > 2)
			group |= (unsigned char)bytes.data[i + 2];
		text[at++] = alphabet[group >> 18];
		text[at++] = alphabet[group >> 12 & 63];
		if (left > 1)
			text[at++] = alphabet[group >> 6 & 63];
		if (left > 2)
			text[at++] = alphabet[group & 63];
		for (size_t missing = left; padded && missing < 3; missing++)
			text[at++] = '=';
	}
	return (str){ text, at };
}

str base64_encode(struct arena *arena, str bytes)
{
	return encode64(arena, bytes, base64_alphabet, true);
}

str base64url_encode(struct arena *arena, str bytes)
{
	return encode64(arena, bytes, base64url_alphabet, false);
}

static int value64(char c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == alphabet[62])
		return 62;
	return c == alphabet[63] ? 63 : -1;
}

static bool decode64(struct arena *arena, str text, const char *alphabet, str *bytes)
{
	if (text.len % 4 == 1)
		return false;
	char *out = arena_alloc(arena, text.len / 4 * 3 + 4);
	size_t at = 0;
	unsigned group = 0, bits = 0;
	for (size_t i = 0; i < text.len; i++) {
		int value = value64(text.data[i], alphabet);
		if (value < 0)
			return false;
		group = (group << 6 | (unsigned)value) & 0xffffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[at++] = (char)(group >> bits);
		}
	}
	if (group & ((1u << bits) - 1))
		return false;
	*bytes = (str){ out, at };
	return true;
}

bool base64_decode(struct arena *arena, str text, str *bytes)
{
	if (text.len % 4)
		return false;
	for (int padding = 0; padding < 2 && text.len && text.data[text.len - 1] == '='; padding++)
		text.len--;
	return decode64(arena, text, base64_alphabet, bytes);
}

bool base64url_decode(struct arena *arena, str text, str *bytes)
{
	return decode64(arena, text, base64url_alphabet, bytes);
}
