/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "screen.h"

enum {
	PATH_COLUMNS_MIN = 16,
	FIRST_MS = 500, /* a short scan shows nothing */
	EVERY_MS = 200,
	FORECAST_MS = 1000, /* a scan that is over by then needs no forecast */
	LEFT_MS_MIN = 3000, /* before that the rate says little */
	FILE_COST =
		32768, /* opening a file takes as long as reading so many bytes of it */
};

static void update_rate(struct progress *progress, uint64_t now_ms, uint64_t bytes);
static void write_left(FILE *out, const struct progress *progress, uint64_t elapsed_ms,
		       const struct tally *tally);

static double cost_of(uint64_t bytes, uint64_t files)
{
	return (double)bytes + (double)files * FILE_COST;
}

void progress_start(struct progress *progress, uint64_t now_ms,
		    const struct walk_options *walk, const struct tally *tally)
{
	*progress = (struct progress){
		.is_on = screen_has_status(),
		.started_ms = now_ms,
		.drawn_ms = now_ms,
		.bytes_drawn = tally->n[TALLY_BYTES],
		.cost_before = cost_of(tally->n[TALLY_BYTES], tally->n[TALLY_FILES]),
		.forecast = { .fd = -1 },
		.walk = *walk,
	};
}

static void write_clock(FILE *out, uint64_t ms)
{
	uint64_t seconds = ms / 1000;

	if (seconds >= 3600)
		fprintf(out, "%llu:%02u:%02u", (unsigned long long)(seconds / 3600),
			(unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	else
		fprintf(out, "%u:%02u", (unsigned)(seconds / 60),
			(unsigned)(seconds % 60));
}

void progress_show(struct progress *progress, uint64_t now_ms, const struct tally *tally,
		   struct slice path)
{
	uint64_t elapsed = now_ms - progress->started_ms;
	char size[QUANTITY_TEXT_MAX], rate[QUANTITY_TEXT_MAX], count[QUANTITY_TEXT_MAX];
	AUTO_FREE char *line = NULL;
	size_t len, columns;
	FILE *out;

	if (!progress->is_on || elapsed < FIRST_MS ||
	    now_ms - progress->drawn_ms < EVERY_MS)
		return;
	if (!progress->is_counting && progress->walk.root_count > 0 &&
	    elapsed >= FORECAST_MS) {
		forecast_start(&progress->forecast, &progress->walk);
		progress->is_counting = true;
	}
	forecast_update(&progress->forecast);
	update_rate(progress, now_ms, tally->n[TALLY_BYTES]);

	out = open_memstream(&line, &len);
	if (!out)
		abort();
	fputc('[', out);
	write_clock(out, elapsed);
	fprintf(out, "] %s files  %s  %s/s",
		quantity_show_count(tally->n[TALLY_FILES], count),
		quantity_show_size(tally->n[TALLY_BYTES], size),
		quantity_show_size((uint64_t)progress->rate, rate));
	if (tally->n[TALLY_FINDINGS] > 0)
		fprintf(out, "  %s found",
			quantity_show_count(tally->n[TALLY_FINDINGS], count));
	write_left(out, progress, elapsed, tally);
	fflush(out);
	columns = screen_columns();
	if (columns > len + PATH_COLUMNS_MIN) {
		AUTO_FREE char *text = screen_escaped(path);

		fprintf(out, "  %s", screen_shorten(text, columns - len - 6));
	}
	if (fclose(out) != 0)
		abort();
	screen_status(line);
}

void progress_stop(struct progress *progress)
{
	forecast_stop(&progress->forecast);
	screen_status_wipe();
}

static void update_rate(struct progress *progress, uint64_t now_ms, uint64_t bytes)
{
	double seconds = (double)(now_ms - progress->drawn_ms) / 1000;
	double now = (double)(bytes - progress->bytes_drawn) / seconds;

	/* The first figure is the average so far; then the last few seconds count. */
	if (progress->rate <= 0)
		progress->rate = now;
	else
		progress->rate += (now - progress->rate) *
				  (seconds > 2 ? 1 : seconds / 2);
	progress->drawn_ms = now_ms;
	progress->bytes_drawn = bytes;
}

static void write_left(FILE *out, const struct progress *progress, uint64_t elapsed_ms,
		       const struct tally *tally)
{
	const struct forecast *forecast = &progress->forecast;
	double all = cost_of(forecast->bytes, forecast->files);
	double done = cost_of(tally->n[TALLY_BYTES], tally->n[TALLY_FILES]);
	double now = done - progress->cost_before;

	if (!forecast->is_complete || all <= 0)
		return;
	/* Files may have come since they were counted. */
	if (done > all * 0.99)
		done = all * 0.99;
	fprintf(out, "  %u %%", (unsigned)(done / all * 100));
	if (elapsed_ms < LEFT_MS_MIN || now < all / 100)
		return;
	fputs("  ", out);
	write_clock(out, (uint64_t)((double)elapsed_ms * (all - done) / now));
	fputs(" left", out);
}
