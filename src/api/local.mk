# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/api.c %D%/api.h \
	%D%/aws_json.c %D%/aws_json.h \
	%D%/call.c %D%/call.h \
	%D%/failure.c %D%/failure.h \
	%D%/resource.c %D%/resource.h
