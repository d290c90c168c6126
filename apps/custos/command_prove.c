/* SPDX-License-Identifier: Apache-2.0 */
/*
 * custos prove: shows on this host, with this kernel and as this user, what a
 * worker that has been taken over can do. Three things: attacks from inside a
 * locked process, a live worker seen from outside, and what the worker program
 * asks of its libraries.
 */
#include "command.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/json.h"
#include "prove_attacks.h"
#include "prove_imports.h"
#include "prove_live.h"
#include "screen.h"

struct proof {
	struct prove_attacks attacks;
	struct prove_live live;
	struct prove_imports imports;
	size_t counts[PROVE_NOT_TESTED + 1]; /* by enum prove_verdict */
	size_t live_failures;
};

static int run_prove(struct invocation *invocation);
static bool look(struct proof *proof);
static void print_proof(const struct proof *proof);
static void print_walls(const struct proof *proof);
static void print_attack(const struct prove_attack *attack);
static void print_by(const struct prove_attack *attack);
static void print_live(const struct proof *proof);
static void print_sum(const struct proof *proof);
static bool print_json(const struct proof *proof);
static void json_walls(struct json *json, const struct proof *proof);
static void json_attacks(struct json *json, const struct proof *proof);
static void json_live(struct json *json, const struct proof *proof);
static const char *describe(const struct prove_attack *attack, enum prove_stage stage);

static const struct option_spec prove_options[] = {
	{ "json", 0, NULL, "one JSON object, nothing else" },
	{ 0 },
};

static const enum setting_id prove_settings[] = { SETTING_COLOR };

const struct command command_prove = {
	.name = "prove",
	.summary = "show what a captured worker could do on this machine",
	.operands = "",
	.about = "Attacks this machine from inside a locked process, as somebody would "
		 "who has\n"
		 "taken over a worker. Each attack is made three times: in the open (one "
		 "that\n"
		 "fails there proves nothing: \"not tested\"), behind all walls but the "
		 "list of\n"
		 "system calls, and locked up as every worker is. Then a real worker is "
		 "looked\n"
		 "at from outside. Harmless; takes a second or two. As root more can be "
		 "tested.\n"
		 "\n"
		 "Ends with 0 if nothing was allowed, 1 if something was, 2 on an "
		 "error.\n",
	.run = run_prove,
	.options = prove_options,
	.settings = prove_settings,
	.setting_count = ARRAY_LEN(prove_settings),
};

static int run_prove(struct invocation *invocation)
{
	struct proof *proof = calloc(1, sizeof(*proof));
	int code = EXIT_ERROR;

	if (!proof)
		return EXIT_ERROR;
	if (look(proof)) {
		code = EXIT_OK;
		if (proof->counts[PROVE_ALLOWED] > 0 || proof->live_failures > 0 ||
		    proof->imports.found[0])
			code = EXIT_FOUND;
		if (!invocation_has(invocation, "json"))
			print_proof(proof);
		else if (!print_json(proof))
			code = EXIT_ERROR;
	}
	free(proof);
	return code;
}

static bool look(struct proof *proof)
{
	struct pool_error error;

	if (!prove_attacks_run(&proof->attacks, &error) ||
	    !prove_live_look(&proof->live, &proof->attacks, &error) ||
	    !prove_imports_look(&proof->imports, &error)) {
		screen_error("%s", error.text);
		return false;
	}
	if (!proof->attacks.has_walls) {
		screen_error(
			"a process cannot be locked up here: nothing will be scanned");
		return false;
	}
	for (size_t i = 0; i < proof->attacks.count; i++)
		proof->counts[prove_verdict_of(&proof->attacks.list[i])]++;
	for (size_t i = 0; i < proof->live.count; i++)
		proof->live_failures += proof->live.checks[i].result == LIVE_FAILS;
	return true;
}

