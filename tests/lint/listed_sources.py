#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every source file is named in the local.mk of its folder or of one above it: a file that none names is
built by nobody, and missing from the archive of `make dist`."""

import re
import sys

sys.dont_write_bytecode = True

import tree  # noqa: E402

NAMED = re.compile(r"%D%/([\w./-]+)")


def named_files(top, folder):
    makefile = top / folder / "local.mk"
    if not makefile.exists():
        return set()
    return {folder / name for name in NAMED.findall(makefile.read_text())}


def is_listed(top, path):
    """By its own name, or as part of a folder that is listed whole."""
    candidates = {path, *path.parents}
    return any(candidates & named_files(top, folder) for folder in path.parents)


def check(top):
    paths = tree.files(top, "src", (".c", ".h", ".def", ".py", ".json")) + tree.files(top, "tests", (".c", ".h"))
    return [f"{path}: no local.mk lists it" for path in paths
            if not is_listed(top, path) and path.as_posix() != "tests/unit/cases.h"]


if __name__ == "__main__":
    tree.report(check(tree.root()))
