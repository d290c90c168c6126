/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/reason.h"
#include "config/quantity.h"

static bool parse_value(const struct setting *setting, const char *text, uint64_t *out);
static bool parse_flag(const char *text, uint64_t *out);
static bool parse_reasons(const char *text, uint64_t *out);
static bool parse_choice(const char *choices, const char *text, uint64_t *out);
static bool within(const struct setting *setting, uint64_t number);
static void explain(const struct setting *setting, const char *where, const char *text,
		    struct config_error *error);
static void forget(struct config_value *value);
static void take_text(struct config_value *value, const char *text);
static char *copy_text(const char *text);
static bool read_line(struct config *config, enum config_origin origin, const char *where,
		      struct slice line, struct config_error *error);
static struct slice trimmed(struct slice text);
static void write_value(FILE *out, const struct setting *setting,
			const struct config_value *value);
static void write_choice(FILE *out, const char *choices, uint64_t place);
static void write_reasons(FILE *out, uint64_t bits);

void config_init(struct config *config)
{
	struct config_error error;

	memset(config, 0, sizeof(*config));
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		bool ok = config_set(config, (enum setting_id)i,
				     (struct config_place){ ORIGIN_DEFAULT, NULL },
				     settings[i].fallback, &error);
		assert(ok);
	}
}

void config_clear(struct config *config)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++)
		forget(&config->values[i]);
}

bool config_set(struct config *config, enum setting_id id, struct config_place place,
		const char *text, struct config_error *error)
{
	const struct setting *setting = &settings[id];
	struct config_value *value = &config->values[id];
	bool is_list = setting->type == SETTING_LIST;
	uint64_t number = 0;

	if (setting->scope == SCOPE_SYSTEM &&
	    (place.origin == ORIGIN_USER || place.origin == ORIGIN_ENVIRONMENT)) {
		snprintf(error->text, sizeof(error->text),
			 "%s: '%s' is taken from options and from /etc/custos only",
			 place.where, setting->name);
		return false;
	}
	if (!parse_value(setting, text, &number)) {
		explain(setting, place.where, text, error);
		return false;
	}
	if (place.origin < value->origin)
		return true;

	if (!is_list || place.origin > value->origin || !*text)
		forget(value);
	free(value->where);
	value->where = place.where ? copy_text(place.where) : NULL;
	value->origin = place.origin;
	value->number = number;
	if ((is_list || setting->type == SETTING_TEXT) && *text)
		take_text(value, text);
	return true;
}

static bool parse_value(const struct setting *setting, const char *text, uint64_t *out)
{
	switch (setting->type) {
	case SETTING_FLAG:
		return parse_flag(text, out);
	case SETTING_NUMBER:
		return quantity_parse_number(text, out) && within(setting, *out);
	case SETTING_SIZE:
		return quantity_parse_size(text, out) && within(setting, *out);
	case SETTING_TIME:
		return quantity_parse_time(text, out) && within(setting, *out);
	case SETTING_REASONS:
		return parse_reasons(text, out);
	case SETTING_CHOICE:
		return parse_choice(setting->choices, text, out);
	case SETTING_TEXT:
	case SETTING_LIST:
		return true;
	}
	return false;
}

static bool parse_flag(const char *text, uint64_t *out)
{
	return parse_choice("no|yes", text, out) ||
	       parse_choice("false|true", text, out) || parse_choice("0|1", text, out);
}

static bool parse_reasons(const char *text, uint64_t *out)
{
	uint64_t bits = 0;

	while (*text) {
		size_t len = strcspn(text, ",");
		enum reason reason;

		if (!reason_parse(text, len, &reason))
			return false;
		bits |= UINT64_C(1) << (unsigned)reason;
		text += len;
		if (*text == ',' && *++text == '\0')
			return false;
	}
	*out = bits;
	return true;
}

static bool parse_choice(const char *choices, const char *text, uint64_t *out)
{
	size_t text_len = strlen(text);

	for (uint64_t place = 0; *choices; place++) {
		size_t len = strcspn(choices, "|");

		if (len == text_len && memcmp(choices, text, len) == 0) {
			*out = place;
			return true;
		}
		choices += len + (choices[len] == '|');
	}
	return false;
}

static bool within(const struct setting *setting, uint64_t number)
{
	return number >= setting->min && (setting->max == 0 || number <= setting->max);
}

/* Says what would have been right, as `text` is not. */
static void explain(const struct setting *setting, const char *where, const char *text,
		    struct config_error *error)
{
	static const char *const wanted[] = {
		[SETTING_FLAG] = "yes or no",
		[SETTING_NUMBER] = "a number",
		[SETTING_SIZE] = "a size such as 64K, 100M or 4G",
		[SETTING_TIME] = "a time such as 500ms, 30s or 5m",
		[SETTING_TEXT] = "a text",
		[SETTING_LIST] = "a text",
		[SETTING_REASONS] = "reasons with commas between, out of: ",
		[SETTING_CHOICE] = "one of: ",
	};
	char list[512] = "";
	size_t at = 0;

