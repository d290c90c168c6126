/* SPDX-License-Identifier: Apache-2.0 */
#include "ipc/prove_record.h"

#include "ipc/wire.h"

enum { TEXT_MAX = 256, CODE_MAX = 32 * 1024 };

static void attack_fields(struct wire *wire, void *record)
{
	struct record_attack *attack = record;

	wire_slice(wire, &attack->group, TEXT_MAX);
	wire_slice(wire, &attack->name, TEXT_MAX);
	wire_slice(wire, &attack->what, TEXT_MAX);
	for (unsigned i = 0; i < PROVE_STAGES; i++) {
		wire_choice(wire, &attack->result[i], PROVE_RESULT_COUNT);
		wire_i32(wire, &attack->code[i]);
	}
}

static void call_list_fields(struct wire *wire, void *record)
{
	struct record_call_list *list = record;

	wire_slice(wire, &list->code, CODE_MAX);
}

static void proved_fields(struct wire *wire, void *record)
{
	(void)wire;
	(void)record;
}

bool prove_add_attack(struct message *to, const struct record_attack *attack)
{
	struct record_attack copy = *attack;

	return wire_add(to, RECORD_ATTACK, attack_fields, &copy);
}

bool prove_get_attack(struct slice body, struct record_attack *out)
{
	return wire_get(body, attack_fields, out);
}

bool prove_add_call_list(struct message *to, const struct record_call_list *list)
{
	struct record_call_list copy = *list;

	return wire_add(to, RECORD_CALL_LIST, call_list_fields, &copy);
}

bool prove_get_call_list(struct slice body, struct record_call_list *out)
{
	return wire_get(body, call_list_fields, out);
}

bool prove_add_proved(struct message *to)
{
	return wire_add(to, RECORD_PROVED, proved_fields, NULL);
}

bool prove_get_proved(struct slice body)
{
	return wire_get(body, proved_fields, NULL);
}
