/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL as an engine of the store, and what speaks its protocol:
   "postgresql://HOST,HOST/DATABASE?OPTIONS". Any number of servers may use one database. */
#pragma once

#include "store/engine.h"

extern const struct store_engine postgres_engine;
