#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rule files, good and hostile, through custos db and into scans.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
cd "$work" || exit 99
mkdir rules

# Rules for bytes that nobody else looks for.
marker="custos-test-marker"
cat >rules/good.ndb <<END
# a comment

Test.Marker:0:*:$(hex "$marker")
Test.Start:0:0:$(hex "first")
END
printf '%s' "first and $marker" >sample
printf 'nothing here' >clean
printf '%s:%s:Test.Hash\n' "$(sha256sum sample | cut -c1-64)" "$(wc -c <sample)" >rules/good.hsb

check "db check of good rules" exits 0 "$CUSTOS" db check rules
check "counts them" says "rules/good.ndb: 2 taken"
check "in each file" says "rules/good.hsb: 1 taken"
check "and complains of nothing" test ! -s "$work/err"

check "db build" exits 0 "$CUSTOS" db build -o all.cseg rules
check "is silent where all is good" test ! -s "$work/err"
check "db build twice" exits 0 "$CUSTOS" db build -o again.cseg rules
check "gives the same bytes" cmp all.cseg again.cseg
check "and leaves nothing behind" test "$(find . -name '*.cseg*' | wc -l)" -eq 2
check "without -o it is an error" exits 2 "$CUSTOS" db build rules
check "into a folder that is not there too" exits 2 "$CUSTOS" db build -o no/x.cseg rules

check "a folder that is not there is named as it was given" complains "no/x.cseg: No such"
check "a subcommand that is none" exits 2 "$CUSTOS" db bogus
check "is listed where it would be" complains "\`custos db --help' lists them"
check "from-file in a language that it does not make" exits 2 "$CUSTOS" db from-file --as ndb clean
check "db info" exits 0 "$CUSTOS" db info all.cseg
check "names the source" says "rules: 3 rules"
check "db list" exits 0 "$CUSTOS" db list -d all.cseg
check "names each rule with its source" sh -c "[ \$(grep -c '^rules:Test\\.' out) -eq 3 ]"
check "db list with a part of a name" exits 0 "$CUSTOS" db list -d all.cseg mark
check "lists that alone" sh -c "[ \"\$(cat out)\" = rules:Test.Marker ]"
check "db list with a glob" exits 0 "$CUSTOS" db list -d all.cseg 'test.?ash'
check "lists that alone" sh -c "[ \"\$(cat out)\" = rules:Test.Hash ]"
check "db list of what is not there" exits 1 "$CUSTOS" db list -d all.cseg zzz

check "db lookup by name" exits 0 "$CUSTOS" db lookup -d all.cseg Test.Marker
check "says where the rule is from" says "good.ndb line 3"
check "and what it looks for" says "\"$marker\""
check "db lookup by source:name" exits 0 "$CUSTOS" db lookup -d all.cseg rules:Test.Start
digest=$(sha256sum sample | cut -c1-64)
check "db lookup by digest" exits 0 "$CUSTOS" db lookup -d all.cseg "$digest"
check "finds the rule" says "Test.Hash"
check "db lookup of what is not there" exits 1 "$CUSTOS" db lookup -d all.cseg Test.None
check "explain is the same for a name" exits 0 "$CUSTOS" explain -d all.cseg Test.Marker
check "explain of what is not there" exits 1 "$CUSTOS" explain -d all.cseg Test.None

check "db test shows every match" exits 0 "$CUSTOS" db test -d rules sample
check "of the pattern" says "sample: found Test.Marker (rules)"
check "with its place" says "offset 10, 18 of 28 bytes"
check "and its bytes" says "[63 75 73 74 6f 73"
check "of the start" says "sample: found Test.Start (rules)"
check "of the hash" says "sample: found Test.Hash (rules)"
check "db test where nothing matches" exits 1 "$CUSTOS" db test -d rules clean

for database in rules rules/good.ndb all.cseg; do
	check "scan with $database" exits 1 "$CUSTOS" scan -d "$database" sample
	check "finds it" says "sample: found Test."
done
check "the other file is not found" exits 0 "$CUSTOS" scan -d rules clean
check "and the screen says by what" says "nothing found by 3 rules of rules"

