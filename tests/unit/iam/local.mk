# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_access_key \
	%D%/test_credentials \
	%D%/test_principal \
	%D%/test_signature \
	%D%/test_signature_form
%C%_LETTER = %D%/letter.c %D%/letter.h
%C%_test_access_key_SOURCES = %D%/test_access_key.c
%C%_test_access_key_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_credentials_SOURCES = %D%/test_credentials.c
%C%_test_principal_SOURCES = %D%/test_principal.c $(%C%_LETTER)
%C%_test_principal_LDADD = unit/userpool/libhouse.a $(LDADD)
%C%_test_signature_SOURCES = %D%/test_signature.c $(%C%_LETTER)
%C%_test_signature_form_SOURCES = %D%/test_signature_form.c $(%C%_LETTER)
