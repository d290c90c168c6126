/* SPDX-License-Identifier: Apache-2.0 */
#include "result.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "host/death.h"
#include "memory.h"

static struct result_object copy_object(struct result *result,
					const struct pool_object *object);
static bool is_known(const struct result *result, uint32_t serial, enum reason reason);
static void add_gap(struct result *result, enum reason reason, const char *detail);
static void free_object(struct result_object *object);
static void judge_hits(struct result *result, const struct judgement *judgement);
static void allow_hit(const struct result *result, struct result_hit *hit,
		      const struct judgement *judgement);
static bool is_inside(const struct result_object *object, uint32_t serial);
static void choose_one(struct result *result, const struct judgement *judgement,
		       size_t first);
static void hide_weak(struct result *result, const struct judgement *judgement);
static bool is_weak(const struct result_hit *hit, const struct judgement *judgement);
static struct allow_rule rule_of(const struct result_hit *hit,
				 const struct catalog *catalog, struct rule_info *info);

struct result *result_new(struct walk_item *item)
{
	struct result *result = memory_zeroed(1, sizeof(*result));

	result->item = *item;
	*item = (struct walk_item){ .fd = -1 };
	return result;
}

void result_free(struct result *result)
{
	for (size_t i = 0; i < result->hit_count; i++) {
		free_object(&result->hits[i].object);
		free((void *)(uintptr_t)result->hits[i].member.base);
	}
	for (size_t i = 0; i < result->gap_count; i++)
		result_gap_clear(&result->gaps[i]);
	free(result->hits);
	free(result->gaps);
	free(result->digests);
	free(result->serials);
	walk_item_clear(&result->item);
	free(result);
}

void result_on_object(void *context, void *job, const struct pool_object *object)
{
	(void)context;
	result_object(job, object);
}

void result_on_leave(void *context, void *job, const struct pool_object *object,
		     const struct outcome *outcome)
{
	(void)context;
	(void)outcome;
	result_leave(job, object);
}

void result_on_hit(void *context, void *job, const struct pool_object *object,
		   const struct pool_hit *hit)
{
	(void)context;
	result_hit(job, object, hit);
}

void result_on_gap(void *context, void *job, const struct pool_object *object,
		   const struct pool_gap *gap)
{
	(void)context;
	result_gap(job, object, gap);
}

void result_object(struct result *result, const struct pool_object *object)
{
	while (result->serial_count <= object->depth) {
		result->serials = memory_grow(result->serials, result->serial_count,
					      sizeof(*result->serials));
		result->serials[result->serial_count++] = 0;
	}
	result->serials[object->depth] = result->serial_next++;
}

/* Their number is that of objects with hits in them, which is limited. */
void result_leave(struct result *result, const struct pool_object *object)
{
	struct result_digest *added;

	if (!object->sha256 || object->depth >= result->serial_count)
		return;
	result->digests = memory_grow(result->digests, result->digest_count,
				      sizeof(*added));
	added = &result->digests[result->digest_count++];
	added->serial = result->serials[object->depth];
	memcpy(added->sha256, object->sha256, sizeof(added->sha256));
}

void result_hit(struct result *result, const struct pool_object *object,
		const struct pool_hit *hit)
{
	struct result_hit *added;

	if (result->hit_count == RESULT_HITS_MAX ||
	    result->names_len > RESULT_NAMES_MAX) {
		result_gap(result, object,
			   &(struct pool_gap){ .reason = REASON_RULE,
					       .detail = slice_of("too many findings") });
		return;
	}
	result->hits = memory_grow(result->hits, result->hit_count, sizeof(*added));
	added = &result->hits[result->hit_count++];
	*added = (struct result_hit){
		.object = copy_object(result, object),
		.segment = hit->segment,
		.rule = hit->rule,
		.view = hit->view,
		.offset = hit->offset,
		.len = hit->len,
		.has_sha256 = hit->has_sha256,
		.member = { (const uint8_t *)memory_text(hit->member), hit->member.len },
	};
	result->names_len += hit->member.len;
	memcpy(added->sha256, hit->sha256, sizeof(added->sha256));
}

