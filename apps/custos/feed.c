/* SPDX-License-Identifier: Apache-2.0 */
#include "feed.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "interrupt.h"
#include "screen.h"

enum { POLL_MS = 200 };

static bool take_all(struct scanner *scanner, struct walk *walk, const struct feed *feed);
static bool poll_once(struct scanner *scanner, int timeout_ms);
static void join_extents(struct walk_item *item);

bool feed_walk(struct scanner *scanner, const struct walk_options *options,
	       struct feed *feed)
{
	struct walk *walk;
	bool ok;

	if (walk_new(options, &walk) != STATUS_OK) {
		scanner_explain_walk();
		return false;
	}
	ok = take_all(scanner, walk, feed);
	ok = feed_wait(scanner) && ok;
	feed->counts = *walk_counts(walk);
	walk_free(walk);
	return ok;
}

static bool take_all(struct scanner *scanner, struct walk *walk, const struct feed *feed)
{
	struct pool *pool = scanner->pool;
	bool ok = true;

	while (ok && !interrupted) {
		struct walk_item item;
		enum status status = STATUS_LIMIT;

		if (pool_has_room(pool))
			status = walk_next(walk, &item);
		if (status == STATUS_OK) {
			ok = feed->take(feed->context, walk, &item) &&
			     poll_once(scanner, 0);
			walk_item_clear(&item);
		} else if (status == STATUS_LIMIT && pool_pending(pool) > 0) {
			ok = poll_once(scanner, POLL_MS);
		} else if (status == STATUS_END) {
			break;
		} else {
			screen_error("cannot go on through the files: %s",
				     status == STATUS_NO_MEMORY ? "out of memory" :
								  strerror(errno));
			ok = false;
		}
	}
	return ok;
}

bool feed_wait(struct scanner *scanner)
{
	bool ok = true;

	while (ok && pool_pending(scanner->pool) > 0) {
		if (interrupted)
			pool_cancel(scanner->pool, REASON_INTERRUPTED);
		ok = poll_once(scanner, POLL_MS);
	}
	return ok;
}

/* Nobody reads what is said any more: main() tells, and there is no use in going on. */
static bool poll_once(struct scanner *scanner, int timeout_ms)
{
	struct pool_error error;

	if (!screen_flush())
		return false;
	if (pool_pending(scanner->pool) == 0 ||
	    pool_poll(scanner->pool, NULL, 0, timeout_ms, &error))
		return true;
	screen_error("%s", error.text);
	return false;
}

struct pool_job feed_job(struct walk_item *item)
{
	join_extents(item);
	return (struct pool_job){
		.fd = steal_fd(&item->fd),
		.size_bytes = item->size,
		.extents = item->extents,
		.extent_count = item->extent_count,
		.owner = item->facts.uid,
	};
}

static void join_extents(struct walk_item *item)
{
	size_t together = item->extent_count / JOB_EXTENTS_MAX + 1;
	size_t count = 0;

	if (item->extent_count <= JOB_EXTENTS_MAX)
		return;
	for (size_t i = 0; i < item->extent_count; i += together) {
		size_t last = i + together - 1;

		if (last >= item->extent_count)
			last = item->extent_count - 1;
		item->extents[count++] = (struct extent){
			.offset = item->extents[i].offset,
			.len = item->extents[last].offset + item->extents[last].len -
			       item->extents[i].offset,
		};
	}
	item->extent_count = count;
}
