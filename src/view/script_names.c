/* SPDX-License-Identifier: Apache-2.0 */
#include "view/script_names.h"

#include <string.h>

#include "base/checked.h"
#include "base/compiler.h"
#include "base/text_hash.h"

/* In the order of their bytes. */
static const char *const keywords[] = {
	"abstract",   "boolean", "break",     "byte",       "case",         "catch",
	"char",       "class",   "const",     "continue",   "debugger",     "default",
	"delete",     "do",      "double",    "else",       "enum",         "export",
	"extends",    "false",   "final",     "finally",    "float",        "for",
	"function",   "goto",    "if",        "implements", "import",       "in",
	"instanceof", "int",     "interface", "long",       "native",       "new",
	"null",       "package", "private",   "protected",  "public",       "return",
	"short",      "static",  "super",     "switch",     "synchronized", "this",
	"throw",      "throws",  "transient", "true",       "try",          "typeof",
	"var",        "void",    "volatile",  "while",      "with",
};

enum { NOBODY = UINT32_MAX };

struct scope {
	uint32_t parent;
	uint32_t braces;   /* open ones */
	uint32_t brackets; /* open ones, outside of lists of names */
	bool is_function;
	bool has_list;    /* its first parenthesis was seen */
	bool ended_list;  /* ";" was seen before its first brace */
	bool has_body;    /* its first brace was seen */
	bool lists_names; /* of variables: behind `var`, up to ";" */
	bool wants_name;  /* the next word is declared */
};

struct name {
	uint32_t scope;
	uint32_t token; /* + 1; 0: an empty slot */
	uint32_t number;
};

struct script_names {
	struct arena *arena;
	struct scope *scopes;
	size_t scope_count;
	size_t scope_size;
	uint32_t scope; /* the one that the next token is in */
	struct name *slots;
	size_t slot_count; /* a power of two */
	size_t used;
	uint32_t declared;
	uint32_t scopes_met; /* in the second walk */
	bool declares;       /* the first walk */
};

static enum status walk(struct script_names *names, const struct script_tokens *tokens,
			size_t i);
static enum status open_scope(struct script_names *names, bool is_function);
static void take_sign(struct script_names *names, char sign);
static void take_brace(struct script_names *names, struct scope *scope, bool opens);
static enum status declare(struct script_names *names, const struct script_tokens *tokens,
			   size_t i);
static struct name *find(const struct script_names *names,
			 const struct script_tokens *tokens, uint32_t scope,
			 struct slice text);
static bool grow(struct script_names *names, const struct script_tokens *tokens);

static bool is_keyword(struct slice text)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++)
		if (slice_is(text, keywords[i]))
			return true;
	return false;
}

enum status script_names_read(struct arena *arena, const struct script_tokens *tokens,
			      struct script_names **out)
{
	struct script_names *names = arena_new(arena, struct script_names);
	enum status status;

	if (!names)
		return STATUS_NO_MEMORY;
	names->arena = arena;
	names->declares = true;
	status = open_scope(names, false);
	for (size_t i = 0; i < tokens->count && status == STATUS_OK; i++)
		status = walk(names, tokens, i);
	if (status != STATUS_OK)
		return status;
	names->declares = false;
	for (size_t i = 0; i < names->scope_count; i++)
		names->scopes[i] = (struct scope){
			.parent = names->scopes[i].parent,
			.is_function = names->scopes[i].is_function,
		};
	names->scope = 0;
	names->scopes_met = 1;
	*out = names;
	return STATUS_OK;
}

int64_t script_names_next(struct script_names *names, const struct script_tokens *tokens,
			  size_t i)
{
	uint32_t scope;

	if (walk(names, tokens, i) != STATUS_OK ||
	    !script_is_kind(tokens, i, SCRIPT_WORD) ||
	    (i > 0 && script_is_sign(tokens, i - 1, '.')))
		return -1;
	scope = names->scope;
	struct slice text = script_token_text(tokens, &tokens->list[i]);
	for (unsigned up = 0; up < SCRIPT_SCOPES_UP && scope != NOBODY; up++) {
		struct name *name = find(names, tokens, scope, text);
		if (name && name->token > 0)
			return name->number;
		scope = names->scopes[scope].parent;
	}
	return -1;
}

/* What token `i` means for scopes; the same in both walks but for what is declared. */
static enum status walk(struct script_names *names, const struct script_tokens *tokens,
			size_t i)
{
	const struct script_token *token = &tokens->list[i];
	struct scope *scope = &names->scopes[names->scope];

	if (token->kind == SCRIPT_SIGN) {
		take_sign(names, (char)token->at);
		return STATUS_OK;
	}
	if (token->kind != SCRIPT_WORD)
		return STATUS_OK;
	if (script_is_word(tokens, i, "function")) {
		enum status status = STATUS_OK;

		if (names->declares)
			status = open_scope(names, true);
		else
			names->scope = names->scopes_met++;
		if (status == STATUS_OK)
			names->scopes[names->scope].wants_name = true;
		return status;
	}
	if (script_is_word(tokens, i, "var")) {
		scope->lists_names = true;
		scope->wants_name = true;
		return STATUS_OK;
	}
	if (!scope->wants_name || (i > 0 && script_is_sign(tokens, i - 1, '.')) ||
	    is_keyword(script_token_text(tokens, token)))
		return STATUS_OK;
	scope->wants_name = false;
	if (!names->declares)
		return STATUS_OK;
	return declare(names, tokens, i);
}

