/* SPDX-License-Identifier: Apache-2.0 */
/* The options table and the four places that a value may come from. A value is found first, with where it
   came from, and converted once, so that every message names the place that the operator has to mend. */
#include "cli/option.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fatal.h"
#include "base/file.h"
#include "cli/value.h"

enum { CONFIG_FILE_MAX = 256 * 1024, HELP_MAX = 64 * 1024 };

/* The settings, and what only this file needs to know. */
struct options {
	struct settings settings;
	str config;
};

enum kind { KIND_TEXT, KIND_BOOLEAN, KIND_UNSIGNED, KIND_SIZE };

struct option {
	const char *name;
	size_t offset; /* in struct options */
	enum kind kind;
	bool is_secret;
	bool (*is_valid)(str); /* texts only; NULL takes anything but the empty text */
	const char *placeholder; /* in the help: what to put there */
	const char *default_value;
	int64_t min, max; /* numbers only */
	const char *help;
};

/* The C type of the member decides the kind, so they cannot differ. */
#define MEMBER(member)                                   \
	.offset = offsetof(struct options, member),      \
	.kind = _Generic(((struct options *)NULL)->member, \
		str: KIND_TEXT,                          \
		bool: KIND_BOOLEAN,                      \
		unsigned: KIND_UNSIGNED,                 \
		size_t: KIND_SIZE)

