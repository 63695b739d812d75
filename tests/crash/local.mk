# SPDX-License-Identifier: Apache-2.0
# The suite is run by contrib/test; the server whose files fail is made for it alone, by `make crash/faulty_poolwarden`.
EXTRA_PROGRAMS += %D%/faulty_poolwarden
CLEANFILES += %D%/faulty_poolwarden
%C%_faulty_poolwarden_SOURCES = %D%/faulty.c store/fault.c store/fault.h
%C%_faulty_poolwarden_LDADD = ../src/cli/main.$(OBJEXT) $(LDADD)
