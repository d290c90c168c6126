#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos allow: what is on the list is found, not told, and counted.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

eicar >eicar.com
pack eicar.zip eicar.com eicar.com
digest=$(sha256sum eicar.com | cut -c1-64)
zip_digest=$(sha256sum eicar.zip | cut -c1-64)
check "EICAR is found" exits 1 "$CUSTOS" scan eicar.com
rule=$(sed -n 's/.*: found \(.*\) (custos)$/\1/p' "$out")
check "by a rule that can be named" test -n "$rule"

check "an empty list" exits 0 "$CUSTOS" allow list
check "says so" says "nothing is allowed"
check "a file is allowed" exits 0 "$CUSTOS" allow add --reason 'a test file' eicar.com
check "and not told any more" exits 0 "$CUSTOS" scan eicar.com
check "but counted" says "1 finding is allowed by"
check "--verbose shows it, with the reason" exits 0 "$CUSTOS" scan -v eicar.com
check "in its line" says "eicar.com: allowed $rule (custos): a test file"
check "also inside other files" exits 0 "$CUSTOS" scan eicar.zip
check "JSON counts it too" exits 0 "$CUSTOS" scan --json eicar.com
check "in the file's line and the summary" json "$out" \
	'lines[0]["allowed"] == 1 and lines[0]["verdict"] == "clean" and lines[-1]["allowed"] == 1'
check "the list shows it" exits 0 "$CUSTOS" allow list
check "with its digest" says "$digest"
check "and its reason" says ": a test file"
check "it is a text file" grep -q \
	"^$digest	\*	never	20..-..-..	a test file\$" "$CUSTOS_STATE/allow"
check "it is removed by its number" exits 0 "$CUSTOS" allow remove 1
check "and the finding is back at once" exits 1 "$CUSTOS" scan eicar.com

check "a container is allowed" exits 0 "$CUSTOS" allow add "$zip_digest"
check "with what is in it" exits 0 "$CUSTOS" scan eicar.zip
pack inner.zip.gz inner.zip eicar.zip
pack outer.tar.gz inner.zip.gz inner.zip.gz
check "also deep inside of others" exits 0 "$CUSTOS" scan outer.tar.gz
check "but the same file elsewhere is found" exits 1 "$CUSTOS" scan eicar.com
check "it is removed by its digest" exits 0 "$CUSTOS" allow remove "$zip_digest"
check "and the finding is back" exits 1 "$CUSTOS" scan eicar.zip

check "one rule for one file" exits 0 "$CUSTOS" allow add --rule "$rule" "$digest"
check "is allowed" exits 0 "$CUSTOS" scan eicar.com
"$CUSTOS" allow remove 1
check "another rule" exits 0 "$CUSTOS" allow add --rule Some.Other "$digest"
check "does not help" exits 1 "$CUSTOS" scan eicar.com
"$CUSTOS" allow remove 1
check "the rule with its source" exits 0 "$CUSTOS" allow add --rule "custos:$rule" "$digest"
check "is allowed" exits 0 "$CUSTOS" scan eicar.com
"$CUSTOS" allow remove 1
check "the rule of another source" exits 0 "$CUSTOS" allow add --rule "local:$rule" "$digest"
check "does not help" exits 1 "$CUSTOS" scan eicar.com
"$CUSTOS" allow remove 1
check "a rule for every file" exits 0 "$CUSTOS" allow add --rule "$rule" --any-file
check "is turned off" exits 0 "$CUSTOS" scan eicar.com eicar.zip
"$CUSTOS" allow remove 1

# An allowed rule never hides another.
printf 'A.One:0:*:%s\nA.Two:0:*:%s\n' "$(hex EICAR)" "$(hex STANDARD)" >"$work/two.ndb"
check "one of two rules is allowed" exits 0 "$CUSTOS" allow add --rule A.One eicar.com
check "the other is told" exits 1 "$CUSTOS" scan -d "$work/two.ndb" eicar.com
check "by its name" says "eicar.com: found A.Two (two.ndb)"
"$CUSTOS" allow remove 1

check "an entry with an end" exits 0 "$CUSTOS" allow add --expires 30d eicar.com
check "holds" exits 0 "$CUSTOS" scan eicar.com
sed -i 's/\t20..-..-..\t/\t2020-01-01\t/' "$CUSTOS_STATE/allow"
check "until its day is over" exits 1 "$CUSTOS" scan eicar.com
check "the list says so" exits 0 "$CUSTOS" allow list
check "expired" says "until 2020-01-01 (expired: allows nothing)"
"$CUSTOS" allow remove 1
check "an end in the past is refused" exits 2 "$CUSTOS" allow add --expires 2020-01-01 eicar.com
check "a day that is none too" exits 2 "$CUSTOS" allow add --expires 2030-02-30 eicar.com
check "and a number without a unit" exits 2 "$CUSTOS" allow add --expires 30 eicar.com
check "nothing was added" sh -c "[ \$(grep -vc '^#' '$CUSTOS_STATE/allow') -eq 0 ]"

check "an MD5 is not enough" exits 2 "$CUSTOS" allow add "$(md5sum eicar.com | cut -c1-32)"
check "nor a file that is not there" exits 2 "$CUSTOS" allow add no-such-file
check "nor nothing" exits 2 "$CUSTOS" allow add
check "nor every file without a rule" exits 2 "$CUSTOS" allow add --any-file
check "nor a rule without a name" exits 2 "$CUSTOS" allow add --rule '' --any-file
check "a reason cannot start a line of its own" exits 2 \
	"$CUSTOS" allow add --reason "$(printf 'x\n*\tA.One')" eicar.com
check "what is on no line cannot be removed" exits 2 "$CUSTOS" allow remove 7

"$CUSTOS" allow add eicar.com >/dev/null
chmod 666 "$CUSTOS_STATE/allow"
check "a list that others may write to is an error, not believed" exits 2 "$CUSTOS" scan eicar.com
chmod 644 "$CUSTOS_STATE/allow"
printf 'garbage\n*\t*\tnever\t2026-01-01\teverything\n' >>"$CUSTOS_STATE/allow"
printf 'STANDARD' >other
check "lines that are none allow nothing" exits 1 "$CUSTOS" scan -d "$work/two.ndb" other
check "and are told of" complains "2 lines of the allow list"
for i in 1 2 3 4 5 6 7 8; do
	"$CUSTOS" allow add --reason "$i" eicar.com >/dev/null &
done
wait
check "entries added at once are all there" sh -c \
	"[ \$(grep -c '	[1-8]\$' '$CUSTOS_STATE/allow') -eq 8 ]"

truncate -s 4G holes
if [ "$(stat -c %b holes)" -lt 10000 ]; then
	check "a file of holes is not hashed" exits 2 timeout 5 "$CUSTOS" allow add holes
	check "and told how to allow what is found in it" complains \
		"allow its rule, with --any-file"
else
	skip "a file of holes is not hashed" "no holes here"
fi

finish