static void print_proof(const struct proof *proof)
{
	const char *group = "";
	struct utsname host;

	if (uname(&host) == 0)
		screen_print(SCREEN_PLAIN, "Linux %s on %s, as %s\n", host.release,
			     host.machine, geteuid() == 0 ? "root" : "an ordinary user");
	print_walls(proof);
	for (size_t i = 0; i < proof->attacks.count; i++) {
		const struct prove_attack *attack = &proof->attacks.list[i];
		if (strcmp(group, attack->group) != 0)
			screen_print(SCREEN_STRONG, "\nattacks: %s\n", attack->group);
		group = attack->group;
		print_attack(attack);
	}
	print_live(proof);
	print_sum(proof);
}

static void print_walls(const struct proof *proof)
{
	const struct walls *walls = &proof->attacks.walls;

	screen_print(SCREEN_STRONG, "\nwalls around a worker\n");
	for (int i = 0; i < WALL_COUNT; i++) {
		const enum wall wall = (enum wall)i;
		screen_print(SCREEN_PLAIN, "  %-22s ", wall_name(wall));
		if (walls_has(walls, wall))
			screen_print(SCREEN_GOOD, "stands\n");
		else if (walls->missing >> i & 1)
			screen_print(SCREEN_DOUBT, "MISSING (%s): %s\n",
				     strerror(walls->cause[i]), wall_meaning(wall));
		else
			screen_print(SCREEN_FAINT, "not needed: this is no root\n");
	}
}

static void print_attack(const struct prove_attack *attack)
{
	screen_print(SCREEN_PLAIN, "  %-24s %-44s ", attack->name, attack->what);
	switch (prove_verdict_of(attack)) {
	case PROVE_DENIED:
		screen_print(SCREEN_GOOD, "denied");
		print_by(attack);
		break;
	case PROVE_ALLOWED:
		screen_print(SCREEN_BAD, "ALLOWED");
		break;
	case PROVE_NOT_TESTED:
		screen_print(SCREEN_FAINT, "not tested: in the open %s",
			     describe(attack, PROVE_OPEN));
		break;
	}
	screen_print(SCREEN_PLAIN, "\n");
}

/* Which wall it was, and whether there is another one behind it. */
static void print_by(const struct prove_attack *attack)
{
	if (attack->result[PROVE_LOCKED] == PROVE_KILLED)
		screen_print(SCREEN_PLAIN, " by the list of calls");
	else
		screen_print(SCREEN_PLAIN, " (%s)", describe(attack, PROVE_LOCKED));
	switch (attack->result[PROVE_WALLS]) {
	case PROVE_THROUGH:
	case PROVE_NOT_RUN:
	case PROVE_HUNG:
	case PROVE_IGNORED:
		break;
	case PROVE_REFUSED:
	case PROVE_KILLED:
		if (attack->result[PROVE_LOCKED] == PROVE_KILLED)
			screen_print(SCREEN_FAINT, ", and without it (%s)",
				     describe(attack, PROVE_WALLS));
		break;
	}
}

static void print_live(const struct proof *proof)
{
	screen_print(SCREEN_STRONG, "\na live worker (process %d)\n", proof->live.pid);
	for (size_t i = 0; i < proof->live.count; i++) {
		const struct live_check *check = &proof->live.checks[i];
		screen_print(SCREEN_PLAIN, "  %-22s ", check->name);
		switch (check->result) {
		case LIVE_HOLDS:
			screen_print(SCREEN_PLAIN, "%s\n", check->value);
			break;
		case LIVE_FAILS:
			screen_print(SCREEN_BAD, "%s: NOT AS IT SHOULD BE\n",
				     check->value);
			break;
		case LIVE_HIDDEN:
			screen_print(SCREEN_FAINT, "not to be seen: %s\n", check->value);
			break;
		case LIVE_NO_WALL:
			screen_print(SCREEN_DOUBT, "%s: the wall is missing\n",
				     check->value);
			break;
		}
	}
	screen_print(SCREEN_STRONG, "\nthe worker program\n");
	if (proof->imports.found[0])
		screen_print(SCREEN_BAD, "  asks its libraries for: %s\n",
			     proof->imports.found);
	else
		screen_print(SCREEN_PLAIN,
			     "  asks its libraries for %zu functions; none opens a file, "
			     "reaches the network or starts a program\n",
			     proof->imports.count);
}

