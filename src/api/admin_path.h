/* SPDX-License-Identifier: Apache-2.0 */
/* Paths of the administration: the operations' templates below one root, "/admin/v1/user-pools/{UserPoolId}".
   A placeholder stands for exactly one segment; a '/' inside a value travels as %2F. */
#pragma once

#include "spec/operation.h"

#define ADMIN_PATH_ROOT "/admin/v1"

/* Whether a path as sent, still percent-encoded, fits a template of the operation table. */
bool admin_path_fits(str rest_path, str path);

/* Takes the next segment off a template: true, with the placeholder's name or an absent one for a literal, until there
   is none left. */
bool admin_path_next(str *rest_path, str *placeholder);

/* A path that fits the operation's template, with "{Username}" for the value of each member that is sensitive. */
str admin_path_without_secrets(struct arena *arena, const struct spec_operation *operation, str path);

/* Whether {member} stands in the template. */
bool admin_path_has(str rest_path, str member);
