#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos explain: which rule, whose, where, and the bytes there.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

printf 'Test.One:0:*:%s\nTest.Two:0:*:%s\n' "$(hex 'a marker')" "$(hex 'the end')" \
	>"$work/rules.ndb"
printf 'some text before a marker and after it, to the end' >plain
python3 -B - <<'END'
# A marker far inside, over the seam of two pieces, and an escape sequence beside it.
content = bytes(i % 251 for i in range(65530)) + b"\x1b[2Ja marker" + b"x" * 70000
open("large", "wb").write(content)
END
pack large.zip dir/large large
pack large.zip.gz large.zip large.zip

check "a rule is explained" exits 0 "$CUSTOS" explain -d "$work/rules.ndb" Test.One
check "with its source and line" says "rules.ndb, rules.ndb line 1"
check "its text" says "Test.One:0:*:61206d61726b6572"
check "and what it looks for" says '"a marker"'
check "several rules" exits 0 "$CUSTOS" explain -d "$work/rules.ndb" rules.ndb:Test.One Test.Two
check "each of them" says "Test.Two:0:*:"
check "a rule that is not there" exits 1 "$CUSTOS" explain -d "$work/rules.ndb" Test.Three
check "a built-in rule" exits 0 "$CUSTOS" explain EICAR.Test.File
check "with its licence" says "Apache-2.0"

check "a file is explained" exits 0 "$CUSTOS" explain -d "$work/rules.ndb" --file plain
check "by each rule" says "plain: found Test.Two (rules.ndb)"
check "with the place" says "offset 17, 8 of 50 bytes"
check "and the bytes, marked" grep -qF '[61 20 6d 61 72 6b 65' "$out"
check "to the last" grep -qF ' 72]20' "$out"
check "one rule alone" exits 0 "$CUSTOS" explain -d "$work/rules.ndb" --file plain Test.Two
check "and not the other" sh -c "! grep -q Test.One '$out'"
check "a rule that does not match" exits 1 \
	"$CUSTOS" explain -d "$work/rules.ndb" --file large Test.Two
check "what is inside is explained" exits 0 \
	"$CUSTOS" explain -d "$work/rules.ndb" --file large.zip.gz
check "with its path" says " ! dir/large: found Test.One (rules.ndb)"
check "the place in the object" says "offset 65534, 8 of 135542 bytes"
check "and its bytes, from both sides of the seam" says \
	'0000fff0  09 0a 0b 0c 0d 0e 0f 10  11 12 1b 5b 32 4a[61 20'
check "what a terminal would obey is a dot" says '......[2Ja |'
check "no escape sequence is written" sh -c "! grep -q \"\$(printf '\\033')\" '$out'"
check "a file that is not found" exits 1 "$CUSTOS" explain --file plain
check "says so" says "plain: nothing found"
check "a file that is not there" exits 2 "$CUSTOS" explain --file none
check "nothing to explain" exits 2 "$CUSTOS" explain
check "what could not be looked at is told" exits 1 sh -c \
	"head -c 50 large.zip >cut.zip; '$CUSTOS' explain --file cut.zip"
check "with its reason" says "cut.zip: incomplete (damaged)"


# Why does a rule not match?
{
	printf 'Why.Two;Engine:51-255,Target:0,FileSize:1-60;0&(1|2)&(3=2);%s;' "$(hex marker)"
	printf '%s;0:%s;%s\n' "$(hex nowhere)" "$(hex some)" "$(hex 't')20"
	printf 'Why.Elf;Engine:51-255,Target:6;0;%s\n' "$(hex marker)"
} >"$work/why.ldb"
# shellcheck disable=SC2317 # called by check
why() { exits "$1" "$CUSTOS" explain -d "$work/why.ldb" --rule "$2" --file "$3"; }
check "a rule that does not match is asked step by step" why 1 Why.Two plain
check "its conditions" says '+   FileSize 1 to 60: it is 50'
check "what the filter looks for" grep -Eq '^  [+] +6d61726b6572 at 19$' "$out"
check "each subsignature, with its places" says 'subsignature 0, 1 time, at 19: 6d61726b6572'
check "one that is nowhere" says 'subsignature 1, 0 times: '
check "where one may be" says 'looked for from 0 to 0'
check "the expression, as a tree" grep -Eq '^  [+] +any of these:$' "$out"
check "with the part that fails" grep -Eq '^  - +matches exactly 2: there (is|are) [013-9]' "$out"
check "and the conclusion" says '- it does not match: matches exactly 2: '
check "a rule for another target" why 1 Why.Elf plain
check "says so first" says "- it does not match: the rule is for target 6 (ELF), "
check "a condition that fails" why 1 Why.Two large
check "is the reason" says "- it does not match: FileSize 1 to 60: it is 135542"
check "one that matches" exits 0 "$CUSTOS" explain -d "$work/rules.ndb" -r Test.One -f large.zip
check "says so, of the object it matches in" says "  + it matches"
check "and not of what that is in" says "large.zip, "
printf '%s:50:Why.Hash\n' "$(md5sum plain | cut -c1-32 | tr 0123456789abcdef 123456789abcdef0)" \
	>"$work/why.hdb"
check "a digest that differs" exits 1 \
	"$CUSTOS" explain -d "$work/why.hdb" -r Why.Hash -f plain
check "is shown" says "the object has 50 bytes and the digest $(md5sum plain | cut -c1-32)"
check "with the conclusion" says "- it does not match: nothing here has that digest"
printf '50:%s:Why.Section\n' "$(md5sum plain | cut -c1-32)" >"$work/why.mdb"
check "a rule for a section" exits 1 "$CUSTOS" explain -d "$work/why.mdb" -r Why.Section -f plain
check "in what has none" says "the object is no PE file"
# shellcheck disable=SC2016 # no variables
{
	printf 'Why.Picture;Engine:150-255,Target:5;0;fuzzy_img#af2ad01ed42993c7#0\n'
	printf 'Why.Macro;Engine:51-255,Target:0;0&1;%s;${1-2}7$\n' "$(hex some)"
} >"$work/other.ldb"
# shellcheck disable=SC2016 # no variables
printf 'Why.Member:0:$7:%s\n' "$(hex other)" >"$work/other.ndb"
mkdir "$work/other" && mv "$work/other.ldb" "$work/other.ndb" "$work/other"
printf 'GIF89a\001\000\001\000\200\000\000\377\377\377\000\000\000' >p.gif
check "a rule for a picture" exits 1 "$CUSTOS" explain -d "$work/other" -r Why.Picture -f p.gif
check "names the picture" says "it is looked at in pictures whose hash is one of these:"
check "a rule that macros ask for" exits 1 \
	"$CUSTOS" explain -d "$work/other" -r Why.Member -f plain
check "is not looked for" says "the filter does not look for it: other rules ask for it as a macro"
mkdir "$work/silent"
printf 'Why.Silent:0:*:%s\n' "$(hex some)" >"$work/silent/a.ndb"
printf '%s:50:Why.Silent\n' "$(md5sum plain | cut -c1-32)" >"$work/silent/a.fp"
check "a rule that an allow entry silences" exits 1 \
	"$CUSTOS" explain -d "$work/silent" -r Why.Silent -f plain
check "matches all the same" says "+ it matches"
check "and is no finding, for that reason" says "- what matches is no finding: an allow entry"
check "a rule that is not there" exits 2 "$CUSTOS" explain --rule None --file plain
check "--rule without --file" exits 2 "$CUSTOS" explain --rule EICAR.Test.File

finish
