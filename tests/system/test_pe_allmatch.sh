#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ClamAV's own test of what rules may say about a program: one PE file, and one rule of
# almost every kind for it. Names that are expected are those of the rules' files.
. "$(dirname "$0")/tap.sh"

own_home
: "${CUSTOS_SHARED:=$CUSTOS_TOP/../shared}"
rules=$CUSTOS_SHARED/data/signatures/clamav-unit-tests/pe_allmatch
program=$CUSTOS_SHARED/data/fixtures/clamav-unit/pe_allmatch/test.exe

if [ ! -f "$program" ] || [ ! -d "$rules" ]; then
	skip "pe_allmatch" "CUSTOS_SHARED has no pe_allmatch"
	finish
fi
cd "$work" || exit 99
mkdir all trusted both

# Rules of one folder act on one another.
cp "$rules"/alert-sigs/* "$rules"/weak-sigs/* "$rules"/broken-sigs/* \
	"$rules"/block-cert-sigs/* all
cp "$rules"/alert-sigs/* "$rules"/trust-sigs/* trusted
cp trusted/* "$rules"/block-cert-sigs/* both

# What is not read yet (docs/next.md): YARA.
not_yet='^YARA\.'

names() {
	"$CUSTOS" scan --json --all-matches --bytecode-unsigned --database "$1" \
		"$program" 2>err |
		grep -o '"rule":"[^"]*"' | cut -d '"' -f 4 | sort -u
}

# Test.GenSig.NDB_01of22_companyname.UNOFFICIAL.ndb: the name up to .UNOFFICIAL; that of
# bytecode is followed by .matched.
stems() {
	(cd "$1" && ls) | sed -E '/\.idb$/d; s/(\.UNOFFICIAL)?\.[a-z]+$//' | sort -u
}

stems all | grep -Ev "$not_yet" >want
names all >got
check "every rule finds the program, also those that clamscan misses" diff want got

check "the program is clean for who trusts its signature" \
	exits 0 "$CUSTOS" scan --quiet --bytecode-unsigned --database trusted "$program"
names both >got
echo Test.Sig.CRB.BlockCert >want
check "but not where its certificate is reported" diff want got

check "clamscan's options mean the same" exits 1 "$CUSTOS" clamscan --no-summary -z \
	-d "$rules/trust-sigs" -d "$rules/block-cert-sigs" "$program"
grep -o 'Test[^ ]* FOUND' out >got
echo "Test.Sig.CRB.BlockCert FOUND" >want
check "in all of its folders together" diff want got
check "and every rule but those that clamscan misses, too" exits 1 "$CUSTOS" clamscan \
	--no-summary -z --bytecode-unsigned -d "$rules/alert-sigs" -d "$rules/weak-sigs" \
	-d "$rules/broken-sigs" -d "$rules/block-cert-sigs" "$program"
sed -n 's/ FOUND$//; s/\.UNOFFICIAL$//; s/^.*: //p' out |
	sort -u >got
stems all | grep -Ev "$not_yet|_SE1_" >want
check "finds the program" diff want got
check "trust alone finds nothing" exits 0 "$CUSTOS" clamscan --no-summary -z \
	-d "$rules/trust-sigs" -d "$rules/alert-sigs" "$program"

finish
