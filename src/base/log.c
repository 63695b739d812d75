/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines. A line is built whole and written by one call, so lines of threads never mix. */
#define _GNU_SOURCE /* dup3 */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fatal.h"

enum { LINE_MAX_BYTES = 16384, LOG_FILE_MODE = 0640 };

static const char *const level_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARNING] = "warning",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

static atomic_int highest_level = LOG_INFO;

/* A descriptor that never closes once lines go there: dup3() has it name another file while they do. */
static atomic_int destination = STDERR_FILENO;

void log_set_level(enum log_level level)
{
	highest_level = (int)level;
}

static int open_destination(const char *path)
{
	if (!path)
		return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, LOG_FILE_MODE);
}

/* The destination that is there already takes over what was opened. */
static bool replace_destination(int opened)
{
	bool is_replaced = dup3(opened, destination, O_CLOEXEC) >= 0;
	int reason = errno;
	close(opened);
	errno = reason;
	return is_replaced;
}

bool log_open(const char *path)
{
	if (!path && destination == STDERR_FILENO)
		return true;
	int opened = open_destination(path);
	if (opened < 0)
		return false;
	if (destination != STDERR_FILENO)
		return replace_destination(opened);
	destination = opened;
	return true;
}

bool log_level_parse(str name, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++)
		if (str_equal(name, str_of(level_names[i]))) {
			*out = (enum log_level)i;
			return true;
		}
	return false;
}

static bool needs_quotes(str text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c <= ' ' || c == '"' || c == '\\' || c == '=' || c >= 0x7f)
			return true;
	}
	return text.len == 0;
}

/* Plain ASCII alone, as some texts are of strangers: beyond it there are controls that terminals obey (U+009B),
   characters that end lines for some readers (U+0085, U+2028), and such that turn a text around (U+202E). */
static void add_quoted(struct buf *line, str text)
{
	buf_add_char(line, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if (c == '"' || c == '\\')
			buf_add_char(line, '\\');
		if (c < ' ' || c >= 0x7f)
			buf_printf(line, "\\x%02x", c);
		else
			buf_add_char(line, (char)c);
	}
	buf_add_char(line, '"');
}

/* Room for all of it is taken at once: each line has many. */
static void add_key(struct buf *line, str key)
{
	char *room = buf_reserve(line, key.len + 2);
	if (!room)
		return;
	room[0] = ' ';
	memcpy(room + 1, key.data, key.len);
	room[key.len + 1] = '=';
}

static void add_field(struct buf *line, const struct log_field *field)
{
	if (!field->is_number && !str_is_set(field->text))
		return;
	add_key(line, field->key);
	if (field->is_number)
		buf_add_int(line, field->number);
	else if (needs_quotes(field->text))
		add_quoted(line, field->text);
	else
		buf_add(line, field->text);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count)
{
	if ((int)level > highest_level)
		return;
	char memory[LINE_MAX_BYTES + 1];
	struct buf line = buf_over(memory, LINE_MAX_BYTES);
	buf_add(&line, STR("time="));
	clock_add_iso8601_ms(&line, clock_now());
	buf_add(&line, STR(" level="));
	buf_add(&line, str_of(level_names[level]));
	buf_add(&line, STR(" event="));
	buf_add(&line, str_of(event));
	for (size_t i = 0; i < count; i++)
		add_field(&line, &fields[i]);
	memory[line.len] = '\n';
	/* Nothing sensible can be done about a log that cannot be written. */
	ssize_t written = write(destination, memory, line.len + 1);
	(void)written;
}