# One bad line among good ones.
mkdir mixed
cat >mixed/mixed.ndb <<END
Test.Good:0:*:$(hex "$marker")
this is no rule
Test.OddDigits:0:*:414
Test.$(printf '\033[2J'):0:zz:41424344
Test.AlsoGood:0:*:$(hex "nothing here")
END
check "db check of bad lines" exits 1 "$CUSTOS" db check mixed
check "tells file and line of the first" complains "mixed/mixed.ndb:2:"
check "of the second, with its column" grep -q '^mixed/mixed.ndb:3:[0-9]*:' err
check "of the third" complains "mixed/mixed.ndb:4:"
escape=$(printf '\033')
check "harmless on a terminal" sh -c "! grep -q '$escape' err out"
check "and counts the good ones" says "2 taken, 3 refused"
printf 'A.Twice:0:*:61626364\nA.Twice:0:*:61626364\n' >twice.ndb
check "db check of a rule that is there twice" exits 0 "$CUSTOS" db check twice.ndb
check "says how many are left out" says "1 taken, 1 left out"
check "a scan uses the good ones" exits 1 "$CUSTOS" scan -d mixed sample
check "the first" says "found Test.Good"
check "and says that others were refused" says "3 lines were refused"
check "and the second, from the cache" exits 1 "$CUSTOS" scan -d mixed clean
check "is found too" says "found Test.AlsoGood"
check "and still says that others were refused" says "3 lines were refused"

# Hostile rule files.
head -c 100000 /dev/urandom >garbage.ndb
check "garbage is an error" exits 2 timeout 60 "$CUSTOS" scan -d garbage.ndb sample
check "and not one line of it is used" complains "garbage.ndb: not one rule in it can be used"
: >empty.ndb
check "an empty file is an error" exits 2 "$CUSTOS" scan -d empty.ndb sample
check "and not a clean scan" sh -c "! grep -q 'nothing found' out"
head -c 20 rules/good.ndb >cut.ndb
check "a file cut in its line is an error" exits 2 "$CUSTOS" scan -d cut.ndb sample
check "a path that is not there is an error" exits 2 "$CUSTOS" scan -d none.ndb sample
check "with its name" complains "none.ndb: No such file or directory"
check "a file that is no rule file is an error" exits 2 "$CUSTOS" scan -d sample sample
check "with the reason" complains "not a rule file, a folder of rule files or a compiled database"
mkdir none
check "a folder without rule files is an error" exits 2 "$CUSTOS" scan -d none sample
check "and called so" complains "none: a folder without rule files"
: >x.yar
check "YARA's rules are not read yet" exits 2 "$CUSTOS" db check x.yar
check "which is said" complains "x.yar: not read: rules of YARA, which cannot be read yet"
: >none/main.yar
check "a folder with files that cannot be read yet, too" exits 2 "$CUSTOS" scan -d none sample
check "and they are named" complains "main.yar"
cp rules/good.ndb none
check "beside good ones" exits 1 "$CUSTOS" scan -d none sample
check "they are told of in the summary" says "1 rule file cannot be read yet (main.yar)"
mkfifo fifo.ndb
check "a FIFO as a rule file does not hang" exits 2 timeout 10 "$CUSTOS" scan -d fifo.ndb sample
check "one database that is good does not make up for one that is not" \
	exits 2 "$CUSTOS" scan -d rules -d empty.ndb sample

# Compiled databases, damaged.
head -c 100 all.cseg >short.cseg
check "a compiled database cut short is an error" exits 2 "$CUSTOS" scan -d short.cseg sample
check "with the reason" complains "short.cseg: not a compiled database, or damaged"
: >zero.cseg
check "an empty one too" exits 2 "$CUSTOS" scan -d zero.cseg sample
cp /bin/sh sh.cseg
check "a program is none" exits 2 "$CUSTOS" scan -d sh.cseg sample
cp all.cseg others.cseg
chmod 666 others.cseg
check "one that others may write to is used, as a copy" exits 1 "$CUSTOS" scan -d others.cseg sample

# Several.
mkdir second
printf 'Test.Second:0:*:%s\n' "$(hex here)" >second/second.ndb
check "two databases, in text" exits 1 "$CUSTOS" scan -d rules -d second clean
check "act together" says "clean: found Test.Second (second)"
check "and both are named" says "rules: 3 rules"
check "one in text, one compiled" exits 1 \
	"$CUSTOS" scan -d all.cseg -d second --all-matches sample clean
check "act together" says "found Test.Second"
check "the other as well" says "found Test.Hash (rules)"

