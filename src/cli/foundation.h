/* SPDX-License-Identifier: Apache-2.0 */
/* What every command stands on that touches data: the data folder, the master key, the store. */
#pragma once

#include "base/request.h"

struct foundation {
	const struct settings *settings;
	struct sealer *sealer;
	struct store *store;
	bool is_first; /* nobody had this database before */
};

/* Makes what is not there yet: the folder (mode 0700), the key, the database; that key and database belong together
   is checked. False, with nothing left open
   and a text for the operator in `*problem`, when one of them is out of order. The settings must outlive it.
 */
bool foundation_open(
	struct arena *arena, const struct settings *settings, struct foundation *out, str *problem);

/* Wipes the keys. No request may still use it; closing it twice does no harm. */
void foundation_close(struct foundation *foundation);

/* Lends a request the parts of the process; `foundation` is a struct foundation (http/server.h calls it so).
 */
void foundation_lend(struct request *request, void *foundation);

/* A new request with these parts, to be freed by request_free(). */
struct request *foundation_request(struct foundation *foundation);
