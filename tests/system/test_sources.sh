#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sources beside one another: what one of them leaves out, allows, trusts or switches off is
# its own affair, but with --compat=clamav. Names from signed containers are not marked.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
: "${CUSTOS_SHARED:=$CUSTOS_TOP/../shared}"
cd "$work" || exit 99
mkdir rules

# Rules in the two sources: scan [option] other-folder; rules/ is always the first.
both() {
	other=$1
	shift
	"$CUSTOS" scan "$@" -d rules -d "$other" sample
}
# silences WHAT FOLDER: the folder's rules act on themselves alone, or on all if asked to.
silences() {
	check "$1 of another source changes nothing" exits 1 both "$2"
	check "whatever it is" says 'Test.Rule (rules)'
	check "$1 acts where it stands" exits 0 "$CUSTOS" scan -d "$2/own" sample
	check "$1 acts on all with --compat=clamav" exits 0 both "$2" --compat=clamav
	check "and for clamscan" exits 0 "$CUSTOS" clamscan -d rules -d "$2" sample
}
# A folder of that name, and one in it with the rule and what silences it.
source_of() {
	mkdir -p "$1/own"
	cat >"$1/x.$2"
	printf 'Test.Other:0:*:%s\n' "$(hex custos-other-marker)" >"$1/other.ndb"
	cp "$1"/*.* rules/* "$1/own"
}

printf 'custos-test-marker' >sample
printf 'Test.Rule:0:*:%s\n' "$(hex custos-test-marker)" >rules/r.ndb
md5=$(md5sum <sample | cut -d ' ' -f 1)
sha=$(sha256sum <sample | cut -d ' ' -f 1)
line=$(printf '%s' "$(cat rules/r.ndb)" | md5sum | cut -d ' ' -f 1)
check "the rule finds" exits 1 "$CUSTOS" scan -d rules sample

printf '%s:18:Allowed\n' "$md5" | source_of fp fp
silences "an allowed digest (fp)" fp
printf '%s:*:Allowed:73\n' "$sha" | source_of sfp sfp
silences "an allowed digest (sfp)" sfp
printf 'Test.Rule\n' | source_of ign ign
silences "a name to leave out (ign)" ign
printf 'Test.Rule\n' | source_of ign2 ign2
silences "a name to leave out (ign2)" ign2
printf 'Test.Rule:%s\n' "$line" | source_of line ign2
silences "a line to leave out (ign2)" line
printf 'r.ndb:1:Test.Rule\n' | source_of legacy ign
silences "a place to leave out (ign)" legacy

# A rule with a regular expression, and a source that switches these off.
printf 'Test.Rule;Engine:81-255,Target:0;0&1;%s;0/mark/\n' "$(hex custos)" >rules/r.ldb
rm rules/r.ndb
check "a rule with a regular expression finds" exits 1 "$CUSTOS" scan -d rules sample
printf 'PCRE:0x0:1:255\n' | source_of cfg cfg
silences "a switch (cfg)" cfg
printf 'PCRE:0x0:300:400\n' >cfg/x.cfg
check "a switch of another engine is none" exits 1 both cfg --compat=clamav

# Certificates: ClamAV's signed program, and rules that trust who signed it.
suite=$CUSTOS_SHARED/data/signatures/clamav-unit-tests
program=$CUSTOS_SHARED/data/fixtures/clamav-unit/pe_allmatch/test.exe
if [ -f "$program" ] && [ -d "$suite/pe_allmatch" ]; then
	rm -r rules
	mkdir rules
	cp "$program" sample
	cp "$suite"/pe_allmatch/alert-sigs/Test.GenSig.HDB_1of2* rules
	mkdir -p crb/own
	cp "$suite"/pe_allmatch/trust-sigs/*.crb crb
	printf 'Test.Other:0:*:%s\n' "$(hex custos-other-marker)" >crb/other.ndb
	cp crb/*.* rules/* crb/own
	check "a trusted certificate (crb) of another source changes nothing" exits 1 both crb
	check "whosever it is" says 'Test.GenSig.HDB_1of2_MD5_FIXED_testexe (rules)'
	check "it acts where it stands" exits 0 "$CUSTOS" scan -d crb/own sample
	check "on all with --compat=clamav" exits 0 both crb --compat=clamav
	check "and for clamscan" exits 0 "$CUSTOS" clamscan -d rules -d crb sample
else
	skip "trusted certificates" "CUSTOS_SHARED has no pe_allmatch"
fi

# The keys are ClamAV's own and part of the program, so what is signed here is ClamAV's.
if [ -f "$suite/freshclam_testfiles/test-3.cvd" ]; then
	cp "$suite/freshclam_testfiles/test-3.cvd" signed.cvd
	eicar >sample
	mkdir third
	printf 'Eicar-Test-Signature\n' >third/x.ign2
	printf 'Third.Party:0:0:%s\n' "$(hex X5O!P)" >third/x.ndb
	check "a signed container and a third party's rules" exits 1 "$CUSTOS" clamscan -z \
		--no-summary -d signed.cvd -d third/x.ndb sample
	check "go unmarked" says 'sample: Eicar-Test-Signature FOUND'
	check "and marked" says 'sample: Third.Party.UNOFFICIAL FOUND'
	check "the third party leaves out none of its rules" exits 1 "$CUSTOS" scan -a \
		-d signed.cvd -d third sample
	check "neither by name nor otherwise" says 'Eicar-Test-Signature (signed.cvd)'
	check "but with --compat=clamav" exits 1 "$CUSTOS" scan -a --compat=clamav \
		-d signed.cvd -d third sample
	check "it does" sh -c '! grep -q Eicar-Test-Signature out'
else
	skip "signed containers" "CUSTOS_SHARED has no test containers"
fi
finish