static const struct option table[] = {
	{ .name = "config", MEMBER(config), .placeholder = "FILE",
		.help = "configuration file (default: poolwarden.conf in the data folder, if there)" },
	{ .name = "data_dir", MEMBER(settings.data_dir), .placeholder = "DIR",
		.default_value = "./poolwarden-data",
		.help = "folder of the database, the keys and the credentials" },
	{ .name = "listen", MEMBER(settings.listen), .placeholder = "ADDRESS:PORT",
		.is_valid = value_is_listen_address, .default_value = "127.0.0.1:4430",
		.help = "numeric address and port to listen on; port 0 takes a free one" },
	{ .name = "database", MEMBER(settings.database), .placeholder = "sqlite:PATH",
		.is_valid = value_is_database,
		.help = "or postgresql://HOST,HOST/NAME (default: poolwarden.db in the data folder)" },
	{ .name = "database_connections", MEMBER(settings.database_connections), .default_value = "20", .min = 2,
		.max = 1000, .help = "connections that a node opens to PostgreSQL at most" },
	{ .name = "public_url", MEMBER(settings.public_url), .placeholder = "URL",
		.is_valid = value_is_public_url,
		.help = "the URL that clients use, without a slash at its end (default: from --listen)" },
	{ .name = "region", MEMBER(settings.region), .placeholder = "NAME", .is_valid = value_is_region,
		.default_value = "us-east-1", .help = "region in pool ids, ARNs and signatures" },
	{ .name = "account_id", MEMBER(settings.account_id), .placeholder = "ID",
		.is_valid = value_is_account_id,
		.default_value = "123456789012", .help = "twelve digits: the account in ARNs" },
	{ .name = "aws_issuer", MEMBER(settings.aws_issuer), .default_value = "false",
		.help = "tokens name https://cognito-idp.REGION.amazonaws.com/POOL as their issuer" },
	{ .name = "tls_cert", MEMBER(settings.tls_cert), .placeholder = "FILE",
		.help = "PEM certificate chain; turns TLS on, needs --tls-key" },
	{ .name = "tls_key", MEMBER(settings.tls_key), .placeholder = "FILE",
		.help = "PEM private key of the certificate" },
	{ .name = "http_threads", MEMBER(settings.http_threads), .default_value = "1", .min = 1, .max = 64,
		.help = "threads that read requests and answer what is ready-made" },
	{ .name = "worker_threads", MEMBER(settings.worker_threads), .default_value = "32", .min = 1,
		.max = 1024,
		.help = "threads that hash, sign and use the database" },
	{ .name = "queue_limit", MEMBER(settings.queue_limit), .default_value = "1024", .min = 1,
		.max = 1000000,
		.help = "requests that may wait for a worker; past it the answer is 503" },
	{ .name = "body_limit", MEMBER(settings.body_limit), .default_value = "1048576", .min = 1024,
		.max = 64 * 1024 * 1024, .help = "bytes of a request's body; past it the answer is 413" },
	{ .name = "connection_limit", MEMBER(settings.connection_limit), .default_value = "4096", .min = 1,
		.max = 1000000, .help = "open connections" },
	{ .name = "address_connection_limit", MEMBER(settings.address_connection_limit), .default_value = "1024",
		.max = 1000000,
		.help = "open connections of one client address, so that one does not take them all;\n"
			"0: no limit, for a proxy in front" },
	{ .name = "idle_timeout", MEMBER(settings.idle_timeout), .default_value = "30", .min = 1, .max = 3600,
		.help = "seconds that a connection may be silent" },
	{ .name = "metrics", MEMBER(settings.metrics), .default_value = "true",
		.help = "answer /metrics: on this machine while the public URL is of it, or by token" },
	{ .name = "metrics_token", MEMBER(settings.metrics_token), .is_secret = true, .is_valid = value_is_token,
		.help = "bearer token that opens /metrics to all who have it (default: none)" },
	{ .name = "log_file", MEMBER(settings.log_file), .placeholder = "FILE",
		.help = "file that the log is appended to (default: standard error); SIGHUP opens it again" },
	{ .name = "log_level", MEMBER(settings.log_level), .placeholder = "LEVEL", .is_valid = value_is_log_level,
		.default_value = "info", .help = "error, warning, info or debug; SIGHUP reads it again" },
	{ .name = "argon2_memory_kib", MEMBER(settings.argon2_memory_kib), .default_value = "19456",
		.min = 1024, .max = 4194304, .help = "KiB of memory that hashing a password takes" },
	{ .name = "argon2_passes", MEMBER(settings.argon2_passes), .default_value = "2", .min = 1, .max = 100,
		.help = "passes over that memory" },
	{ .name = "root_access_key_id", MEMBER(settings.root_access_key_id), .is_secret = true,
		.is_valid = value_is_access_key_id,
		.help = "root access key (default: from the file credentials in the data folder)" },
	{ .name = "root_secret_access_key", MEMBER(settings.root_secret_access_key), .is_secret = true,
		.is_valid = value_is_secret_access_key, .help = "its secret" },
	{ .name = "audit_days", MEMBER(settings.audit_days), .default_value = "90", .max = 36500,
		.help = "days that the audit trail is kept; with 0 there is\nnone, and what was kept is removed" },
	{ .name = "quota", MEMBER(settings.quota), .placeholder = "LIST", .is_valid = value_is_quota,
		.default_value = "off",
		.help = "requests per second to each user pool: off, cognito (what Cognito allows), or\n"
			"      CATEGORY=RATE with commas between, as in cognito,UserAuthentication=300" },
	{ .name = "user_rate", MEMBER(settings.user_rate), .default_value = "0", .max = 100000,
		.help = "requests per second of one user; 0 sets no limit" },
	{ .name = "smtp_url", MEMBER(settings.smtp_url), .placeholder = "URL", .is_valid = value_is_smtp_url,
		.help = "smtp://HOST:PORT or smtps://HOST:PORT (default: no SMTP, a Maildir)" },
	{ .name = "smtp_username", MEMBER(settings.smtp_username), .placeholder = "NAME",
		.help = "name to log in with at the SMTP server" },
	{ .name = "smtp_password", MEMBER(settings.smtp_password), .is_secret = true,
		.help = "its password" },
	{ .name = "smtp_from", MEMBER(settings.smtp_from), .placeholder = "MAILBOX",
		.is_valid = value_is_mailbox,
		.help = "sender: no-reply@example.com or \"Name <no-reply@example.com>\"" },
	{ .name = "smtp_require_tls", MEMBER(settings.smtp_require_tls), .default_value = "false",
		.help = "send nothing over a connection that cannot be encrypted" },
	{ .name = "sms_webhook_url", MEMBER(settings.sms_webhook_url), .placeholder = "URL",
		.is_valid = value_is_service_url,
		.help = "https URL that SMS are posted to as JSON (default: none, a Maildir)" },
	{ .name = "sms_webhook_secret", MEMBER(settings.sms_webhook_secret), .is_secret = true,
		.is_valid = value_is_token, .help = "bearer token for it (default: none)" },
	{ .name = "sns_url", MEMBER(settings.sns_url), .placeholder = "URL", .is_valid = value_is_service_url,
		.help = "https URL of an Amazon SNS endpoint that sends SMS" },
	{ .name = "sns_region", MEMBER(settings.sns_region), .placeholder = "NAME", .is_valid = value_is_region,
		.help = "region of its signatures (default: from --region)" },
	{ .name = "sns_access_key_id", MEMBER(settings.sns_access_key_id), .is_secret = true,
		.is_valid = value_is_access_key_id, .help = "access key that signs for it" },
	{ .name = "sns_secret_access_key", MEMBER(settings.sns_secret_access_key), .is_secret = true,
		.is_valid = value_is_secret_access_key, .help = "its secret" },
	{ .name = "outbox_dir", MEMBER(settings.outbox_dir), .placeholder = "DIR",
		.help = "Maildir for messages without a provider (default: outbox in the data folder)" },
	{ .name = "ca_file", MEMBER(settings.ca_file), .placeholder = "FILE",
		.help = "PEM certificates that outgoing TLS trusts (default: the system's)" },
	{ .name = "outgoing_proxy", MEMBER(settings.outgoing_proxy), .placeholder = "URL",
		.is_valid = value_is_proxy_url,
		.help = "http://HOST:PORT of a proxy for outgoing HTTP (default: none)" },
};

