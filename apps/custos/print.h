/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lines of a scan: for people, or one JSON object each (host/record.h).
 */
#pragma once

#include <stdbool.h>

#include "base/json.h"
#include "result.h"

struct printer {
	bool is_json;
	bool is_verbose;      /* also what is clean, allowed or left out */
	bool list_incomplete; /* each object that was not looked at; else they are counted */
	const struct catalog *catalog;
	char *database; /* the names of the sources with + between */
	struct json json;
};

void printer_init(struct printer *printer, const struct catalog *catalog);
void printer_clear(struct printer *printer);

/* All lines of one file, once it is judged. */
void print_result(struct printer *printer, const struct result *result);

/* For people: "path ! member: found Rule (source)", and "...: incomplete (reason): detail". */
void print_hit(const struct catalog *catalog, const struct result *result,
	       const struct result_hit *hit);
void print_gap(const struct result *result, const struct result_gap *gap);

/* A path that could not be scanned at all, and why. */
void print_error(struct printer *printer, struct slice path, const char *message);

/* A name that was met and left out on purpose. */
void print_left_out(struct printer *printer, struct slice path, const char *why);

/* "path ! member ! member", escaped; free() it. */
char *print_object_path(struct slice path, const struct result_object *object);

/* What printer->json holds, as a line. */
void print_json_line(struct printer *printer);
