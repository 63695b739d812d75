# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_canonical \
	%D%/test_html \
	%D%/test_http_client \
	%D%/test_language \
	%D%/test_loopback \
	%D%/test_mail \
	%D%/test_request \
	%D%/test_smtp \
	%D%/test_url
%C%_test_canonical_SOURCES = %D%/test_canonical.c
%C%_test_html_SOURCES = %D%/test_html.c
%C%_test_http_client_SOURCES = %D%/test_http_client.c %D%/responder.c %D%/responder.h
%C%_test_language_SOURCES = %D%/test_language.c
%C%_test_loopback_SOURCES = %D%/test_loopback.c
%C%_test_mail_SOURCES = %D%/test_mail.c
%C%_test_request_SOURCES = %D%/test_request.c
%C%_test_smtp_SOURCES = %D%/test_smtp.c
%C%_test_url_SOURCES = %D%/test_url.c