enum { COUNT = ARRAY_LEN(table) };

/* What was found for an option so far, and the name under which the operator gave it. */
struct found {
	str value;
	str source;
};

struct loading {
	struct arena *arena;
	struct found found[COUNT];
	struct options options;
	str *problem;
};

#define PROBLEM(loading, ...) (*(loading)->problem = arena_printf((loading)->arena, __VA_ARGS__), false)

static str spelled(struct arena *arena, str prefix, const char *name, char separator, bool upper)
{
	str text = arena_printf(arena, "%.*s%s", STR_ARG(prefix), name);
	char *out = arena_alloc(arena, text.len + 1);
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		out[i] = c == '_' ? separator : upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	return (str){ out, text.len };
}

static str flag_of(struct arena *arena, const struct option *option)
{
	return spelled(arena, STR("--"), option->name, '-', false);
}

static str variable_of(struct arena *arena, const struct option *option)
{
	return spelled(arena, STR("poolwarden_"), option->name, '_', true);
}

static size_t index_of(str name)
{
	size_t i = 0;
	while (i < COUNT && !str_equal(name, str_of(table[i].name)))
		i++;
	return i;
}

static void find(struct loading *loading, size_t index, str value, str source)
{
	if (!str_is_set(loading->found[index].value))
		loading->found[index] = (struct found){ value, source };
}

static size_t index_of_flag(struct arena *arena, str flag)
{
	size_t i = 0;
	while (i < COUNT && (table[i].is_secret || !str_equal(flag, flag_of(arena, &table[i]))))
		i++;
	return i;
}

/* Takes the flag at arguments[*at] and moves `*at` to the last argument that belongs to it. */
static bool take_flag(struct loading *loading, size_t count, char *const *arguments, size_t *at)
{
	str value = str_of(arguments[*at]);
	str flag = str_split(&value, '=');
	size_t index = index_of_flag(loading->arena, flag);
	if (index == COUNT)
		return PROBLEM(loading, "unknown option %.*s", STR_ARG(flag));
	if (!str_is_set(value) && table[index].kind == KIND_BOOLEAN)
		value = STR("true");
	else if (!str_is_set(value) && *at + 1 < count)
		value = str_of(arguments[++*at]);
	if (!str_is_set(value))
		return PROBLEM(loading, "%.*s needs a value", STR_ARG(flag));
	if (str_is_set(loading->found[index].value))
		return PROBLEM(loading, "%.*s is given twice", STR_ARG(flag));
	find(loading, index, value, flag);
	return true;
}