static enum status open_scope(struct script_names *names, bool is_function)
{
	if (names->scope_count == names->scope_size) {
		size_t size = max_size(names->scope_size * 2, 16);
		struct scope *scopes = arena_new_array(names->arena, struct scope, size);

		if (!scopes)
			return STATUS_NO_MEMORY;
		if (names->scope_count > 0)
			memcpy(scopes, names->scopes,
			       names->scope_count * sizeof(*scopes));
		names->scopes = scopes;
		names->scope_size = size;
	}
	names->scopes[names->scope_count] = (struct scope){
		.parent = is_function ? names->scope : NOBODY,
		.is_function = is_function,
	};
	names->scope = (uint32_t)names->scope_count++;
	return STATUS_OK;
}

/* In the head of a function, before its first brace? */
static bool is_head(const struct scope *scope)
{
	return scope->is_function && !scope->has_body;
}

static bool is_open(const struct scope *scope)
{
	return scope->braces > 0 || scope->brackets > 0;
}

static void take_sign(struct script_names *names, char sign)
{
	struct scope *scope = &names->scopes[names->scope];

	switch (sign) {
	case '{':
	case '}':
		take_brace(names, scope, sign == '{');
		break;
	case '[':
		if (!scope->wants_name)
			scope->brackets++;
		break;
	case ']':
		if (scope->brackets > 0)
			scope->brackets--;
		break;
	case '(':
		if (is_head(scope) && !scope->has_list && !scope->ended_list)
			scope->wants_name = true;
		scope->has_list = true;
		break;
	case ',':
		if (!is_open(scope) &&
		    (scope->lists_names ||
		     (is_head(scope) && scope->has_list && !scope->ended_list)))
			scope->wants_name = true;
		break;
	case ';':
		if (!is_open(scope)) {
			scope->lists_names = false;
			scope->wants_name = false;
			scope->ended_list = true;
		}
		break;
	default:
		break;
	}
}

static void take_brace(struct script_names *names, struct scope *scope, bool opens)
{
	if (opens) {
		if (is_head(scope))
			scope->wants_name = false;
		scope->has_body = true;
		scope->braces++;
		return;
	}
	if (scope->braces > 0)
		scope->braces--;
	if (scope->is_function && scope->braces == 0)
		names->scope = scope->parent;
}

static uint64_t hash_of(uint32_t scope, struct slice text)
{
	uint64_t hash = text_hash(TEXT_HASH_START ^ scope, text);

	return hash ^ hash >> 29;
}

/* The slot of a name, or the empty one where it would be; NULL: there are none yet. */
static struct name *find(const struct script_names *names,
			 const struct script_tokens *tokens, uint32_t scope,
			 struct slice text)
{
	if (names->slot_count == 0)
		return NULL;
	size_t mask = names->slot_count - 1;
	for (size_t at = (size_t)hash_of(scope, text) & mask;; at = (at + 1) & mask) {
		struct name *name = &names->slots[at];

		if (name->token == 0)
			return name;
		if (name->scope == scope &&
		    slice_equal(text, script_token_text(tokens,
							&tokens->list[name->token - 1])))
			return name;
	}
}

static enum status declare(struct script_names *names, const struct script_tokens *tokens,
			   size_t i)
{
	if (names->used * 2 >= names->slot_count && !grow(names, tokens))
		return STATUS_NO_MEMORY;
	struct name *name = find(names, tokens, names->scope,
				 script_token_text(tokens, &tokens->list[i]));
	if (name->token == 0)
		names->used++;
	*name = (struct name){ names->scope, (uint32_t)i + 1, names->declared++ };
	return STATUS_OK;
}

static bool grow(struct script_names *names, const struct script_tokens *tokens)
{
	struct name *old = names->slots;
	size_t count = names->slot_count;
	size_t wanted = max_size(count * 2, 64);
	struct name *slots = arena_new_array(names->arena, struct name, wanted);

	if (!slots)
		return false;
	names->slots = slots;
	names->slot_count = wanted;
	for (size_t i = 0; i < count; i++) {
		if (old[i].token == 0)
			continue;
		struct slice text = script_token_text(tokens,
						      &tokens->list[old[i].token - 1]);
		*find(names, tokens, old[i].scope, text) = old[i];
	}
	return true;
}
