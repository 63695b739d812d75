/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of messages that any mail program can read, one file each:
       tmp/    being written
       new/    delivered
       cur/    seen; readers move messages there
   After D. J. Bernstein, "Using maildir format", https://cr.yp.to/proto/maildir.html. */
#pragma once

#include "base/arena.h"

/* Makes the folders (mode 0700) where they are missing and puts one message (mode 0600) into new/, synced to
   the disk. False with a reason for the operator, made in `arena`. */
bool maildir_deliver(struct arena *arena, str folder, str content, str *problem);
