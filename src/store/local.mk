# SPDX-License-Identifier: Apache-2.0
include $(top_srcdir)/sql/local.mk

libpoolwarden_a_SOURCES += \
	%D%/catalogue.h \
	%D%/engine.h \
	%D%/key_check.c %D%/key_check.h \
	%D%/page.c %D%/page.h \
	%D%/rows.c %D%/rows.h \
	%D%/statement.c %D%/statement.h \
	%D%/store.c %D%/store.h \
	%D%/postgres/connection.c %D%/postgres/connection.h \
	%D%/postgres/engine.c %D%/postgres/engine.h \
	%D%/postgres/failure.c %D%/postgres/failure.h \
	%D%/postgres/migration.c %D%/postgres/migration.h \
	%D%/postgres/pool.c %D%/postgres/pool.h \
	%D%/postgres/transaction.c %D%/postgres/transaction.h \
	%D%/postgres/value.c %D%/postgres/value.h \
	%D%/sqlite/connection.c %D%/sqlite/connection.h \
	%D%/sqlite/engine.c %D%/sqlite/engine.h \
	%D%/sqlite/migration.c %D%/sqlite/migration.h \
	%D%/sqlite/reader.c %D%/sqlite/reader.h \
	%D%/sqlite/value.c %D%/sqlite/value.h \
	%D%/sqlite/writer.c %D%/sqlite/writer.h

# Made of sql/; listed as a source, so that a release carries them ready-made.
STATEMENTS = %D%/statements.c %D%/statements.h
libpoolwarden_a_SOURCES += $(STATEMENTS)
BUILT_SOURCES += $(STATEMENTS)
CLEANFILES += $(STATEMENTS)
EXTRA_DIST += %D%/generate.py $(SQL_FILES)

%D%/statements.c: %D%/generate.py $(SQL_FILES) $(top_srcdir)/sql/local.mk
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
		$(PYTHON3) $(srcdir)/%D%/generate.py --prefix store --output %D%/statements $(SQL_FILES)

%D%/statements.h: %D%/statements.c
	@test -f $@ || { rm -f %D%/statements.c && $(MAKE) %D%/statements.c; }
