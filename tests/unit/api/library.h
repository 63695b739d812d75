/* SPDX-License-Identifier: Apache-2.0 */
/* A small service for tests of the protocols, in the place of all real ones (`spec_services`), with a door-keeper
   that tests command. Its operations:
       BorrowBook   sigv4         PUT    /books/{BookId}
       DescribeBook sigv4         GET    /books/{BookId}
       FindBooks    public        GET    /books
       Greet        public        POST   /greetings
       WhoAmI       access_token  POST   /who-am-i */
#pragma once

#include "base/error.h"
#include "base/request.h"
#include "message/request.h"

/* What the next call meets; reset by library_open(). */
struct library {
	bool refuses_signature, refuses_action;
	enum error_code greeting_error; /* Greet fails with it */
	bool forgets_greeting; /* Greet answers without its required member */
	/* What was seen. */
	unsigned runs; /* handlers run */
	char resource[128]; /* asked permission for */
	char token[64];
};
extern struct library library;

/* A new request with settings; everything in `library` reset. */
struct request *library_open(void);
