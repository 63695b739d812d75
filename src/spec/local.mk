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

COGNITO_IDP_SPECS = $(srcdir)/%D%/cognito-idp

COGNITO_IDP_C = %D%/cognito_idp.h %D%/cognito_idp.c %D%/cognito_idp_operations.c

# The stamp stands for all of them, so that a parallel make runs the generator once.
%D%/cognito_idp.stamp: $(srcdir)/%D%/generate.py $(srcdir)/base/error.def $(COGNITO_IDP_SPECS)/*.json
	$(AM_V_GEN)$(MKDIR_P) %D% && $(PYTHON3) $(srcdir)/%D%/generate.py $(COGNITO_IDP_SPECS) \
		$(srcdir)/base/error.def $(COGNITO_IDP_C) && touch $@
$(COGNITO_IDP_C): %D%/cognito_idp.stamp

nodist_libpoolwarden_a_SOURCES += $(COGNITO_IDP_C)
BUILT_SOURCES += %D%/cognito_idp.h
CLEANFILES += $(COGNITO_IDP_C) %D%/cognito_idp.stamp
EXTRA_DIST += %D%/generate.py %D%/import.py %D%/cognito-idp
