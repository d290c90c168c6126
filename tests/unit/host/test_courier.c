/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Couriers on ordinary files; those that do not come back are in the system
 * tests, with a file system that does not answer.
 */
#include "host/courier.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "host/copy.h"
#include "scratch.h"
#include "test.h"

static struct courier *new_courier(uint32_t answer_ms, const volatile sig_atomic_t *stop)
{
	struct courier *courier = NULL;

	CHECK_EQ(courier_new(answer_ms, stop, &courier), STATUS_OK);
	return courier;
}

/* The process that was started last; those before it may be dead and not buried. */
static pid_t find_child(void)
{
	char path[64], text[256] = "";
	const char *last = text;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "r");
	if (!file || !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	for (const char *at = text; *at; at++)
		if (at[0] == ' ' && at[1] != '\0')
			last = &at[1];
	return (pid_t)strtol(last, NULL, 10);
}

TEST("a courier looks, lists and fetches as one would oneself")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place folder, file;
	struct names names = { 0 };
	char text[16] = "";
	int to;

	scratch_enter();
	scratch_write("folder/file", "content");
	scratch_write("folder/a\nb", "");
	REQUIRE(courier_look(courier, -1, "folder", LOOK_FOLLOW, &folder) == STATUS_OK);
	CHECK(S_ISDIR(folder.facts.mode));
	CHECK_EQ(fcntl(folder.fd, F_GETFL) & O_PATH, O_PATH);
	CHECK_EQ(courier_list(courier, folder.fd, geteuid(), &names), STATUS_OK);
	names_sort(&names);
	if (CHECK_EQ(names.count, 2)) {
		CHECK_STR(names_get(&names, 0), "a\nb");
		CHECK_STR(names_get(&names, 1), "file");
	}
	REQUIRE(courier_look(courier, folder.fd, "file", LOOK_INSIDE, &file) ==
		STATUS_OK);
	CHECK_EQ(file.facts.size, 7);
	CHECK(!file.is_other_mount);
	REQUIRE(copy_place(7, &to) == STATUS_OK);

	struct courier_copy copy = { .path_fd = file.fd, .to = to, .limit = 100 };

	CHECK_EQ(courier_fetch(courier, &copy), STATUS_OK);
	CHECK_EQ(copy.len, 7);
	CHECK(!copy.is_cut && !copy.has_changed);
	CHECK_EQ(pread(to, text, sizeof(text), 0), 7);
	CHECK_STR(text, "content");
	close(to);
	close(file.fd);
	close(folder.fd);
	names_clear(&names);
	courier_free(courier);
	scratch_leave();
}

TEST("what the system refuses is told as it is")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place place;
	struct names names = { 0 };

	scratch_enter();
	scratch_write("file", "");
	CHECK_EQ(courier_look(courier, -1, "nothing", LOOK_FOLLOW, &place), STATUS_IO);
	CHECK_EQ(errno, ENOENT);
	CHECK_EQ(place.fd, -1);
	REQUIRE(courier_look(courier, -1, "file", LOOK_FOLLOW, &place) == STATUS_OK);
	CHECK_EQ(courier_list(courier, place.fd, geteuid(), &names), STATUS_IO);
	CHECK_EQ(errno, ENOTDIR);
	close(place.fd);
	courier_free(courier);
	scratch_leave();
}

TEST("a mount on the way is passed, and told")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place root, place;

	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &root) == STATUS_OK);
	REQUIRE(courier_look(courier, root.fd, "proc", LOOK_INSIDE, &place) == STATUS_OK);
	CHECK(place.is_other_mount || !opener_sees_mounts());
	close(place.fd);
	close(root.fd);
	courier_free(courier);
}

TEST("one that was killed while idle is replaced unnoticed")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place place;

	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &place) == STATUS_OK);
	close(place.fd);

	pid_t child = find_child();

	if (child <= 0) {
		courier_free(courier);
		SKIP("/proc does not tell children");
	}
	kill(child, SIGKILL);
	waitid(P_PID, (id_t)child, &(siginfo_t){ 0 }, WEXITED | WNOWAIT);
	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &place) == STATUS_OK);
	CHECK(find_child() != child);
	close(place.fd);
	courier_free(courier);
}