static bool is_listed(const char *const *switches, const char *word)
{
	for (; *switches; switches++)
		if (strcmp(*switches, word) == 0)
			return true;
	return false;
}

static bool take_arguments(struct loading *loading, size_t count, char *const *arguments,
	const char *const *switches, struct option_outcome *out)
{
	for (size_t i = 0; i < count; i++) {
		bool is_word = arguments[i][0] != '-' || is_listed(switches, arguments[i]);
		if (is_word && out->word_count == OPTION_WORDS_MAX)
			return PROBLEM(loading, "too many words: %s", arguments[i]);
		if (is_word)
			out->words[out->word_count++] = str_of(arguments[i]);
		else if (!take_flag(loading, count, arguments, &i))
			return false;
	}
	return true;
}

static void take_environment(struct loading *loading)
{
	for (size_t i = 0; i < COUNT; i++) {
		str variable = variable_of(loading->arena, &table[i]);
		const char *value = getenv(variable.data);
		/* An empty variable is how shells and unit files unset one. */
		if (value && *value)
			find(loading, i, str_of(value), variable);
	}
}

static bool take_line(struct loading *loading, str path, unsigned number, str line, bool *seen)
{
	line = str_trim(line);
	if (!line.len || line.data[0] == '#')
		return true;
	str value = line;
	str key = str_trim(str_split(&value, '='));
	size_t index = index_of(key);
	if (!str_is_set(value))
		return PROBLEM(loading, "%.*s:%u: a line is `key = value`", STR_ARG(path), number);
	if (index == COUNT || table[index].offset == offsetof(struct options, config))
		return PROBLEM(loading, "%.*s:%u: unknown key %.*s", STR_ARG(path), number, STR_ARG(key));
	if (seen[index])
		return PROBLEM(loading, "%.*s:%u: %.*s is given twice", STR_ARG(path), number, STR_ARG(key));
	seen[index] = true;
	find(loading, index, str_trim(value),
		arena_printf(loading->arena, "%.*s:%u: %.*s", STR_ARG(path), number, STR_ARG(key)));
	return true;
}

static bool take_file(struct loading *loading, str path, str content)
{
	bool seen[COUNT] = { false };
	unsigned number = 0;
	while (str_is_set(content)) {
		str line = str_split(&content, '\n');
		if (line.len && line.data[line.len - 1] == '\r')
			line.len--;
		if (!take_line(loading, path, ++number, line, seen))
			return false;
	}
	return true;
}

/* The value found so far, else the default. */
static str value_of(const struct loading *loading, size_t index)
{
	str value = loading->found[index].value;
	return str_is_set(value) ? value : str_of(table[index].default_value);
}

static bool take_configuration(struct loading *loading)
{
	size_t data_dir = index_of(STR("data_dir"));
	str named = value_of(loading, index_of(STR("config"))), folder = value_of(loading, data_dir);
	bool folder_is_given = str_is_set(loading->found[data_dir].value);
	str path = arena_copy(loading->arena, named);
	if (!str_is_set(named))
		path = arena_printf(loading->arena, "%.*s/poolwarden.conf", STR_ARG(folder));
	str content = file_read(loading->arena, path.data, CONFIG_FILE_MAX);
	if (!str_is_set(content) && errno == ENOENT && !str_is_set(named))
		return true;
	if (!str_is_set(content))
		return PROBLEM(loading, "cannot read %.*s: %s", STR_ARG(path), strerror(errno));
	if (!take_file(loading, path, content))
		return false;
	/* A file found in the data folder cannot say that the data folder is another one. */
	if (!str_is_set(named) && !folder_is_given && str_is_set(loading->found[data_dir].value))
		return PROBLEM(
			loading, "%.*s: data_dir may stand in a file named by --config only", STR_ARG(path));
	return true;
}

