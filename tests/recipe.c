/* SPDX-License-Identifier: Apache-2.0 */
#include "recipe.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One step: reads its arguments from `text` and appends. NULL or what is wrong. */
typedef const char *recipe_step(struct recipe *recipe, const char *text);

static recipe_step step_hex, step_text, step_le, step_be, step_fill, step_to;

static const struct {
	const char *verb;
	recipe_step *step;
} steps[] = {
	{ "hex", step_hex }, { "text", step_text }, { "le", step_le },
	{ "be", step_be },   { "fill", step_fill }, { "to", step_to },
};

static const char *follow_line(struct recipe *recipe, const char *line);

bool recipe_build(const char *text, struct recipe *out)
{
	char *copy = strdup(text);
	char *rest = copy;
	char *line;
	int number = 0;

	*out = (struct recipe){ .bytes = malloc(1) };
	while (copy && (line = strsep(&rest, "\n"))) {
		const char *error = follow_line(out, line);

		number++;
		if (!error)
			continue;
		recipe_free(out);
		snprintf(out->error, sizeof(out->error), "line %d: %s", number, error);
		break;
	}
	free(copy);
	return out->bytes != NULL;
}

bool recipe_load(const char *path, struct recipe *out)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t room = 0;
	ssize_t len = -1;

	*out = (struct recipe){ 0 };
	if (file) {
		len = getdelim(&text, &room, '\0', file);
		fclose(file);
	}
	if (len < 0)
		snprintf(out->error, sizeof(out->error), "cannot be read, or is empty");
	else
		recipe_build(text, out);
	free(text);
	return out->bytes != NULL;
}

void recipe_free(struct recipe *recipe)
{
	free(recipe->bytes);
	*recipe = (struct recipe){ 0 };
}

static const char *follow_line(struct recipe *recipe, const char *line)
{
	size_t len;

	line += strspn(line, " \t");
	len = strcspn(line, " \t");
	if (len == 0 || line[0] == '#')
		return NULL;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (len != strlen(steps[i].verb) ||
		    strncmp(line, steps[i].verb, len) != 0)
			continue;
		line += len;
		return steps[i].step(recipe, line + strspn(line, " \t"));
	}
	return "no such step";
}

static const char *append(struct recipe *recipe, uint8_t byte, size_t count)
{
	uint8_t *grown;

	if (count > RECIPE_BYTES_MAX - recipe->len)
		return "more than 64 MiB";
	grown = realloc(recipe->bytes, recipe->len + count + 1);
	if (!grown)
		return "out of memory";
	memset(grown + recipe->len, byte, count);
	recipe->bytes = grown;
	recipe->len += count;
	return NULL;
}

static bool take_hex_byte(const char **text, uint8_t *out)
{
	const char digits[3] = { (*text)[0], (*text)[0] ? (*text)[1] : '\0', '\0' };

	if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1]))
		return false;
	*out = (uint8_t)strtoul(digits, NULL, 16);
	*text += 2;
	return true;
}

static bool take_number(const char **text, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(*text, &end, 0);
	if (end == *text || errno != 0 || !isdigit((unsigned char)**text))
		return false;
	*text = end + strspn(end, " \t");
	return true;
}

static bool at_end(const char *text)
{
	return text[strspn(text, " \t")] == '\0';
}

static const char *step_hex(struct recipe *recipe, const char *text)
{
	while (!at_end(text)) {
		const char *error;
		uint8_t byte;

		text += strspn(text, " \t");
		if (!take_hex_byte(&text, &byte))
			return "two hex digits expected";
		error = append(recipe, byte, 1);
		if (error)
			return error;
	}
	return NULL;
}

static bool take_escape(const char **text, uint8_t *out)
{
	static const char names[] = "nrt\"\\", values[] = "\n\r\t\"\\";
	const char *name;

	if (**text == 'x') {
		(*text)++;
		return take_hex_byte(text, out);
	}
	name = **text ? strchr(names, **text) : NULL;
	if (!name)
		return false;
	*out = (uint8_t)values[name - names];
	(*text)++;
	return true;
}

static const char *append_string(struct recipe *recipe, const char **text)
{
	while (**text && **text != '"') {
		uint8_t byte = (uint8_t)(*text)[0];
		const char *error;

		(*text)++;
		if (byte == '\\' && !take_escape(text, &byte))
			return "unknown escape";
		error = append(recipe, byte, 1);
		if (error)
			return error;
	}
	if (**text != '"')
		return "closing \" expected";
	(*text)++;
	return NULL;
}

static const char *step_text(struct recipe *recipe, const char *text)
{
	do {
		const char *error;

		if (*text++ != '"')
			return "\" expected";
		error = append_string(recipe, &text);
		if (error)
			return error;
		text += strspn(text, " \t");
	} while (*text);
	return NULL;
}

static const char *integer(struct recipe *recipe, const char *text, bool big)
{
	uint64_t width, value;

	if (!take_number(&text, &width) || width < 1 || width > 8)
		return "a width of 1 to 8 expected";
	if (!take_number(&text, &value) || !at_end(text))
		return "one number expected";
	if (width < 8 && value >> (8 * width) != 0)
		return "the number does not fit";
	for (uint64_t i = 0; i < width; i++) {
		uint64_t shift = 8 * (big ? width - 1 - i : i);
		const char *error = append(recipe, (uint8_t)(value >> shift), 1);

		if (error)
			return error;
	}
	return NULL;
}

static const char *step_le(struct recipe *recipe, const char *text)
{
	return integer(recipe, text, false);
}

static const char *step_be(struct recipe *recipe, const char *text)
{
	return integer(recipe, text, true);
}

static const char *step_fill(struct recipe *recipe, const char *text)
{
	uint64_t count;
	uint8_t byte;

	if (!take_number(&text, &count) || !take_hex_byte(&text, &byte) || !at_end(text))
		return "a count and a byte expected";
	return append(recipe, byte, count);
}

static const char *step_to(struct recipe *recipe, const char *text)
{
	uint64_t len;
	uint8_t byte;

	if (!take_number(&text, &len) || !take_hex_byte(&text, &byte) || !at_end(text))
		return "a length and a byte expected";
	if (len < recipe->len)
		return "already longer than that";
	return append(recipe, byte, len - recipe->len);
}
