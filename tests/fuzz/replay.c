/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for the fuzzer: runs its target once on every file of the target's corpus, or on the files that
   it is given. The corpus of fuzz_NAME is fuzz/corpus/NAME below `srcdir`. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fatal.h"
#include "base/file.h"

enum { INPUT_MAX = 1024 * 1024 };

static void run_file(const char *path)
{
	struct arena *arena = arena_new();
	str content = file_read(arena, path, INPUT_MAX);
	if (!str_is_set(content))
		fatal("%s cannot be read", path);
	/* Bytes of their own, so that a sanitizer sees a read past their end. */
	uint8_t *data = malloc(content.len ? content.len : 1);
	if (!data)
		fatal("out of memory");
	memcpy(data, content.data, content.len);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, content.len);
	free(data);
	arena_free(&arena);
}

static int run_folder(const char *folder)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), run = 0;
	if (count < 0)
		fatal("%s cannot be read", folder);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.') {
			struct arena *arena = arena_new();
			run_file(arena_printf(arena, "%s/%s", folder, entries[i]->d_name).data);
			arena_free(&arena);
			run++;
		}
		free(entries[i]);
	}
	free(entries);
	return run;
}

static const char *target_of(const char *program)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	return strncmp(name, "fuzz_", 5) == 0 ? name + 5 : name;
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	struct arena *arena = arena_new();
	str folder = arena_printf(arena, "%s/fuzz/corpus/%s", srcdir ? srcdir : ".", target_of(argv[0]));
	int run = argc > 1 ? argc - 1 : run_folder(folder.data);
	for (int i = 1; i < argc; i++)
		run_file(argv[i]);
	arena_free(&arena);
	printf("[==========] %d test(s) run.\n", run);
	return run ? EXIT_SUCCESS : EXIT_FAILURE;
}
