# SPDX-License-Identifier: Apache-2.0
# Fuzz targets. `make check` replays the corpus; `make fuzz` builds all again with clang and lets libFuzzer run each
# target for FUZZ_SECONDS. What it finds is in fuzz/found of that build.
FUZZ_TARGETS = filter operation signature template token
FUZZERS = \
	%D%/fuzz_filter \
	%D%/fuzz_operation \
	%D%/fuzz_signature \
	%D%/fuzz_template \
	%D%/fuzz_token
check_PROGRAMS += $(FUZZERS)
EXTRA_DIST += %D%/README.md %D%/dictionary.py %D%/dictionary %D%/corpus

check_LIBRARIES += %D%/libfuzz.a
%C%_libfuzz_a_SOURCES = %D%/fuzz.c %D%/fuzz.h
if !FUZZING
%C%_libfuzz_a_SOURCES += %D%/replay.c
endif
FUZZ_LDADD = %D%/libfuzz.a $(LDADD)

%C%_fuzz_filter_SOURCES = %D%/fuzz_filter.c
%C%_fuzz_filter_LDADD = $(FUZZ_LDADD)
%C%_fuzz_filter_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_ENGINE)
%C%_fuzz_operation_SOURCES = %D%/fuzz_operation.c
%C%_fuzz_operation_LDADD = $(FUZZ_LDADD)
%C%_fuzz_operation_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_ENGINE)
%C%_fuzz_signature_SOURCES = %D%/fuzz_signature.c $(unit_iam_LETTER)
%C%_fuzz_signature_LDADD = $(FUZZ_LDADD)
%C%_fuzz_signature_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_ENGINE)
%C%_fuzz_template_SOURCES = %D%/fuzz_template.c
%C%_fuzz_template_LDADD = $(FUZZ_LDADD)
%C%_fuzz_template_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_ENGINE)
%C%_fuzz_token_SOURCES = %D%/fuzz_token.c
%C%_fuzz_token_LDADD = %D%/libfuzz.a unit/userpool/libhouse.a $(LDADD)
%C%_fuzz_token_LDFLAGS = $(AM_LDFLAGS) $(FUZZER_ENGINE)

FUZZ_SECONDS = 60
FUZZ_OPTIONS = -max_len=8192 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
.PHONY: fuzz
if FUZZING
fuzz: $(FUZZERS)
	@$(MKDIR_P) %D%/dictionaries %D%/found
	@cp $(srcdir)/%D%/dictionary/*.dict %D%/dictionaries/
	@$(PYTHON3) $(srcdir)/%D%/dictionary.py $(top_srcdir)/src/spec >%D%/dictionaries/operation.dict
	@for name in $(FUZZ_TARGETS); do \
		$(MKDIR_P) %D%/work/$$name && echo "== $$name" && \
		%D%/fuzz_$$name $(FUZZ_OPTIONS) -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=%D%/found/$$name- \
			-dict=%D%/dictionaries/$$name.dict %D%/work/$$name $(srcdir)/%D%/corpus/$$name || exit 1; \
	done
else
fuzz:
	$(MKDIR_P) $(abs_top_builddir)/fuzzing
	cd $(abs_top_builddir)/fuzzing && { test -f config.status || \
		$(abs_top_srcdir)/configure -q --enable-fuzzing --enable-sanitizers \
			CC=clang CFLAGS='-O1 -g -Wno-sign-conversion'; }
	$(MAKE) -C $(abs_top_builddir)/fuzzing fuzz FUZZ_SECONDS='$(FUZZ_SECONDS)'
endif
