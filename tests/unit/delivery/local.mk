# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_backoff \
	%D%/test_maildir \
	%D%/test_mask \
	%D%/test_sender \
	%D%/test_template
%C%_test_backoff_SOURCES = %D%/test_backoff.c
%C%_test_maildir_SOURCES = %D%/test_maildir.c %D%/folder.c %D%/folder.h
%C%_test_mask_SOURCES = %D%/test_mask.c
%C%_test_sender_SOURCES = %D%/test_sender.c
%C%_test_template_SOURCES = %D%/test_template.c
