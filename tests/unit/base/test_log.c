/* SPDX-License-Identifier: Apache-2.0 */
/* What a stranger can bring into the log: nothing that another reader takes for more than a value. */
#include "base/log.h"

#include <unistd.h>

#include "base/fatal.h"
#include "unit/cases.h"

static const struct log_case {
	const char *name, *value, *written;
} cases[] = {
	{ "a word", "/admin/v1/x", " path=/admin/v1/x\n" },
	{ "nothing", "", " path=\"\"\n" },
	{ "another field", "x level=error", " path=\"x level=error\"\n" },
	{ "an end of the quotes", "\" level=\"", " path=\"\\\" level=\\\"\"\n" },
	{ "another line", "x\r\ntime=now", " path=\"x\\x0d\\x0atime=now\"\n" },
	{ "an escape of a terminal", "\x1b[2J", " path=\"\\x1b[2J\"\n" },
	{ "the same in one character",
		"\xc2\x9b"
		"2J",
		" path=\"\\xc2\\x9b2J\"\n" },
	{ "a byte that is no character", "\x9b", " path=\"\\x9b\"\n" },
	{ "a line of Unicode", "x\xe2\x80\xa8y", " path=\"x\\xe2\\x80\\xa8y\"\n" },
	{ "text that turns around", "x\xe2\x80\xaey", " path=\"x\\xe2\\x80\\xaey\"\n" },
	{ "delete", "x\x7f", " path=\"x\\x7f\"\n" },
};

/* Stands in for standard error while one line is written. */
static void read_line(const char *value, char *line, size_t size)
{
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_event(LOG_ERROR, "test", LOG_TEXT("path", str_of(value)));
	dup2(kept, STDERR_FILENO);
	ssize_t len = read(ends[0], line, size - 1);
	assert_true(len > 0);
	line[len] = '\0';
	close(ends[0]);
	close(ends[1]);
	close(kept);
}

static void test_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[1000];
		read_line(cases[i].value, line, sizeof line);
		const char *end = strstr(line, " path=");
		assert_case(end && strcmp(end, cases[i].written) == 0, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_values) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
