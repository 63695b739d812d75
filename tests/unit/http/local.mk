# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_cors \
	%D%/test_framing
%C%_test_cors_SOURCES = %D%/test_cors.c
%C%_test_framing_SOURCES = %D%/test_framing.c
