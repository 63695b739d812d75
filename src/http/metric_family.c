/* SPDX-License-Identifier: Apache-2.0 */
/* The table of families, each with the function that adds its samples. What is read of one place is read once. */
#include "http/metric_family.h"

#include "config.h"

#include "base/exposition.h"
#include "base/fatal.h"
#include "base/process.h"
#include "crypto/gate.h"
#include "crypto/password_hash.h"
#include "crypto/signing_key.h"
#include "delivery/attempt.h"
#include "delivery/census.h"
#include "delivery/medium.h"
#include "http/connection.h"
#include "http/exchange.h"
#include "http/traffic.h"
#include "http/workload.h"
#include "store/store.h"
#include "userpool/pool_key_stock.h"

struct scrape {
	const struct exchange_host *host;
	struct workload_load workload;
	struct process_usage process;
	struct gate_load gate;
	struct store_statistics store; /* zero without a store */
	struct census_counts outbox;
};

/* Adds the samples of the family `name`. */
typedef void collector(struct buf *out, str name, const struct scrape *scrape);

static void build(struct buf *out, str name, const struct scrape *scrape)
{
	const struct exposition_label labels[EXPOSITION_LABELS_MAX] = { { STR("version"), STR(PACKAGE_VERSION) } };
	(void)scrape;
	exposition_add(out, name, labels, 1);
}

static void requests(struct buf *out, str name, const struct scrape *scrape)
{
	traffic_add_requests(out, name, scrape->host->traffic);
}

static void durations(struct buf *out, str name, const struct scrape *scrape)
{
	traffic_add_durations(out, name, scrape->host->traffic);
}

static void responses(struct buf *out, str name, const struct scrape *scrape)
{
	traffic_add_responses(out, name, scrape->host->traffic);
}

static void outbox(struct buf *out, str name, const struct scrape *scrape)
{
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		for (enum census_state state = 0; state < CENSUS_STATE_COUNT; state++) {
			const struct exposition_label labels[EXPOSITION_LABELS_MAX] = {
				{ STR("medium"), medium_name(medium) },
				{ STR("state"), census_state_name(state) },
			};
			exposition_add(out, name, labels, scrape->outbox.of[medium][state]);
		}
}

static void attempts(struct buf *out, str name, const struct scrape *scrape)
{
	static const str outcomes[SENDER_OUTCOME_COUNT] = {
		[SENDER_SENT] = STR_INIT("sent"),
		[SENDER_REFUSED] = STR_INIT("refused"),
		[SENDER_DEFERRED] = STR_INIT("deferred"),
		[SENDER_DOWN] = STR_INIT("down"),
	};
	(void)scrape;
	for (enum outbox_medium medium = 0; medium < OUTBOX_MEDIUM_COUNT; medium++)
		for (enum sender_outcome outcome = 0; outcome < SENDER_OUTCOME_COUNT; outcome++) {
			const struct exposition_label labels[EXPOSITION_LABELS_MAX] = {
				{ STR("medium"), medium_name(medium) },
				{ STR("outcome"), outcomes[outcome] },
			};
			exposition_add(out, name, labels, attempt_total(medium, outcome));
		}
}

static void write_times(struct buf *out, str name, const struct scrape *scrape)
{
	if (scrape->store.waits)
		exposition_add_histogram(out, name, NULL, scrape->store.waits);
}

static void hash_times(struct buf *out, str name, const struct scrape *scrape)
{
	(void)scrape;
	exposition_add_histogram(out, name, NULL, password_hash_times());
}

static void signature_times(struct buf *out, str name, const struct scrape *scrape)
{
	(void)scrape;
	exposition_add_histogram(out, name, NULL, signing_key_times());
}

static void start_time(struct buf *out, str name, const struct scrape *scrape)
{
	exposition_add_seconds(out, name, NULL, (uint64_t)scrape->process.started_at * 1000);
}

static void processor_time(struct buf *out, str name, const struct scrape *scrape)
{
	exposition_add_seconds(out, name, NULL, scrape->process.processor_us);
}

/* A family of one number without labels. */
#define NUMBER(function, expression)                                                     \
	static void function(struct buf *out, str name, const struct scrape *scrape)     \
	{                                                                                \
		(void)scrape;                                                            \
		exposition_add(out, name, NULL, (uint64_t)(expression));                 \
	}

NUMBER(connections, connection_list_length(scrape->host->connections))
NUMBER(connections_total, connection_list_total(scrape->host->connections))
NUMBER(under_way, scrape->workload.under_way)
NUMBER(waiting, scrape->workload.waiting)
NUMBER(busy, scrape->workload.busy)
NUMBER(workers, scrape->workload.workers)
NUMBER(refused, scrape->workload.refused)
NUMBER(transactions, scrape->store.transactions)
NUMBER(commits, scrape->store.commits)
NUMBER(database_size, scrape->store.bytes)
NUMBER(hashes_running, scrape->gate.inside)
NUMBER(hashes_waiting, scrape->gate.waiting)
NUMBER(hashes_limit, scrape->gate.limit)
NUMBER(spare_keys, pool_key_stock_level())
NUMBER(resident_memory, scrape->process.resident_bytes)
NUMBER(virtual_memory, scrape->process.virtual_bytes)
NUMBER(threads, scrape->process.threads)
NUMBER(open_files, scrape->process.open_files)
NUMBER(open_files_max, scrape->process.open_files_max)

