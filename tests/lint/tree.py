# SPDX-License-Identifier: Apache-2.0
"""The source tree as the checks beside this file see it, and how they report.

A check is a function from the root of a tree to a list of complaints, so that test_lint.py can hand it a
tree that is wrong on purpose. It reads files, never git: it runs from an unpacked archive too."""

import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
NOT_OURS = {"node_modules", "__pycache__", "autom4te.cache", "build-aux", "poolwarden-data"}


def root():
    """The top of the source tree, or what the first argument names."""
    return pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent


def is_ours(name):
    return name not in NOT_OURS and not name.startswith((".", "build", "poolwarden-"))


def files(top, folder, suffixes):
    """Paths relative to `top`, sorted; suffixes like ".c"."""
    found = []
    for path, folders, names in os.walk(top / folder):
        folders[:] = [name for name in folders if is_ours(name)]
        found += [pathlib.Path(path, name).relative_to(top) for name in names if name.endswith(tuple(suffixes))]
    return sorted(found)


def report(complaints):
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