void result_gap(struct result *result, const struct pool_object *object,
		const struct pool_gap *gap)
{
	struct result_gap copy = {
		.object = copy_object(result, object),
		.reason = gap->reason,
		.offset = gap->offset,
		.detail = memory_text(gap->detail),
	};

	result_take_gap(result, &copy);
}

void result_take_gap(struct result *result, struct result_gap *gap)
{
	uint64_t *objects = &result->tally.n[TALLY_REASONS + gap->reason];

	if (!is_known(result, gap->object.serial, gap->reason))
		(*objects)++;
	/* The first for each reason is always kept: the summary shows it. */
	if ((result->gap_count >= RESULT_GAPS_MAX ||
	     result->names_len > RESULT_NAMES_MAX) &&
	    *objects > 1) {
		result->gaps_more++;
		result_gap_clear(gap);
		return;
	}
	result->gaps = memory_grow(result->gaps, result->gap_count,
				   sizeof(*result->gaps));
	result->gaps[result->gap_count++] = *gap;
}

void result_gap_clear(struct result_gap *gap)
{
	free_object(&gap->object);
	free(gap->detail);
	*gap = (struct result_gap){ 0 };
}

/* Objects are counted, not places in them; what is told of one comes together. */
static bool is_known(const struct result *result, uint32_t serial, enum reason reason)
{
	for (size_t i = result->gap_count; i-- > 0;) {
		if (result->gaps[i].object.serial != serial)
			return false;
		if (result->gaps[i].reason == reason)
			return true;
	}
	return false;
}

/* For the file as a whole. */
static void add_gap(struct result *result, enum reason reason, const char *detail)
{
	result_gap(result, NULL,
		   &(struct pool_gap){ .reason = reason, .detail = slice_of(detail) });
}

/* `object` is NULL for what concerns the file as a whole. */
static struct result_object copy_object(struct result *result,
					const struct pool_object *object)
{
	struct result_object copy = { .size_bytes = result->item.size };

	if (!object)
		return copy;
	copy.type = type_name(object->type);
	copy.size_bytes = object->size_bytes;
	if (object->depth < result->serial_count)
		copy.serial = result->serials[object->depth];
	for (const struct pool_object *o = object; o->parent; o = o->parent)
		copy.count++;
	copy.names = memory_zeroed(copy.count, sizeof(*copy.names));
	copy.around = memory_zeroed(copy.count, sizeof(*copy.around));
	for (size_t i = 0; i < copy.count && i < result->serial_count; i++)
		copy.around[i] = result->serials[i];
	for (size_t i = copy.count; i-- > 0; object = object->parent) {
		result->names_len += object->name.len;
		copy.names[i] = (struct slice){
			(const uint8_t *)memory_text(object->name),
			object->name.len,
		};
	}
	return copy;
}

static void free_object(struct result_object *object)
{
	for (size_t i = 0; i < object->count; i++)
		free((void *)(uintptr_t)object->names[i].base);
	free(object->names);
	free(object->around);
}

void result_judge(struct result *result, const struct pool_done *done,
		  const struct judgement *judgement)
{
	struct tally *tally = &result->tally;
	char death[DEATH_TEXT_MAX] = "";

	result->item.fd = done->fd;
	if (result->item.has_changed || walk_item_changed(&result->item))
		add_gap(result, REASON_CHANGED, "");
	result->item.fd = -1;
	if (result->item.is_cut)
		add_gap(result, REASON_SIZE, "only its beginning was copied");
	/* How a worker died stands with its reason. */
	if (done->death.end != POOL_END_NONE)
		death_explain(&done->death, death);
	/* What is known of the root as a whole, and of a worker that died, comes here. */
	for (unsigned i = 0; i < REASON_COUNT; i++)
		if (outcome_has_reason(&done->outcome, (enum reason)i) &&
		    tally->n[TALLY_REASONS + i] == 0)
			add_gap(result, (enum reason)i, i == REASON_WORKER ? death : "");
	judge_hits(result, judgement);

	tally->n[TALLY_FILES] = 1;
	tally->n[TALLY_BYTES] = result->item.size;
	tally->n[TALLY_OBJECTS] = done->objects;
	for (size_t i = 0; i < result->hit_count; i++) {
		tally->n[TALLY_FINDINGS] += result->hits[i].state == HIT_SHOWN;
		tally->n[TALLY_ALLOWED] += result->hits[i].state == HIT_ALLOWED;
	}
	/* Found by its own word, but not by which rule: not to be called clean. */
	if (done->outcome.findings > 0 && result->hit_count == 0)
		add_gap(result, REASON_WORKER, "findings without rules");
	tally->n[TALLY_FOUND] = tally->n[TALLY_FINDINGS] > 0;
	tally->n[TALLY_INCOMPLETE] = result_verdict(result) == VERDICT_INCOMPLETE;
}

