/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files are read, and in which order: first the lists of rules to leave out, then
 * all others. A container is a file of no rules, followed by its members.
 *
 * Of two containers of a source that are the same database at two versions (daily.cvd, and
 * daily.cld that was patched from another daily.cvd), the newer one is read; the patched
 * one, if they are equal.
 */
#include "bytes/reader.h"
#include "cvd/vouch.h"
#include "database/build_delta.h"
#include "database/builder.h"
#include "database/lines.h"
#include "rules/languages.h"

enum {
	FILES_MAX = UINT16_MAX,
	LDB_LINE_MAX = 32 * 1024,
	OTHER_LINE_MAX = 8 * 1024,
	CONTAINERS_BYTES = 512 << 20,
};

static enum status open_container(struct builder *builder, struct build_file *file);
static enum status list_trust(struct builder *builder, uint32_t container,
			      struct cvd_trust *out);
static void tell_container(struct builder *builder, uint32_t file);
static void choose_versions(struct builder *builder);
static enum status list_files(struct builder *builder);
static enum status list_members(struct builder *builder, const struct build_file *of);
static enum status read_pass(struct builder *builder, bool ignored, uint8_t *buffer);
static bool wants(struct builder *builder, uint32_t file, bool ignored);
static enum status read_container(struct builder *builder, uint32_t file, bool ignored,
				  uint8_t *buffer);
static enum status read_file(struct builder *builder, uint32_t file, uint8_t *buffer);
static enum status read_lines(struct builder *builder, uint32_t file,
			      const struct rule_reader *reader, uint8_t *buffer);
static enum status read_whole(struct builder *builder, uint32_t file,
			      const struct rule_reader *reader);
static void tell_file(struct builder *builder, uint32_t file,
		      enum build_severity severity, const char *message,
		      struct slice detail);

enum status builder_open_files(struct builder *builder)
{
	struct arena *arena = builder->options->arena;
	enum status status;

	if (builder->input_count > FILES_MAX)
		return STATUS_LIMIT;
	arena_init(&builder->containers, CONTAINERS_BYTES);
	status = digest_state_init(&builder->member_digest, builder->options->digests);
	if (status != STATUS_OK)
		return status;
	builder->opened = arena_new_array(arena, struct build_file, builder->input_count);
	if (!builder->opened)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < builder->input_count && status == STATUS_OK; i++) {
		const struct build_input *input = &builder->inputs[i];
		struct build_file *file = &builder->opened[i];

		*file = (struct build_file){
			.name = input->name,
			.member = input->name,
			.input = (uint32_t)i,
			.source_id = input->source_id,
			.content = input->content,
		};
		if (input->role == BUILD_RULES && build_is_container(input->name))
			status = open_container(builder, file);
	}
	choose_versions(builder);
	return status == STATUS_OK ? list_files(builder) : status;
}

void builder_close_files(struct builder *builder)
{
	arena_clear(&builder->containers);
	digest_state_clear(&builder->member_digest);
}

enum status builder_read_files(struct builder *builder)
{
	uint8_t *buffer = arena_alloc(builder->options->arena, LINES_BUFFER);

	if (!buffer)
		return STATUS_NO_MEMORY;
	for (uint32_t i = 0; i < builder->file_count; i++) {
		const struct build_file *file = &builder->files[i];

		if (file->cvd)
			tell_container(builder, i);
		if (file->reason)
			continue;
		else if (file->is_older)
			tell_file(builder, i, BUILD_NOTE,
				  "not read: the newer version is there, too",
				  (struct slice){ 0 });
		else if (!file->cvd && !rule_reader_of(file->member))
			tell_file(builder, i, BUILD_REFUSED,
				  "no rule language that is read here", file->member);
	}
	enum status status = read_pass(builder, true, buffer);
	ignored_finish(&builder->ignored);
	if (status == STATUS_OK)
		status = read_pass(builder, false, buffer);
	if (status == STATUS_OK && builder->delta)
		status = builder_take_delta(builder);
	return status;
}

/* A container that is not to be believed is no error of the build. */
static enum status open_container(struct builder *builder, struct build_file *file)
{
	struct cvd *cvd = arena_new(&builder->containers, struct cvd);
	struct cvd_trust trust = {
		.digests = builder->options->digests,
		.digest = &builder->member_digest,
		.arena = &builder->containers,
	};
	enum status status = STATUS_NO_MEMORY;

