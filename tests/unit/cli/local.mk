# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_access_key_command \
	%D%/test_credentials_file \
	%D%/test_foundation \
	%D%/test_notification \
	%D%/test_option \
	%D%/test_serve \
	%D%/test_stop_signal
%C%_FOLDER = unit/delivery/folder.c unit/delivery/folder.h
%C%_test_access_key_command_SOURCES = %D%/test_access_key_command.c %D%/capture.c %D%/capture.h $(%C%_FOLDER)
%C%_test_credentials_file_SOURCES = %D%/test_credentials_file.c $(%C%_FOLDER)
%C%_test_foundation_SOURCES = %D%/test_foundation.c $(%C%_FOLDER)
%C%_test_notification_SOURCES = %D%/test_notification.c $(%C%_FOLDER)
%C%_test_option_SOURCES = %D%/test_option.c
%C%_test_serve_SOURCES = %D%/test_serve.c wire/peer.c wire/peer.h $(%C%_FOLDER)
%C%_test_stop_signal_SOURCES = %D%/test_stop_signal.c
