# SPDX-License-Identifier: Apache-2.0
dist_check_SCRIPTS += %D%/test_generate.py

check_PROGRAMS += \
	%D%/test_decode \
	%D%/test_render
%C%_test_decode_SOURCES = %D%/test_decode.c
%C%_test_render_SOURCES = %D%/test_render.c
