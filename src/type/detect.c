/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of questions:
 *
 *   1. the magic table; the first entry that fits decides, later ones that are
 *      containers at another offset are kept beside it
 *   2. a tar header, which has no magic that all writers write
 *   3. what text begins with: tags, mail headers, "#!"
 *   4. bytes behind the end of a program
 *   5. signs at the end: zip, disk images, packed programs
 *   6. a PDF that begins within the first KiB, as its readers allow
 *   7. otherwise the encoding, or BINARY_DATA
 *   8. an encoded script, in what 1 and 2 do not know
 *
 * Whatever 1, 2, 4, 5, 6 and 8 find beyond the first answer goes to `also`, so that a file
 * which is two things is opened as both.
 */
#include "base/base64.h"
#include "base/checked.h"
#include "type/encoding.h"
#include "type/letter.h"
#include "type/magic.h"
#include "type/markup.h"
#include "type/program_end.h"
#include "type/tar_sign.h"
#include "type/zip_sign.h"

enum { PDF_START_MAX = 1024, NARROW_LEN = 4096, TRAILER = 512 };

/* What has been found so far; `primary` is ANY until something has. */
struct finding {
	const struct sample *sample;
	struct types types;
	enum file_type encoding;
	uint64_t program_end; /* what stands behind this place comes out of SFX */
};

static void find_magic(struct finding *finding);
static bool is_plain(const struct magic *magic);
static void find_tar(struct finding *finding);
static void find_at_end(struct finding *finding);
static void find_in_text(struct finding *finding);
static void find_encoded_script(struct finding *finding);
static bool is_script_number(const struct reader *text, size_t at);
static void find_pdf(struct finding *finding);
static void find_overlay(struct finding *finding);
static void add(struct finding *finding, enum file_type type);
static void add_also(struct types *types, enum file_type type);
static bool is_hash_bang(const struct reader *text);
static bool contains(const struct reader *in, const char *text);

struct types type_detect(struct reader head, struct reader tail, uint64_t size_bytes)
{
	struct sample sample = { .head = head, .tail = tail, .size = size_bytes };
	struct finding finding = { .sample = &sample,
				   .types.primary = TYPE_ANY,
				   .program_end = size_bytes };

	reader_seek(&sample.head, 0);
	reader_seek(&sample.tail, 0);
	if (size_bytes == 0 || head.len == 0) {
		finding.types.primary = TYPE_EMPTY;
		return finding.types;
	}
	finding.encoding = encoding_of(&sample);
	sample.is_text = finding.encoding != TYPE_BINARY_DATA;

	find_magic(&finding);
	find_tar(&finding);
	bool is_known = finding.types.primary != TYPE_ANY;
	if (!is_known)
		find_in_text(&finding);
	if (finding.types.primary == TYPE_ANY && sample.is_text)
		finding.types.primary = finding.encoding;
	find_overlay(&finding);
	find_at_end(&finding);
	find_pdf(&finding);
	if (finding.types.primary == TYPE_ANY)
		finding.types.primary = finding.encoding;
	if (!is_known)
		find_encoded_script(&finding);
	if (finding.types.primary == TYPE_ZIP)
		finding.types.primary = zip_kind(sample.head);
	return finding.types;
}

static void find_magic(struct finding *finding)
{
	for (size_t i = 0; magic_table[i].len > 0; i++) {
		const struct magic *magic = &magic_table[i];
		/* What comes without magic bytes is a last guess, not a second one. */
		bool is_guess = magic->mask && magic->mask[0] == '\0';

		if (is_guess && finding->types.primary != TYPE_ANY)
			continue;
		if (!magic_fits(magic, finding->sample))
			continue;
		/*
		 * Text stays text where ClamAV has no other word for it: a rule for text
		 * must not be dodged by a first line.
		 */
		if (finding->sample->is_text && type_is_ours(magic->type) &&
		    is_plain(magic))
			add_also(&finding->types, magic->type);
		else
			add(finding, magic->type);
	}
}

/* Could all of its bytes stand in a text? */
static bool is_plain(const struct magic *magic)
{
	for (size_t i = 0; i < magic->len; i++)
		if (magic->bytes[i] != '\n' &&
		    (magic->bytes[i] < ' ' || magic->bytes[i] > '~'))
			return false;
	return true;
}

static void find_tar(struct finding *finding)
{
	struct reader block = finding->sample->head;
	bool has_magic = sample_has(finding->sample, 257, "ustar");

	block = reader_take(&block, TAR_BLOCK);
	/* A damaged sum does not make a tar anything else, as long as the magic is there. */
	if (!tar_sum_fits(block) && !(has_magic && !finding->sample->is_text))
		return;
	add(finding, has_magic ? TYPE_POSIX_TAR : TYPE_OLD_TAR);
}

