# SPDX-License-Identifier: Apache-2.0
check_LIBRARIES += %D%/liboffice.a
%C%_liboffice_a_SOURCES = %D%/folder.c %D%/folder.h %D%/office.c %D%/office.h

check_PROGRAMS += \
	%D%/test_attempt \
	%D%/test_backoff \
	%D%/test_census \
	%D%/test_courier \
	%D%/test_dead_message \
	%D%/test_envelope \
	%D%/test_maildir \
	%D%/test_mask \
	%D%/test_outbox \
	%D%/test_sender \
	%D%/test_sender_sms \
	%D%/test_template
%C%_test_attempt_SOURCES = %D%/test_attempt.c
%C%_test_attempt_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_backoff_SOURCES = %D%/test_backoff.c
%C%_test_census_SOURCES = %D%/test_census.c
%C%_test_census_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_courier_SOURCES = %D%/test_courier.c
%C%_test_courier_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_dead_message_SOURCES = %D%/test_dead_message.c
%C%_test_dead_message_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_envelope_SOURCES = %D%/test_envelope.c
%C%_test_maildir_SOURCES = %D%/test_maildir.c
%C%_test_maildir_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_mask_SOURCES = %D%/test_mask.c
%C%_test_outbox_SOURCES = %D%/test_outbox.c
%C%_test_outbox_LDADD = %D%/liboffice.a $(LDADD)
%C%_test_sender_SOURCES = %D%/test_sender.c
%C%_test_sender_sms_SOURCES = %D%/test_sender_sms.c unit/message/responder.c unit/message/responder.h
%C%_test_template_SOURCES = %D%/test_template.c
