/* SPDX-License-Identifier: Apache-2.0 */
#include "host/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/position.h"

/* Fields are taken off the front of a line. */
struct line {
	char *text;
	size_t len;
	size_t pos;
};

static MUST_CHECK enum status read_whole(int fd, char **ret_text, size_t *ret_len);
static enum status parse_lines(struct mounts *mounts, size_t len);
static bool parse_line(struct line *line, struct mount *out);
static struct slice next_field(struct line *line);
static size_t unescape(char *text, size_t len);
static bool parse_id(struct slice text, int *out);
static bool holds_files(const struct mount *mount);

enum mount_class mount_class_of(const char *type)
{
	static const char *const kernel[] = {
		"binfmt_misc", "bpf",        "cgroup",     "cgroup2",   "configfs",
		"debugfs",     "devpts",     "efivarfs",   "fusectl",   "hugetlbfs",
		"mqueue",      "nfsd",       "nsfs",       "proc",      "pstore",
		"resctrl",     "rpc_pipefs", "securityfs", "selinuxfs", "smackfs",
		"sysfs",       "tracefs",    "xenfs",
	};
	static const char *const distant[] = {
		"9p",       "afs",       "beegfs", "ceph",   "cifs",  "coda",
		"davfs",    "glusterfs", "gpfs",   "lustre", "ncpfs", "nfs",
		"nfs4",     "orangefs",  "pvfs2",  "shfs",   "smb3",  "smbfs",
		"virtiofs", "vboxsf",    "vmhgfs", "prl_fs", "ocfs2", "gfs2",
	};

	if (strcmp(type, "autofs") == 0)
		return MOUNT_TRIGGER;
	if (mount_is_fuse(type))
		return MOUNT_DISTANT;
	for (size_t i = 0; i < ARRAY_LEN(kernel); i++)
		if (strcmp(type, kernel[i]) == 0)
			return MOUNT_KERNEL;
	for (size_t i = 0; i < ARRAY_LEN(distant); i++)
		if (strcmp(type, distant[i]) == 0)
			return MOUNT_DISTANT;
	return MOUNT_LOCAL;
}

bool mount_is_fuse(const char *type)
{
	return strcmp(type, "fuse") == 0 || strcmp(type, "fuseblk") == 0 ||
	       strncmp(type, "fuse.", 5) == 0 || strncmp(type, "fuseblk.", 8) == 0;
}

enum status mounts_read(struct mounts *out)
{
	AUTO_CLOSE int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	struct mounts mounts = { 0 };
	size_t len;

	if (fd < 0 && errno == ENOENT) {
		*out = mounts;
		return STATUS_OK;
	}
	if (fd < 0)
		return STATUS_IO;

	enum status status = read_whole(fd, &mounts.text, &len);

	if (status == STATUS_OK)
		status = parse_lines(&mounts, len);
	if (status == STATUS_OK)
		*out = mounts;
	else
		mounts_clear(&mounts);
	return status;
}

enum status mounts_parse(struct slice text, struct mounts *out)
{
	struct mounts mounts = { .text = malloc(text.len + 1) };

	if (!mounts.text)
		return STATUS_NO_MEMORY;
	if (text.len > 0)
		memcpy(mounts.text, text.base, text.len);

	enum status status = parse_lines(&mounts, text.len);

	if (status == STATUS_OK)
		*out = mounts;
	else
		mounts_clear(&mounts);
	return status;
}

void mounts_clear(struct mounts *mounts)
{
	free(mounts->list);
	free(mounts->text);
	*mounts = (struct mounts){ 0 };
}

const struct mount *mounts_find(const struct mounts *mounts, int id)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->list[i].id == id)
			return &mounts->list[i];
	return NULL;
}

const struct mount *mounts_guess(const struct mounts *mounts, struct slice path)
{
	const struct mount *best = NULL;

	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *mount = &mounts->list[i];

		/* Of two on the same point, the later one covers the other. */
		if (position_below(path, mount->point) &&
		    (!best || mount->point.len >= best->point.len))
			best = mount;
	}
	return best;
}

bool mounts_have_distant(const struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts->list[i].class == MOUNT_DISTANT ||
		    mounts->list[i].class == MOUNT_TRIGGER)
			return true;
	return false;
}

bool mounts_next_inside(const struct mounts *mounts, const struct mount *outer,
			size_t *index, struct slice *ret_below)
{
	for (size_t i = *index; i < mounts->count; i++) {
		const struct mount *mount = &mounts->list[i];
		const struct mount *up = mount;
		size_t len = outer->point.len;

		if (!holds_files(mount))
			continue;
		/* A table that was read while it changed may hold a circle. */
		for (size_t steps = 0; up && up->parent != outer->id; steps++) {
			up = steps < mounts->count ? mounts_find(mounts, up->parent) :
						     NULL;
			if (up && holds_files(up))
				up = NULL; /* it is met on the way through that one */
		}
		if (!up || mount->point.len <= len + 1 || mount->point.base[len] != '/' ||
		    memcmp(mount->point.base, outer->point.base, len) != 0)
			continue;
		*ret_below = (struct slice){ &mount->point.base[len + 1],
					     mount->point.len - len - 1 };
		*index = i + 1;
		return true;
	}
	return false;
}

