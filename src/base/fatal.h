/* SPDX-License-Identifier: Apache-2.0 */
/* The end of the process for a fault that no caller can mend, and the compiler attributes used everywhere. */
#pragma once

#include <stdnoreturn.h>

/* Prints the message with the reason and calls abort(). Never for input from outside. */
noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Calls release(&variable) when the variable's scope ends. */
#define CLEANUP(release) __attribute__((cleanup(release)))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
