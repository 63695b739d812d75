#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The unit for systemd, as the build made it, before systemd-analyze: it is understood, and it gives away little."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

UNIT = pathlib.Path(os.environ["BUILD_FOLDER"], "poolwarden.service")
MOST_EXPOSED = 1.5  # of 10: "OK" to systemd-analyze is what is below 5

# What a service that talks to the internet and to its journal cannot give up, and what costs it a speed or a purpose.
KNOWN_EXPOSURES = {
    "DeviceAllow=", "IPAddressDeny=", "PrivateNetwork=", "RestrictAddressFamilies=~AF_(INET|INET6)",
    "RestrictAddressFamilies=~AF_UNIX", "RootDirectory=/RootImage=", "SystemCallFilter=~@resources"}


def analyze(*arguments):
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True,
                          env=os.environ | {"SYSTEMD_COLORS": "0", "LC_ALL": "C.UTF-8"})


class Unit(unittest.TestCase):
    def setUp(self):
        """A copy whose program is there already: verifying wants to see it."""
        folder = tempfile.TemporaryDirectory(prefix="poolwarden-test-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name, UNIT.name)
        self.text = UNIT.read_text()
        program = re.search(r"^ExecStart=(\S+) serve$", self.text, re.M)[1]
        self.assertEqual(pathlib.PurePath(program).name, "poolwarden")
        self.assertTrue(os.path.isabs(program))
        self.path.write_text(self.text.replace(program, shutil.which("true")))

    def test_it_is_understood(self):
        verdict = analyze("verify", "--man=no", str(self.path))
        self.assertEqual((verdict.returncode, verdict.stdout, verdict.stderr), (0, "", ""))

    def test_a_mistake_would_show(self):
        self.path.write_text(self.path.read_text().replace("ProtectSystem=strict", "ProtectSystem=most"))
        self.assertIn("protect system", analyze("verify", "--man=no", str(self.path)).stderr)

    def test_it_gives_away_little(self):
        verdict = analyze("security", "--offline=true", "--json=short", "--threshold=100", str(self.path))
        checks = json.loads(verdict.stdout)
        exposed = {check["json_field"]: check["name"] for check in checks if float(check["exposure"] or 0) > 0}
        self.assertLessEqual(set(exposed.values()), KNOWN_EXPOSURES)
        summary = analyze("security", "--offline=true", "--no-pager", str(self.path)).stdout
        level = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", summary)[1])
        print(f"exposure level {level}")
        self.assertLessEqual(level, MOST_EXPOSED)

    def test_what_it_promises_is_told_by_the_server(self):
        self.assertRegex(self.text, r"(?m)^Type=notify$")
        self.assertRegex(self.text, r"(?m)^ExecReload=/bin/kill -HUP \$MAINPID$")


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("systemd-analyze is not there")
        sys.exit(77)
    unittest.main()