# The cache. A file that was just written gets no memo, but is not compiled again.
cache_files() { find cache -name '*.cseg' | wc -l; }
rm -rf cache
check "the first run compiles" exits 1 "$CUSTOS" scan -d rules sample
check "into a private folder" test "$(stat -c %a cache)" = 700
check "one file" test "$(cache_files)" -eq 1
check "that nobody else can read" test "$(stat -c %a cache/*.cseg)" = 600
first=$(stat -c '%i %y' cache/*.cseg)
check "the second does not" exits 1 "$CUSTOS" scan -d rules sample
check "the file is the same" test "$(stat -c '%i %y' cache/*.cseg)" = "$first"
touch -d '1 hour ago' rules/*
# The time of the last change of the inode cannot be set back: only waited for.
sleep 3
check "files that have rested get a memo" exits 1 "$CUSTOS" scan -d rules sample
check "beside the compiled form" test "$(find cache -name '*.memo' | wc -l)" -ge 1
check "with it" exits 1 "$CUSTOS" scan -d rules sample
check "the file is still the same" test "$(stat -c '%i %y' cache/*.cseg)" = "$first"
printf 'Test.New:0:*:%s\n' "$(hex "nothing")" >>rules/good.ndb
check "a rule that is new" exits 1 "$CUSTOS" scan -d rules clean
check "is used at once" says "found Test.New"
check "from a second file" test "$(cache_files)" -eq 2
for file in cache/*.cseg; do head -c 3000 /dev/zero >"$file"; done
check "damaged compiled files are made again" exits 1 "$CUSTOS" scan -d rules clean
chmod 755 cache
mv cache/*.memo .
check "a cache that others can look into is not used" exits 1 "$CUSTOS" scan -d rules clean
check "nor written to" test "$(find cache -name '*.memo' | wc -l)" -eq 0
check "a cache that cannot be is done without" exits 1 \
	env CUSTOS_CACHE=/proc/none "$CUSTOS" scan -d rules clean


# Several at once, and no room.
rm -rf together
# shellcheck disable=SC2317 # called by check
together() {
	for i in 1 2 3 4 5 6; do
		CUSTOS_CACHE=$PWD/together "$CUSTOS" scan -q -d rules clean >"together.$i" 2>&1 &
	done
	wait
	[ "$(cat together.? | sort | uniq -c | wc -l)" -eq 1 ] || return 1
	[ "$(cat together.? | wc -l)" -eq 6 ]
}
check "scans that compile the same rules at once do not disturb each other" together
check "and leave one compiled form" test "$(find together -name '*.cseg' | wc -l)" -eq 1
check "and nothing half made" test "$(find together -type f | grep -vc 'cseg$\|memo$\|last$')" -eq 0


# What rules find where nothing should be found, and what they cost.
mkdir corpus
for i in 1 2 3; do printf 'the first words, %s\n' "$i" >"corpus/$i"; done
printf 'the first words and the second ones\n' >corpus/4
{
	printf 'Try.Often:0:*:%s\nTry.Once:0:*:%s\n' "$(hex 'first words')" "$(hex 'second ones')"
	printf 'Try.Never:0:*:%s\n' "$(hex 'third')"
	printf 'Try.Nearly:0:*:%s{5}%s\n' "$(hex 'first words')" "$(hex 'never')"
} >try.ndb
check "db test --corpus" exits 1 "$CUSTOS" db test --corpus corpus try.ndb
check "begins with the rule that finds most" sh -c \
	"sed -n 2p out | grep -Eq '^ +4 +[1-9].* try.ndb:Try.Often  in corpus/[1-4]$'"
check "then the next" sh -c "sed -n 3p out | grep -Eq '^ +1 +[1-9][0-9]* .*:Try.Once  in corpus/4$'"
check "then what found nothing, with its cost" sh -c \
	"sed -n 4p out | grep -Eq '^ +0 +[1-9][0-9]* +[1-9][0-9,]* .*:Try.Nearly$'"
check "not what the filter kept away" sh -c "! grep -q Try.Never out"
check "and sums up" says "4 rules; 3 looked at, 2 matched, in 4 of 4 files"
# Time is what a clock says.
costs() { sed '/^$/d' out | cut -c1-36; }
costs >costs.first
"$CUSTOS" db test --corpus corpus try.ndb >out
check "steps are the same in every run" test "$(costs)" = "$(cat costs.first)"
check "no false alarm" exits 0 "$CUSTOS" db test --corpus corpus rules/good.ndb
mkdir private
printf 'else\n' >private/clean
printf 'nothing\n' >private/secret
chmod 0 private/secret
chmod 755 rules && chmod 644 rules/*
# nobody COMMAND...: run by a user who may not read everything.
# shellcheck disable=SC2317 # called by check
nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
for_anyone
check "a corpus that cannot all be read is not without false alarms" exits 3 \
	nobody "$anyones" db test --corpus private rules/good.ndb
check "which is said" says "in 0 of 2 files, 1 of which could not be looked at whole (1 not at all)"
check "a corpus that is not there" exits 2 "$CUSTOS" db test --corpus nowhere try.ndb


# Rules in words.
check "db decode of a rule by its name" exits 0 "$CUSTOS" db decode -d all.cseg Test.Marker
check "says what it looks for" says "anywhere: $(hex "$marker") \"$marker\""
check "one that is not there" exits 1 "$CUSTOS" db decode -d all.cseg Test.None
check "db decode of a line" exits 0 "$CUSTOS" db decode --as ndb 'A:1:EP+0:6162??63'
check "says it in words" says '0 bytes behind the entry point: 6162 "ab", any 1 byte, 63'
check "a line that is no rule" exits 1 "$CUSTOS" db decode --as ndb 'A:1:EP+0:6162?'
check "is told with its column" complains "line.ndb:1:"
check "a language that is none" exits 2 "$CUSTOS" db decode --as xyz 'A:1'
printf '%s\n' '[daily.ldb] B;Target:0;0;6263' "$digest:3:C" '*:'"$digest"':D:73' 'E:0:*:616263' \
	>lines
check "lines of standard input, by their form" exits 0 sh -c "'$CUSTOS' db decode - <lines"
check "a logical one" grep -q '^B  line.ldb line 1$' out
check "a digest" grep -q '^C  line.hsb line 1$' out
check "one of sections" grep -q '^D  line.msb line 1$' out
check "a pattern" grep -q '^E  line.ndb line 1$' out
check "what is in a line stays off the terminal" exits 0 \
	"$CUSTOS" db decode --as ndb "F$(printf '\033[2J'):0:*:616263"
check "as text" says 'F\x1b[2J'


# Hash rules for files.
python3 -B - <<'END'
# A PE file of two sections.
import struct

def section(name, offset, size):
    return struct.pack("<8sIIIIIIHHI", name, size, 0x1000 * offset // 0x200, size, offset,
                       0, 0, 0, 0, 0x60000020)

optional = struct.pack("<HBBIIIIIIIIIHHHHHHIIIIHHIIIIII", 0x10b, 1, 0, 512, 512, 0, 0x1000, 0x1000,
                       0x2000, 0x400000, 0x1000, 512, 4, 0, 0, 0, 4, 0, 0, 0x3000, 512, 0, 3, 0,
                       0x100000, 0x1000, 0x100000, 0x1000, 0, 16) + bytes(128)
head = b"MZ" + bytes(58) + struct.pack("<I", 64)
head += b"PE\0\0" + struct.pack("<HHIIIHH", 0x14c, 2, 0, 0, 0, len(optional), 0x102) + optional
head += section(b".text", 512, 512) + section(b".data", 1024, 512)
with open("two.exe", "wb") as f:
    f.write(head.ljust(512, b"\0") + b"\x90" * 512 + b"data" * 128)
END
check "db from-file" exits 0 "$CUSTOS" db from-file two.exe
check "makes a rule for the whole" says "$(sha256sum two.exe | cut -c1-64):1536:two.exe"
check "for its MD5" says "$(md5sum two.exe | cut -c1-32):1536:two.exe"
check "and for its sections" says "512:$(tail -c 512 two.exe | sha256sum | cut -c1-64):two.exe"
for language in hsb hdb msb mdb; do
	"$CUSTOS" db from-file --as "$language" --name "From.$language" two.exe >"from.$language"
	check "what it makes as $language is found" exits 1 \
		"$CUSTOS" scan -d "from.$language" two.exe
	check "by that rule" says "two.exe: found From.$language"
done
check "each section has a line" test "$(wc -l <from.msb)" -eq 2
cp two.exe 'odd name;:.exe'
check "names are what rules may have" exits 0 "$CUSTOS" db from-file --as hsb 'odd name;:.exe'
check "and nothing else" says ":1536:odd_name__.exe"
check "a file that is not there" exits 2 "$CUSTOS" db from-file nowhere
truncate -s 4G holes
check "one with too many holes for a digest" exits 2 "$CUSTOS" db from-file holes
check "not even one" exits 2 "$CUSTOS" db from-file


# What became of rules, by language.
mkdir kinds
printf 'A:0:*:616263\nB:0:*:61zz\nC:99:*:616263\nD:0:*:6\n' >kinds/one.ndb
printf 'E;Target:0;0;616263\n' >kinds/two.ldb
printf 'F:0:*:616264\nG:0:*:6\n' >kinds/three.NDB
check "db build ends with a table" exits 0 "$CUSTOS" db build -o kinds.cseg kinds
check "of languages" grep -Eq '^ndb +2 +1 +3$' out
check "all of them" grep -Eq '^ldb +1 +0 +0$' out
check "with reasons" grep -Eq '^    2 refused: a byte has two hexadecimal digits$' out
check "also for what was left out" grep -Eq '^    1 left out: an unknown target$' out

finish
