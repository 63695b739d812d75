# SPDX-License-Identifier: Apache-2.0
"""Requests of the administration: members in path, query and body, as the specs' templates say."""

import re

import mutation
import wire

ROOT = "/admin/v1"

# Statuses of REST that wrong input can have; awsJson has 400 for most.
STATUSES = {
    "SerializationException": 400, "InvalidParameterException": 400, "RequestEntityTooLargeException": 413,
    "MissingAuthenticationTokenException": 401, "IncompleteSignatureException": 401, "InvalidSignatureException": 401,
    "UnrecognizedClientException": 401, "AccessDeniedException": 403}


def path_members(operation):
    return re.findall(r"\{(\w+)\}", operation.path)


def segment(text):
    """Everything is encoded, a '/' too."""
    return wire.quoted(text)


def path(operation, values):
    return ROOT + re.sub(r"\{(\w+)\}", lambda match: segment(values[match[1]]), operation.path)


def message(operation, document, raw=b""):
    """What stands in the path goes there, all else into the body; None where the path cannot have the value."""
    values = {name: document.get(name) for name in path_members(operation)}
    if not all(isinstance(value, str) and value != mutation.RAW for value in values.values()):
        return None
    rest = {name: value for name, value in document.items() if name not in values}
    return of_body(operation, values, mutation.written(rest, raw) if rest else b"")


def of_body(operation, values, body):
    headers = {"Content-Type": wire.JSON} if body else {}
    return wire.Message(operation.method, path(operation, values), headers, body)


# --- In the query ---

def is_for_query(service, kind):
    """Scalars and lists of scalars, unless they are sensitive."""
    if kind["kind"] == "list":
        kind = service.type(kind["element"])
    return kind["kind"] not in ("structure", "list", "map") and not kind.get("sensitive")


def query_members(operation):
    """Name -> type of what may stand in the query."""
    in_path = path_members(operation)
    kinds = {name: operation.service.type(member["type"]) for name, member in operation.input["members"].items()}
    return {name: kind for name, kind in kinds.items() if name not in in_path and is_for_query(operation.service, kind)}


def as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def parameters(name, value):
    values = value if isinstance(value, list) else [value]
    return "&".join(f"{name}={wire.quoted(as_text(one))}" for one in values)


def with_query(message, query):
    message.target += ("&" if "?" in message.target else "?") + query
    return message
