# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/admin_input.c %D%/admin_input.h \
	%D%/admin_path.c %D%/admin_path.h \
	%D%/admin_rest.c %D%/admin_rest.h \
	%D%/api.c %D%/api.h \
	%D%/aws_json.c %D%/aws_json.h \
	%D%/call.c %D%/call.h \
	%D%/failure.c %D%/failure.h \
	%D%/openapi.c %D%/openapi.h \
	%D%/openapi_operation.c %D%/openapi_operation.h \
	%D%/openapi_schema.c %D%/openapi_schema.h \
	%D%/probe.c %D%/probe.h \
	%D%/resource.c %D%/resource.h \
	%D%/throttle.c %D%/throttle.h
