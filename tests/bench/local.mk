# SPDX-License-Identifier: Apache-2.0
# `make bench` measures the server of this build folder against baselines; make check only sees that they compile.
EXTRA_PROGRAMS = %D%/baseline
%C%_baseline_SOURCES = %D%/baseline.c
EXTRA_DIST += %D%/bench.py %D%/load.lua client/server.py
CLEANFILES += $(EXTRA_PROGRAMS)

check-local: %D%/baseline

# Debian's python is the one that has Debian's boto3.
.PHONY: bench
bench: %D%/baseline
	POOLWARDEN_BINARY=$(abs_top_builddir)/src/poolwarden POOLWARDEN_BASELINE=$(abs_builddir)/%D%/baseline \
		/usr/bin/python3 -B $(srcdir)/%D%/bench.py $(BENCHFLAGS)
