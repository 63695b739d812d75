/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite as an engine of the store: "sqlite:PATH". One thread writes, any number read. */
#pragma once

#include "store/engine.h"

extern const struct store_engine sqlite_engine;
