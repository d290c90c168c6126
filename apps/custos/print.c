/* SPDX-License-Identifier: Apache-2.0 */
#include "print.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "host/record.h"
#include "memory.h"
#include "screen.h"

static void text_result(const struct printer *printer, const struct result *result);
static void json_result_lines(struct printer *printer, const struct result *result);
static void json_hit(struct printer *printer, const struct result *result,
		     const struct result_hit *hit);
static void json_gap(struct printer *printer, const struct result *result,
		     const struct result_gap *gap);

void printer_init(struct printer *printer, const struct catalog *catalog)
{
	size_t len;
	FILE *out = open_memstream(&printer->database, &len);

	if (!out)
		abort();
	for (size_t i = 0; i < catalog->source_count; i++) {
		const struct slice *name = &catalog->sources[i].name;

		fprintf(out, "%s%.*s", i > 0 ? "+" : "", (int)name->len,
			(const char *)name->base);
	}
	if (fclose(out) != 0)
		abort();
	printer->catalog = catalog;
	json_init(&printer->json);
}

void printer_clear(struct printer *printer)
{
	free(printer->database);
	json_clear(&printer->json);
}

void print_result(struct printer *printer, const struct result *result)
{
	if (printer->is_json)
		json_result_lines(printer, result);
	else
		text_result(printer, result);
}

void print_error(struct printer *printer, struct slice path, const char *message)
{
	AUTO_FREE char *name = memory_text(path);

	if (!printer->is_json) {
		screen_error("%s: %s", *name ? name : "''", message);
		return;
	}
	json_reset(&printer->json);
	record_write(&printer->json, &(struct record){
					     .type = RECORD_ERROR,
					     .path = path,
					     .message = slice_of(message),
				     });
	print_json_line(printer);
}

void print_left_out(struct printer *printer, struct slice path, const char *why)
{
	if (printer->is_json || !printer->is_verbose)
		return;
	screen_text(path);
	screen_print(SCREEN_PLAIN, ": ");
	screen_print(SCREEN_FAINT, "left out (%s)", why);
	screen_print(SCREEN_PLAIN, "\n");
}

char *print_object_path(struct slice path, const struct result_object *object)
{
	AUTO_FREE char *first = screen_escaped(path);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	fputs(first, out);
	for (size_t i = 0; i < object->count; i++) {
		AUTO_FREE char *name = screen_escaped(object->names[i]);

		fprintf(out, " ! %s", *name ? name : "(no name)");
	}
	if (fclose(out) != 0)
		abort();
	return text;
}

static void text_result(const struct printer *printer, const struct result *result)
{
	bool list_gaps = printer->list_incomplete || printer->is_verbose;
	uint64_t more = result->gaps_more;

	for (size_t i = 0; i < result->hit_count; i++)
		if (result->hits[i].state == HIT_SHOWN ||
		    (result->hits[i].state == HIT_ALLOWED && printer->is_verbose))
			print_hit(printer->catalog, result, &result->hits[i]);
	for (size_t i = 0; list_gaps && i < result->gap_count; i++)
		print_gap(result, &result->gaps[i]);
	if (list_gaps && more > 0) {
		screen_text(result->item.path);
		screen_print(SCREEN_PLAIN, ": incomplete in %llu more places\n",
			     (unsigned long long)more);
	}
	if (printer->is_verbose && result_verdict(result) == VERDICT_CLEAN) {
		screen_text(result->item.path);
		screen_print(SCREEN_PLAIN, ": nothing found\n");
	}
}

void print_hit(const struct catalog *catalog, const struct result *result,
	       const struct result_hit *hit)
{
	AUTO_FREE char *path = NULL;
	struct rule_info rule = { 0 };

	if (!database_rule(&catalog->database, hit->segment, hit->rule, &rule))
		return;
	path = print_object_path(result->item.path, &hit->object);
	screen_print(SCREEN_PLAIN, "%s: ", path);
	if (hit->state == HIT_ALLOWED)
		screen_print(SCREEN_FAINT, "allowed ");
	else
		screen_print(SCREEN_BAD, "found ");
	screen_text(rule.name);
	screen_print(SCREEN_PLAIN, " (");
	screen_text(rule.source);
	if (hit->view != VIEW_RAW)
		screen_print(SCREEN_PLAIN, ", in its %s", view_name(hit->view));
	screen_print(SCREEN_PLAIN, ")");
	if (hit->member.len > 0) {
		screen_print(SCREEN_PLAIN, " in member ");
		screen_text(hit->member);
	}
	if (hit->state == HIT_ALLOWED) {
		screen_print(SCREEN_PLAIN, ": ");
		screen_text(slice_of(hit->allowed->reason));
	}
	screen_print(SCREEN_PLAIN, "\n");
}

