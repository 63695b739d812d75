/* SPDX-License-Identifier: Apache-2.0 */
/* What others do between the checks of a call and its transaction. Programs that use it are linked with
   $(INTERRUPTION), which has the linker lead store_write() through here. */
#pragma once

struct house;

/* The next store_write() from outside of a transaction runs happen(context) first; then it is over. */
void interruption_set(void (*happen)(const void *context), const void *context);

/* The same with house_execute(house, sql); `sql` must last until then. */
void interruption_execute(const struct house *house, const char *sql);
