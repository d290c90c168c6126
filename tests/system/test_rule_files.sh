#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rule files as files: which languages are loaded when, and what is said of the others.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
cd "$work" || exit 99

marker=$(hex custos-test-marker)
printf 'custos-test-marker' >sample

# Name=HexSignature
printf 'Test.Old (Clam)=%s\n' "$marker" >old.db
check "an old rule is found" exits 1 "$CUSTOS" scan -d old.db sample
check "and its name is cut" says "found Test.Old (old.db)"
printf '\357\273\277Test.Mark:0:*:%s\r\n' "$marker" >mark.ndb
check "a byte order mark is no part of a name" exits 1 "$CUSTOS" scan -d mark.ndb sample
check "nor are line ends" sh -c "grep -q 'found Test.Mark (mark.ndb)\$' out"

# What is weak is shown only if nothing stronger is found, whatever object it is in.
printf 'marker' >weak.txt
printf 'stronger' >strong.txt
tar cf both.tar weak.txt strong.txt
tar cf weak.tar weak.txt
printf 'Heuristics.Test.Weak:0:0:%s\nTest.Strong:0:0:%s\n' "$(hex marker)" "$(hex stronger)" \
	>weak.ndb
check "a heuristic rule finds" exits 1 "$CUSTOS" scan -d weak.ndb weak.tar
check "and is shown" says "weak.txt: found Heuristics.Test.Weak"
check "beside another" exits 1 "$CUSTOS" scan -d weak.ndb both.tar
check "that is shown" says "strong.txt: found Test.Strong"
check "it is not" sh -c "! grep -q Heuristics out"
check "but with all matches" exits 1 "$CUSTOS" scan -a -d weak.ndb both.tar
check "it is" says "weak.txt: found Heuristics.Test.Weak"

# Members of archives.
printf 'Test.Member:CL_TYPE_POSIX_TAR:*:^weak:*:6:*:1:*:*\n' >member.cdb
check "a rule about members finds the archive" exits 1 "$CUSTOS" scan -d member.cdb weak.tar
check "and names the member" says "weak.tar: found Test.Member (member.cdb) in member weak.txt"
check "also in JSON" exits 1 "$CUSTOS" scan --json -d member.cdb weak.tar
check "in a field" says '"member":"weak.txt"'

# Potentially unwanted programs.
mkdir pua
printf 'Test.Other:0:*:%s\n' "$(hex other)" >pua/plain.ndb
printf 'PUA.Test.Tool.One:0:*:%s\n' "$marker" >pua/unwanted.ndu
check "such rules are not loaded unless asked for" exits 0 "$CUSTOS" scan -d pua sample
check "with --pua they are" exits 1 "$CUSTOS" scan -d pua --pua sample
check "by their name" says "PUA.Test.Tool.One (pua)"
check "and without it not, from the cache" exits 0 "$CUSTOS" scan -d pua sample
check "nor with --no-pua" exits 0 "$CUSTOS" scan -d pua --pua --no-pua sample
check "a category that it is in" exits 1 "$CUSTOS" scan -d pua --pua --pua-include Tool sample
check "one that it is not in" exits 0 "$CUSTOS" scan -d pua --pua --pua-include Spy sample
check "two" exits 1 "$CUSTOS" scan -d pua --pua --pua-include Spy --pua-include Test.Tool sample
check "all but one" exits 1 "$CUSTOS" scan -d pua --pua --pua-exclude Spy sample
check "all but its own" exits 0 "$CUSTOS" scan -d pua --pua --pua-exclude Test sample
check "both at once is an error" exits 2 \
	"$CUSTOS" scan -d pua --pua --pua-include A --pua-exclude B sample
check "db check says that they are left out" exits 0 "$CUSTOS" db check pua
check "and why" complains "unwanted.ndu: note: potentially unwanted programs"

# Rules about phishing.
mkdir phishing
printf 'Test.Other:0:*:%s\n' "$(hex other)" >phishing/plain.ndb
printf 'HTML.Phishing.Test:0:*:%s\n' "$marker" >phishing/mail.ndb
check "rules about phishing are loaded" exits 1 "$CUSTOS" scan -d phishing sample
check "and may be left out" exits 0 "$CUSTOS" scan -d phishing --no-phishing-rules sample
check "also by clamscan's option" exits 0 \
	"$CUSTOS" clamscan -d phishing --phishing-sigs=no sample
check "which loads them else" exits 1 "$CUSTOS" clamscan -d phishing sample
check "db check tells of each" exits 0 "$CUSTOS" db check --no-phishing-rules phishing
check "by name" complains "left out by --no-phishing-rules: HTML.Phishing.Test"

# Targets that no object is of.
mkdir nowhere
printf 'Test.Other:0:*:%s\n' "$(hex other)" >nowhere/plain.ndb
printf 'Test.Metadata:13:*:%s\nTest.Old:8:*:%s\n' "$marker" "$marker" >nowhere/none.ndb
check "rules for them are taken" exits 0 "$CUSTOS" db check nowhere
check "and said to find nothing" \
	complains "no object is of its target: it finds nothing: Test.Metadata"
check "which they do" exits 0 "$CUSTOS" scan -d nowhere sample
check "and alone they protect from nothing" exits 2 "$CUSTOS" scan -d nowhere/none.ndb sample

# What is refused by name.
for ending in ioc info; do
	printf 'x:1:2\n' >refused.$ending
	check ".$ending is refused" exits 2 "$CUSTOS" db check refused.$ending
	check ".$ending with its reason" complains "refused.$ending: not read: "
	check ".$ending by a scan, too" exits 2 "$CUSTOS" scan -d refused.$ending sample
	check ".$ending with the same reason" complains "refused.$ending: not read: "
done

finish
