#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the words of the API as a dictionary of libFuzzer: operations, members, values.

    dictionary.py src/spec"""

import json
import pathlib
import sys


def words_of(value):
    """Every text that names something: keys, and what stands in lists."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from words_of(inner)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, str):
                yield inner
            else:
                yield from words_of(inner)


def main():
    words = set()
    for path in pathlib.Path(sys.argv[1]).glob("*/*.json"):
        words.add(path.stem)
        words.update(words_of(json.loads(path.read_text())))
    for word in sorted(words):
        if word.isascii() and word.isprintable() and len(word) < 60:
            print(json.dumps(word))


if __name__ == "__main__":
    main()
