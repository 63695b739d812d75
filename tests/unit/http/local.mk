# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_cors \
	%D%/test_framing \
	%D%/test_metrics \
	%D%/test_traffic
%C%_test_cors_SOURCES = %D%/test_cors.c
%C%_test_framing_SOURCES = %D%/test_framing.c
%C%_test_metrics_SOURCES = %D%/test_metrics.c
%C%_test_traffic_SOURCES = %D%/test_traffic.c