static bool holds_files(const struct mount *mount)
{
	return mount->class == MOUNT_LOCAL || mount->class == MOUNT_DISTANT;
}

enum status mount_id_of_fd(int fd, int *out)
{
	char name[64], text[512];
	ssize_t got;

	snprintf(name, sizeof(name), "/proc/self/fdinfo/%d", fd);

	AUTO_CLOSE int info = open(name, O_RDONLY | O_CLOEXEC);

	if (info < 0)
		return STATUS_IO;
	got = read(info, text, sizeof(text) - 1);
	if (got <= 0)
		return STATUS_IO;
	text[got] = '\0';

	const char *at = strstr(text, "mnt_id:");

	if (!at || sscanf(at, "mnt_id: %d", out) != 1)
		return STATUS_IO;
	return STATUS_OK;
}

static enum status read_whole(int fd, char **ret_text, size_t *ret_len)
{
	AUTO_FREE char *text = NULL;
	size_t len = 0, room = 0;

	for (;;) {
		ssize_t got;

		if (len == room) {
			room = room ? room * 2 : 16384;
			char *grown = realloc(text, room);

			if (!grown)
				return STATUS_NO_MEMORY;
			text = grown;
		}
		got = read(fd, &text[len], room - len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return STATUS_IO;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*ret_text = text;
	text = NULL;
	*ret_len = len;
	return STATUS_OK;
}

static enum status parse_lines(struct mounts *mounts, size_t len)
{
	size_t lines = 1, pos = 0;

	for (size_t i = 0; i < len; i++)
		lines += mounts->text[i] == '\n';
	mounts->list = calloc(lines, sizeof(*mounts->list));
	if (!mounts->list)
		return STATUS_NO_MEMORY;

	while (pos < len) {
		const char *end = memchr(&mounts->text[pos], '\n', len - pos);
		struct line line = { .text = &mounts->text[pos], .len = len - pos };

		if (end)
			line.len = (size_t)(end - line.text);
		if (parse_line(&line, &mounts->list[mounts->count]))
			mounts->count++;
		pos += line.len + 1;
	}
	return STATUS_OK;
}

static bool parse_line(struct line *line, struct mount *out)
{
	struct mount mount = { 0 };
	struct slice id = next_field(line);
	struct slice parent = next_field(line);
	struct slice type;

	next_field(line); /* device */
	next_field(line); /* root of the mount in its file system */
	mount.point = next_field(line);
	while (!slice_is(next_field(line), "-"))
		if (line->pos >= line->len)
			return false;
	type = next_field(line);
	if (!parse_id(id, &mount.id) || !parse_id(parent, &mount.parent))
		return false;
	if (type.len == 0 || mount.point.len == 0)
		return false;
	/* "/" is the only point that ends with a slash; without it, all paths are alike. */
	if (slice_is(mount.point, "/"))
		mount.point.len = 0;
	if (type.len > MOUNT_TYPE_LEN)
		type.len = MOUNT_TYPE_LEN;
	memcpy(mount.type, type.base, type.len);
	mount.class = mount_class_of(mount.type);
	*out = mount;
	return true;
}

/* Empty at the end of the line. */
static struct slice next_field(struct line *line)
{
	size_t start = line->pos;

	while (line->pos < line->len && line->text[line->pos] != ' ')
		line->pos++;

	struct slice field = { (const uint8_t *)&line->text[start], 0 };

	field.len = unescape(&line->text[start], line->pos - start);
	if (line->pos < line->len)
		line->pos++;
	return field;
}

static bool is_octal(char c, char highest)
{
	return c >= '0' && c <= highest;
}

/* In place; returns the new length. */
static size_t unescape(char *text, size_t len)
{
	size_t to = 0;

	for (size_t from = 0; from < len; from++) {
		if (text[from] == '\\' && len - from > 3 &&
		    is_octal(text[from + 1], '3') && is_octal(text[from + 2], '7') &&
		    is_octal(text[from + 3], '7')) {
			int byte = (text[from + 1] - '0') * 64 +
				   (text[from + 2] - '0') * 8 + (text[from + 3] - '0');

			text[to++] = (char)byte;
			from += 3;
		} else {
			text[to++] = text[from];
		}
	}
	return to;
}

static bool parse_id(struct slice text, int *out)
{
	int value = 0;

	if (text.len == 0 || text.len > 9)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_octal((char)text.base[i], '9'))
			return false;
		value = value * 10 + (text.base[i] - '0');
	}
	*out = value;
	return true;
}
