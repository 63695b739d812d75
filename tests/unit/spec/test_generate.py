#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What src/spec/generate.py makes of several services, and above all what it refuses."""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

GENERATOR = pathlib.Path(__file__).resolve().parents[3] / "src" / "spec" / "generate.py"
ERRORS = 'ERROR(INVALID_PARAMETER, "InvalidParameterException", 400, 400)\n'
CATEGORIES = 'CATEGORY(READING, "Reading", 10)\n'

LIBRARY = {
    "service.json": {"target_prefix": "LibraryService", "signing_names": ["library"]},
    "types.json": {
        "IdType": {"kind": "string", "max": 20},
        "BookType": {"kind": "structure", "members": {"Id": {"type": "IdType", "required": True}}},
    },
    "GetBook.json": {
        "name": "GetBook", "summary": "Shows a book.", "caller": "sigv4", "category": "Reading",
        "action": "library:GetBook", "resource": "arn:aws:library:{region}:{account}:book/{Id}",
        "rest": {"method": "GET", "path": "/books/{Id}"},
        "input": {"Id": {"type": "IdType", "required": True}}, "output": {"Book": {"type": "BookType"}},
        "errors": ["InvalidParameterException"],
    },
}
# Shares a scalar.
ARCHIVE = {
    "service.json": {"target_prefix": "ArchiveService", "signing_names": ["archive", "library"]},
    "types.json": {"IdType": {"kind": "string", "max": 20}},
    "Burn.json": {
        "name": "Burn", "summary": "Burns a paper.", "caller": "public", "rest": {"method": "POST", "path": "/fire"},
        "input": {"Id": {"type": "IdType"}}, "output": {}, "errors": [],
    },
}


def changed(service, file, change):
    service = copy.deepcopy(service)
    change(service[file])
    return service


# What is wrong with it, the services, a part of the message
REFUSED = [
    ("no signing name", [changed(LIBRARY, "service.json", lambda wire: wire.update(signing_names=[]))],
     "service.json has exactly signing_names, target_prefix"),
    ("unknown key of the service", [changed(LIBRARY, "service.json", lambda wire: wire.update(port=1))],
     "service.json has exactly signing_names, target_prefix"),
    ("no prefix", [changed(LIBRARY, "service.json", lambda wire: wire.pop("target_prefix"))],
     "service.json has exactly signing_names, target_prefix"),
    ("unused type", [changed(LIBRARY, "types.json", lambda types: types.update(NoType={"kind": "boolean"}))],
     "unused types: NoType"),
    ("unknown error", [changed(LIBRARY, "GetBook.json", lambda spec: spec["errors"].append("Lost"))],
     "Lost is not in base/error.def"),
    ("unknown category", [changed(LIBRARY, "GetBook.json", lambda spec: spec.update(category="Writing"))],
     "its category is missing or not in base/category.def"),
    ("unknown member in a path",
     [changed(LIBRARY, "GetBook.json", lambda spec: spec["rest"].update(path="/books/{Name}"))],
     "{Name} is no member of the input"),
    ("action without a signature", [changed(LIBRARY, "GetBook.json", lambda spec: spec.update(caller="public"))],
     "action and resource belong to sigv4"),
    ("another scalar of the name",
     [LIBRARY, changed(ARCHIVE, "types.json", lambda types: types["IdType"].update(max=21))],
     "service1: service0 has a type IdType too"),
    ("the same structure", [LIBRARY, LIBRARY], "service1: service0 has a type BookType too"),
    ("the same operation", [changed(LIBRARY, "GetBook.json", lambda spec: spec.update(name="Burn")), ARCHIVE],
     "service1: service0 has an operation Burn too"),
]


class Generate(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)

    def generate(self, services, top):
        top.mkdir()
        (top / "error.def").write_text(ERRORS)
        (top / "category.def").write_text(CATEGORIES)
        folders = []
        for number, service in enumerate(services):
            folders.append(top / f"service{number}")
            folders[-1].mkdir()
            for name, content in service.items():
                (folders[-1] / name).write_text(json.dumps(content))
        return subprocess.run([sys.executable, GENERATOR, top / "error.def", top / "category.def", top / "out",
                               *folders], capture_output=True, text=True)

    def test_refuses(self):
        for number, (what, services, message) in enumerate(REFUSED):
            with self.subTest(what):
                top = self.top / str(number)
                outcome = self.generate(services, top)
                self.assertIn(message, outcome.stderr)
                self.assertEqual(outcome.returncode, 1)
                self.assertFalse((top / "out").exists())

    def test_services_beside_each_other(self):
        outcome = self.generate([LIBRARY, ARCHIVE], self.top / "good")
        self.assertEqual((outcome.returncode, outcome.stderr), (0, ""))
        made = sorted(path.name for path in (self.top / "good" / "out").iterdir())
        self.assertEqual(made, [f"service{number}{end}" for number in (0, 1) for end in (".c", ".h", "_operations.c")])
        operations = (self.top / "good" / "out" / "service0_operations.c").read_text()
        self.assertIn(".category = CATEGORY_READING,", operations)
        operations = (self.top / "good" / "out" / "service1_operations.c").read_text()
        self.assertIn('signing_names[] = { "archive", "library", NULL };', operations)
        self.assertIn('.target_prefix = STR_INIT("ArchiveService")', operations)
        self.assertIn("const struct spec_service spec_service1 = {", operations)


if __name__ == "__main__":
    unittest.main()
