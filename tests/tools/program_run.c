/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program_run FILE PROGRAM.cbc…: runs each program over the file. A line for each: the
 * program's file, and "returned N", "failed WHY" or "refused WHY".
 */
#include "running.h"

enum { FILE_SIZE_MAX = 1 << 20 };

static size_t load(const char *path, char *out)
{
	FILE *file = fopen(path, "rb");

	if (!file) {
		perror(path);
		exit(2);
	}
	size_t len = fread(out, 1, FILE_SIZE_MAX, file);
	fclose(file);
	return len;
}

int main(int argc, char **argv)
{
	static char input[FILE_SIZE_MAX], program[FILE_SIZE_MAX];
	static struct running run;

	for (int i = 2; i < argc; i++) {
		running_start(&run);
		run.file = input;
		run.file_len = load(argv[1], input);
		running_text(&run, program, load(argv[i], program));
		if (run.read != STATUS_OK)
			printf("%s refused %s\n", argv[i], run.refused);
		else if (run.status != STATUS_OK)
			printf("%s failed %s\n", argv[i], run.result.why);
		else
			printf("%s returned %llu\n", argv[i],
			       (unsigned long long)run.result.value);
	}
	return 0;
}
