# SPDX-License-Identifier: Apache-2.0
# Every SQL file of the product; src/store/generate.py refuses one that is not listed.
SQL_FILES =