#define COUNTER	  .type = "counter"
#define GAUGE	  .type = "gauge"
#define HISTOGRAM .type = "histogram"

static const struct family {
	str name;
	const char *type, *help;
	collector *collect;
} families[] = {
	{ STR_INIT("poolwarden_build_info"), GAUGE, .help = "The version that runs.", .collect = build },
	{ STR_INIT("poolwarden_requests_total"), COUNTER,
		.help = "Requests by operation and error; none: no operation, no error.", .collect = requests },
	{ STR_INIT("poolwarden_request_duration_seconds"), HISTOGRAM,
		.help = "Time from a request's first line to the end of its answer.", .collect = durations },
	{ STR_INIT("poolwarden_responses_total"), COUNTER,
		.help = "Answers by HTTP status; 0: the client was gone.", .collect = responses },
	{ STR_INIT("poolwarden_http_connections"), GAUGE, .help = "Open connections.", .collect = connections },
	{ STR_INIT("poolwarden_http_connections_total"), COUNTER, .help = "Connections taken.",
		.collect = connections_total },
	{ STR_INIT("poolwarden_http_requests_under_way"), GAUGE, .help = "Requests begun and not yet answered.",
		.collect = under_way },
	{ STR_INIT("poolwarden_worker_queue_length"), GAUGE, .help = "Requests that wait for a worker.",
		.collect = waiting },
	{ STR_INIT("poolwarden_workers_busy"), GAUGE, .help = "Workers at work.", .collect = busy },
	{ STR_INIT("poolwarden_workers"), GAUGE, .help = "Workers there are.", .collect = workers },
	{ STR_INIT("poolwarden_queue_refusals_total"), COUNTER,
		.help = "Requests answered 503 because too many waited.", .collect = refused },
	{ STR_INIT("poolwarden_store_transactions_total"), COUNTER,
		.help = "Writing transactions, failed ones too.", .collect = transactions },
	{ STR_INIT("poolwarden_store_commits_total"), COUNTER,
		.help = "Commits, each of one or more transactions.", .collect = commits },
	{ STR_INIT("poolwarden_store_write_duration_seconds"), HISTOGRAM,
		.help = "Time that a writer waited until its transaction was durable.", .collect = write_times },
	{ STR_INIT("poolwarden_store_size_bytes"), GAUGE, .help = "Bytes that the database takes on this machine's disk.",
		.collect = database_size },
	{ STR_INIT("poolwarden_password_hash_duration_seconds"), HISTOGRAM,
		.help = "Time of one argon2id, without its wait.", .collect = hash_times },
	{ STR_INIT("poolwarden_password_hashes_running"), GAUGE, .help = "Password hashes being made.",
		.collect = hashes_running },
	{ STR_INIT("poolwarden_password_hashes_waiting"), GAUGE, .help = "Password hashes that wait for a processor.",
		.collect = hashes_waiting },
	{ STR_INIT("poolwarden_password_hashes_limit"), GAUGE, .help = "Password hashes that may run at once.",
		.collect = hashes_limit },
	{ STR_INIT("poolwarden_token_signature_duration_seconds"), HISTOGRAM,
		.help = "Time of one signature of a token.", .collect = signature_times },
	{ STR_INIT("poolwarden_outbox_messages"), GAUGE,
		.help = "Messages by medium and state, counted every ten seconds, 100000 at most.", .collect = outbox },
	{ STR_INIT("poolwarden_outbox_attempts_total"), COUNTER,
		.help = "Attempts to send a message by medium and outcome.", .collect = attempts },
	{ STR_INIT("poolwarden_spare_signing_keys"), GAUGE, .help = "Keys made ahead for new pools.",
		.collect = spare_keys },
	{ STR_INIT("process_start_time_seconds"), GAUGE, .help = "When the process began, in seconds since 1970.",
		.collect = start_time },
	{ STR_INIT("process_cpu_seconds_total"), COUNTER, .help = "Time of processors that it took.",
		.collect = processor_time },
	{ STR_INIT("process_resident_memory_bytes"), GAUGE, .help = "Memory that it has.",
		.collect = resident_memory },
	{ STR_INIT("process_virtual_memory_bytes"), GAUGE, .help = "Addresses that it uses.",
		.collect = virtual_memory },
	{ STR_INIT("process_threads"), GAUGE, .help = "Threads.", .collect = threads },
	{ STR_INIT("process_open_fds"), GAUGE, .help = "Open files and sockets.", .collect = open_files },
	{ STR_INIT("process_max_fds"), GAUGE, .help = "Files and sockets that it may open.",
		.collect = open_files_max },
};

void metric_family_add_all(struct buf *out, const struct exchange_host *host, const struct store *store)
{
	const struct scrape scrape = {
		.host = host,
		.workload = workload_load(host->workload),
		.process = process_usage(),
		.gate = password_hash_load(),
		.store = store ? store_statistics(store) : (struct store_statistics){ .commits = 0 },
		.outbox = census_last(),
	};
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		exposition_begin(out, families[i].name, families[i].type, families[i].help);
		families[i].collect(out, families[i].name, &scrape);
	}
}
