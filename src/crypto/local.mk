# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += \
	%D%/digest.c %D%/digest.h \
	%D%/gate.c %D%/gate.h \
	%D%/library.c %D%/library.h \
	%D%/master_key.c %D%/master_key.h \
	%D%/password_hash.c %D%/password_hash.h \
	%D%/random.c %D%/random.h \
	%D%/seal.c %D%/seal.h \
	%D%/secret.c %D%/secret.h \
	%D%/signature_v4.c %D%/signature_v4.h \
	%D%/signing_key.c %D%/signing_key.h \
	%D%/srp.c %D%/srp.h \
	%D%/token.c %D%/token.h \
	%D%/totp.c %D%/totp.h
