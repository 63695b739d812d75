# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_http \
	%D%/test_tls
%C%_test_http_SOURCES = %D%/test_http.c %D%/peer.c %D%/peer.h
%C%_test_tls_SOURCES = %D%/test_tls.c
