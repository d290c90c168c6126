/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what a walk finds, one item a line, with every byte that is not plain
 * ASCII as \xNN:
 *
 *	file PATH SIZE [copy] [cut] [changed] [extents=OFFSET+LEN,…]
 *	KIND PATH (why)
 *
 * Files are read from their first to their last byte with -r (by extents), and
 * their digest of sorts (sum of all bytes) is printed.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/ignore.h"
#include "host/walk.h"

static const char *const kind_names[WALK_KIND_COUNT] = {
	[WALK_FILE] = "file",         [WALK_UNREADABLE] = "unreadable",
	[WALK_NO_ANSWER] = "silent",  [WALK_LOOP] = "loop",
	[WALK_LEFT_OUT] = "left-out", [WALK_SPECIAL] = "special",
	[WALK_SYMLINK] = "symlink",   [WALK_EXCLUDED] = "excluded",
	[WALK_VANISHED] = "vanished",
};

struct dump {
	struct walk_options options;
	struct ignore *excludes;
	struct position start;
	bool quiet;
	bool reads;
	uint64_t stop_after;
	const char *pause_file; /* wait after the first item until it is gone */
};

static void parse_options(struct dump *dump, int argc, char **argv);
static int run(struct dump *dump);
static void print_item(const struct dump *dump, const struct walk *walk,
		       const struct walk_item *item);
static uint64_t sum_of(const struct walk_item *item);
static void print_bytes(struct slice bytes);
static void fail(const char *text);

int main(int argc, char **argv)
{
	struct dump dump = { .options = { .list_fd = -1, .list_separator = '\n' } };

	if (ignore_new(&dump.excludes) != STATUS_OK)
		fail("no memory");
	parse_options(&dump, argc, argv);
	dump.options.excludes = dump.excludes;

	int code = run(&dump);

	ignore_free(dump.excludes);
	return code;
}

static void parse_options(struct dump *dump, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "0e:f:ln:op:qrs:t:x")) != -1) {
		switch (option) {
		case '0':
			dump->options.list_separator = '\0';
			break;
		case 'e':
			if (ignore_add(dump->excludes, slice_of(optarg)) != STATUS_OK)
				fail("bad pattern");
			break;
		case 'f':
			dump->options.list_fd = open(optarg, O_RDONLY | O_CLOEXEC);
			if (dump->options.list_fd < 0)
				fail(optarg);
			break;
		case 'l':
			dump->options.look_only = true;
			break;
		case 'n':
			dump->stop_after = strtoull(optarg, NULL, 10);
			break;
		case 'o':
			dump->options.copy_bytes_max = 100000;
			break;
		case 'p':
			dump->pause_file = optarg;
			break;
		case 'q':
			dump->quiet = true;
			break;
		case 'r':
			dump->reads = true;
			break;
		case 's': /* ROOT:PATH */
			dump->start.root = strtoull(optarg, &optarg, 10);
			dump->start.path = slice_of(optarg + 1);
			dump->options.start = &dump->start;
			break;
		case 't':
			dump->options.answer_ms = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'x':
			dump->options.one_file_system = true;
			break;
		default:
			fail("options");
		}
	}
	dump->options.roots = (const char *const *)&argv[optind];
	dump->options.root_count = (size_t)(argc - optind);
}

static int run(struct dump *dump)
{
	struct walk *walk;
	struct walk_item item;
	enum status status;
	uint64_t items = 0;

	if (walk_new(&dump->options, &walk) != STATUS_OK)
		fail("cannot start");
	while ((status = walk_next(walk, &item)) == STATUS_OK) {
		if (!dump->quiet)
			print_item(dump, walk, &item);
		walk_item_clear(&item);
		items++;
		while (dump->pause_file && access(dump->pause_file, F_OK) == 0)
			usleep(1000);
		if (items == dump->stop_after)
			break;
	}
	if (dump->quiet)
		for (size_t i = 0; i < WALK_KIND_COUNT; i++)
			printf("%s %" PRIu64 "\n", kind_names[i],
			       walk_counts(walk)->kind[i]);
	if (dump->quiet)
		printf("directories %" PRIu64 "\n", walk_counts(walk)->directories);
	walk_free(walk);
	if (status != STATUS_END && status != STATUS_OK) {
		fprintf(stderr, "ended with %s\n", status_name(status));
		return 2;
	}
	return 0;
}

static void print_item(const struct dump *dump, const struct walk *walk,
		       const struct walk_item *item)
{
	char why[256];

	printf("%s ", kind_names[item->kind]);
	print_bytes(item->path);
	walk_item_explain(walk, item, why, sizeof(why));
	if (why[0])
		printf(" (%s)", why);
	if (item->kind == WALK_FILE)
		printf(" %" PRIu64, item->size);
	if (item->is_copy)
		printf(" copy");
	if (item->is_cut)
		printf(" cut");
	if (walk_item_changed(item))
		printf(" changed");
	for (size_t i = 0; i < item->extent_count; i++)
		printf("%s%" PRIu64 "+%" PRIu64, i == 0 ? " extents=" : ",",
		       item->extents[i].offset, item->extents[i].len);
	if (dump->reads && item->fd >= 0)
		printf(" sum=%" PRIu64, sum_of(item));
	putchar('\n');
	fflush(stdout);
}

static uint64_t sum_of(const struct walk_item *item)
{
	struct source source = source_of_fd(item->fd, item->size, item->extents,
					    item->extent_count);
	struct extent data;
	uint64_t pos = 0, sum = 0;
	static uint8_t buffer[65536];

	while (source_next_data(&source, pos, &data)) {
		size_t len = data.len < sizeof(buffer) ? (size_t)data.len :
							 sizeof(buffer);

		if (source_read(&source, data.offset, buffer, len, &len) != STATUS_OK ||
		    len == 0)
			return UINT64_MAX;
		for (size_t i = 0; i < len; i++)
			sum += buffer[i];
		pos = data.offset + len;
	}
	return sum;
}

static void print_bytes(struct slice bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.base[i] > ' ' && bytes.base[i] < 0x7f && bytes.base[i] != '\\')
			putchar(bytes.base[i]);
		else
			printf("\\x%02x", bytes.base[i]);
	}
}

static void fail(const char *text)
{
	fprintf(stderr, "walk_dump: %s\n", text);
	exit(2);
}