void print_gap(const struct result *result, const struct result_gap *gap)
{
	AUTO_FREE char *path = print_object_path(result->item.path, &gap->object);

	screen_print(SCREEN_PLAIN, "%s: ", path);
	screen_print(SCREEN_DOUBT, "incomplete");
	screen_print(SCREEN_PLAIN, " (%s)", reason_name(gap->reason));
	if (*gap->detail) {
		screen_print(SCREEN_PLAIN, ": ");
		screen_text(slice_of(gap->detail));
	}
	screen_print(SCREEN_PLAIN, "\n");
}

/* The findings, what is incomplete, and last the file itself. */
static void json_result_lines(struct printer *printer, const struct result *result)
{
	uint64_t more = result->gaps_more;
	char message[80];

	for (size_t i = 0; i < result->hit_count; i++)
		json_hit(printer, result, &result->hits[i]);
	for (size_t i = 0; i < result->gap_count; i++)
		json_gap(printer, result, &result->gaps[i]);
	if (more > 0)
		snprintf(message, sizeof(message), "incomplete in %llu more places",
			 (unsigned long long)more);
	json_reset(&printer->json);
	record_write(&printer->json,
		     &(struct record){
			     .type = RECORD_OBJECT,
			     .path = result->item.path,
			     .has_verdict = true,
			     .verdict = result_verdict(result),
			     .has_size = true,
			     .size_bytes = result->item.size,
			     .allowed = result->tally.n[TALLY_ALLOWED],
			     .database = slice_of(printer->database),
			     .message = more > 0 ? slice_of(message) : slice_of(""),
			     .is_cached = result->item.is_known,
			     .has_ms = true,
			     .ms = result->ms,
		     });
	print_json_line(printer);
}

/* Empty, and so left out, where nobody could tell. */
static struct slice type_of(const struct result_object *object)
{
	return slice_of(object->type ? object->type : "");
}

static void json_hit(struct printer *printer, const struct result *result,
		     const struct result_hit *hit)
{
	struct rule_info rule = { 0 };

	if (hit->state != HIT_SHOWN ||
	    !database_rule(&printer->catalog->database, hit->segment, hit->rule, &rule))
		return;
	json_reset(&printer->json);
	record_write(&printer->json,
		     &(struct record){
			     .type = RECORD_FINDING,
			     .path = result->item.path,
			     .objects = hit->object.names,
			     .object_count = hit->object.count,
			     .has_verdict = true,
			     .verdict = VERDICT_FOUND,
			     .rule = rule.name,
			     .source = rule.source,
			     .has_place = true,
			     .offset = hit->offset,
			     .len = hit->len,
			     .member = hit->member,
			     .view = hit->view,
			     .has_size = true,
			     .object_type = type_of(&hit->object),
			     .size_bytes = hit->object.size_bytes,
			     .sha256 = hit->has_sha256 ? hit->sha256 : NULL,
			     .database = slice_of(printer->database),
		     });
	print_json_line(printer);
}

static void json_gap(struct printer *printer, const struct result *result,
		     const struct result_gap *gap)
{
	json_reset(&printer->json);
	record_write(&printer->json, &(struct record){
					     .type = RECORD_INCOMPLETE,
					     .path = result->item.path,
					     .objects = gap->object.names,
					     .object_count = gap->object.count,
					     .has_verdict = true,
					     .verdict = VERDICT_INCOMPLETE,
					     .has_place = gap->offset > 0,
					     .offset = gap->offset,
					     .has_reason = true,
					     .reason = gap->reason,
					     .detail = slice_of(gap->detail),
					     .has_size = true,
					     .object_type = type_of(&gap->object),
					     .size_bytes = gap->object.size_bytes,
					     .database = slice_of(printer->database),
				     });
	print_json_line(printer);
}

void print_json_line(struct printer *printer)
{
	struct slice line;

	if (!json_result(&printer->json, &line))
		abort();
	screen_status_wipe();
	fwrite(line.base, 1, line.len, stdout);
	putchar('\n');
}
