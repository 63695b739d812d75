# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/arena.c %D%/arena.h \
	%D%/background.c %D%/background.h \
	%D%/buf.c %D%/buf.h \
	%D%/category.c %D%/category.h %D%/category.def \
	%D%/clock.c %D%/clock.h \
	%D%/encode.c %D%/encode.h \
	%D%/entropy.c %D%/entropy.h \
	%D%/error.c %D%/error.h %D%/error.def \
	%D%/exposition.c %D%/exposition.h \
	%D%/fatal.c %D%/fatal.h \
	%D%/file.c %D%/file.h \
	%D%/fold.c %D%/fold.h \
	%D%/histogram.c %D%/histogram.h \
	%D%/jsontext.c %D%/jsontext.h \
	%D%/jsontree.c %D%/jsontree.h \
	%D%/limiter.c %D%/limiter.h \
	%D%/log.c %D%/log.h \
	%D%/optional.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/process.c %D%/process.h \
	%D%/request.c %D%/request.h \
	%D%/settings.h \
	%D%/str.c %D%/str.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/worker.c %D%/worker.h
