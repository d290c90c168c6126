#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The benign corpus (CUSTOS_CORPUS, or a folder `corpus` beside the clone; made by the
# get-corpus of the shared test tools): nothing is found in it, no worker dies, and what is
# incomplete is what tests/golden/corpus-incomplete.tsv says, by type and reason.
# UPDATE=1 writes that table anew.
. "$(dirname "$0")/tap.sh"

corpus=${CUSTOS_CORPUS:-$(dirname "$CUSTOS_TOP")/corpus}
table=$CUSTOS_TOP/tests/golden/corpus-incomplete.tsv
if [ ! -f "$corpus/MANIFEST.tsv" ]; then
	skip "the benign corpus" "no corpus at $corpus (set CUSTOS_CORPUS)"
	finish
fi

"$CUSTOS" scan --json --exclude /.debs --exclude /MANIFEST.tsv --exclude /TYPES.txt \
	"$corpus" >"$work/lines" 2>"$work/err"
code=$?
grep '"type":"incomplete"' "$work/lines" |
	sed 's/.*"reason":"\([a-z]*\)".*"object_type":"\([A-Z0-9_]*\)".*/\2\t\1/' |
	LC_ALL=C sort | uniq -c | awk '{print $2 "\t" $3 "\t" $1}' >"$work/table"
[ -n "${UPDATE:-}" ] && cp "$work/table" "$table"

check "it ends as a scan that found nothing" test "$code" -eq 0 -o "$code" -eq 3
check "nothing is found" sh -c "! grep '\"type\":\"finding\"' '$work/lines'"
check "no worker died" grep -q '"worker_deaths":0' "$work/lines"
check "nothing is said on stderr" test ! -s "$work/err"
check "what is incomplete is what the table says" diff -u "$table" "$work/table"
finish
