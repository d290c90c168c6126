/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "screen.h"

/* What --config and --help are to every command. */
static const struct option_spec common_options[] = {
	{ "config", 0, "FILE", "" },
	{ "help", 'h', NULL, "" },
	{ 0 },
};

/* The option that a word turned out to be: one of the two is set. */
struct match {
	const struct option_spec *spec;
	const struct setting *setting;
	enum setting_id id;
	bool is_negated; /* --no-NAME */
};

struct words {
	char **argv;
	int left;
};

static bool parse_long(struct invocation *invocation, const char *word,
		       struct words *words);
static bool parse_short(struct invocation *invocation, const char *letters,
			struct words *words);
static bool find_long(const struct invocation *invocation, const char *name, size_t len,
		      struct match *out);
static bool find_short(const struct invocation *invocation, char letter,
		       struct match *out);
static bool takes_value(const struct match *match);
static bool apply(struct invocation *invocation, const struct match *match,
		  const char *value);
static bool unknown(const struct invocation *invocation, const char *word);
static unsigned distance(const char *a, const char *b);

bool options_parse(struct invocation *invocation, int argc, char **argv)
{
	struct words words = { argv, argc };
	bool only_operands = false;

	invocation->operands = calloc((size_t)argc + 1, sizeof(*invocation->operands));
	/* A bunch of letters is one word and several options. */
	for (int i = 0; i < argc; i++)
		invocation->option_count += strlen(argv[i]) + 1;
	invocation->options = calloc(invocation->option_count + 1,
				     sizeof(*invocation->options));
	invocation->option_count = 0;
	if (!invocation->operands || !invocation->options)
		abort();

	while (words.left > 0) {
		const char *word = *words.argv++;
		bool ok = true;

		words.left--;
		if (only_operands || word[0] != '-' || !word[1])
			invocation->operands[invocation->operand_count++] = word;
		else if (strcmp(word, "--") == 0)
			only_operands = true;
		else if (word[1] == '-')
			ok = parse_long(invocation, word, &words);
		else
			ok = parse_short(invocation, word + 1, &words);
		if (!ok)
			return false;
	}
	return true;
}

void options_clear(struct invocation *invocation)
{
	free(invocation->options);
	free(invocation->operands);
	invocation->options = NULL;
	invocation->operands = NULL;
}

bool invocation_has(const struct invocation *invocation, const char *option)
{
	for (size_t i = 0; i < invocation->option_count; i++)
		if (strcmp(invocation->options[i].spec->name, option) == 0)
			return true;
	return false;
}

const char *invocation_text(const struct invocation *invocation, const char *option)
{
	for (size_t i = invocation->option_count; i-- > 0;)
		if (strcmp(invocation->options[i].spec->name, option) == 0)
			return invocation->options[i].text;
	return NULL;
}

/* `word` is "--name" or "--name=value". */
static bool parse_long(struct invocation *invocation, const char *word,
		       struct words *words)
{
	const char *name = word + 2;
	size_t len = strcspn(name, "=");
	const char *value = NULL;
	struct match match;

	if (!find_long(invocation, name, len, &match))
		return unknown(invocation, word);
	if (name[len] == '=') {
		value = name + len + 1;
		if (match.is_negated || (match.spec && !match.spec->argument)) {
			screen_error("option --%.*s takes no value", (int)len, name);
			return false;
		}
	} else if (takes_value(&match)) {
		if (words->left == 0) {
			screen_error("option %s needs a value", word);
			return false;
		}
		value = *words->argv++;
		words->left--;
	}
	return apply(invocation, &match, value);
}

static bool parse_short(struct invocation *invocation, const char *letters,
			struct words *words)
{
	for (; *letters; letters++) {
		const char *value = NULL;
		struct match match;
		bool is_last = !letters[1];

		if (!find_short(invocation, *letters, &match)) {
			char word[3] = { '-', *letters, 0 };
			return unknown(invocation, word);
		}
		if (!takes_value(&match)) {
			if (!apply(invocation, &match, NULL))
				return false;
			continue;
		}
		if (is_last && words->left == 0) {
			screen_error("option -%c needs a value", *letters);
			return false;
		}
		value = letters + 1;
		if (is_last) {
			value = *words->argv++;
			words->left--;
		}
		return apply(invocation, &match, value);
	}
	return true;
}

static const struct option_spec *find_spec(const struct option_spec *specs,
					   const char *name, size_t len)
{
	for (; specs && specs->name; specs++)
		if (strlen(specs->name) == len && memcmp(specs->name, name, len) == 0)
			return specs;
	return NULL;
}