	if (cvd)
		status = list_trust(builder, file->input, &trust);
	if (status == STATUS_OK)
		status = cvd_believe(cvd, file->name, file->content, &trust);
	if (!cvd || (status != STATUS_OK && status != STATUS_MALFORMED))
		return status;
	file->cvd = cvd;
	file->flags = FILE_CONTAINER;
	file->trouble = trust.reason;
	if (status == STATUS_MALFORMED) {
		file->reason = cvd->reason;
		file->flags |= FILE_REFUSED;
		return STATUS_OK;
	}
	if (cvd->kind != CVD_UNSIGNED)
		file->flags |= FILE_VERIFIED;
	if (cvd->voucher.is_there)
		file->flags |= FILE_VOUCHED;
	file->version = cvd->info.header.version;
	file->built_at = cvd->info.header.built_at;
	return STATUS_OK;
}

/* What stands beside a container: detached signatures, and whom to trust for them. */
static enum status list_trust(struct builder *builder, uint32_t container,
			      struct cvd_trust *out)
{
	struct arena *arena = &builder->containers;
	struct cvd_beside *signatures = arena_new_array(arena, struct cvd_beside,
							builder->input_count);
	struct slice *certificates = arena_new_array(arena, struct slice,
						     builder->input_count);
	enum status status = STATUS_OK;

	if (!signatures || !certificates)
		return STATUS_NO_MEMORY;
	out->signatures = signatures;
	out->certificates = certificates;
	for (size_t i = 0; i < builder->input_count && status == STATUS_OK; i++) {
		const struct build_input *input = &builder->inputs[i];
		struct reader text;

		if (input->role == BUILD_SIGNATURE && input->of == container)
			signatures[out->signature_count++] = (struct cvd_beside){
				input->name, input->content
			};
		if (input->role != BUILD_CERTIFICATE)
			continue;
		status = source_view(&input->content, arena, 0, CVD_SIGN_BYTES_MAX,
				     &text);
		certificates[out->certificate_count++] = reader_rest(&text);
	}
	return status;
}

/* Whether it is believed, and whether for a signature beside it. */
static void tell_container(struct builder *builder, uint32_t at)
{
	const struct build_file *file = &builder->files[at];

	if (file->reason)
		tell_file(builder, at, BUILD_REFUSED, file->reason, file->cvd->detail);
	if (file->trouble)
		tell_file(builder, at, BUILD_NOTE, "its detached signature does not hold",
			  slice_of(file->trouble));
	if (file->flags & FILE_VOUCHED)
		tell_file(builder, at, BUILD_NOTE,
			  "believed for a detached signature alone, by",
			  slice_of(file->cvd->voucher.signer));
}

/* The same but for the last letters of the ending. */
static bool is_same_database(const struct build_file *a, const struct build_file *b)
{
	struct reader other = reader_of_slice(b->name);

	return a->source_id == b->source_id && a->name.len == b->name.len &&
	       reader_has(&other, 0, (struct slice){ a->name.base, a->name.len - 4 });
}

static bool is_usable(const struct build_file *file)
{
	return file->cvd && !file->reason && file->cvd->kind != CVD_UNSIGNED;
}

static void choose_versions(struct builder *builder)
{
	for (size_t i = 0; i < builder->input_count; i++) {
		struct build_file *file = &builder->opened[i];

		for (size_t other = 0; other < builder->input_count; other++) {
			const struct build_file *beside = &builder->opened[other];

			if (i == other || !is_usable(file) || !is_usable(beside) ||
			    !is_same_database(file, beside))
				continue;
			file->is_older |= beside->version > file->version ||
					  (beside->version == file->version &&
					   beside->cvd->kind > file->cvd->kind);
		}
		if (file->is_older)
			file->flags |= FILE_OLDER;
	}
}

static enum status list_files(struct builder *builder)
{
	enum status status = STATUS_OK;
	size_t count = builder->input_count;

	for (size_t i = 0; i < builder->input_count; i++)
		if (builder->opened[i].cvd)
			count += builder->opened[i].cvd->member_count;
	if (count > FILES_MAX)
		return STATUS_LIMIT;
	builder->files = arena_new_array(builder->options->arena, struct build_file,
					 count);
	if (!builder->files)
		return STATUS_NO_MEMORY;
	for (size_t i = 0; i < builder->input_count && status == STATUS_OK; i++) {
		const struct build_file *file = &builder->opened[i];

		if (builder->inputs[i].role != BUILD_RULES)
			continue;
		builder->files[builder->file_count++] = *file;
		if (file->cvd && !file->reason && !file->is_older)
			status = list_members(builder, file);
	}
	return status;
}

/* "daily.cvd ! daily.ndb": as objects inside of others are shown. */
static enum status join_name(struct builder *builder, struct slice outer,
			     struct slice inner, struct slice *out)
{
	static const char between[] = " ! ";
	size_t gap = sizeof(between) - 1;
	size_t len;

