#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tools/new-format in a copy of the tree: what it writes passes every test, and is tested.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/copy.sh"

copy_tree "$work/tree"
cd "$work/tree" || exit 99
unset CI DESTDIR

check "a format gets its files" exits 0 tools/new-format example
check "not twice" exits 1 tools/new-format example
check "a known type needs its magic" exits 1 tools/new-format kwaj
check "with it, it gets them too" exits 0 tools/new-format kwaj 4b57414a88f027d1
check "no keyword is a name" exits 1 tools/new-format switch

# shellcheck disable=SC2317 # called by check
passes() {
	exits 0 ./check >/dev/null && return 0
	sed -n '/error:/p' "$work/err"
	sed -n '/^FAILED/,$p' "$work/out"
	return 1
}
check "every test passes with them" passes
for test in example kwaj "fuzz example" "fuzz kwaj"; do
	check "\"$test\" is one of them" says "$test "
done

finish