	for (unsigned i = 0; setting->type == SETTING_REASONS && i < REASON_COUNT; i++) {
		int len = snprintf(list + at, sizeof(list) - at, "%s%s", i > 0 ? " " : "",
				   reason_name((enum reason)i));

		assert(len > 0 && (size_t)len < sizeof(list) - at);
		at += (size_t)len;
	}
	if (setting->type == SETTING_CHOICE)
		snprintf(list, sizeof(list), "%s", setting->choices);
	if (setting->max > 0 && setting->type == SETTING_NUMBER)
		snprintf(list, sizeof(list), " from %llu to %llu",
			 (unsigned long long)setting->min,
			 (unsigned long long)setting->max);

	snprintf(error->text, sizeof(error->text),
		 "%s: '%s' does not fit '%s', which is %s%s", where ? where : "default",
		 text, setting->name, wanted[setting->type], list);
}

static void forget(struct config_value *value)
{
	for (size_t i = 0; i < value->text_count; i++)
		free(value->texts[i]);
	free(value->texts);
	free(value->where);
	*value = (struct config_value){ .origin = value->origin };
}

static void take_text(struct config_value *value, const char *text)
{
	size_t count = value->text_count + 1;
	char **texts = reallocarray(value->texts, count, sizeof(*texts));

	if (!texts)
		abort();
	texts[count - 1] = copy_text(text);
	value->texts = texts;
	value->text_count = count;
}

/*
 * A few short texts at the program's start: without memory for those nothing else
 * would work.
 */
static char *copy_text(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		abort();
	return copy;
}

bool config_read(struct config *config, enum config_origin origin, const char *path,
		 struct slice bytes, struct config_error *error)
{
	size_t start = 0;

	for (unsigned number = 1; start < bytes.len; number++) {
		const uint8_t *line = &bytes.base[start];
		const uint8_t *end = memchr(line, '\n', bytes.len - start);
		size_t len = end ? (size_t)(end - line) : bytes.len - start;
		char where[512];

		snprintf(where, sizeof(where), "%s:%u", path, number);
		if (!read_line(config, origin, where,
			       trimmed((struct slice){ line, len }), error))
			return false;
		start += len + 1;
	}
	return true;
}

static bool read_line(struct config *config, enum config_origin origin, const char *where,
		      struct slice line, struct config_error *error)
{
	AUTO_FREE char *text = NULL;
	enum setting_id id;
	const uint8_t *equals;
	struct slice key, value;

	if (line.len == 0 || line.base[0] == '#')
		return true;
	equals = memchr(line.base, '=', line.len);
	if (!equals || memchr(line.base, '\0', line.len)) {
		snprintf(error->text, sizeof(error->text),
			 "%s: not of the form key = value", where);
		return false;
	}
	key = trimmed((struct slice){ line.base, (size_t)(equals - line.base) });
	value = trimmed((struct slice){ equals + 1,
					line.len - 1 - (size_t)(equals - line.base) });
	if (!setting_find(key, &id)) {
		snprintf(error->text, sizeof(error->text),
			 "%s: there is no setting '%.*s'", where,
			 (int)(key.len < 80 ? key.len : 80), (const char *)key.base);
		return false;
	}
	text = strndup((const char *)value.base, value.len);
	if (!text)
		abort();
	return config_set(config, id, (struct config_place){ origin, where }, text,
			  error);
}

static struct slice trimmed(struct slice text)
{
	size_t start = 0, end = text.len;

	while (start < end && strchr(" \t\r", text.base[start]) && text.base[start])
		start++;
	while (end > start && strchr(" \t\r", text.base[end - 1]) && text.base[end - 1])
		end--;
	return (struct slice){ &text.base[start], end - start };
}

char *config_write(const struct config *config, enum setting_id id)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	write_value(out, &settings[id], &config->values[id]);
	if (fclose(out) != 0)
		abort();
	return text;
}

static void write_value(FILE *out, const struct setting *setting,
			const struct config_value *value)
{
	char quantity[QUANTITY_TEXT_MAX];
	const char *separator = "";

	switch (setting->type) {
	case SETTING_FLAG:
		fputs(value->number ? "yes" : "no", out);
		break;
	case SETTING_NUMBER:
		fprintf(out, "%llu", (unsigned long long)value->number);
		break;
	case SETTING_SIZE:
		fputs(quantity_write_size(value->number, quantity), out);
		break;
	case SETTING_TIME:
		fputs(quantity_write_time(value->number, quantity), out);
		break;
	case SETTING_CHOICE:
		write_choice(out, setting->choices, value->number);
		break;
	case SETTING_REASONS:
		write_reasons(out, value->number);
		break;
	case SETTING_TEXT:
	case SETTING_LIST:
		for (size_t i = 0; i < value->text_count; i++, separator = ", ")
			fprintf(out, "%s%s", separator, value->texts[i]);
		break;
	}
}

static void write_choice(FILE *out, const char *choices, uint64_t place)
{
	for (uint64_t i = 0; i < place; i++)
		choices += strcspn(choices, "|") + 1;
	fprintf(out, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void write_reasons(FILE *out, uint64_t bits)
{
	const char *separator = "";

	for (unsigned i = 0; i < REASON_COUNT; i++) {
		if (!(bits >> i & 1))
			continue;
		fprintf(out, "%s%s", separator, reason_name((enum reason)i));
		separator = ",";
	}
}
