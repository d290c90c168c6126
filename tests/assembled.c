/* SPDX-License-Identifier: Apache-2.0 */
#include "assembled.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { LINE_MAX = 2048, LINE_LENGTH_SAID = 4096 };

/*
 * o: an operand, n: a number, C: how many operands, a number, the operands; G: how many
 * indices, a type, a pointer, the indices
 */
static const struct mnemonic {
	const char *name;
	const char *shape;
} mnemonics[] = {
	{ "", "" },           { "add", "oo" },       { "sub", "oo" },
	{ "mul", "oo" },      { "udiv", "oo" },      { "sdiv", "oo" },
	{ "urem", "oo" },     { "srem", "oo" },      { "shl", "oo" },
	{ "lshr", "oo" },     { "ashr", "oo" },      { "and", "oo" },
	{ "or", "oo" },       { "xor", "oo" },       { "trunc", "o" },
	{ "sext", "o" },      { "zext", "o" },       { "branch", "onn" },
	{ "jmp", "n" },       { "ret", "no" },       { "ret_void", "" },
	{ "eq", "noo" },      { "ne", "noo" },       { "ugt", "noo" },
	{ "uge", "noo" },     { "ult", "noo" },      { "ule", "noo" },
	{ "sgt", "noo" },     { "sge", "noo" },      { "sle", "noo" },
	{ "slt", "noo" },     { "select", "ooo" },   { "call_direct", "C" },
	{ "call_api", "C" },  { "copy", "oo" },      { "gep1", "noo" },
	{ "gepz", "noo" },    { "gepn", "G" },       { "store", "oo" },
	{ "load", "o" },      { "memset", "ooo" },   { "memcpy", "ooo" },
	{ "memmove", "ooo" }, { "memcmp", "ooo" },   { "isbigendian", "" },
	{ "abort", "" },      { "bswap16", "o" },    { "bswap32", "o" },
	{ "bswap64", "o" },   { "ptrdiff32", "oo" }, { "ptrtoint64", "o" },
};

struct section {
	size_t count;
	struct text_buffer text;
};

struct assembler {
	unsigned long long level, kind, lowest, highest, context, highest_api;
	char name[LINE_MAX];
	struct section types, apis, globals, functions;

	/* the function being put together */
	char head[LINE_MAX];
	size_t instructions, blocks;
	struct text_buffer body;
};

static void wrong(const char *line)
{
	fprintf(stderr, "assembler: %s\n", line);
	abort();
}

static void put_nibbles(struct text_buffer *out, unsigned long long value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		text_add(out, "%c", 0x60 | (int)(value >> (4 * i) & 15));
}

static unsigned nibbles(unsigned long long value)
{
	unsigned width = 0;

	for (; value > 0; value >>= 4)
		width++;
	return width;
}

static void put_number(struct text_buffer *out, unsigned long long value)
{
	text_add(out, "%c", 0x60 + (int)nibbles(value));
	put_nibbles(out, value, nibbles(value));
}

static void put_constant(struct text_buffer *out, unsigned long long value)
{
	text_add(out, "%c", 0x40 + (int)nibbles(value));
	put_nibbles(out, value, nibbles(value));
}

static void put_string(struct text_buffer *out, const char *string)
{
	size_t len = strlen(string) + 1;

	text_add(out, "|");
	put_number(out, len);
	for (size_t i = 0; i < len; i++)
		put_nibbles(out, (unsigned char)string[i], 2);
}

static bool next_word(const char **line, char word[LINE_MAX])
{
	int used = 0;

	if (sscanf(*line, "%2047s%n", word, &used) < 1)
		return false;
	*line += used;
	return true;
}

static unsigned long long number_of(const char *word)
{
	char *end;
	unsigned long long value = strtoull(word, &end, 0);

	if (end == word || *end != '\0')
		wrong(word);
	return value;
}

static unsigned long long next_number(const char **line)
{
	char word[LINE_MAX];

	if (!next_word(line, word))
		wrong("a number is missing");
	return number_of(word);
}

static void put_numbers(struct text_buffer *out, const char *line)
{
	char word[LINE_MAX];

	while (next_word(&line, word))
		put_number(out, number_of(word));
}

static size_t count_words(const char *line)
{
	char word[LINE_MAX];
	size_t count = 0;

	while (next_word(&line, word))
		count++;
	return count;
}

static void put_operand(struct text_buffer *out, const char *word)
{
	char *end;
	unsigned long long value = strtoull(word + 1, &end, 0);

	if (word[0] == 'v') {
		put_number(out, value);
		return;
	}
	put_constant(out, value);
	if (word[0] == 'g')
		put_nibbles(out, 0, 1);
	else if (word[0] == 'c' && *end == ':')
		put_nibbles(out, strtoull(end + 1, NULL, 0), 1);
	else
		wrong(word);
}

static void add_type(struct assembler *as, const char *line)
{
	static const char *const kinds[] = {
		"", "fn", "packed", "struct", "array", "ptr"
	};
	struct text_buffer *out = &as->types.text;
	char word[LINE_MAX];
	unsigned kind = 1;

	if (!next_word(&line, word))
		wrong("no type");
	while (kind < 6 && strcmp(kinds[kind], word) != 0)
		kind++;
	put_nibbles(out, kind, 1);
	if (kind < 4)
		put_number(out, count_words(line));
	put_numbers(out, line);
	as->types.count++;
}

static void add_api(struct assembler *as, const char *line)
{
	char word[LINE_MAX];
	unsigned long long id = next_number(&line);

	put_number(&as->apis.text, id);
	put_number(&as->apis.text, next_number(&line));
	if (!next_word(&line, word))
		wrong("no name");
	put_string(&as->apis.text, word);
	as->apis.count++;
	if (id > as->highest_api)
		as->highest_api = id;
}

