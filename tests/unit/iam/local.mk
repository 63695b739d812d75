# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_canonical \
	%D%/test_credentials
%C%_test_canonical_SOURCES = %D%/test_canonical.c
%C%_test_credentials_SOURCES = %D%/test_credentials.c
