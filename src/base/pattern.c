/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns on PCRE2 with its just-in-time compiler. As in the models' dialect \w and \s are ASCII, \p{..} is
   Unicode. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include <pcre2.h>

#include "base/fatal.h"

enum { MATCH_LIMIT = 1000000 };

static pcre2_code *compile(const char *expression)
{
	int error;
	PCRE2_SIZE at;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED,
		PCRE2_UTF | PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOLLAR_ENDONLY, &error, &at, NULL);
	if (!code)
		fatal("pattern %s: error %d at %zu", expression, error, at);
	/* Without JIT support the interpreter does the same, slower. */
	(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	return code;
}

static pcre2_code *compiled(struct pattern *pattern)
{
	void *code = atomic_load(&pattern->compiled);
	if (code)
		return code;
	pcre2_code *fresh = compile(pattern->expression);
	if (atomic_compare_exchange_strong(&pattern->compiled, &code, fresh))
		return fresh;
	pcre2_code_free(fresh);
	return code;
}

bool pattern_matches(struct pattern *pattern, str text)
{
	pcre2_code *code = compiled(pattern);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	if (!data || !context)
		fatal("out of memory");
	pcre2_set_match_limit(context, MATCH_LIMIT);
	int found = pcre2_match(code, (PCRE2_SPTR)(text.data ? text.data : ""), text.len, 0, PCRE2_NO_UTF_CHECK, data,
		context);
	pcre2_match_context_free(context);
	pcre2_match_data_free(data);
	return found >= 0;
}
