# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/copy.c %D%/copy.h \
	%D%/decode.c %D%/decode.h \
	%D%/missing.c %D%/missing.h \
	%D%/operation.c %D%/operation.h \
	%D%/render.c %D%/render.h \
	%D%/services.c \
	%D%/type.c %D%/type.h \
	%D%/violation.c %D%/violation.h

# What specs refer to by name.
SPEC_TABLES = $(srcdir)/base/error.def $(srcdir)/base/category.def
SPEC_FOLDERS = $(srcdir)/%D%/cognito-idp $(srcdir)/%D%/poolwarden

SPEC_H = %D%/cognito_idp.h %D%/poolwarden.h
SPEC_C = %D%/cognito_idp.c %D%/cognito_idp_operations.c \
	%D%/poolwarden.c %D%/poolwarden_operations.c

# The stamp stands for all of them, so that a parallel make runs the generator once.
%D%/spec.stamp: $(srcdir)/%D%/generate.py $(SPEC_TABLES) $(srcdir)/%D%/*/*.json
	$(AM_V_GEN)$(MKDIR_P) %D% && $(PYTHON3) $(srcdir)/%D%/generate.py $(SPEC_TABLES) %D% $(SPEC_FOLDERS) && touch $@
$(SPEC_H) $(SPEC_C): %D%/spec.stamp

nodist_libpoolwarden_a_SOURCES += $(SPEC_H) $(SPEC_C)
BUILT_SOURCES += $(SPEC_H)
CLEANFILES += $(SPEC_H) $(SPEC_C) %D%/spec.stamp
EXTRA_DIST += %D%/generate.py %D%/import.py %D%/cognito-idp %D%/poolwarden
# The folder is named as the program that make would link of poolwarden.c.
.PHONY: %D%/poolwarden
