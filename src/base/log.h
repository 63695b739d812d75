/* SPDX-License-Identifier: Apache-2.0 */
/* Structured log lines on standard error, or in a file, one event a line, in logfmt:
       time=2026-11-24T12:40:00.123Z level=info event=request id=... status=200
   Values are quoted and escaped, so no input can forge a line. Secrets never come here. */
#pragma once

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

struct log_field {
	str key;
	bool is_number;
	int64_t number;
	str text;
};

#define LOG_TEXT(name, value) ((struct log_field){ .key = STR(name), .text = (value) })
#define LOG_NUMBER(name, value) \
	((struct log_field){ .key = STR(name), .is_number = true, .number = (value) })

/* log_event(LOG_INFO, "listening", LOG_TEXT("address", address), LOG_NUMBER("port", port)) */
#define log_event(level, event, ...)                                                             \
	log_write((level), (event), (const struct log_field[]){ __VA_ARGS__ },                   \
		sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

/* Writes one line when `level` is enabled; absent texts are left out. */
void log_write(enum log_level level, const char *event, const struct log_field *fields, size_t count);

/* Has lines appended to the file at `path`, made with mode 0640 when there is none, or written to standard error when
   that is NULL. Threads may write meanwhile: each line comes whole into what was open before or what is open now, so a
   file that was renamed is followed by calling this again. One caller at a time. False with errno set, and nothing
   changed, when it cannot be opened. */
bool log_open(const char *path);

/* Lines above this level are dropped; LOG_INFO at start. */
void log_set_level(enum log_level level);

/* "error", "warning", "info", "debug"; false for anything else. */
bool log_level_parse(str name, enum log_level *out);
