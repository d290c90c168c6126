/* SPDX-License-Identifier: Apache-2.0 */
/* What scripts of differences do; sigtool --run-cdiff does the same with each of these. */
#include <stdlib.h>

#include "bytes/reader.h"
#include "cvd/diff.h"
#include "test.h"
#include "text_buffer.h"

static uint8_t memory[256 * 1024];
static struct arena arena;
static struct cvd_room room;
static struct cvd_files files;
static struct text_buffer shown;

static bool write_memory(void *context, uint64_t offset, const void *bytes, size_t len)
{
	(void)context;
	if (offset + len > sizeof(memory))
		return false;
	memcpy(memory + offset, bytes, len);
	return true;
}

static struct source read_memory(void *context, uint64_t size)
{
	(void)context;
	return source_of_memory(memory, (size_t)size);
}

static void add_file(const char *name, const char *text)
{
	struct cvd_file *file = cvd_files_add(&files, slice_of(name));

	if (!file)
		abort();
	file->range.offset = room.at;
	file->range.len = strlen(text);
	room_put(&room, slice_of(text));
	if (room_sync(&room) != STATUS_OK)
		abort();
}

/* All files as "name: line,line,|"; or "line N: why". */
static const char *after(const char *script)
{
	struct cvd_diff diff = { .script = slice_of(script) };

	arena_init(&arena, 1 << 20);
	room = (struct cvd_room){ .write = write_memory,
				  .read = read_memory,
				  .size_max = sizeof(memory) };
	if (cvd_files_init(&files, &arena, &room) != STATUS_OK)
		abort();
	add_file("a.ndb", "one\ntwo\nthree\nfour\nfive\n");
	add_file("b.ndb", "x\ny\n");
	enum status status = cvd_diff_apply(&diff, &files, &arena);
	text_clear(&shown);
	if (status == STATUS_MALFORMED)
		text_add(&shown, "line %u: %s", diff.line, diff.reason);
	for (size_t i = 0; i < files.count && status == STATUS_OK; i++) {
		struct source source = room_range(&room, files.list[i].range);
		struct slice text = { 0 };
		text_add(&shown, "%.*s: ", (int)files.list[i].name.len,
			 (const char *)files.list[i].name.base);
		if (source_memory(&source, &text))
			for (size_t c = 0; c < text.len; c++)
				text_add(&shown, "%c",
					 text.base[c] == '\n' ? ',' : text.base[c]);
		text_add(&shown, "|");
	}
	arena_clear(&arena);
	return shown.text;
}

#define REST "b.ndb: x,y,|"

