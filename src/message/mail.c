/* SPDX-License-Identifier: Apache-2.0 */
/* Composing mail. The body is quoted-printable: a code in it stays readable in the raw file. */
#include "message/mail.h"

#include <time.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/fatal.h"

enum {
	MESSAGE_MAX = 4 * 1024 * 1024,
	ADDRESS_MAX = 254, /* RFC 5321, 4.5.3.1.3, without the angle brackets */
	LINE_LEN = 76, /* RFC 2045, 6.7 */
	PLAIN_HEADER_MAX = 60,
	WORD_BYTES = 45, /* 60 base64 letters and 12 of frame: RFC 2047 allows 75 */
};

bool mail_address_is_plain(str address)
{
	ptrdiff_t at = str_find_char(address, '@');
	if (at < 1 || address.len > ADDRESS_MAX || (size_t)at + 1 == address.len)
		return false;
	for (size_t i = 0; i < address.len; i++)
		if (address.data[i] <= ' ' || address.data[i] > '~' || strchr("<>()[]\\,;:\"", address.data[i]))
			return false;
	return str_find_char(str_from(address, (size_t)at + 1), '@') < 0;
}

/* Splits "Name <address>"; without brackets all is the address. */
static bool split_mailbox(str mailbox, str *name, str *address)
{
	ptrdiff_t open = str_find_char(mailbox, '<');
	*name = STR_NONE;
	*address = str_trim(mailbox);
	if (open >= 0) {
		str rest = str_trim(str_from(mailbox, (size_t)open + 1));
		if (!str_has_suffix(rest, STR(">")))
			return false;
		*name = str_trim(str_slice(mailbox, 0, (size_t)open));
		*address = str_slice(rest, 0, rest.len - 1);
	}
	return mail_address_is_plain(*address);
}

str mail_bare_address(str mailbox)
{
	str name, address;
	return split_mailbox(mailbox, &name, &address) ? address : STR_NONE;
}

/* Whether a header can hold it as it is, unfolded. `extra`: characters that would need quoting there. */
static bool is_plain_text(str text, const char *extra)
{
	if (text.len > PLAIN_HEADER_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (c < ' ' || c > '~' || strchr(extra, c) || str_has_prefix(str_from(text, i), STR("=?")))
			return false;
	}
	return true;
}

/* The length of the next piece that fits an encoded word: RFC 2047, 5, no character is split. */
static size_t word_len(str text)
{
	size_t len = text.len < WORD_BYTES ? text.len : WORD_BYTES;
	while (len < text.len && len > 1 && ((unsigned char)text.data[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static str without_controls(struct arena *arena, str text)
{
	char *clean = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.data[i];
		clean[i] = c < ' ' || c == 0x7f ? ' ' : (char)c;
	}
	return (str){ clean, text.len };
}

static void add_text(struct buf *out, str text, const char *extra)
{
	str rest = without_controls(out->arena, text);
	if (is_plain_text(rest, extra)) {
		buf_add(out, rest);
		return;
	}
	while (rest.len) {
		size_t len = word_len(rest);
		str word = base64_encode(out->arena, str_slice(rest, 0, len));
		buf_printf(out, "=?UTF-8?B?%.*s?=", STR_ARG(word));
		rest = str_from(rest, len);
		if (rest.len)
			buf_add(out, STR("\r\n "));
	}
}

static void add_from(struct buf *out, str name, str address)
{
	buf_add(out, STR("From: "));
	/* A name in quotes stands for what is between them. */
	if (name.len > 1 && str_has_prefix(name, STR("\"")) && str_has_suffix(name, STR("\"")))
		name = str_slice(name, 1, name.len - 2);
	if (name.len) {
		add_text(out, name, "()<>[]:;@\\,.\"");
		buf_add_char(out, ' ');
	}
	buf_printf(out, "<%.*s>\r\n", STR_ARG(address));
}

/* RFC 5322, 3.3. strftime() would use the names of the locale. */
static void add_date(struct buf *out, int64_t milliseconds)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
		"Nov", "Dec" };
	time_t seconds = (time_t)(milliseconds / SECOND);
	struct tm utc;
	gmtime_r(&seconds, &utc);
	buf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[utc.tm_wday], utc.tm_mday,
		months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

static bool is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* Space and tab stand for themselves, but not at the end of a line. */
static bool stands_for_itself(str text, size_t at)
{
	char c = text.data[at];
	if (c == ' ' || c == '\t')
		return at + 1 < text.len && !is_line_end(text.data[at + 1]);
	return c > ' ' && c <= '~' && c != '=';
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Columns that should stay together with the character at `at`: a word that begins there, if it fits a line, so
   that a code is found in the raw text; else the character alone. */
static size_t width_at(str text, size_t at)
{
	size_t len = 0;
	if (!stands_for_itself(text, at))
		return 3;
	if (at == 0 || !is_alphanumeric(text.data[at - 1]))
		while (at + len < text.len && is_alphanumeric(text.data[at + len]))
			len++;
	return len > 0 && len < LINE_LEN ? len : 1;
}

/* RFC 2045, 6.7. Room is kept in each line for the '=' of a soft break. */
static void add_quoted_printable(struct buf *out, str text)
{
	size_t column = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (is_line_end(text.data[i])) {
			i += text.data[i] == '\r' && i + 1 < text.len && text.data[i + 1] == '\n';
			buf_add(out, STR("\r\n"));
			column = 0;
			continue;
		}
		if (column + width_at(text, i) >= LINE_LEN) {
			buf_add(out, STR("=\r\n"));
			column = 0;
		}
		size_t before = out->len;
		if (stands_for_itself(text, i))
			buf_add_char(out, text.data[i]);
		else
			buf_printf(out, "=%02X", (unsigned char)text.data[i]);
		column += out->len - before;
	}
	if (column)
		buf_add(out, STR("\r\n"));
}

str mail_compose(struct arena *arena, const struct mail *mail)
{
	str name, address;
	struct buf out = buf_new(arena, MESSAGE_MAX);
	if (!split_mailbox(mail->from, &name, &address) || !mail_address_is_plain(mail->to) ||
		!mail_address_is_plain(mail->message_id) ||
		(str_is_set(mail->reply_to) && !mail_address_is_plain(mail->reply_to)))
		return STR_NONE;
	add_from(&out, name, address);
	if (str_is_set(mail->reply_to))
		buf_printf(&out, "Reply-To: <%.*s>\r\n", STR_ARG(mail->reply_to));
	buf_printf(&out, "To: <%.*s>\r\nSubject: ", STR_ARG(mail->to));
	add_text(&out, mail->subject, "");
	buf_add(&out, STR("\r\n"));
	add_date(&out, mail->date);
	buf_printf(&out, "Message-ID: <%.*s>\r\nMIME-Version: 1.0\r\n", STR_ARG(mail->message_id));
	buf_printf(&out, "Content-Type: text/%s; charset=utf-8\r\n", mail->is_html ? "html" : "plain");
	buf_add(&out, STR("Content-Transfer-Encoding: quoted-printable\r\n\r\n"));
	add_quoted_printable(&out, mail->text);
	return out.overflowed ? STR_NONE : buf_str(&out);
}
