#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks of this folder refuse trees that are wrong on purpose: a check that never fails shows nothing."""

import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import headers_stand_alone  # noqa: E402
import include_ranks  # noqa: E402
import listed_sources  # noqa: E402
import plain_text  # noqa: E402

SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
GOOD = {
    "src/base/str.h": SPDX + "#pragma once\n#include <stddef.h>\n",
    "src/base/str.c": SPDX + '#include "base/str.h"\n',
    "src/base/local.mk": "# SPDX-License-Identifier: Apache-2.0\nx += %D%/str.c %D%/str.h\n",
}

# What is wrong, the check, files besides the good ones, a part of the complaint
BROKEN = [
    ("higher rank", include_ranks.check, {"src/base/a.c": '#include "http/server.h"\n'}, "may not know http"),
    ("same rank", include_ranks.check, {"src/crypto/a.c": '#include "spec/type.h"\n'}, "may not know spec"),
    ("unqualified", include_ranks.check, {"src/base/a.c": '#include "str.h"\n'}, "not a path from src/"),
    ("unknown folder", include_ranks.check, {"src/misc/a.c": ""}, "not in the table of ranks"),
    ("unknown target", include_ranks.check, {"src/cli/a.c": '#include "misc/a.h"\n'}, "in no folder"),
    ("library of another", include_ranks.check, {"src/userpool/a.c": "#include <sqlite3.h>\n"}, "belongs to store/"),
    ("library folder", include_ranks.check, {"src/http/a.c": "#  include <openssl/evp.h>\n"}, "belongs to crypto/"),
    ("unknown library", include_ranks.check, {"src/base/a.c": "#include <glib.h>\n"}, "nor in the table"),
    ("own header second", include_ranks.check,
     {"src/base/str.c": '#include <stddef.h>\n#include "base/str.h"\n'}, "is not its first include"),
    ("own header missing", include_ranks.check, {"src/base/str.c": ""}, "is not its first include"),
    ("unlisted source", listed_sources.check, {"src/base/new.c": ""}, "no local.mk lists it"),
    ("unlisted test", listed_sources.check, {"tests/unit/base/test_new.c": ""}, "no local.mk lists it"),
    ("no licence", plain_text.check, {"src/base/a.c": "int a;\n"}, "no licence line"),
    ("long line", plain_text.check, {"src/base/a.c": SPDX + "x" * 121 + "\n"}, "2: longer than"),
    ("space at the end", plain_text.check, {"src/base/a.c": SPDX + "int a; \n"}, "2: space at the end"),
    ("no last newline", plain_text.check, {"src/base/a.c": SPDX + "int a;"}, "no newline at the end"),
    ("header that needs another", lambda top: headers_stand_alone.check(top, compiler(top)),
     {"src/base/a.h": "#pragma once\nsize_t a_count(void);\n"}, "src/base/a.h"),
    ("header without a guard", lambda top: headers_stand_alone.check(top, compiler(top)),
     {"src/base/a.h": "struct a { int b; };\n"}, "redefinition"),
]

CHECKS = [include_ranks.check, listed_sources.check, plain_text.check,
          lambda top: headers_stand_alone.check(top, compiler(top))]


def compiler(top):
    return f"{os.environ.get('CC', 'cc')} -fsyntax-only -x c -I{top}/src -"


def complaints(check, files):
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        for name, text in (GOOD | files).items():
            path = top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return check(top)


class Lint(unittest.TestCase):
    def test_good_tree(self):
        for check in CHECKS:
            self.assertEqual(complaints(check, {}), [])

    def test_generated_text(self):
        made = SPDX + "/* Made by generate.py; not to be edited. */\n" + "x" * 121
        self.assertEqual(complaints(plain_text.check, {"src/base/made.c": made}), [])

    def test_broken_trees(self):
        for what, check, files, part in BROKEN:
            with self.subTest(what):
                self.assertIn(part, "\n".join(complaints(check, files)))


if __name__ == "__main__":
    unittest.main()
