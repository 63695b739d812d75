# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/connection.c %D%/connection.h \
	%D%/cors.c %D%/cors.h \
	%D%/exchange.c %D%/exchange.h \
	%D%/framing.c %D%/framing.h \
	%D%/listener.c %D%/listener.h \
	%D%/reply.c %D%/reply.h \
	%D%/server.c %D%/server.h \
	%D%/workload.c %D%/workload.h
