/* SPDX-License-Identifier: Apache-2.0 */
/* What others do between the checks of a call and its transaction. Programs that use it are linked with
   $(INTERRUPTION), which has the linker lead store_write() through here. */
#pragma once

/* The next store_write() from outside of a transaction runs happen(context) first; then it is over. */
void interruption_set(void (*happen)(const void *context), const void *context);
