#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folders below src/ have ranks: a file includes its own folder and lower ranks only, by qualified path.
A library's header is included by the one folder that owns the library. A .c file includes its own header
first, which shows that the header stands alone."""

import re
import sys

sys.dont_write_bytecode = True

import tree  # noqa: E402

RANKS = {
    "base": 0,
    "crypto": 1, "spec": 1, "message": 1,
    "store": 2,
    "audit": 3, "delivery": 3, "iam": 3,
    "userpool": 4,
    "federation": 5, "identitypool": 5,
    "oauth": 6, "sync": 6,
    "operation": 7,
    "api": 8,
    "http": 9,
    "cli": 10,
}

# Header, or the folder that a library's headers live in: who may include it
LIBRARIES = {
    "jansson.h": "base", "pcre2.h": "base",
    "sodium.h": "crypto", "openssl/": "crypto", "jwt.h": "crypto", "liboath/": "crypto", "fido.h": "crypto",
    "cbor.h": "crypto",
    "curl/": "message",
    "sqlite3.h": "store", "libpq-fe.h": "store",
    "lasso/": "federation",
    "microhttpd.h": "http",
    "yaml.h": "cli",
}

SYSTEM = set("""
assert ctype dirent dlfcn errno fcntl fnmatch inttypes libgen limits locale malloc math netdb poll pthread sched
signal stdalign stdarg stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog time unistd
arpa/inet net/if netinet/in netinet/tcp sys/epoll sys/eventfd sys/file sys/mman sys/random sys/resource
sys/signalfd sys/socket sys/stat sys/time sys/timerfd sys/types sys/uio sys/un sys/wait
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)


def complaint_of_own(folder, header):
    if header == "config.h":
        return None
    if "/" not in header:
        return f'"{header}" is not a path from src/'
    target = header.split("/")[0]
    if target not in RANKS:
        return f'"{header}" is in no folder of the table of ranks'
    if target != folder and RANKS[target] >= RANKS[folder]:
        return f'"{header}": {folder} (rank {RANKS[folder]}) may not know {target} (rank {RANKS[target]})'
    return None


def complaint_of_library(folder, header):
    for library, owner in LIBRARIES.items():
        if header == library or (library.endswith("/") and header.startswith(library)):
            return None if folder == owner else f"<{header}> belongs to {owner}/"
    if header.removesuffix(".h") not in SYSTEM:
        return f"<{header}> is neither a system header nor in the table of libraries"
    return None


def complaint_of_order(top, path, includes):
    own = path.with_suffix(".h").relative_to("src").as_posix()
    if path.suffix == ".c" and (top / "src" / own).exists() and includes[:1] != [('"', own)]:
        return f'"{own}" is not its first include'
    return None


def complaints_of_file(top, path):
    folder = path.parts[1]
    if folder not in RANKS:
        return [f"{path}: folder {folder} is not in the table of ranks"]
    includes = INCLUDE.findall((top / path).read_text())
    found = [complaint_of_order(top, path, includes)]
    for quote, header in includes:
        found.append(complaint_of_own(folder, header) if quote == '"'
                     else complaint_of_library(folder, header))
    return [f"{path}: {complaint}" for complaint in found if complaint]


def check(top):
    paths = tree.files(top, "src", (".c", ".h", ".def"))
    return [complaint for path in paths for complaint in complaints_of_file(top, path)]


if __name__ == "__main__":
    tree.report(check(tree.root()))
