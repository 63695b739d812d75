# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_background \
	%D%/test_category \
	%D%/test_clock \
	%D%/test_exposition \
	%D%/test_fold \
	%D%/test_histogram \
	%D%/test_process \
	%D%/test_limiter \
	%D%/test_log \
	%D%/test_str
	%D%/test_str \
	%D%/test_utf8
EXTRA_DIST += unit/cases.h
%C%_test_background_SOURCES = %D%/test_background.c
%C%_test_category_SOURCES = %D%/test_category.c
%C%_test_clock_SOURCES = %D%/test_clock.c
%C%_test_exposition_SOURCES = %D%/test_exposition.c
%C%_test_fold_SOURCES = %D%/test_fold.c
%C%_test_histogram_SOURCES = %D%/test_histogram.c
%C%_test_process_SOURCES = %D%/test_process.c
%C%_test_limiter_SOURCES = %D%/test_limiter.c
%C%_test_log_SOURCES = %D%/test_log.c
%C%_test_str_SOURCES = %D%/test_str.c
%C%_test_utf8_SOURCES = %D%/test_utf8.c
