# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_redirect_uri
%C%_test_redirect_uri_SOURCES = %D%/test_redirect_uri.c