	if (!add_size(outer.len, inner.len + gap, &len))
		return STATUS_LIMIT;
	uint8_t *text = arena_alloc(&builder->containers, len);
	if (!text)
		return STATUS_NO_MEMORY;
	memcpy(text, outer.base, outer.len);
	memcpy(&text[outer.len], between, gap);
	memcpy(&text[outer.len + gap], inner.base, inner.len);
	*out = (struct slice){ text, len };
	return STATUS_OK;
}

/* In their order; those that are no rules have no ending of a language. */
static enum status list_members(struct builder *builder, const struct build_file *of)
{
	for (size_t i = 0; i < of->cvd->member_count; i++) {
		struct slice name = of->cvd->members[i].name;
		struct build_file *file = &builder->files[builder->file_count];

		if (slice_is(name, "COPYING") || cvd_info_is_name(name))
			continue;
		*file = *of;
		file->cvd = NULL;
		file->is_member = true;
		file->flags = of->flags & FILE_VERIFIED;
		file->member = name;
		file->member_index = i;
		enum status status = join_name(builder, of->name, name, &file->name);
		if (status != STATUS_OK)
			return status;
		builder->file_count++;
	}
	return STATUS_OK;
}

static enum status read_pass(struct builder *builder, bool ignored, uint8_t *buffer)
{
	enum status status = STATUS_OK;

	for (uint32_t i = 0; i < builder->file_count && status == STATUS_OK; i++) {
		const struct build_file *file = &builder->files[i];

		if (file->cvd && !file->reason && !file->is_older)
			status = read_container(builder, i, ignored, buffer);
		else if (!file->cvd && !file->is_member && wants(builder, i, ignored))
			status = read_file(builder, i, buffer);
	}
	return status;
}

/* What says which rules are left out: lists, and what a source switches off. */
static bool is_ignore_list(const struct rule_reader *reader)
{
	return strncmp(reader->suffix, "ign", 3) == 0 ||
	       strcmp(reader->suffix, "cfg") == 0;
}

/* Programs come from a source that is trusted, or from a container that ClamAV signed. */
static bool is_trusted(const struct builder *builder, uint32_t file)
{
	const struct build_file *at = &builder->files[file];

	return at->flags & FILE_VERIFIED || builder->options->bytecode_unsigned ||
	       builder->options->sources[at->source_id].is_trusted;
}

/* They are read, and found to be right or wrong; match/phish.h could be asked. */
static bool is_about_links(const struct rule_reader *reader)
{
	return reader->read == pdb_read || reader->read == wdb_read ||
	       reader->read == gdb_read;
}

/* Is it read in this pass? That no rule of a file is wanted is told once. */
static bool wants(struct builder *builder, uint32_t file, bool ignored)
{
	const struct rule_reader *reader = rule_reader_of(builder->files[file].member);

	if (!reader || is_ignore_list(reader) != ignored)
		return false;
	if (reader->read == cbc_read && !is_trusted(builder, file)) {
		tell_file(builder, file, BUILD_REFUSED,
			  "bytecode without a signature: loaded only with "
			  "--bytecode-unsigned",
			  (struct slice){ 0 });
		return false;
	}
	if (is_about_links(reader))
		tell_file(builder, file, BUILD_NOTE,
			  "nothing asks it until the links of mail are read",
			  (struct slice){ 0 });
	if (!rule_reader_is_pua(reader) || builder->options->pua.is_wanted)
		return true;
	tell_file(builder, file, BUILD_NOTE,
		  "potentially unwanted programs: loaded only with --pua",
		  (struct slice){ 0 });
	return false;
}

/* Its members are the files behind it. */
static enum status read_container(struct builder *builder, uint32_t container,
				  bool ignored, uint8_t *buffer)
{
	struct cvd *cvd = builder->files[container].cvd;
	uint32_t first = container + 1, last = first;
	size_t wanted = 0, index;

	while (last < builder->file_count && builder->files[last].is_member) {
		struct build_file *file = &builder->files[last];

		file->is_wanted = wants(builder, last, ignored);
		wanted += file->is_wanted;
		last++;
	}
	if (wanted == 0)
		return STATUS_OK;
	enum status status = cvd_start(cvd);
	for (uint32_t at = first; at < last && wanted > 0 && status == STATUS_OK;) {
		status = cvd_next(cvd, &index);
		if (status != STATUS_OK || builder->files[at].member_index != index)
			continue;
		struct build_file *file = &builder->files[at];
		if (file->is_wanted) {
			file->stream = cvd_stream(cvd);
			status = read_file(builder, at, buffer);
			wanted--;
		}
		at++;
	}
	cvd_finish(cvd);
	/* All that it had before it has still. */
	return status == STATUS_END ? STATUS_CHANGED : status;
}

