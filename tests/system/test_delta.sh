#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rule files that change a little: what changed is compiled, on top of what was compiled before.
# shellcheck disable=SC2317 # check calls functions
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99

python3 -B - <<'END'
import os, random
r = random.Random(3)
os.mkdir("rules")
with open("rules/a.hsb", "w") as f:
    for n in range(40000):
        f.write("%s:%d:Hash.%d\n" % (r.randbytes(32).hex(), n + 1, n))
with open("rules/b.ndb", "w") as f:
    for n in range(3000):
        f.write("Test.%d:0:*:%s\n" % (n, ("custos-mark-%d-end" % n).encode().hex()))
END
printf 'custos-mark-7-end' >seven
printf 'custos-mark-8-end' >eight
printf 'custos-new-mark' >new
printf 'nothing of interest' >other

# What is compiled, with all that tells whether it was written to.
compiled() { find "$CUSTOS_CACHE" -name '*.cseg' -printf '%f %i %s %T@ %C@\n' | sort; }
# is_base: what was compiled first is there as it was.
is_base() { compiled | grep -qxF "$base"; }
# count N: so many compiled files are there.
count() {
	[ "$(compiled | wc -l)" -eq "$1" ] && return 0
	compiled
	return 1
}

check "all is compiled at first" exits 1 "$CUSTOS" scan -d rules seven eight new other
check "with its rules" says "by 43,000 rules"
base=$(compiled)
check "into one file" count 1

sed -i '/^Test\.7:/d' rules/b.ndb
printf 'New.Rule:0:*:%s\n' "$(hex custos-new-mark)" >>rules/b.ndb
check "after a change" exits 1 "$CUSTOS" scan -d rules seven eight new other
check "a rule that is gone finds nothing" sh -c "! grep -q 'Test\.7' '$work/out'"
check "one that stays finds" says "eight: found Test.8 (rules)"
check "and a new one" says "new: found New.Rule (rules)"
check "of as many as there are" says "by 43,000 rules"
check "the base was not written to" is_base
check "what changed is beside it" count 2
check "and is small" sh -c "find '$CUSTOS_CACHE' -name '*.cseg' -size -16k | grep -q ."
check "the next scan" exits 1 "$CUSTOS" scan -d rules seven new
check "uses both" says "new: found New.Rule (rules)"
check "and compiles nothing" count 2
delta=$(find "$CUSTOS_CACHE" -name '*.cseg' -size -16k)
check "a rule that is gone has no explanation" exits 2 "$CUSTOS" explain -d rules \
	--rule Test.7 --file seven
check "a delta is no database" exits 2 "$CUSTOS" scan -d "$delta" other
check "which is said" complains "says nothing without its base"
check "clamscan compiles whole" exits 1 "$CUSTOS" clamscan -d rules seven new
check "and finds the same" says "new: New.Rule.UNOFFICIAL FOUND"
check "no more" sh -c "! grep -q 'seven: Test' '$work/out'"


printf 'Test.7:0:*:%s\n' "$(hex custos-mark-7-end)" >>rules/b.ndb
check "a rule that comes back" exits 1 "$CUSTOS" scan -d rules seven
check "finds" says "seven: found Test.7 (rules)"
check "the base is still that" is_base

sed -i '/^Test\.8:/d' rules/b.ndb
rm "$CUSTOS_CACHE/${base%% *}"
check "without its base" exits 0 "$CUSTOS" scan -d rules eight
check "all is compiled anew" exits 1 "$CUSTOS" scan -d rules seven
base=$(compiled | grep -v ' [0-9]\{4\} ' | sort -k 4 | tail -n 1)
echo Test.9 >rules/l.ign2
printf 'custos-mark-9-end' >nine
check "a list that comes" exits 0 "$CUSTOS" scan -d rules nine
check "acts" says "by 42,999 rules"
rm rules/l.ign2
check "and when it goes" exits 1 "$CUSTOS" scan -d rules nine
check "does not any more" says "nine: found Test.9 (rules)"

before=$(compiled | wc -l)
sed -i 1,10000d rules/a.hsb
check "a large change" exits 1 "$CUSTOS" scan -d rules nine
check "is compiled whole" says "by 33,000 rules"
check "into a file of its own" count $((before + 1))
check "a damaged delta or base" sh -c "for f in '$CUSTOS_CACHE'/*.cseg; do : >\"\$f\"; done"
check "is compiled again" exits 1 "$CUSTOS" scan -d rules nine

case $(stat -f -c %T .) in
ext2/ext3 | xfs | btrfs | f2fs) ;;
*)
	skip "verdicts are remembered" "$work is on a file system that has no memory"
	finish
	;;
esac
export CUSTOS_VERDICT_CACHE=yes
settle() { sleep 3; }
# asked WHAT NUMBER CODE FILE…: so many of the files are clean by what is remembered.
asked() {
	asked_what=$1 asked_want=$2
	exits "$3" "$CUSTOS" scan --json -d rules seven eight other || return 1
	grep -q "\"${asked_what}\":${asked_want}[,}]" "$work/out" && return 0
	grep '"summary"' "$work/out"
	return 1
}
sed -i '/^Test\.7:/d' rules/b.ndb
settle
check "a first scan remembers" asked files_cached 0 0
check "what is clean, but for what a rule matches that is gone" asked files_cached 2 0
printf 'Later.Rule:0:*:%s\n' "$(hex custos-later-mark)" >>rules/b.ndb
settle
check "after a change it is asked for that alone" asked files_cached_partly 2 0
printf 'Third.Rule:0:*:%s\n' "$(hex custos-third-mark)" >>rules/b.ndb
sed -i '/^Test\.10:/d' rules/b.ndb
settle
check "and after another one" asked files_cached_partly 2 0
printf 'Test.7:0:*:%s\n' "$(hex custos-mark-7-end)" >>rules/b.ndb
settle
check "a new rule finds in what was clean" asked findings 1 1
sed -i '/^Test\.8:/d;/^Test\.7:/d' rules/b.ndb
settle
check "gone again" asked findings 0 0
printf 'Test.7:0:*:%s\n' "$(hex custos-mark-7-end)" >>rules/b.ndb
settle
check "and there again" asked findings 1 1
finish
