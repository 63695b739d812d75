# SPDX-License-Identifier: Apache-2.0
# What `make install` brings besides the program, before the tools that will read it; without those it is skipped.
dist_check_SCRIPTS += %D%/test_manual.py %D%/test_unit.py
AM_TESTS_ENVIRONMENT += BUILD_FOLDER='$(abs_top_builddir)'; export BUILD_FOLDER;