static bool read_boolean(str text, bool *out)
{
	static const struct {
		const char *text;
		bool value;
	} words[] = { { "true", true }, { "false", false }, { "yes", true }, { "no", false }, { "1", true },
		{ "0", false } };
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_equal(text, str_of(words[i].text))) {
			*out = words[i].value;
			return true;
		}
	return false;
}

static bool refuse_text(struct loading *loading, const struct option *option, str source, str value)
{
	if (option->is_secret)
		return PROBLEM(loading, "%.*s is malformed", STR_ARG(source));
	return PROBLEM(loading, "%.*s: \"%.*s\" is malformed; it is: %s", STR_ARG(source), STR_ARG(value),
		option->help);
}

static bool set_text(struct loading *loading, const struct option *option, str source, str value, str *member)
{
	if (!value.len || (option->is_valid && !option->is_valid(value)) || str_find_char(value, '\0') >= 0)
		return refuse_text(loading, option, source, value);
	*member = arena_copy(loading->arena, value);
	return true;
}

static bool set_number(
	struct loading *loading, const struct option *option, str source, str value, int64_t *out)
{
	if (!str_to_int64(value, out) || *out < option->min || *out > option->max)
		return PROBLEM(loading, "%.*s: \"%.*s\" is not a number from %lld to %lld", STR_ARG(source),
			STR_ARG(value), (long long)option->min, (long long)option->max);
	return true;
}

static bool set_option(struct loading *loading, const struct option *option, str source, str value)
{
	void *member = (char *)&loading->options + option->offset;
	int64_t number = 0;
	switch (option->kind) {
	case KIND_TEXT:
		return set_text(loading, option, source, value, member);
	case KIND_BOOLEAN:
		return read_boolean(value, member) ||
			PROBLEM(loading, "%.*s: \"%.*s\" is neither true nor false", STR_ARG(source),
				STR_ARG(value));
	case KIND_UNSIGNED:
		if (!set_number(loading, option, source, value, &number))
			return false;
		*(unsigned *)member = (unsigned)number;
		return true;
	case KIND_SIZE:
		if (!set_number(loading, option, source, value, &number))
			return false;
		*(size_t *)member = (size_t)number;
		return true;
	}
	return false;
}

static bool set_all(struct loading *loading)
{
	for (size_t i = 0; i < COUNT; i++) {
		str value = value_of(loading, i);
		if (str_is_set(value) && !set_option(loading, &table[i], loading->found[i].source, value))
			return false;
	}
	return true;
}

static bool sms_fits_together(struct loading *loading)
{
	const struct settings *settings = &loading->options.settings;
	bool has_id = str_is_set(settings->sns_access_key_id), has_secret = str_is_set(settings->sns_secret_access_key);
	if (str_is_set(settings->sms_webhook_url) && str_is_set(settings->sns_url))
		return PROBLEM(loading, "sms_webhook_url and sns_url exclude each other: one of them sends SMS");
	if (has_id != has_secret)
		return PROBLEM(loading, "sns_access_key_id and sns_secret_access_key go together: both or none");
	if (str_is_set(settings->sns_url) && !has_id)
		return PROBLEM(loading, "sns_url needs sns_access_key_id and sns_secret_access_key");
	return true;
}

/* What one option alone cannot tell. */
static bool fit_together(struct loading *loading)
{
	const struct settings *settings = &loading->options.settings;
	if (str_is_set(settings->tls_cert) != str_is_set(settings->tls_key))
		return PROBLEM(loading, "tls_cert and tls_key go together: both or none");
	if (str_is_set(settings->root_access_key_id) != str_is_set(settings->root_secret_access_key))
		return PROBLEM(
			loading, "root_access_key_id and root_secret_access_key go together: both or none");
	if (str_is_set(settings->smtp_username) != str_is_set(settings->smtp_password))
		return PROBLEM(loading, "smtp_username and smtp_password go together: both or none");
	if (str_is_set(settings->smtp_url) && !str_is_set(settings->smtp_from))
		return PROBLEM(loading, "smtp_url needs smtp_from, the sender of the messages");
	return sms_fits_together(loading);
}

