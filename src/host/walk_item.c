/* SPDX-License-Identifier: Apache-2.0 */
#include "host/walk_item.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "host/walk.h"

void walk_item_clear(struct walk_item *item)
{
	cleanup_close(&item->fd);
	free((void *)(uintptr_t)item->path.base);
	free(item->extents);
	*item = (struct walk_item){ .fd = -1 };
}

struct position walk_item_position(const struct walk_item *item)
{
	struct slice below = { &item->path.base[item->below],
			       item->path.len - item->below };

	return (struct position){ item->root, below };
}

bool walk_item_changed(const struct walk_item *item)
{
	if (item->is_copy || item->fd < 0)
		return item->has_changed;
	return target_changed(item->fd, &item->facts);
}

bool walk_kind_reason(enum walk_kind kind, enum reason *out)
{
	switch (kind) {
	case WALK_UNREADABLE:
	case WALK_NO_ANSWER:
		*out = REASON_UNREADABLE;
		return true;
	case WALK_FILE:
	case WALK_LOOP:
	case WALK_LEFT_OUT:
	case WALK_SPECIAL:
	case WALK_SYMLINK:
	case WALK_EXCLUDED:
	case WALK_VANISHED:
		break;
	}
	return false;
}

static const char *special_name(uint16_t mode)
{
	if (S_ISFIFO(mode))
		return "FIFO";
	if (S_ISSOCK(mode))
		return "socket";
	if (S_ISBLK(mode))
		return "block device";
	if (S_ISCHR(mode))
		return "character device";
	return "not a regular file";
}

/* What means something else here than where the number comes from. */
static const char *errno_text(int number)
{
	switch (number) {
	case EBUSY:
		return "another program holds a lease on it";
	case ESTALE:
		return "the directory was moved meanwhile, or its server forgot it";
	case EOVERFLOW:
		return "more names than can be walked";
	default:
		return strerror(number);
	}
}

void walk_item_explain(const struct walk *walk, const struct walk_item *item,
		       char *buffer, size_t size)
{
	const char *type = item->file_system[0] ? item->file_system : "its";
	const char *text = "";

	switch (item->kind) {
	case WALK_FILE:
		break;
	case WALK_UNREADABLE:
		text = errno_text(item->error);
		break;
	case WALK_NO_ANSWER:
		snprintf(buffer, size, "no answer from %s file system in %u s", type,
			 (walk_answer_ms(walk) + 999) / 1000);
		return;
	case WALK_LOOP:
		text = "a directory above it, mounted again";
		break;
	case WALK_LEFT_OUT:
		snprintf(buffer, size, "%s file system, left out",
			 item->file_system[0] ? item->file_system : "another");
		return;
	case WALK_SPECIAL:
		text = special_name(item->facts.mode);
		break;
	case WALK_SYMLINK:
		text = "symbolic link, not followed";
		break;
	case WALK_EXCLUDED:
		text = "excluded";
		break;
	case WALK_VANISHED:
		text = "was gone before it could be opened";
		break;
	}
	snprintf(buffer, size, "%s", text);
}
