/* SPDX-License-Identifier: Apache-2.0 */
/* The audit trail as a request goes along: an event is begun before the work, whoever finds out more notes
   it, and it is written in the same transaction as the work. Where there is none, it is written when the
   request ends: failures, and what shows secrets. Without an operator who wants a trail (`--audit-days`), and
   in requests that have begun none, all of this does nothing.

   Whatever administrators do has a row of its own, and so has every sign-in. For all else there are rations
   (audit/ration.h), and what comes beyond is counted (audit/tally.h). Throttled requests are counted alone: a
   server that has too much to do writes no row for each. */
#pragma once

#include "base/request.h"
#include "spec/operation.h"

/* What is known before anybody has proven anything. Call outside of transactions, once. */
void trail_begin(struct request *request, enum spec_trail kind);

/* Whose key it is that the request is signed with, or seems to be. */
void trail_note_access_key(struct request *request, str access_key_id);

/* The signature is right. */
void trail_note_administrator(struct request *request);

/* On what; the first word counts. */
void trail_note_pool(struct request *request, str pool_id);
void trail_note_client(struct request *request, str client_id);
void trail_note_user(struct request *request, str user_id);

/* A call that anybody may make was made by the user: there was proof. */
void trail_note_proof(struct request *request);

/* Inside a transaction: it stores a sign-in. */
void trail_note_sign_in(struct request *request);

/* Inside a transaction that is kept though the call fails: how it fails. */
void trail_note_failure(struct request *request, enum error_code error);

/* Inside a transaction: the user has to do something more, a challenge waits. */
void trail_note_progress(struct request *request);

/* Inside a transaction that is only the first half: unless it notes a failure, the next one writes the event.
 */
void trail_postpone(struct request *request);

/* Inside a transaction that goes without saying: only a failure is written. */
void trail_note_routine(struct request *request);

/* The end of the work. Writes or counts what no transaction has written, or corrects what one has; the
   failure that stands in the request stays. What cannot be written is logged. */
void trail_end(struct request *request, bool is_ok);
