/* SPDX-License-Identifier: Apache-2.0 */
/* Prints poolwarden.1, in mdoc(7), while the project is built: commands and options are those of the
   program's own tables, so that the manual cannot tell of others. */
#include "config.h"

#include <stdio.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "cli/command.h"
#include "cli/option.h"

/* Of the last change of the text below. */
#define DATE "November 25, 2026"

/* --- Text --- */

enum { COLUMNS = 78 };

/* A line that begins with a dot would be a macro, a backslash an escape, a hyphen one that nobody can paste.
 */
static void print_escaped(str text, bool begins_line)
{
	if (begins_line && text.len && (text.data[0] == '.' || text.data[0] == '\''))
		fputs("\\&", stdout);
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\\')
			fputs("\\e", stdout);
		else if (text.data[i] == '-')
			fputs("\\-", stdout);
		else
			putchar(text.data[i]);
}

static bool ends_sentence(str word)
{
	return word.len && word.data[word.len - 1] == '.';
}

/* Takes the next word off the text; empty at the end. The texts of tables have lines and indents of their
 * own. */
static str next_word(str *text)
{
	size_t start = strspn(text->data, " \n");
	str word = str_slice(*text, start, strcspn(text->data + start, " \n"));
	*text = str_from(*text, start + word.len);
	return word;
}

/* Lines of words; a sentence begins a line, so that roff knows it for one. */
static void print_text(const char *chars)
{
	size_t column = 0;
	str text = str_of(chars), before = STR_NONE;
	for (str word; (word = next_word(&text)).len; before = word) {
		bool begins_line = column == 0 || ends_sentence(before) || column + 1 + word.len > COLUMNS;
		if (column)
			putchar(begins_line ? '\n' : ' ');
		print_escaped(word, begins_line);
		column = begins_line ? word.len : column + 1 + word.len;
	}
	if (column)
		putchar('\n');
}

/* ".Fl data-dir", and more behind it on the same line. */
static void print_macro(const char *macro, str argument)
{
	printf("%s ", macro);
	print_escaped(argument, false);
}

/* --- Lists --- */

struct entry {
	const char *term, *text;
};

struct section {
	const char *name, *introduction;
	const char *macro; /* that marks a term */
	const struct entry *entries;
	size_t count;
};

#define ENTRIES(table) .entries = (table), .count = ARRAY_LEN(table)

static const struct entry variables[] = {
	{ "POOLWARDEN_*", "Each option, see above." },
	{ "POOLWARDEN_MASTER_KEY",
		"The master key, 32 bytes in base64, instead of the file master.key in the data folder." },
	{ "POOLWARDEN_MASTER_KEY_FILE", "A file that has it, as managers of secrets mount one." },
	{ "NOTIFY_SOCKET",
		"Where systemd hears that the server serves, reads its configuration again, or ends." },
};

static const struct entry files[] = {
	{ "poolwarden-data/",
		"The data folder, unless the option \"data_dir\" names another. What follows is in it." },
	{ "poolwarden.conf", "The configuration, unless the option \"config\" names another file." },
	{ "poolwarden.db",
		"The database; while a server runs, poolwarden.db-wal and poolwarden.db-shm belong to it." },
	{ "master.key",
		"Opens what is sealed in the database. Without it, signing keys and secrets are lost." },
	{ "credentials", "The root access key, as a file of AWS credentials, made at the first start." },
	{ "lock", "Held by the server that runs on this folder." },
	{ "outbox/", "A Maildir with the messages that no provider is configured for." },
};

static const struct entry signals[] = {
	{ "SIGTERM", "Take no more requests, answer what was asked, end with status 0. A second one ends at "
		     "once." },
	{ "SIGINT", "The same." },
	{ "SIGHUP", "Open the log file again, and read the configuration again: of it, log_level and "
		    "log_file count from "
		    "then on, all else from the next start. A configuration that is wrong changes nothing." },
};

static const struct entry statuses[] = {
	{ "0", "It was done." },
	{ "1", "It was tried and did not work; a line on standard error says why." },
	{ "2", "The command line, the environment or the configuration is wrong. Nothing was touched." },
	{ "3", "status alone: no server runs there." },
	{ "128+n", "A second signal n ended a server before it had answered all." },
};

static const struct section lists[] = {
	{ .name = "ENVIRONMENT", .macro = "Ev", ENTRIES(variables) },
	{ .name = "FILES", .macro = "Pa", ENTRIES(files) },
	{ .name = "SIGNALS", .introduction = "To a server:", .macro = "Dv", ENTRIES(signals) },
	{ .name = "EXIT STATUS", .macro = "Li", ENTRIES(statuses) },
};

static void print_list(const struct section *section)
{
	printf(".Sh %s\n", section->name);
	if (section->introduction)
		print_text(section->introduction);
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < section->count; i++) {
		printf(".It %s ", section->macro);
		print_text(section->entries[i].term);
		print_text(section->entries[i].text);
	}
	puts(".El");
}

