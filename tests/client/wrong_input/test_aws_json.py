# SPDX-License-Identifier: Apache-2.0
"""Wrong input over awsJson 1.1: every operation, every kind of mutation."""

import pytest

import mutation
import sample
import spec
import wire

STATUSES = {mutation.TOO_LARGE: 413}
UNKNOWN = "UnknownOperationException"


def kinds_of(operation):
    """Those that have any case; made of the spec alone, as the world is not there yet."""
    frame = mutation.Frame(operation, sample.structure(operation.service, operation.input))
    return [kind for kind, make in mutation.KINDS.items() if next(make(frame), None)]


def report(failed):
    assert not failed, f"{len(failed)} failed, for instance {failed[:5]}"


@pytest.fixture
def send(world, line):
    """send(operation, body, ...) signs where it must be; what follows is for wire.aws_json."""
    def send(operation, body, **parts):
        message = wire.aws_json(operation, body, **parts)
        if operation.caller == "sigv4":
            wire.Signature(world.key, line.host).sign(message)
        return line.send(message)
    return send


def complaints(reply, case):
    found = wire.complaints(reply, case.error, STATUSES.get(case.error, 400), wire.AWS_JSON)
    if not found and case.breaches is not None:
        found = wire.complaints_of_message(reply.document["message"], case.breaches)
    return found


@pytest.mark.parametrize("operation, kind", [
    pytest.param(operation, kind, id=f"{operation}-{kind}")
    for operation in spec.OPERATIONS for kind in kinds_of(operation)])
def test_refused(operation, kind, world, send, untouched):
    failed = []
    for case in mutation.KINDS[kind](mutation.Frame(operation, world.baseline(operation))):
        if found := complaints(send(operation, case.body), case):
            failed.append((case.name, found))
    report(failed)


# --- Around the body ---

CONTENT_TYPES = ["", "text/plain", "application/json", "application/x-amz-json-1.0", "application/x-amz-json-1.1x",
                 "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application",
                 "application/json, application/x-amz-json-1.1", "x" * 5000]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_content_type(operation, world, send, line, untouched):
    body = mutation.written(world.baseline(operation))
    failed = []
    for content_type in CONTENT_TYPES:
        reply = send(operation, body, content_type=content_type)
        if found := wire.complaints(reply, UNKNOWN, 404, wire.AWS_JSON):
            failed.append((content_type, found))
    message = wire.aws_json(operation, body)
    del message.headers["Content-Type"]
    if found := wire.complaints(line.send(message), UNKNOWN, 404, wire.AWS_JSON):
        failed.append(("none", found))
    report(failed)


def wrong_targets(operation):
    prefix = operation.service.target_prefix
    return ["", ".", operation.name, f".{operation.name}", f"{prefix}.", prefix, f"{prefix}{operation.name}",
            f"{prefix}.{operation.name}x", f"{prefix}.x{operation.name}", f"{prefix}.{operation.name}.x",
            f"{prefix}.{operation.name.lower()}", f"{prefix.lower()}.{operation.name}", f"{prefix}/{operation.name}",
            f"NoSuchService.{operation.name}", f"{prefix}.{operation.name}," + f"{prefix}.{operation.name}",
            f"{prefix}. {operation.name}", f"{prefix}.{operation.name}\xa0", f"{prefix}." + "x" * 5000]


@pytest.mark.parametrize("operation", spec.OPERATIONS, ids=repr)
def test_target(operation, world, line, untouched):
    body = mutation.written(world.baseline(operation))
    failed = []
    for target in wrong_targets(operation):
        message = wire.aws_json(operation, body)
        message.headers["X-Amz-Target"] = target
        if found := wire.complaints(line.send(message), UNKNOWN, 400, wire.AWS_JSON):
            failed.append((target, found))
    report(failed)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post", "POSTS"])
def test_method(method, world, line, untouched):
    failed = []
    for operation in spec.OPERATIONS:
        message = wire.aws_json(operation, mutation.written(world.baseline(operation)))
        message.method = method
        reply = line.send(message)
        found = wire.complaints(reply, UNKNOWN, 405, wire.AWS_JSON) if method != "HEAD" else []
        if found or reply.status != 405 or "POST" not in reply.headers["Allow"].split(", "):
            failed.append((operation, reply.status, found))
    report(failed)