TEST("one that does not answer is given up in time, and the next one works")
{
	struct courier *courier = new_courier(200, NULL);
	struct courier_place place;
	struct timespec before, after;

	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &place) == STATUS_OK);
	close(place.fd);

	pid_t child = find_child();

	if (child <= 0) {
		courier_free(courier);
		SKIP("/proc does not tell children");
	}
	kill(child, SIGSTOP);
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK_EQ(courier_look(courier, -1, "/", LOOK_FOLLOW, &place), STATUS_TIME);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK(after.tv_sec - before.tv_sec < 2);
	CHECK_EQ(place.fd, -1);
	CHECK_EQ(courier_look(courier, -1, "/", LOOK_FOLLOW, &place), STATUS_OK);
	close(place.fd);
	courier_free(courier);
}

static volatile sig_atomic_t stopped;

static void on_alarm(int number)
{
	(void)number;
	stopped = 1;
}

TEST("waiting ends when we are told to stop")
{
	struct courier *courier = new_courier(60000, &stopped);
	struct courier_place place;

	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &place) == STATUS_OK);
	close(place.fd);

	pid_t child = find_child();

	if (child <= 0) {
		courier_free(courier);
		SKIP("/proc does not tell children");
	}
	signal(SIGALRM, on_alarm);
	kill(child, SIGSTOP);
	ualarm(50000, 0);
	CHECK_EQ(courier_look(courier, -1, "/", LOOK_FOLLOW, &place), STATUS_END);
	stopped = 0;
	courier_free(courier);
}

TEST("a courier keeps no descriptor of ours")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place place;
	int ends[2];
	char byte;

	REQUIRE(pipe(ends) == 0);
	REQUIRE(courier_look(courier, -1, "/", LOOK_FOLLOW, &place) == STATUS_OK);
	close(place.fd);
	close(ends[1]);
	REQUIRE(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
	/* Were the other end open anywhere, this would be EAGAIN. */
	for (int i = 0; i < 100 && read(ends[0], &byte, 1) < 0; i++)
		usleep(10000);
	CHECK_EQ(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	courier_free(courier);
}

TEST("a path longer than an order may be is refused")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place place;
	char *path = malloc(COURIER_PATH_MAX + 1);

	memset(path, '/', COURIER_PATH_MAX);
	path[COURIER_PATH_MAX] = '\0';
	CHECK_EQ(courier_look(courier, -1, path, LOOK_FOLLOW, &place), STATUS_IO);
	CHECK_EQ(errno, ENAMETOOLONG);
	path[COURIER_PATH_MAX - 1] = '\0';
	CHECK_EQ(courier_look(courier, -1, path, LOOK_FOLLOW, &place), STATUS_OK);
	close(place.fd);
	free(path);
	courier_free(courier);
}

TEST("a fetch ends at its limit, and keeps holes where they can be believed")
{
	struct courier *courier = new_courier(10000, NULL);
	struct courier_place place;
	struct target_facts facts;
	int to;

	scratch_enter();
	scratch_write("file", "0123456789");
	REQUIRE(truncate("file", 1LL << 32) == 0);
	REQUIRE(courier_look(courier, -1, "file", LOOK_FOLLOW, &place) == STATUS_OK);
	REQUIRE(copy_place(UINT64_MAX, &to) == STATUS_OK);

	struct courier_copy copy = { .path_fd = place.fd,
				     .to = to,
				     .limit = UINT64_MAX / 2,
				     .trust_holes = true };

	if (place.facts.allocated < place.facts.size) {
		CHECK_EQ(courier_fetch(courier, &copy), STATUS_OK);
		CHECK_EQ(copy.len, 1LL << 32);
		CHECK(!copy.is_cut && !copy.has_changed);
		REQUIRE(target_look(to, &facts) == STATUS_OK);
		CHECK(facts.allocated < 1 << 20);
	}
	copy.limit = 5;
	copy.trust_holes = false;
	CHECK_EQ(courier_fetch(courier, &copy), STATUS_OK);
	CHECK_EQ(copy.len, 5);
	CHECK(copy.is_cut);
	close(to);
	close(place.fd);
	courier_free(courier);
	scratch_leave();
}

TEST_MAIN()
