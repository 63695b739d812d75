/* SPDX-License-Identifier: Apache-2.0 */
/* The root access key of an operator who named none: <data_dir>/credentials, mode 0600, in the AWS
   shared-credentials format, made at the first start, where `may_make`. */
#pragma once

#include "base/arena.h"

/* Gives the key of a file that is there already. False with a `problem`. */
bool credentials_file_read(struct arena *arena, str data_dir, str *access_key_id, str *secret, str *problem);

/* Gives the key; the texts live in the arena. False with a `problem` to show the operator when there is no
   usable key; a file that is there is never replaced. The folder must exist. */
bool credentials_file_load(
	struct arena *arena, str data_dir, bool may_make, str *access_key_id, str *secret, str *problem);
