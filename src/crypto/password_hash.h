/* SPDX-License-Identifier: Apache-2.0 */
/* Slow hashes of passwords: argon2id (RFC 9106) as PHC strings, at the cost of request->settings. Takes some 10 ms
   and argon2_memory_kib of memory: only for worker threads. No more of them run at once than there are processors;
   the others wait in the order of arrival.

   Raises ServiceUnavailable when there is no memory for it: that is never told as a wrong password. */
#pragma once

#include "base/histogram.h"
#include "base/request.h"

struct gate_load;

/* How many run at once in the whole process; 0, as at start: one for each processor that the process may use. */
void password_hash_set_parallelism(unsigned parallelism);

/* The PHC string of a password under a fresh salt. */
RESULT password_hash_make(struct request *request, str password, str *phc);

/* Raises InternalError when `phc` is not what password_hash_make() writes. */
RESULT password_hash_check(struct request *request, str phc, str password, bool *matches);

/* Takes the time of a check and checks nothing: for users that do not exist. */
RESULT password_hash_waste(struct request *request, str password);

/* How long the runs of this process took, without their wait; and who runs and waits now (crypto/gate.h). */
const struct histogram *password_hash_times(void);
struct gate_load password_hash_load(void);