static void find_at_end(struct finding *finding)
{
	struct reader tail = finding->sample->tail;
	size_t pos = 0;

	/* Behind a program it comes out with all that stands there. */
	if (zip_find_end(tail, tail.len, &pos) &&
	    finding->sample->size - tail.len + pos < finding->program_end)
		add(finding, TYPE_ZIP);
	if (tail.len >= TRAILER) {
		struct reader trailer = tail;
		reader_seek(&trailer, tail.len - TRAILER);
		trailer = reader_take(&trailer, TRAILER);
		if (reader_has(&trailer, 0, slice_of("koly")))
			add(finding, TYPE_DMG);
		/* Old writers left the last byte out. */
		if (reader_has(&trailer, 0, slice_of("conectix")) ||
		    reader_has(&trailer, 1, slice_of("conectix")))
			add(finding, TYPE_VHD);
	}
	bool is_program = finding->types.primary == TYPE_MSEXE ||
			  finding->types.primary == TYPE_ELF ||
			  finding->types.primary == TYPE_MACHO;
	if (is_program && contains(&tail, "MEI\014\013\012\013\016"))
		add(finding, TYPE_PYINSTALLER);
}

static bool is_wide(enum file_type encoding)
{
	return encoding == TYPE_TEXT_UTF16LE || encoding == TYPE_TEXT_UTF16BE;
}

static void find_in_text(struct finding *finding)
{
	uint8_t buffer[NARROW_LEN];
	enum file_type encoding = finding->encoding;
	struct reader text = encoding_narrow(finding->sample, encoding, buffer,
					     sizeof(buffer));
	enum file_type type = markup_of(text);

	if (is_hash_bang(&text))
		type = TYPE_SCRIPT;
	if (type == TYPE_ANY)
		type = letter_of(text);
	if (type == TYPE_HTML && is_wide(encoding))
		type = TYPE_HTML_UTF16;
	if (type != TYPE_ANY)
		finding->types.primary = type;
}

/*
 * An encoded script somewhere in a text: the encoder leaves the first lines as they are, if
 * it is told so, and encodes the scripts of pages. What it writes may have DEL in it, which
 * no text has. Its number is asked for, because texts also speak of the sign: what were
 * opened for it alone would come out as it went in, and be opened again.
 */
static void find_encoded_script(struct finding *finding)
{
	uint8_t buffer[NARROW_LEN];
	struct reader text = finding->sample->head;
	size_t at = 0;

	if (is_wide(finding->encoding))
		text = encoding_narrow(finding->sample, finding->encoding, buffer,
				       sizeof(buffer));
	for (; reader_find(&text, at, slice_of("#@~^"), &at); at++)
		if (is_script_number(&text, at + 4))
			add(finding, TYPE_SCRENC);
}

static bool is_script_number(const struct reader *text, size_t at)
{
	enum { DIGITS = 6 };

	for (size_t i = 0; i < DIGITS; i++)
		if (base64_value(reader_peek(text, at + i)) < 0)
			return false;
	return reader_has(text, at + DIGITS, slice_of("=="));
}

/*
 * Readers accept a PDF whose first line is anywhere in the first KiB. Text that speaks of
 * PDF has that line too, so more is asked: an object near the start, or the end mark.
 */
static void find_pdf(struct finding *finding)
{
	const struct slice sign = slice_of("%PDF-");
	const struct reader *head = &finding->sample->head;
	struct reader start = reader_of(
		head->base, min_size(head->len, PDF_START_MAX - 1 + sign.len));
	size_t at;

	if (finding->types.primary == TYPE_PDF || !reader_find(&start, 0, sign, &at))
		return;
	int major = reader_peek(head, at + 5);
	if (major < '0' || major > '9' || reader_peek(head, at + 6) != '.')
		return;
	if (contains(head, " obj") &&
	    (contains(&finding->sample->tail, "%%EOF") ||
	     contains(&finding->sample->tail, "startxref") || contains(head, "endobj")))
		add(finding, TYPE_PDF);
}

/* A program whose file goes on behind what its headers describe. */
static void find_overlay(struct finding *finding)
{
	struct program_end program;

	if (program_end_read(finding->sample->head, &program) &&
	    program.end < finding->sample->size) {
		/* What a signature divides is not all in one piece there. */
		if (program.signature_at < program.end)
			finding->program_end = program.end;
		add(finding, TYPE_SFX);
	}
}

/* The first find decides, the others go beside it. */
static void add(struct finding *finding, enum file_type type)
{
	if (finding->types.primary == TYPE_ANY)
		finding->types.primary = type;
	else
		add_also(&finding->types, type);
}

static void add_also(struct types *types, enum file_type type)
{
	if (type_kind(type) != TYPE_CONTAINER || type == types->primary)
		return;
	for (size_t i = 0; i < types->also_count; i++)
		if (types->also[i] == type)
			return;
	if (types->also_count < TYPES_ALSO_MAX)
		types->also[types->also_count++] = type;
}

/* "#!", blanks, "/". */
static bool is_hash_bang(const struct reader *text)
{
	size_t pos = text->pos + 2;

	if (!reader_has(text, text->pos, slice_of("#!")))
		return false;
	while (reader_peek(text, pos) == ' ' || reader_peek(text, pos) == '\t')
		pos++;
	return reader_peek(text, pos) == '/';
}

static bool contains(const struct reader *in, const char *text)
{
	size_t pos;

	return reader_find(in, 0, slice_of(text), &pos);
}
