/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/cli/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "unit/cases.h"

enum { OUTPUT_MAX = 1 << 20 };

/* A stream that is a file for a while. */
struct diversion {
	FILE *stream;
	int original;
	char path[32];
};

static void divert(struct diversion *diversion, FILE *stream)
{
	fflush(stream);
	strcpy(diversion->path, "/tmp/capture-XXXXXX");
	int file = mkstemp(diversion->path);
	assert_true(file >= 0);
	diversion->stream = stream;
	diversion->original = dup(fileno(stream));
	assert_true(dup2(file, fileno(stream)) >= 0);
	close(file);
}

static str restore(struct arena *arena, struct diversion *diversion)
{
	fflush(diversion->stream);
	assert_true(dup2(diversion->original, fileno(diversion->stream)) >= 0);
	close(diversion->original);
	str content = file_read(arena, diversion->path, OUTPUT_MAX);
	unlink(diversion->path);
	assert_true(str_is_set(content));
	return content;
}

struct captured capture(struct arena *arena, int (*command)(struct option_outcome *outcome),
	const struct settings *settings, const char *const *words)
{
	struct option_outcome outcome = { .settings = *settings };
	struct captured captured;
	struct diversion out, err;
	for (; *words; words++)
		outcome.words[outcome.word_count++] = str_of(*words);
	divert(&out, stdout);
	divert(&err, stderr);
	captured.status = command(&outcome);
	captured.err = restore(arena, &err);
	captured.out = restore(arena, &out);
	return captured;
}
