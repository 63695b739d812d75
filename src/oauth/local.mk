# SPDX-License-Identifier: Apache-2.0
libpoolwarden_a_SOURCES += %D%/discovery.c %D%/discovery.h
