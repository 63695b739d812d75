# SPDX-License-Identifier: Apache-2.0
# `make bench` measures the server of this build folder against baselines; make check only sees that they compile.
EXTRA_PROGRAMS += %D%/baseline %D%/fill
%C%_baseline_SOURCES = %D%/baseline.c
%C%_fill_SOURCES = %D%/fill.c
EXTRA_DIST += %D%/bench.py %D%/crowd.py %D%/load.lua %D%/slow_sync.c client/server.py
CLEANFILES += %D%/baseline %D%/fill %D%/slow_sync.so

check-local: %D%/baseline %D%/fill %D%/slow_sync.so

%D%/slow_sync.so: %D%/slow_sync.c
	$(AM_V_CCLD)$(MKDIR_P) %D% && $(CC) -std=gnu17 -Wall -Wextra -O2 -shared -fPIC -o $@ $(srcdir)/%D%/slow_sync.c -ldl

# Pools with many users, which take minutes to make, are kept for the next run.
clean-local:
	rm -rf %D%/crowds

# Debian's python is the one that has Debian's boto3.
.PHONY: bench
bench: %D%/baseline %D%/fill %D%/slow_sync.so
	POOLWARDEN_BINARY=$(abs_top_builddir)/src/poolwarden POOLWARDEN_BASELINE=$(abs_builddir)/%D%/baseline \
		POOLWARDEN_SLOW_SYNC=$(abs_builddir)/%D%/slow_sync.so \
		POOLWARDEN_FILL=$(abs_builddir)/%D%/fill \
		/usr/bin/python3 -B $(srcdir)/%D%/bench.py $(BENCHFLAGS)
