#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints how many cases passed and how many failed, as two numbers: of a JUnit file (pytest, node:test), or of
all that `make check` left in a build folder."""

import pathlib
import re
import sys
import xml.etree.ElementTree

CASES = re.compile(r"^(?:\[=+\] (\d+) test\(s\) run\.|Ran (\d+) tests? in )", re.MULTILINE)
FAILED = re.compile(
    r"^(?:\[ +FAILED +\] (\d+) test\(s\), listed below|FAILED \((?:failures|errors)=(\d+))", re.MULTILINE)


def of_junit(path):
    cases = list(xml.etree.ElementTree.parse(path).iter("testcase"))
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    return len(cases) - len(bad) - len(skipped), len(bad)


def total(pattern, text):
    return sum(int(number) for match in pattern.findall(text) for number in match if number)


def of_program(trs):
    """cmocka and unittest say how many cases a program had; a program without such a line is one case."""
    log = trs.with_suffix(".log").read_text(errors="replace")
    cases, bad = max(total(CASES, log), 1), total(FAILED, log)
    if not bad and not trs.read_text().startswith(":test-result: PASS"):
        bad = 1
    return max(cases - bad, 0), bad


def of_check(folder):
    return [sum(numbers) for numbers in zip((0, 0), *map(of_program, pathlib.Path(folder, "tests").rglob("*.trs")))]


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    print(*(of_check(target) if target.is_dir() else of_junit(target)))