/* Defaults that follow other options. */
static void complete(struct loading *loading)
{
	struct settings *settings = &loading->options.settings;
	str address;
	unsigned port = 0;
	/* Port 0 is known once the server listens. */
	if (!str_is_set(settings->public_url) &&
		value_split_listen_address(settings->listen, &address, &port) && port)
		settings->public_url = option_default_public_url(loading->arena, settings, port);
	if (!str_is_set(settings->sns_region))
		settings->sns_region = settings->region;
}

static bool wants_help(size_t count, char *const *arguments)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(arguments[i], "--help") == 0 || strcmp(arguments[i], "-h") == 0)
			return true;
	return false;
}

bool option_load(struct arena *arena, size_t count, char *const *arguments, const char *const *switches,
	struct option_outcome *out, str *problem)
{
	struct loading loading = { .arena = arena, .problem = problem };
	*out = (struct option_outcome){
		.wants_help = wants_help(count, arguments),
		.argument_count = count,
		.arguments = arguments,
		.switches = switches,
	};
	if (out->wants_help)
		return true;
	if (!take_arguments(&loading, count, arguments, switches, out))
		return false;
	take_environment(&loading);
	if (!take_configuration(&loading) || !set_all(&loading) || !fit_together(&loading))
		return false;
	complete(&loading);
	out->settings = loading.options.settings;
	return true;
}

bool option_reload(
	struct arena *arena, const struct option_outcome *first, struct option_outcome *out, str *problem)
{
	static const char *const none[] = { NULL };
	return option_load(arena, first->argument_count, first->arguments, first->switches ? first->switches : none,
		out, problem);
}

bool option_describe(struct arena *arena, size_t index, struct option_description *out)
{
	if (index >= COUNT)
		return false;
	const struct option *option = &table[index];
	const char *placeholder = option->placeholder ? option->placeholder : "N";
	*out = (struct option_description){
		.key = str_of(option->name),
		.variable = variable_of(arena, option),
		.flag = option->is_secret ? STR_NONE : flag_of(arena, option),
		.placeholder = option->kind == KIND_BOOLEAN ? STR_NONE : str_of(placeholder),
		.default_value = str_of(option->default_value),
		.help = str_of(option->help),
	};
	return true;
}

static void add_usage(struct buf *help, const struct option_description *option)
{
	if (!str_is_set(option->flag))
		buf_add(help, option->variable);
	else
		buf_printf(help, "%.*s%s%.*s", STR_ARG(option->flag), str_is_set(option->placeholder) ? " " : "",
			STR_ARG(option->placeholder));
}

str option_help(struct arena *arena)
{
	struct buf help = buf_new(arena, HELP_MAX);
	struct option_description option;
	for (size_t i = 0; option_describe(arena, i, &option); i++) {
		buf_add(&help, STR("  "));
		add_usage(&help, &option);
		buf_printf(&help, "\n      %.*s", STR_ARG(option.help));
		if (str_is_set(option.default_value))
			buf_printf(&help, " (default: %.*s)", STR_ARG(option.default_value));
		buf_add_char(&help, '\n');
	}
	buf_add(&help,
		STR("\nEach option is also an environment variable (--data-dir is POOLWARDEN_DATA_DIR)\n"
		    "and a key in the configuration file (data_dir = DIR). A flag wins over the\n"
		    "environment, the environment over the file. Secrets have no flag.\n"));
	return buf_str(&help);
}

static str reachable(str address)
{
	if (str_equal(address, STR("0.0.0.0")))
		return STR("127.0.0.1");
	return str_equal(address, STR("::")) ? STR("::1") : address;
}

str option_default_public_url(struct arena *arena, const struct settings *settings, unsigned port)
{
	const char *scheme = str_is_set(settings->tls_cert) ? "https" : "http";
	str address = STR("127.0.0.1");
	unsigned asked_port;
	value_split_listen_address(settings->listen, &address, &asked_port);
	address = reachable(address);
	bool is_v6 = str_find_char(address, ':') >= 0;
	return arena_printf(arena, "%s://%s%.*s%s:%u", scheme, is_v6 ? "[" : "", STR_ARG(address),
		is_v6 ? "]" : "", port);
}
