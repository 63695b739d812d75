#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts the spec of an operation from a public API model (the JSON files that the AWS SDKs ship).

    import.py MODEL OPERATION CALLER METHOD PATH [SUMMARY]

Takes over the facts (names, types, limits, patterns, enums, errors) and adds missing types to types.json.
Sentences are ours: the summary is written by hand.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
CALLERS = ("public", "access_token", "sigv4")


def convert_type(shape):
    """One type of types.json from a shape of the model."""
    kind = shape["type"]
    out = {"kind": "enum" if "enum" in shape else kind}
    if "enum" in shape:
        out["values"] = shape["enum"]
        return out
    for key in ("min", "max", "pattern"):
        if key in shape:
            out[key] = shape[key]
    if shape.get("sensitive"):
        out["sensitive"] = True
    if kind == "structure":
        out["members"] = members_of(shape)
    if kind == "list":
        out["element"] = shape["member"]["shape"]
    if kind == "map":
        out["key"] = shape["key"]["shape"]
        out["value"] = shape["value"]["shape"]
    return out


def members_of(shape):
    required = set(shape.get("required", ()))
    members = {}
    for name, member in shape.get("members", {}).items():
        members[name] = {"type": member["shape"]}
        if name in required:
            members[name]["required"] = True
    return members


def add_types(model, types, name):
    if name in types:
        return
    shape = model["shapes"][name]
    types[name] = convert_type(shape)
    for member in shape.get("members", {}).values():
        add_types(model, types, member["shape"])
    for part in ("member", "key", "value"):
        if part in shape:
            add_types(model, types, shape[part]["shape"])


def resource_of(members):
    if "UserPoolId" in members:
        return "arn:aws:cognito-idp:{region}:{account}:userpool/{UserPoolId}"
    if "ResourceArn" in members:
        return "{ResourceArn}"
    return "*"


def import_operation(model, name, caller, method, path, summary):
    operation = model["operations"][name]
    service = model["metadata"]["endpointPrefix"]
    folder = HERE / service
    folder.mkdir(exist_ok=True)
    service_file = folder / "service.json"
    if not service_file.exists():
        wire = {"target_prefix": model["metadata"]["targetPrefix"], "signing_names": [service]}
        service_file.write_text(json.dumps(wire, indent=4) + "\n")
    types_file = folder / "types.json"
    types = json.loads(types_file.read_text()) if types_file.exists() else {}
    spec = {"name": name, "summary": summary, "caller": caller}
    for side in ("input", "output"):
        shape = model["shapes"][operation[side]["shape"]] if side in operation else {}
        spec[side] = members_of(shape)
        for member in shape.get("members", {}).values():
            add_types(model, types, member["shape"])
    if caller == "sigv4":
        spec["action"] = f"{service}:{name}"
        spec["resource"] = resource_of(spec["input"])
    spec["rest"] = {"method": method, "path": path}
    spec["errors"] = sorted({error["shape"] for error in operation["errors"]})
    (folder / f"{name}.json").write_text(json.dumps(spec, indent=4) + "\n")
    types_file.write_text(json.dumps(dict(sorted(types.items())), indent=4) + "\n")


def main():
    if len(sys.argv) < 6 or sys.argv[3] not in CALLERS:
        sys.exit(__doc__)
    model = json.loads(pathlib.Path(sys.argv[1]).read_text())
    import_operation(model, *sys.argv[2:6], sys.argv[6] if len(sys.argv) > 6 else "")


if __name__ == "__main__":
    main()