enum verdict result_verdict(const struct result *result)
{
	if (result->tally.n[TALLY_FINDINGS] > 0)
		return VERDICT_FOUND;
	for (unsigned i = 0; i < REASON_COUNT; i++)
		if (result->tally.n[TALLY_REASONS + i] > 0)
			return VERDICT_INCOMPLETE;
	return VERDICT_CLEAN;
}

static void judge_hits(struct result *result, const struct judgement *judgement)
{
	for (size_t i = 0; i < result->hit_count; i++)
		allow_hit(result, &result->hits[i], judgement);
	if (judgement->all_matches)
		return;
	for (size_t i = 0; i < result->hit_count; i++)
		if (result->hits[i].state == HIT_SHOWN)
			choose_one(result, judgement, i);
	hide_weak(result, judgement);
}

/*
 * What is potentially unwanted is shown only if nothing stronger is found in the file,
 * whichever object of it that is in.
 */
static void hide_weak(struct result *result, const struct judgement *judgement)
{
	bool any_strong = false;

	for (size_t i = 0; i < result->hit_count && !any_strong; i++)
		any_strong = result->hits[i].state == HIT_SHOWN &&
			     !is_weak(&result->hits[i], judgement);
	for (size_t i = 0; i < result->hit_count && any_strong; i++)
		if (result->hits[i].state == HIT_SHOWN &&
		    is_weak(&result->hits[i], judgement))
			result->hits[i].state = HIT_BESIDE;
}

static bool is_weak(const struct result_hit *hit, const struct judgement *judgement)
{
	struct rule_info info;

	rule_of(hit, judgement->catalog, &info);
	return info.flags & RULE_WEAK;
}

static struct allow_rule rule_of(const struct result_hit *hit,
				 const struct catalog *catalog, struct rule_info *info)
{
	if (!database_rule(&catalog->database, hit->segment, hit->rule, info))
		*info = (struct rule_info){ 0 };
	return (struct allow_rule){ info->source, info->name };
}

/* By the digest of the object itself, then of what it is in. */
static void allow_hit(const struct result *result, struct result_hit *hit,
		      const struct judgement *judgement)
{
	const uint8_t *own = hit->has_sha256 ? hit->sha256 : NULL;
	struct rule_info info;
	struct allow_rule rule = rule_of(hit, judgement->catalog, &info);

	hit->allowed = allow_find(judgement->allow, own, rule, judgement->now);
	for (size_t i = 0; !hit->allowed && i < result->digest_count; i++)
		if (is_inside(&hit->object, result->digests[i].serial))
			hit->allowed = allow_find(judgement->allow,
						  result->digests[i].sha256, rule,
						  judgement->now);
	hit->state = hit->allowed ? HIT_ALLOWED : HIT_SHOWN;
	if (database_is_removed(&judgement->catalog->database, hit->segment, hit->rule))
		hit->state = HIT_REMOVED;
}

static bool is_inside(const struct result_object *object, uint32_t serial)
{
	for (size_t i = 0; i < object->count; i++)
		if (object->around[i] == serial)
			return true;
	return false;
}

/*
 * One finding for the object of hit `first`: its first, but one of a strong rule if there
 * is any. Hits of what is in an object may stand between those of itself.
 */
static void choose_one(struct result *result, const struct judgement *judgement,
		       size_t first)
{
	uint32_t serial = result->hits[first].object.serial;
	struct result_hit *chosen = NULL;

	for (size_t i = first; i < result->hit_count; i++) {
		struct result_hit *hit = &result->hits[i];

		if (hit->state != HIT_SHOWN || hit->object.serial != serial)
			continue;
		hit->state = HIT_BESIDE;
		if (!chosen || (is_weak(chosen, judgement) && !is_weak(hit, judgement)))
			chosen = hit;
	}
	chosen->state = HIT_SHOWN;
}
