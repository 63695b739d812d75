# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/connection.c %D%/connection.h \
	%D%/cors.c %D%/cors.h \
	%D%/exchange.c %D%/exchange.h \
	%D%/framing.c %D%/framing.h \
	%D%/listener.c %D%/listener.h \
	%D%/metric_family.c %D%/metric_family.h \
	%D%/metrics.c %D%/metrics.h \
	%D%/reply.c %D%/reply.h \
	%D%/server.c %D%/server.h \
	%D%/traffic.c %D%/traffic.h \
	%D%/workload.c %D%/workload.h