static void add_global(struct assembler *as, const char *line)
{
	char word[LINE_MAX];

	put_number(&as->globals.text, next_number(&line));
	while (next_word(&line, word))
		put_constant(&as->globals.text, number_of(word));
	text_add(&as->globals.text, "`");
	as->globals.count++;
}

static void end_function(struct assembler *as)
{
	struct text_buffer *out = &as->functions.text;
	const char *line = as->head;
	char word[LINE_MAX];

	if (as->functions.count == 0)
		return;
	unsigned long long arguments = next_number(&line);
	text_add(out, "A");
	put_nibbles(out, arguments, 1);
	put_number(out, next_number(&line));
	if (!next_word(&line, word) || strcmp(word, ":") != 0)
		wrong(as->head);
	text_add(out, "L");
	put_number(out, count_words(line) - arguments);
	while (next_word(&line, word)) {
		size_t last = strlen(word) - 1;
		bool has_address = word[last] == 'a';

		if (has_address)
			word[last] = '\0';
		put_number(out, number_of(word));
		put_nibbles(out, has_address, 1);
	}
	text_add(out, "F");
	put_number(out, as->instructions);
	put_number(out, as->blocks);
	text_add(out, "%sE\n", as->body.text);
}

static void begin_function(struct assembler *as, const char *line)
{
	end_function(as);
	snprintf(as->head, sizeof(as->head), "%s", line);
	as->functions.count++;
	as->instructions = as->blocks = 0;
	text_clear(&as->body);
}

static void put_shape(struct text_buffer *out, const char *shape, const char *line)
{
	char word[LINE_MAX];

	if (*shape == 'C' || *shape == 'G') {
		put_nibbles(out, count_words(line) - (*shape == 'G' ? 2 : 1), 1);
		put_number(out, next_number(&line));
		shape = "oooooooooooooooo";
	}
	for (; next_word(&line, word); shape++) {
		if (*shape == 'n')
			put_number(out, number_of(word));
		else
			put_operand(out, word);
	}
}

static void add_instruction(struct assembler *as, const char *line)
{
	struct text_buffer *out = &as->body;
	const char *whole = line;
	char word[LINE_MAX];
	unsigned opcode = 1;

	if (!next_word(&line, word))
		return;
	if (strcmp(word, "T") == 0) {
		text_add(out, "T");
	} else {
		put_number(out, number_of(word));
		put_number(out, next_number(&line));
	}
	if (!next_word(&line, word))
		wrong(whole);
	while (opcode < ARRAY_LEN(mnemonics) && strcmp(mnemonics[opcode].name, word) != 0)
		opcode++;
	if (opcode == ARRAY_LEN(mnemonics))
		wrong(whole);
	put_nibbles(out, opcode, 2);
	put_shape(out, mnemonics[opcode].shape, line);
	as->instructions++;
}

static void add_line(struct assembler *as, const char *line)
{
	const struct {
		const char *name;
		unsigned long long *value;
	} settings[] = {
		{ "level", &as->level },
		{ "kind", &as->kind },
		{ "context", &as->context },
		{ "highest-api", &as->highest_api },
	};
	const char *rest = line;
	char word[LINE_MAX];

	if (!next_word(&rest, word) || word[0] == '#')
		return;
	for (size_t i = 0; i < ARRAY_LEN(settings); i++)
		if (strcmp(word, settings[i].name) == 0) {
			*settings[i].value = next_number(&rest);
			return;
		}
	if (strcmp(word, "name") == 0) {
		snprintf(as->name, sizeof(as->name), "%s", rest + strspn(rest, " "));
	} else if (strcmp(word, "levels") == 0) {
		as->lowest = next_number(&rest);
		as->highest = next_number(&rest);
	} else if (strcmp(word, "type") == 0) {
		add_type(as, rest);
	} else if (strcmp(word, "api") == 0) {
		add_api(as, rest);
	} else if (strcmp(word, "global") == 0) {
		add_global(as, rest);
	} else if (strcmp(word, "func") == 0) {
		begin_function(as, rest);
	} else if (strcmp(word, "block") == 0) {
		text_add(&as->body, "\nB");
		as->blocks++;
	} else {
		add_instruction(as, line);
	}
}

static void put_header(const struct assembler *as, struct text_buffer *out)
{
	text_add(out, "ClamBC");
	put_number(out, as->level);
	put_number(out, 1600000000);
	put_string(out, "test");
	put_number(out, 0);
	put_number(out, as->kind);
	put_number(out, as->lowest);
	put_number(out, as->highest);
	put_number(out, 0);
	put_string(out, "assembled");
	put_number(out, as->types.count + 5);
	put_number(out, as->functions.count);
	text_add(out, "p");
	put_nibbles(out, UINT64_C(0x53e5493e9f3d1c30), 16);
	put_nibbles(out, 42, 2);
	text_add(out, ":%d\n%s\n", LINE_LENGTH_SAID, as->name);
}

void assemble(const char *text, struct text_buffer *out)
{
	struct assembler *as = calloc(1, sizeof(*as));
	char line[LINE_MAX];

	if (!as)
		abort();
	as->level = 6;
	while (*text) {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		add_line(as, line);
		text += len + (text[len] == '\n');
	}
	end_function(as);
	text_clear(out);
	put_header(as, out);
	text_add(out, "T");
	put_nibbles(out, 69, 2);
	text_add(out, "%s\nE", as->types.text.text);
	put_number(out, as->highest_api);
	put_number(out, as->apis.count);
	text_add(out, "%s\nG", as->apis.text.text);
	put_number(out, as->context);
	put_number(out, as->globals.count);
	text_add(out, "%s\n%s", as->globals.text.text, as->functions.text.text);
	free(as);
}
