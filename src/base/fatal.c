/* SPDX-License-Identifier: Apache-2.0 */
/* The one place where the process gives up. */
#include "base/fatal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

noreturn void fatal(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("poolwarden: fatal: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	abort();
}