/* --- Of the program's tables --- */

static void print_synopsis(void)
{
	const struct command *command;
	puts(".Sh SYNOPSIS");
	for (size_t i = 0; (command = command_at(i)); i++) {
		printf(".Nm\n.Cm %s\n", command->name);
		if (command->arguments)
			print_text(command->arguments);
		if (command->switches)
			puts(".Op Ar option ...");
	}
}

static void print_commands(void)
{
	const struct command *command;
	puts(".Sh COMMANDS\n.Bl -tag -width Ds");
	for (size_t i = 0; (command = command_at(i)); i++) {
		printf(".It Cm %s", command->name);
		if (command->arguments)
			print_macro(" No", str_of(command->arguments));
		putchar('\n');
		print_text(command->description);
	}
	puts(".El");
}

static void print_option(const struct option_description *option)
{
	if (!str_is_set(option->flag))
		print_macro(".It Ev", option->variable);
	else
		print_macro(".It Fl", str_from(option->flag, 1));
	if (str_is_set(option->flag) && str_is_set(option->placeholder))
		print_macro(" Ar", option->placeholder);
	putchar('\n');
	print_text(option->help.data);
	if (str_is_set(option->default_value)) {
		puts("(default:");
		print_macro(".Li", option->default_value);
		puts(" )");
	}
}

static void print_options(struct arena *arena)
{
	struct option_description option;
	puts(".Sh OPTIONS");
	print_text("Every command but help and version takes all of them. "
		   "Each is also an environment variable and a key of the configuration file: --data-dir is "
		   "POOLWARDEN_DATA_DIR and data_dir. "
		   "A flag wins over the environment, the environment over the file. "
		   "Secrets have no flag, since everybody sees the flags of a process. "
		   "What is unknown, malformed or out of range is refused.");
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; option_describe(arena, i, &option); i++)
		print_option(&option);
	puts(".El");
}

/* --- The page --- */

static const char head[] =
	".Sh NAME\n"
	".Nm poolwarden\n"
	".Nd identity service that speaks the wire protocols of Amazon Cognito user pools\n";

static void print_description(void)
{
	puts(".Sh DESCRIPTION\n.Nm");
	print_text("is a server for sign-up, sign-in and tokens that AWS SDKs, Amplify and the AWS CLI use "
		   "as they use "
		   "Amazon Cognito, and the commands that its operator needs. "
		   "All that it keeps is in one folder. "
		   "Administration is done over its API, with requests that are signed by an access key.");
}

static const char examples[] =
	".Sh EXAMPLES\n"
	"A server for this machine, and a pool in it:\n"
	".Bd -literal -offset indent\n"
	"poolwarden serve &\n"
	"export AWS_SHARED_CREDENTIALS_FILE=poolwarden\\-data/credentials\n"
	"aws \\-\\-endpoint\\-url http://127.0.0.1:4430 \\-\\-region us\\-east\\-1 \\e\n"
	"    cognito\\-idp create\\-user\\-pool \\-\\-pool\\-name first\n"
	".Ed\n"
	".Pp\n"
	"A configuration file for the open internet:\n"
	".Bd -literal -offset indent\n"
	"listen = 0.0.0.0:443\n"
	"public_url = https://id.example.com\n"
	"tls_cert = /etc/poolwarden/tls.pem\n"
	"tls_key = /etc/poolwarden/tls.key\n"
	"smtp_url = smtp://mail.example.com:587\n"
	"smtp_from = Example <no\\-reply@example.com>\n"
	".Ed\n"
	".Pp\n"
	"How many messages could not be sent:\n"
	".Bd -literal -offset indent\n"
	"poolwarden status \\-\\-json | jq .DeadMessages\n"
	".Ed\n"
	".Pp\n"
	"The log of a server under systemd, and the requests in it that failed:\n"
	".Bd -literal -offset indent\n"
	"journalctl \\-u poolwarden \\-g error=\n"
	".Ed\n";

static const char see_also[] = ".Sh SEE ALSO\n"
			       ".Xr journalctl 1 ,\n"
			       ".Xr systemctl 1 ,\n"
			       ".Xr logrotate 8\n"
			       ".Pp\n"
			       "The API is described by /admin/openapi.json of a server.\n";

int main(void)
{
	struct arena *arena = arena_new();
	printf(".\\\" Made by src/cli/manual.c: not to be edited.\n");
	printf(".Dd " DATE "\n.Dt POOLWARDEN 1\n.Os poolwarden " PACKAGE_VERSION "\n%s", head);
	print_synopsis();
	print_description();
	print_commands();
	print_options(arena);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		print_list(&lists[i]);
	printf("%s%s", examples, see_also);
	arena_free(&arena);
	return fflush(stdout) || ferror(stdout) ? 1 : 0;
}
