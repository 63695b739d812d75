/* SPDX-License-Identifier: Apache-2.0 */
/* Folding by PCRE2, which brings the Unicode tables: a substitution that forces lower case. ASCII, which is
   most of what is folded, needs none of that. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/fold.h"

#include <pcre2.h>
#include <pthread.h>

#include "base/fatal.h"

/* A letter of two bytes has a lower-case form of three at most. */
enum { GROWTH = 2 };

static pcre2_code *everything;

static void compile(void)
{
	int error;
	PCRE2_SIZE at;
	everything = pcre2_compile(
		(PCRE2_SPTR) "(?s).+", PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_UCP, &error, &at, NULL);
	if (!everything)
		fatal("the pattern that folds case: error %d at %zu", error, at);
}

static str fold_unicode(struct arena *arena, str text)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	PCRE2_SIZE len = GROWTH * text.len + 1;
	char *folded = arena_alloc(arena, len);
	pthread_once(&once, compile);
	int replaced =
		pcre2_substitute(everything, (PCRE2_SPTR)text.data, text.len, 0, PCRE2_SUBSTITUTE_EXTENDED,
			NULL, NULL, (PCRE2_SPTR) "\\L$0", PCRE2_ZERO_TERMINATED, (PCRE2_UCHAR *)folded, &len);
	if (replaced < 0)
		fatal("folding case: error %d", replaced);
	return (str){ folded, len };
}

static bool is_ascii(str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] > 0x7f)
			return false;
	return true;
}

static str fold_ascii(struct arena *arena, str text)
{
	char *folded = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		folded[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return (str){ folded, text.len };
}

str fold_case(struct arena *arena, str text)
{
	if (!str_is_set(text))
		return text;
	return is_ascii(text) ? fold_ascii(arena, text) : fold_unicode(arena, text);
}
