#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What every text of the project keeps: a licence line at its head, no line past 120 columns, no space at the
end of a line, a newline at the end of the file. An unpacked archive also has what generators made: that is not ours
to lay out."""

import sys

sys.dont_write_bytecode = True

import tree  # noqa: E402

COLUMNS = 120
TAB = 4
GENERATED = "not to be edited"
LICENCE = "SPDX-License-Identifier: Apache-2.0"
FOLDERS = ("src", "tests", "contrib")
SUFFIXES = (".c", ".h", ".def", ".py", ".sh", ".mk", ".am", ".mjs")


def complaints_of_line(number, line):
    if line != line.rstrip():
        yield f"{number}: space at the end of the line"
    if len(line.expandtabs(TAB)) > COLUMNS:
        yield f"{number}: longer than {COLUMNS} columns"


def complaints_of_text(text):
    lines = text.split("\n")
    if any(line.startswith("/* Made by") and GENERATED in line for line in lines[:2]):
        return
    if not any(LICENCE in line for line in lines[:2]):
        yield "1: no licence line"
    if not text.endswith("\n"):
        yield f"{len(lines)}: no newline at the end"
    for number, line in enumerate(lines, 1):
        yield from complaints_of_line(number, line)


def check(top):
    paths = [path for folder in FOLDERS for path in tree.files(top, folder, SUFFIXES)]
    return [f"{path}:{complaint}" for path in paths for complaint in complaints_of_text((top / path).read_text())]


if __name__ == "__main__":
    tree.report(check(tree.root()))
