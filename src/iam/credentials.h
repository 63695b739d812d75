/* SPDX-License-Identifier: Apache-2.0 */
/* The AWS shared-credentials format, which every SDK reads:
       [default]
       aws_access_key_id = AKIA...
       aws_secret_access_key = ...
   https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
#pragma once

#include "base/arena.h"

/* A file with one profile, "default". */
str credentials_text(struct arena *arena, str access_key_id, str secret);

/* Finds the key of the profile "default"; views into `text`. False when it lacks one of the two. */
bool credentials_parse(str text, str *access_key_id, str *secret);
