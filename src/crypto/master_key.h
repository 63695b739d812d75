/* SPDX-License-Identifier: Apache-2.0 */
/* Where the master key comes from. As text it is base64 of MASTER_KEY_LEN bytes (crypto/seal.h), in a file with a
   line end or without. The first of these that is there:
       POOLWARDEN_MASTER_KEY       the text itself
       POOLWARDEN_MASTER_KEY_FILE  a file with it, as secret stores mount one
       <data_dir>/master.key       made at the first start, mode 0600 */
#pragma once

#include "base/arena.h"

/* Gives the key's bytes, to be wiped with the arena. False with a `problem` to show the operator when there is no
   usable key; a file that is there is never replaced. The folder must exist. */
bool master_key_load(struct arena *arena, str data_dir, str *key, str *problem);
