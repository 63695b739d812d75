# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_credentials
%C%_test_credentials_SOURCES = %D%/test_credentials.c
