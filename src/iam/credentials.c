/* SPDX-License-Identifier: Apache-2.0 */
/* Shared-credentials files, as far as we write them and an operator may edit them. */
#include "iam/credentials.h"

str credentials_text(struct arena *arena, str access_key_id, str secret)
{
	return arena_printf(arena, "[default]\naws_access_key_id = %.*s\naws_secret_access_key = %.*s\n",
		STR_ARG(access_key_id), STR_ARG(secret));
}

static void read_setting(str line, str *access_key_id, str *secret)
{
	str value = line;
	str name = str_trim(str_split(&value, '='));
	if (str_equal(name, STR("aws_access_key_id")))
		*access_key_id = str_trim(value);
	else if (str_equal(name, STR("aws_secret_access_key")))
		*secret = str_trim(value);
}

bool credentials_parse(str text, str *access_key_id, str *secret)
{
	bool is_default = false;
	*access_key_id = *secret = STR_NONE;
	while (str_is_set(text)) {
		str line = str_trim(str_split(&text, '\n'));
		if (str_has_suffix(line, STR("\r")))
			line.len--;
		if (str_has_prefix(line, STR("[")))
			is_default = str_equal(line, STR("[default]"));
		else if (is_default)
			read_setting(line, access_key_id, secret);
	}
	return access_key_id->len && secret->len;
}
