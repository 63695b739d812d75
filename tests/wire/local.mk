# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_http
%C%_test_http_SOURCES = %D%/test_http.c %D%/peer.c %D%/peer.h
