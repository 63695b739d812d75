#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each header compiles with nothing included before it, and a second time without harm. The compiler and
its flags come from make in COMPILE_HEADER; standard input is what it compiles."""

import concurrent.futures
import os
import subprocess
import sys

sys.dont_write_bytecode = True

import tree  # noqa: E402


def complaint_of(compiler, header):
    line = f'#include "{header}"\n'
    run = subprocess.run(compiler, shell=True, input=line + line, capture_output=True, text=True)
    return None if run.returncode == 0 else f"src/{header}:\n{run.stderr}"


def check(top, compiler):
    headers = [path.relative_to("src").as_posix() for path in tree.files(top, "src", (".h",))]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda header: complaint_of(compiler, header), headers)
    return [complaint for complaint in found if complaint]


if __name__ == "__main__":
    tree.report(check(tree.root(), os.environ["COMPILE_HEADER"]))
