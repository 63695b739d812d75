#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual has all commands and options of the program, and those who format it have nothing to say against it."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ["BUILD_FOLDER"], "src")
PAGE = SOURCE / "poolwarden.1"
SECTIONS = ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "ENVIRONMENT", "FILES", "SIGNALS", "EXIT STATUS",
            "EXAMPLES", "SEE ALSO"]


def run(*arguments):
    return subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True)


def section(name):
    return re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh|\Z)", PAGE.read_text(), re.M | re.S)[1].replace(r"\-", "-")


class Manual(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.commands, self.options = run(SOURCE / "poolwarden", "help").stdout.split("\noptions:\n")

    def test_all_sections_are_there(self):
        self.assertEqual(re.findall(r"^\.Sh (.+)$", PAGE.read_text(), re.M), SECTIONS)

    def test_all_options_are_there(self):
        ours = re.findall(r"^  (\S+)", self.options, re.M)
        flags = [flag or variable for flag, variable in
                 re.findall(r"^\.It (?:Fl -(\S+)|Ev (\S+))", section("OPTIONS"), re.M)]
        self.assertIn("--data-dir", ours)
        self.assertEqual([f"--{name}" if name.islower() else name for name in flags], ours)

    def test_all_commands_are_there(self):
        ours = re.findall(r"^  (\S+)", self.commands, re.M)
        self.assertIn("serve", ours)
        self.assertEqual(re.findall(r"^\.It Cm (\S+)", section("COMMANDS"), re.M), ours)
        self.assertEqual(re.findall(r"^\.Cm (\S+)", section("SYNOPSIS"), re.M), ours)

    def test_an_option_has_its_help_and_its_default(self):
        shown = " ".join(section("OPTIONS").split())
        self.assertIn(".It Fl -data-dir Ar DIR folder of the database, the keys and the credentials "
                      "(default: .Li ./poolwarden-data )", shown)
        self.assertIn(".It Ev POOLWARDEN_SMTP_PASSWORD its password .It", shown)

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not there")
    def test_mandoc_has_no_complaint(self):
        verdict = run("mandoc", "-Tlint", "-Wwarning", PAGE)
        self.assertEqual((verdict.returncode, verdict.stdout, verdict.stderr), (0, "", ""))

    @unittest.skipUnless(shutil.which("groff"), "groff is not there")
    def test_groff_has_no_complaint(self):
        verdict = run("groff", "-mandoc", "-ww", "-Tutf8", "-z", PAGE)
        self.assertEqual((verdict.returncode, verdict.stdout, verdict.stderr), (0, "", ""))


if __name__ == "__main__":
    unittest.main()