static void print_sum(const struct proof *proof)
{
	screen_print(SCREEN_STRONG, "\n%zu attacks", proof->attacks.count);
	screen_print(SCREEN_PLAIN, ": %zu denied, ", proof->counts[PROVE_DENIED]);
	screen_print(proof->counts[PROVE_ALLOWED] ? SCREEN_BAD : SCREEN_PLAIN,
		     "%zu allowed", proof->counts[PROVE_ALLOWED]);
	screen_print(SCREEN_PLAIN, ", %zu not tested\n", proof->counts[PROVE_NOT_TESTED]);
}

static bool print_json(const struct proof *proof)
{
	struct json json;
	struct slice text;

	json_init(&json);
	json_begin_object(&json, NULL);
	json_text(&json, "schema", "custos.prove/1");
	json_bool(&json, "root", geteuid() == 0);
	json_walls(&json, proof);
	json_attacks(&json, proof);
	json_live(&json, proof);
	json_text(&json, "imports", proof->imports.found);
	json_u64(&json, "denied", proof->counts[PROVE_DENIED]);
	json_u64(&json, "allowed", proof->counts[PROVE_ALLOWED]);
	json_u64(&json, "not_tested", proof->counts[PROVE_NOT_TESTED]);
	json_end_object(&json);
	bool ok = json_result(&json, &text);
	if (ok)
		screen_print(SCREEN_PLAIN, "%.*s\n", (int)text.len,
			     (const char *)text.base);
	json_clear(&json);
	return ok;
}

static void json_walls(struct json *json, const struct proof *proof)
{
	const struct walls *walls = &proof->attacks.walls;

	json_begin_array(json, "walls");
	for (int i = 0; i < WALL_COUNT; i++) {
		const bool is_missing = walls->missing >> i & 1;
		json_begin_object(json, NULL);
		json_text(json, "name", wall_name((enum wall)i));
		json_bool(json, "stands", walls_has(walls, (enum wall)i));
		if (is_missing) {
			json_text(json, "missing", strerror(walls->cause[i]));
			json_text(json, "meaning", wall_meaning((enum wall)i));
		}
		json_end_object(json);
	}
	json_end_array(json);
	json_i64(json, "landlock_abi", walls->landlock_abi);
}

static void json_attacks(struct json *json, const struct proof *proof)
{
	static const char *const verdicts[] = { "denied", "allowed", "not tested" };

	json_begin_array(json, "attacks");
	for (size_t i = 0; i < proof->attacks.count; i++) {
		const struct prove_attack *attack = &proof->attacks.list[i];
		json_begin_object(json, NULL);
		json_text(json, "group", attack->group);
		json_text(json, "name", attack->name);
		json_text(json, "what", attack->what);
		json_text(json, "verdict", verdicts[prove_verdict_of(attack)]);
		json_text(json, "open", describe(attack, PROVE_OPEN));
		json_text(json, "walls", describe(attack, PROVE_WALLS));
		json_text(json, "locked", describe(attack, PROVE_LOCKED));
		json_end_object(json);
	}
	json_end_array(json);
}

static void json_live(struct json *json, const struct proof *proof)
{
	static const char *const results[] = { "holds", "fails", "hidden", "no wall" };

	json_begin_array(json, "live");
	for (size_t i = 0; i < proof->live.count; i++) {
		const struct live_check *check = &proof->live.checks[i];
		json_begin_object(json, NULL);
		json_text(json, "name", check->name);
		json_text(json, "result", results[check->result]);
		json_text(json, "value", check->value);
		json_end_object(json);
	}
	json_end_array(json);
}

/* In a word or two; a constant string, or one of the C library's. */
static const char *describe(const struct prove_attack *attack, enum prove_stage stage)
{
	switch (attack->result[stage]) {
	case PROVE_NOT_RUN:
		return "it could not be run";
	case PROVE_THROUGH:
		return "it got through";
	case PROVE_REFUSED:
		return strerrorname_np(attack->code[stage]);
	case PROVE_KILLED:
		return attack->code[stage] == SIGSYS ? "SIGSYS" : "a crash";
	case PROVE_IGNORED:
		return "the parent takes none";
	case PROVE_HUNG:
		return "it hung";
	}
	return "?";
}
