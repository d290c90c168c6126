/* SPDX-License-Identifier: Apache-2.0 */
#include "clamscan_table.h"

#include <assert.h>

#include "base/compiler.h"

/* clang-format off */
const struct clamscan_option clamscan_table[] = {
	{ "help", 'h', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_HELP, false },
	{ "version", 'V', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_VERSION, false },
	{ "verbose", 'v', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_VERBOSE, false },
	{ "quiet", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_QUIET, false },
	{ "stdout", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_STDOUT, false },
	{ "no-summary", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_NO_SUMMARY, false },
	{ "infected", 'i', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_INFECTED, false },
	{ "suppress-ok-results", 'o', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_HIDE_OK, false },
	{ "bell", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_BELL, false },
	{ "database", 'd', CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_DATABASE, false },
	{ "log", 'l', CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_LOG, false },
	{ "recursive", 'r', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_RECURSIVE, false },
	{ "allmatch", 'z', CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_ALL_MATCHES, false },
	{ "cross-fs", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_CROSS_FS, true },
	{ "follow-dir-symlinks", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_FOLLOW_FOLDERS, false },
	{ "follow-file-symlinks", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_FOLLOW_FILES, false },
	{ "file-list", 'f', CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_FILE_LIST, false },
	{ "exclude", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_EXCLUDE, false },
	{ "exclude-dir", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_EXCLUDE_FOLDER, false },
	{ "include", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_INCLUDE, false },
	{ "include-dir", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_INCLUDE_FOLDER, false },
	{ "detect-pua", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_PUA, false },
	{ "exclude-pua", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_PUA_EXCLUDE, false },
	{ "include-pua", 0, CLAMSCAN_TEXT, CLAMSCAN_DONE, MEANING_PUA_INCLUDE, false },
	{ "alert-exceeds-max", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_ALERT_LIMITS, false },
	{ "alert-encrypted", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_ALERT_ENCRYPTED, false },
	{ "alert-encrypted-archive", 0, CLAMSCAN_SWITCH, CLAMSCAN_DONE, MEANING_ALERT_ENCRYPTED, false },
	{ "max-scantime", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_MAX_TIME, false },
	{ "max-filesize", 0, CLAMSCAN_SIZE, CLAMSCAN_DONE, MEANING_MAX_FILE, false },
	{ "max-scansize", 0, CLAMSCAN_SIZE, CLAMSCAN_DONE, MEANING_MAX_BYTES, false },
	{ "max-files", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_MAX_FILES, false },
	{ "max-recursion", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_MAX_DEPTH, false },
	{ "max-dir-recursion", 0, CLAMSCAN_NUMBER, CLAMSCAN_DONE, MEANING_MAX_FOLDERS, false },
	{ "archive-verbose", 'a', CLAMSCAN_SWITCH, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "debug", 0, CLAMSCAN_SWITCH, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "tempdir", 0, CLAMSCAN_TEXT, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "leave-temps", 0, CLAMSCAN_SWITCH, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "force-to-disk", 0, CLAMSCAN_SWITCH, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "disable-cache", 0, CLAMSCAN_SWITCH, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-embeddedpe", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-htmlnormalize", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-htmlnotags", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-scriptnormalize", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-ziptypercg", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-partitions", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-iconspe", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "max-rechwp3", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "pcre-match-limit", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "pcre-recmatch-limit", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "pcre-max-filesize", 0, CLAMSCAN_SIZE, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "bytecode-timeout", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "structured-ssn-format", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "structured-ssn-count", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "structured-cc-count", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "structured-cc-mode", 0, CLAMSCAN_NUMBER, CLAMSCAN_NOTHING, MEANING_NONE, false },
	{ "gen-json", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "official-db-only", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "bytecode", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "bytecode-unsigned", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "detect-structured", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "scan-mail", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "phishing-sigs", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "phishing-scan-urls", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "heuristic-alerts", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "heuristic-scan-precedence", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "normalize", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-pe", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-elf", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-ole2", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-pdf", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-swf", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-html", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-xmldocs", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-hwp3", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-onenote", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-archive", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-image", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "scan-image-fuzzy-hash", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, true },
	{ "alert-broken", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-broken-media", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-encrypted-doc", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-macros", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-phishing-ssl", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-phishing-cloak", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "alert-partition-intersection", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "nocerts", 0, CLAMSCAN_SWITCH, CLAMSCAN_WARNED, MEANING_NONE, false },
	{ "remove", 0, CLAMSCAN_SWITCH, CLAMSCAN_REFUSED, MEANING_NONE, false },
	{ "move", 0, CLAMSCAN_TEXT, CLAMSCAN_REFUSED, MEANING_NONE, false },
	{ "copy", 0, CLAMSCAN_TEXT, CLAMSCAN_REFUSED, MEANING_NONE, false },
	{ "dumpcerts", 0, CLAMSCAN_SWITCH, CLAMSCAN_REFUSED, MEANING_NONE, false },
	{ "statistics", 0, CLAMSCAN_TEXT, CLAMSCAN_REFUSED, MEANING_NONE, false },
	{ "fail-if-cvd-older-than", 0, CLAMSCAN_NUMBER, CLAMSCAN_REFUSED, MEANING_NONE, false },
};
/* clang-format on */

const size_t clamscan_table_len = ARRAY_LEN(clamscan_table);
static_assert(ARRAY_LEN(clamscan_table) <= CLAMSCAN_OPTIONS_MAX, "room for letters");

const struct clamscan_option *clamscan_table_letter(char letter)
{
	for (size_t i = 0; i < clamscan_table_len; i++)
		if (clamscan_table[i].letter == letter)
			return &clamscan_table[i];
	return NULL;
}
