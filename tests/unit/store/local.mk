# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += %D%/test_page
%C%_test_page_SOURCES = %D%/test_page.c
%C%_test_page_LDADD = unit/userpool/libhouse.a $(LDADD)

dist_check_SCRIPTS += %D%/test_generate.py
