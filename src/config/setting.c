/* SPDX-License-Identifier: Apache-2.0 */
#include "config/setting.h"

#define KIB (UINT64_C(1) << 10)
#define TIB (UINT64_C(1) << 40)
#define DAY_MS (UINT64_C(24) * 3600 * 1000)

const struct setting settings[SETTING_COUNT] = {
	[SETTING_DATABASE] = {
		.name = "database", .letter = 'd', .type = SETTING_LIST, .fallback = "",
		.argument = "PATH",
		.help = "use these rules alone: a rule file, a folder or a compiled database",
	},
	[SETTING_CLAMAV_FOLDER] = {
		.name = "clamav-folder", .type = SETTING_TEXT, .fallback = "auto",
		.argument = "DIR",
		.help = "where ClamAV keeps its rules, or no",
	},
	[SETTING_CERTIFICATES] = {
		.name = "certificates", .type = SETTING_TEXT, .fallback = "auto",
		.argument = "DIR", .scope = SCOPE_SYSTEM,
		.help = "whom to trust for ClamAV's .sign files, or no",
	},
	[SETTING_PUA] = {
		.name = "pua", .type = SETTING_FLAG, .fallback = "no",
		.help = "also load rules for potentially unwanted programs",
	},
	[SETTING_PUA_INCLUDE] = {
		.name = "pua-include", .type = SETTING_LIST, .fallback = "", .argument = "CATEGORY",
		.help = "of those, only rules of this category (PUA.CATEGORY.NAME)",
	},
	[SETTING_PUA_EXCLUDE] = {
		.name = "pua-exclude", .type = SETTING_LIST, .fallback = "", .argument = "CATEGORY",
		.help = "of those, no rules of this category",
	},
	[SETTING_PHISHING_RULES] = {
		.name = "phishing-rules", .type = SETTING_FLAG, .fallback = "yes",
		.help = "load ndb rules named HTML.Phishing... and Email.Phishing...",
	},
	[SETTING_BYTECODE] = {
		.name = "bytecode", .type = SETTING_FLAG, .fallback = "yes",
		.scope = SCOPE_SYSTEM,
		.help = "run the programs of bytecode rules",
	},
	[SETTING_BYTECODE_UNSIGNED] = {
		.name = "bytecode-unsigned", .type = SETTING_FLAG, .fallback = "no",
		.scope = SCOPE_SYSTEM,
		.help = "also load bytecode rules that nobody signed",
	},
	[SETTING_STATE] = {
		.name = "state", .type = SETTING_TEXT, .fallback = "", .argument = "DIR",
		.help = "where allow entries, rule sets and interrupted scans are kept",
	},
	[SETTING_CACHE] = {
		.name = "cache", .type = SETTING_TEXT, .fallback = "", .argument = "DIR",
		.help = "where compiled rules are kept, and which files were clean",
	},
	[SETTING_VERDICT_CACHE] = {
		.name = "verdict-cache", .type = SETTING_FLAG, .fallback = "yes",
		.help = "do not read files again that were clean and have not changed",
	},
	[SETTING_JOBS] = {
		.name = "jobs", .letter = 'j', .type = SETTING_NUMBER, .fallback = "0", .max = 256,
		.argument = "N", .help = "how many workers; 0 is one for each processor",
	},
	[SETTING_ISOLATE] = {
		.name = "isolate", .type = SETTING_FLAG, .fallback = "no",
		.help = "a new worker process for every file",
	},
	[SETTING_CPU_PATH] = {
		.name = "cpu-path", .type = SETTING_CHOICE, .fallback = "best",
		.choices = "best|portable|avx2|avx512|neon", .argument = "NAME",
		.scope = SCOPE_SYSTEM,
		.help = "match with these instructions alone: what is found is the same",
	},
	[SETTING_BACKGROUND] = {
		.name = "background", .type = SETTING_FLAG, .fallback = "no",
		.help = "use only processor and disk time that nobody else wants",
	},
	[SETTING_EXCLUDE] = {
		.name = "exclude", .type = SETTING_LIST, .fallback = "", .argument = "GLOB",
		.scope = SCOPE_SYSTEM,
		.help = "leave out what matches, written as in .gitignore",
	},
	[SETTING_ONE_FILE_SYSTEM] = {
		.name = "one-file-system", .letter = 'x', .type = SETTING_FLAG, .fallback = "no",
		.help = "stay on the file systems of the given paths",
	},
	[SETTING_ACCEPT] = {
		.name = "accept", .type = SETTING_REASONS, .fallback = "",
		.argument = "REASON[,...]",
		.help = "these reasons of `incomplete' do not count for the exit code",
	},
	[SETTING_ALL_MATCHES] = {
		.name = "all-matches", .letter = 'a', .type = SETTING_FLAG, .fallback = "no",
		.help = "show every rule that matches, not one for each object",
	},
	[SETTING_COMPAT] = {
		.name = "compat", .type = SETTING_CHOICE, .fallback = "none",
		.choices = "none|clamav", .argument = "NAME", .scope = SCOPE_SYSTEM,
		.help = "clamav: decide as clamscan does even where that is wrong",
	},
	[SETTING_MAX_DEPTH] = {
		.name = "max-depth", .type = SETTING_NUMBER, .fallback = "32", .max = 256,
		.argument = "N", .help = "how deep containers inside containers are opened",
	},
	[SETTING_MAX_FILES] = {
		.name = "max-files", .type = SETTING_NUMBER, .fallback = "100000", .min = 1,
		.max = UINT32_MAX, .argument = "N", .help = "objects out of one file",
	},
	[SETTING_MAX_BYTES] = {
		.name = "max-bytes", .type = SETTING_SIZE, .fallback = "16G", .min = KIB,
		.max = 1024 * TIB, .argument = "SIZE",
		.help = "bytes unpacked out of one file, all levels together",
	},
	[SETTING_MAX_CHILD] = {
		.name = "max-child", .type = SETTING_SIZE, .fallback = "4G", .min = KIB,
		.max = 1024 * TIB, .argument = "SIZE",
		.help = "bytes of one object inside a container",
	},
	[SETTING_MAX_RATIO] = {
		.name = "max-ratio", .type = SETTING_NUMBER, .fallback = "1000", .min = 1,
		.max = UINT32_MAX, .argument = "N",
		.help = "bytes unpacked for each packed one, beyond 64 MiB",
	},
	[SETTING_MAX_TIME] = {
		.name = "max-time", .type = SETTING_TIME, .fallback = "120s", .min = 1,
		.max = DAY_MS, .argument = "TIME",
		.help = "time for one file; 1 s is added for each 50 MiB of it",
	},
	[SETTING_MAX_WAIT] = {
		.name = "max-wait", .type = SETTING_TIME, .fallback = "10s", .min = 1,
		.max = DAY_MS, .argument = "TIME",
		.help = "how long a network or FUSE file system may take to answer",
	},
	[SETTING_SUMMARY] = {
		.name = "summary", .type = SETTING_FLAG, .fallback = "yes",
		.help = "end with what was looked at, and by what",
	},
	[SETTING_PROGRESS] = {
		.name = "progress", .type = SETTING_FLAG, .fallback = "yes",
		.help = "show progress on a terminal",
	},
	[SETTING_COLOR] = {
		.name = "color", .type = SETTING_CHOICE, .fallback = "auto",
		.choices = "auto|always|never", .argument = "WHEN",
		.help = "colour: auto, always or never",
	},
};

bool setting_find(struct slice name, enum setting_id *out)
{
	for (unsigned i = 0; i < SETTING_COUNT; i++) {
		if (!slice_is(name, settings[i].name))
			continue;
		*out = (enum setting_id)i;
		return true;
	}
	return false;
}
