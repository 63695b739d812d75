# SPDX-License-Identifier: Apache-2.0
# The rules of the house that a program can check.
dist_check_SCRIPTS += \
	%D%/headers_stand_alone.py \
	%D%/include_ranks.py \
	%D%/plain_text.py \
	%D%/test_lint.py
EXTRA_DIST += %D%/tree.py %D%/listed_sources.py

COMPILE_HEADER = $(CC) -fsyntax-only -x c $(AM_CPPFLAGS) $(CPPFLAGS) $(WARNING_FLAGS) $(CFLAGS) \
	$(MICROHTTPD_CFLAGS) $(SQLITE_CFLAGS) $(PQ_CFLAGS) $(SODIUM_CFLAGS) $(CRYPTO_CFLAGS) \
	$(JANSSON_CFLAGS) $(PCRE2_CFLAGS) $(CURL_CFLAGS) -
AM_TESTS_ENVIRONMENT = COMPILE_HEADER='$(COMPILE_HEADER)'; CC='$(CC)'; export COMPILE_HEADER CC;
