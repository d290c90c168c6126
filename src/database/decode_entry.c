/* SPDX-License-Identifier: Apache-2.0 */
#include "database/decode_entry.h"

#include <string.h>

#include "bytes/reader.h"

enum { FIELDS_MAX = 13 };

struct layout {
	enum rule_language language;
	const char *ending; /* of the file, where that matters */
	uint8_t separator;
	const char *what;
	/* Which fields the others are does not depend on the line, but for links. */
	const char *fields[FIELDS_MAX];
};

static const struct layout layouts[] = {
	{ RULE_CONTAINER,
	  "zmd",
	  ':',
	  "a member of a zip archive, by what the archive says of it",
	  { "name", "encrypted", "member's name (regular expression)", "real size",
	    "size in the archive", "CRC", "method", "number of the member", "depth" } },
	{ RULE_CONTAINER,
	  "rmd",
	  ':',
	  "a member of a rar archive, by what the archive says of it",
	  { "name", "encrypted", "member's name (regular expression)", "real size",
	    "size in the archive", "CRC", "method", "number of the member", "depth" } },
	{ RULE_CONTAINER,
	  NULL,
	  ':',
	  "a member of a container, by what its container says of it",
	  { "name", "container", "container's size", "member's name (regular expression)",
	    "size in the container", "real size", "encrypted", "number of the member",
	    "checksum", "reserved", "lowest level", "highest level" } },
	{ RULE_FILE_TYPE,
	  NULL,
	  ':',
	  "what files of a type look like",
	  { "magic (0 bytes at an offset, 1 a pattern)", "offset", "bytes", "name",
	    "type it must be so far", "type it then is", "lowest level",
	    "highest level" } },
	{ RULE_PASSWORD,
	  NULL,
	  ';',
	  "a password to try on encrypted members",
	  { "name", "description", "form (0 text, 1 hexadecimal)", "password" } },
	{ RULE_CONFIG,
	  NULL,
	  ':',
	  "which parts of an engine are on",
	  { "part", "flags", "lowest level", "highest level" } },
	{ RULE_LINK_WATCHED,
	  NULL,
	  ':',
	  "a name that links are watched for",
	  { "kind (R expression, H host)", "link", "what is shown of it", "levels" } },
	{ RULE_LINK_ALLOWED,
	  NULL,
	  ':',
	  "a link that may differ from what is shown",
	  { "kind (X, Y expressions, M hosts)", "link", "what is shown of it",
	    "levels" } },
	{ RULE_LINK_HASH,
	  NULL,
	  ':',
	  "a link by its digest",
	  { "list (S, S1 malware, S2 phishing)",
	    "kind (P prefix of a digest, F whole, W allowed)", "digest", "levels" } },
	{ RULE_ICON,
	  NULL,
	  ':',
	  "an icon of PE files, for rules with IconGroup",
	  { "name", "group 1", "group 2", "hash of the picture" } },
	{ RULE_CERTIFICATE,
	  NULL,
	  ';',
	  "a certificate of signed PE files",
	  { "name", "trusted (1) or blocked (0)", "SHA-1 of the subject",
	    "SHA-1 of the serial number", "public key", "exponent", "signs code",
	    "signs times", "signs certificates", "not before", "comment", "lowest level",
	    "highest level" } },
};

void decode_entry(enum rule_language language, struct slice file, struct slice line,
		  const struct decoder_output *output)
{
	const struct layout *layout = NULL;
	size_t from = 0;

	for (size_t i = 0; i < ARRAY_LEN(layouts); i++)
		if (layouts[i].language == language && !layout &&
		    (!layouts[i].ending || slice_ends_nocase(file, layouts[i].ending)))
			layout = &layouts[i];
	if (!layout) {
		output->line(output->context, "what", slice_of("a program, or a list"));
		return;
	}
	output->line(output->context, "what", slice_of(layout->what));
	for (size_t i = 0; from <= line.len && i < FIELDS_MAX && layout->fields[i]; i++) {
		size_t to = from;

		while (to < line.len && line.base[to] != layout->separator)
			to++;
		output->line(output->context, layout->fields[i],
			     (struct slice){ &line.base[from], to - from });
		from = to + 1;
	}
}
