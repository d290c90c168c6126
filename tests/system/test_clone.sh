#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fresh copies of the tree: what a newcomer, a packager and a rebuilder do first.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/copy.sh"

copy_tree "$work/one"
copy_tree "$work/another place/with blanks"
unset CI DESTDIR
# A cache of object files may hand out one that was compiled in another folder.
export CCACHE_DISABLE=1

check "a fresh copy builds and runs" exits 0 "$work/one/run" --version
check "with one line on stdout" test "$(wc -l <"$work/out")" -eq 1
check "so does one in a folder with blanks in its name" \
	exits 0 "$work/another place/with blanks/run" --version

for program in "$CUSTOS_BUILD"/custos*; do
	[ -f "$program" ] || continue
	name=${program##*/}
	check "$name is the same, byte for byte, from both" cmp \
		"$work/one/build/$name" "$work/another place/with blanks/build/$name"
done

mv "$work/one" "$work/moved"
check "a copy that was moved builds again" exits 0 "$work/moved/run" --which
check "in its new place" says "$work/moved/build/custos"

echo "#error" >>"$work/moved/src/base/status.c"
check "a tree that does not build is an error, not a finding" \
	exits 2 "$work/moved/run" --version
check "told on stderr alone" test ! -s "$work/out"

copy_tree "$work/twice"
"$work/twice/run" --version >"$work/first" 2>&1 & first=$!
check "two first runs at once" exits 0 "$work/twice/run" --version
check "both run" wait "$first"

finish