static enum status read_file(struct builder *builder, uint32_t file, uint8_t *buffer)
{
	const struct rule_reader *reader = rule_reader_of(builder->files[file].member);
	enum status status = builder_begin_marks(
		builder, file, !reader->is_whole_file && !is_ignore_list(reader));

	if (status == STATUS_OK && reader->is_whole_file)
		status = read_whole(builder, file, reader);
	else if (status == STATUS_OK)
		status = read_lines(builder, file, reader, buffer);
	return status == STATUS_OK ? builder_end_marks(builder) : status;
}

/* All bytes of a file that may have `len`; fewer if it has fewer. */
static enum status read_bytes(const struct build_file *file, uint8_t *bytes, size_t len,
			      size_t *ret_len)
{
	enum status status = STATUS_OK;

	if (!file->is_member)
		return source_read(&file->content, 0, bytes, len, ret_len);
	*ret_len = 0;
	while (status == STATUS_OK && *ret_len < len) {
		size_t got;

		status = stream_read(&file->stream, &bytes[*ret_len], len - *ret_len,
				     &got);
		*ret_len += got;
	}
	return status == STATUS_END ? STATUS_OK : status;
}

static enum status read_whole(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader)
{
	const struct build_file *file = &builder->files[input];
	struct rule_place place = { .input = input, .line = 1, .is_file = true };
	struct arena_mark mark = arena_mark(&builder->scratch);
	uint64_t size = file->is_member ? RULE_FILE_MAX + 1 : file->content.size;
	enum status status = STATUS_NO_MEMORY;
	size_t got = 0;
	uint8_t *bytes = NULL;

	if (size <= RULE_FILE_MAX + 1)
		bytes = arena_alloc(&builder->scratch, (size_t)size);
	else
		got = RULE_FILE_MAX + 1;
	if (bytes)
		status = read_bytes(file, bytes, (size_t)size, &got);
	if (got > RULE_FILE_MAX) {
		tell_file(builder, input, BUILD_REFUSED, "the file is too long",
			  (struct slice){ 0 });
		status = STATUS_OK;
	} else if (status == STATUS_OK) {
		place.text = (struct slice){ bytes, got };
		status = builder_mark(builder, &place, false);
		if (status == STATUS_OK && !builder->delta)
			status = builder_take_line(builder, reader, &place);
	}
	arena_rewind(&builder->scratch, mark);
	return status;
}

/* As clamscan has it: in containers every line may be as long as those of ldb. */
static size_t line_max_of(const struct rule_reader *reader, const struct build_file *file)
{
	if (file->is_member || strcmp(reader->suffix, "ldb") == 0 ||
	    strcmp(reader->suffix, "ldu") == 0)
		return LDB_LINE_MAX;
	return OTHER_LINE_MAX;
}

static enum status read_lines(struct builder *builder, uint32_t input,
			      const struct rule_reader *reader, uint8_t *buffer)
{
	const struct build_file *file = &builder->files[input];
	struct rule_place place = { .input = input };
	const bool is_list = is_ignore_list(reader);
	struct lines lines;

	if (file->is_member)
		lines_init_stream(&lines, file->stream, buffer,
				  line_max_of(reader, file));
	else
		lines_init(&lines, &file->content, buffer, line_max_of(reader, file));
	for (;;) {
		enum status status = lines_next(&lines, &place.text);
		bool is_cut = status == STATUS_LIMIT;

		place.line = lines.number;
		if (status == STATUS_OK || is_cut)
			status = builder_mark(builder, &place, is_cut);
		if (status == STATUS_OK && is_cut) {
			builder_problem(builder, &(struct build_problem){
							 .severity = BUILD_REFUSED,
							 .input = input,
							 .line = place.line,
							 .message = "the line is too "
								    "long",
						 });
			continue;
		}
		if (status == STATUS_OK && (is_list || !builder->delta))
			status = builder_take_line(builder, reader, &place);
		if (status == STATUS_END)
			return STATUS_OK;
		if (status != STATUS_OK)
			return status;
	}
}

/* Of a file as a whole. */
static void tell_file(struct builder *builder, uint32_t file,
		      enum build_severity severity, const char *message,
		      struct slice detail)
{
	builder_problem(builder, &(struct build_problem){
					 .severity = severity,
					 .input = file,
					 .message = message,
					 .detail = detail,
				 });
}