static bool find_long(const struct invocation *invocation, const char *name, size_t len,
		      struct match *out)
{
	const struct command *command = invocation->command;
	struct slice text = { (const uint8_t *)name, len };
	struct slice positive = text;

	*out = (struct match){ .spec = find_spec(command->options, name, len) };
	if (!out->spec)
		out->spec = find_spec(common_options, name, len);
	if (out->spec)
		return true;

	if (len > 3 && memcmp(name, "no-", 3) == 0)
		positive = (struct slice){ text.base + 3, len - 3 };
	for (size_t i = 0; i < command->setting_count; i++) {
		const struct setting *setting = &settings[command->settings[i]];

		out->setting = setting;
		out->id = command->settings[i];
		if (slice_is(text, setting->name))
			return true;
		out->is_negated = setting->type == SETTING_FLAG &&
				  slice_is(positive, setting->name);
		if (out->is_negated)
			return true;
	}
	return false;
}

static const struct option_spec *find_letter(const struct option_spec *specs, char letter)
{
	for (; specs && specs->name; specs++)
		if (specs->letter == letter)
			return specs;
	return NULL;
}

static bool find_short(const struct invocation *invocation, char letter,
		       struct match *out)
{
	const struct command *command = invocation->command;

	*out = (struct match){ .spec = find_letter(command->options, letter) };
	if (!out->spec)
		out->spec = find_letter(common_options, letter);
	if (out->spec)
		return true;
	for (size_t i = 0; i < command->setting_count; i++) {
		out->id = command->settings[i];
		out->setting = &settings[out->id];
		if (out->setting->letter == letter)
			return true;
	}
	return false;
}

static bool takes_value(const struct match *match)
{
	if (match->spec)
		return match->spec->argument != NULL;
	return match->setting->type != SETTING_FLAG;
}

static bool apply(struct invocation *invocation, const struct match *match,
		  const char *value)
{
	struct config_error error;
	char where[64];

	if (match->setting) {
		if (!value)
			value = match->is_negated ? "no" : "yes";
		snprintf(where, sizeof(where), "--%s%s", match->is_negated ? "no-" : "",
			 match->setting->name);
		if (config_set(&invocation->config, match->id,
			       (struct config_place){ ORIGIN_OPTION, where }, value,
			       &error))
			return true;
		screen_error("%s", error.text);
		return false;
	}
	if (strcmp(match->spec->name, "help") == 0)
		invocation->wants_help = true;
	else if (strcmp(match->spec->name, "config") == 0)
		invocation->config_path = value;
	else
		invocation->options[invocation->option_count++] = (struct given_option){
			match->spec, value
		};
	return true;
}

/* Says so, with the option that was probably meant. Always false. */
static bool unknown(const struct invocation *invocation, const char *word)
{
	const struct command *command = invocation->command;
	const char *names[64];
	const char *meant;
	size_t count = 0;

	for (const struct option_spec *s = command->options; s && s->name; s++)
		if (count < ARRAY_LEN(names))
			names[count++] = s->name;
	for (size_t i = 0; i < command->setting_count && count < ARRAY_LEN(names); i++)
		names[count++] = settings[command->settings[i]].name;
	meant = options_suggest(word + strspn(word, "-"), names, count);
	if (meant)
		screen_error("there is no option %s; did you mean --%s?", word, meant);
	else
		screen_error("there is no option %s", word);
	screen_hint("`custos %s%s%s --help' lists the options",
		    invocation->parent ? invocation->parent->name : "",
		    invocation->parent ? " " : "", command->name);
	return false;
}

const char *options_suggest(const char *word, const char *const *names, size_t count)
{
	const char *best = NULL;
	unsigned best_distance = 3;

	for (size_t i = 0; i < count; i++) {
		unsigned d = distance(word, names[i]);

		if (d < best_distance && d < strlen(names[i])) {
			best = names[i];
			best_distance = d;
		}
	}
	return best;
}

/* How many letters must be put in, taken out or changed (Levenshtein); large if one is long. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[32];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len >= ARRAY_LEN(row) || b_len >= ARRAY_LEN(row))
		return UINT32_MAX;
	for (unsigned j = 0; j <= b_len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			unsigned change = diagonal + (a[i - 1] != b[j - 1]);
			unsigned shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

			diagonal = row[j];
			row[j] = change < shift ? change : shift;
		}
	}
	return row[b_len];
}