TEST("lines are added, removed and exchanged")
{
	static const struct {
		const char *script, *shown;
	} cases[] = {
		{ "", "a.ndb: one,two,three,four,five,|" REST },
		{ "# nothing\n", "a.ndb: one,two,three,four,five,|" REST },
		{ "OPEN a.ndb\nDEL 2 two\nCLOSE\n", "a.ndb: one,three,four,five,|" REST },
		{ "OPEN a.ndb\nDEL 3 th\nCLOSE\n", "a.ndb: one,two,four,five,|" REST },
		{ "OPEN a.ndb\nDEL 4 f\nDEL 2 t\nCLOSE", "a.ndb: one,three,five,|" REST },
		{ "OPEN a.ndb\nDEL 5 five\nDEL 1 o\nCLOSE\n",
		  "a.ndb: two,three,four,|" REST },
		{ "OPEN a.ndb\nADD q\nDEL 1 one\nXCHG 5 fi FIVE 5\nADD r\nCLOSE\n",
		  "a.ndb: two,three,four,FIVE 5,q,r,|" REST },
		{ "OPEN a.ndb\nADD \nADD x\r\nCLOSE\n",
		  "a.ndb: one,two,three,four,five,,x\r,|" REST },
		{ "OPEN a.ndb\nADD \nADD x\nCLOSE\nOPEN a.ndb\nDEL 6 \nCLOSE\n",
		  "a.ndb: one,two,three,four,five,x,|" REST },
		{ "OPEN c.ndb\nADD new\nCLOSE\n",
		  "a.ndb: one,two,three,four,five,|" REST "c.ndb: new,|" },
		{ "OPEN b.ndb\nDEL 1 x\nDEL 2 y\nCLOSE\n",
		  "a.ndb: one,two,three,four,five,|b.ndb: |" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(after(cases[i].script), cases[i].shown);
}

TEST("lines are moved from one file to another, and files removed")
{
	CHECK_STR(after("MOVE a.ndb b.ndb 2 two 3 three\n"),
		  "a.ndb: one,four,five,|b.ndb: x,y,two,three,|");
	CHECK_STR(after("MOVE a.ndb b.ndb 1 o 5 f\n"),
		  "a.ndb: |b.ndb: x,y,one,two,three,four,five,|");
	CHECK_STR(after("UNLINK b.ndb\n"), "a.ndb: one,two,three,four,five,|");
	CHECK_STR(after("UNLINK a.ndb\nOPEN a.ndb\nADD q\nCLOSE\n"), REST "a.ndb: q,|");
}

TEST("what does not fit is refused, with its line")
{
	static const struct {
		const char *script, *shown;
	} cases[] = {
		{ "OPEN a.ndb\nDEL 3 tw\nCLOSE\n",
		  "line 3: a line that is to be changed is not there" },
		{ "OPEN a.ndb\nDEL 9 two\nCLOSE\n",
		  "line 3: a line that is to be changed is not there" },
		{ "OPEN a.ndb\nDEL 6 x\nCLOSE\n",
		  "line 3: a line that is to be changed is not there" },
		{ "OPEN a.ndb\nDEL 0 one\nCLOSE\n", "line 2: the line's number is none" },
		{ "OPEN a.ndb\nDEL x one\nCLOSE\n", "line 2: the line's number is none" },
		{ "OPEN a.ndb\nDEL 1\nCLOSE\n",
		  "line 3: a line that is to be changed is not there" },
		{ "OPEN a.ndb\nXCHG 1  new\nCLOSE\n",
		  "line 2: a line has to be named by its beginning" },
		{ "OPEN a.ndb\nXCHG 5 five\nCLOSE\n", "line 2: there is no new line" },
		{ "OPEN a.ndb\nDEL 2 two\nXCHG 2 two z\nCLOSE\n",
		  "line 4: a line is changed twice" },
		{ "ADD new\n", "line 1: no file is open" },
		{ "DEL 1 one\n", "line 1: no file is open" },
		{ "CLOSE\n", "line 1: no file is open" },
		{ "OPEN a.ndb\nADD new\n", "line 2: a file is not closed" },
		{ "OPEN a.ndb\nOPEN b.ndb\n", "line 2: a file is open already" },
		{ "OPEN a.ndb\nUNLINK b.ndb\n", "line 2: a file is open" },
		{ "OPEN a.ndb\nMOVE a.ndb b.ndb 2 two 3 three\n",
		  "line 2: a file is open" },
		{ "UNLINK z.ndb\n", "line 1: there is no such file" },
		{ "MOVE a.ndb z.ndb 2 two 3 three\n",
		  "line 1: MOVE needs two files that are there" },
		{ "MOVE a.ndb a.ndb 2 two 3 three\n",
		  "line 1: MOVE needs two files that are there" },
		{ "MOVE a.ndb b.ndb 3 three 2 two\n",
		  "line 1: the lines' numbers are none" },
		{ "MOVE a.ndb b.ndb 2 two 9 three\n",
		  "line 1: a line that is to be moved is not there" },
		{ "MOVE a.ndb b.ndb 2 xx 3 three\n",
		  "line 1: a line that is to be moved is not there" },
		{ "OPEN ../a.ndb\n", "line 1: the file's name is not plain" },
		{ "OPEN \n", "line 1: the file's name is not plain" },
		{ "OPEN a.ndb\r\n", "line 1: the file's name is not plain" },
		{ "open a.ndb\n", "line 1: an unknown command" },
		{ "\nOPEN a.ndb\n", "line 1: an unknown command" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(after(cases[i].script), cases[i].shown);
}

TEST_MAIN()
