# SPDX-License-Identifier: Apache-2.0
check_PROGRAMS += \
	%D%/test_digest \
	%D%/test_gate \
	%D%/test_master_key \
	%D%/test_password_hash \
	%D%/test_random \
	%D%/test_seal \
	%D%/test_secret \
	%D%/test_signature_v4 \
	%D%/test_signing_key \
	%D%/test_srp \
	%D%/test_token \
	%D%/test_totp
%C%_test_digest_SOURCES = %D%/test_digest.c
%C%_test_gate_SOURCES = %D%/test_gate.c
%C%_test_master_key_SOURCES = %D%/test_master_key.c
%C%_test_password_hash_SOURCES = %D%/test_password_hash.c
%C%_test_random_SOURCES = %D%/test_random.c
%C%_test_seal_SOURCES = %D%/test_seal.c
%C%_test_secret_SOURCES = %D%/test_secret.c
%C%_test_signature_v4_SOURCES = %D%/test_signature_v4.c
%C%_test_signing_key_SOURCES = %D%/test_signing_key.c %D%/fixed_key.h
%C%_test_srp_SOURCES = %D%/test_srp.c
%C%_test_token_SOURCES = %D%/test_token.c %D%/fixed_key.h
%C%_test_totp_SOURCES = %D%/test_totp.c
