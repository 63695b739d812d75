# SPDX-License-Identifier: Apache-2.0
# One contract of the store, held against a schema and statements of its own.
SAMPLE_SQL = \
	$(srcdir)/%D%/sql/schema/0001_note.sql \
	$(srcdir)/%D%/sql/query/note.sql
EXTRA_DIST += $(SAMPLE_SQL)

SAMPLE = %D%/sample.c %D%/sample.h
BUILT_SOURCES += $(SAMPLE)
CLEANFILES += $(SAMPLE)

%D%/sample.c: $(top_srcdir)/src/store/generate.py $(SAMPLE_SQL)
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
		$(PYTHON3) $(top_srcdir)/src/store/generate.py --prefix sample --output %D%/sample $(SAMPLE_SQL)

%D%/sample.h: %D%/sample.c
	@test -f $@ || { rm -f %D%/sample.c && $(MAKE) %D%/sample.c; }

check_LIBRARIES += %D%/libsample.a
%C%_libsample_a_SOURCES = %D%/fixture.c %D%/fixture.h
nodist_%C%_libsample_a_SOURCES = $(SAMPLE)

check_PROGRAMS += \
	%D%/test_statement \
	%D%/test_write \
	%D%/test_open \
	%D%/test_kill \
	%D%/test_fault
%C%_test_statement_SOURCES = %D%/test_statement.c
%C%_test_write_SOURCES = %D%/test_write.c
%C%_test_open_SOURCES = %D%/test_open.c
%C%_test_kill_SOURCES = %D%/test_kill.c
%C%_test_fault_SOURCES = %D%/test_fault.c %D%/fault.c %D%/fault.h
%C%_test_statement_LDADD = %D%/libsample.a $(LDADD)
%C%_test_write_LDADD = %D%/libsample.a $(LDADD)
%C%_test_open_LDADD = %D%/libsample.a $(LDADD)
%C%_test_kill_LDADD = %D%/libsample.a $(LDADD)
%C%_test_fault_LDADD = %D%/libsample.a $(LDADD)
