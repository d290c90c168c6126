#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# ClamAV's containers as rule files, and its folder as a source, with containers that
# ClamAV signed for its own tests.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

: "${CUSTOS_SHARED:=$CUSTOS_TOP/../shared}"
signed=$CUSTOS_SHARED/data/signatures/clamav-unit-tests/freshclam_testfiles
if [ ! -r "$signed/test-6.cvd" ]; then
	skip "containers" "no signed containers here (CUSTOS_SHARED)"
	finish
fi

own_home
cd "$work" || exit 99
printf 'nothing' >clean
for n in 1 2 3 4 5 6; do cp "$signed/test-$n.cvd" .; done
chmod u+w ./*.cvd

check "a signed container is loaded" exits 0 "$CUSTOS" scan -d test-6.cvd clean
check "with its version" says "test-6.cvd: 8 rules, test-6.cvd 6, made "
check "and its rules have names" exits 0 "$CUSTOS" db list -d test-6.cvd Klez
check "and places" sh -c "'$CUSTOS' db lookup -d test-6.cvd Win.Worm.Klez-1 |
	grep -q 'test-6.cvd ! test.ndb line 4'"

# One byte of it, wherever it is.
spoiled() {
	cp test-6.cvd "$1.cvd"
	printf '%b' "$2" | dd of="$1.cvd" bs=1 seek="$3" conv=notrunc 2>/dev/null
}
spoiled body '\0377' 5000
check "a byte in the body" exits 2 "$CUSTOS" scan -d body.cvd clean
check "is noticed" complains "body.cvd: refused: damaged: its bytes have not the MD5"
spoiled sum '00' 46
check "another MD5" exits 2 "$CUSTOS" scan -d sum.cvd clean
spoiled dsig 'aaaa' 90
check "a byte in the signature" exits 2 "$CUSTOS" scan -d dsig.cvd clean
check "is noticed, too" complains "dsig.cvd: refused: not signed by ClamAV (header)"
head -c 5000 test-6.cvd >cut.cvd
check "a container that is cut is refused" exits 2 "$CUSTOS" scan -d cut.cvd clean
head -c 100 test-6.cvd >short.cvd
check "in its header, too" exits 2 "$CUSTOS" scan -d short.cvd clean
check "by name" complains "short.cvd: refused: too short to be a container"

# A patched one: as freshclam makes them, with the tar archive as it is.
patched() { { head -c 512 "$1"; tail -c +513 "$1" | gzip -dc; } >"$2"; }
mkdir tar
patched test-6.cvd tar/test.cld
check "a patched container is believed for its list" exits 0 "$CUSTOS" scan -d tar/test.cld clean
sed 's/^Win.Worm.Klez-1/Win.Worm.Kles-1/' tar/test.cld >tar/other.cld
check "and not if a rule is another" exits 2 "$CUSTOS" scan -d tar/other.cld clean
check "by name" complains \
	"other.cld: refused: a member is not the one that its list names: test.ndb"
sed '1s/:6:14:/:9:14:/' tar/test.cld >tar/header.cld
check "nor if its header claims another version" exits 2 "$CUSTOS" scan -d tar/header.cld clean
cp tar/test.cld tar/same.cud
check "somebody else's is loaded unsigned" exits 0 "$CUSTOS" scan -d tar/same.cud clean

# Which of two versions.
mkdir two
cp test-4.cvd two/daily.cvd
patched test-6.cvd two/daily.cld
check "of two versions" exits 0 "$CUSTOS" scan -d two clean
check "the newer one is read" says "two: 8 rules, daily.cld 6, made"
patched test-3.cvd two/daily.cld
check "also if it is the published one" exits 0 "$CUSTOS" scan -d two clean
check "which is so" says "daily.cvd 4, made"
sed 's/44d88612/54d88612/' two/daily.cld >two/x && mv two/x two/daily.cld
check "one that is refused is an error where rules were asked for" exits 2 \
	"$CUSTOS" scan -d two clean
check "each time" exits 2 "$CUSTOS" scan -d two clean
check "from the cache, too" complains "two/daily.cld: not believed"

# ClamAV's folder.
mkdir clamav
export CUSTOS_CLAMAV_FOLDER="$work/clamav"
check "an empty folder of ClamAV's" exits 0 "$CUSTOS" scan clean
check "is none" sh -c "! grep -q clamav out"
check "nor is one that is not there" exits 0 "$CUSTOS" scan --clamav-folder none clean
check "and nothing is said of it" test ! -s err
cp test-4.cvd clamav/daily.cvd
check "a container there" exits 0 "$CUSTOS" scan clean
check "is used at once, and named" says "clamav: 6 rules, daily.cvd 4, made"
check "it can be switched off" exits 0 "$CUSTOS" scan --clamav-folder no clean
check "which is so" sh -c "! grep -q clamav out"
check "with --database it is not used" exits 0 "$CUSTOS" scan -d test-6.cvd clean
patched test-6.cvd clamav/daily.cld
check "a new version" exits 0 "$CUSTOS" scan clean
check "is used by the next scan" says "clamav: 8 rules, daily.cld 6, made"
check "once compiled it is kept" test "$(find cache -name '*.cseg' | wc -l)" -ge 2
printf 'Win.Worm.Klez-1\n' >clamav/local.ign2
check "a list of rules to leave out" exits 0 "$CUSTOS" scan clean
check "acts there" says "clamav: 7 rules"
printf x >>clamav/daily.cvd
check "one that is not believed is an error" exits 2 "$CUSTOS" scan clean
check "by name" complains \
	"error: ClamAV's rules are not all used: $work/clamav/daily.cvd: not believed"
check "the others are used" says "clamav: 7 rules"
check "each time" exits 2 "$CUSTOS" scan clean
check "from the cache, too" complains "clamav/daily.cvd: not believed"
check "on the screen" says "         ClamAV's rules are not all used: "
eicar >found
check "what they find beats it" exits 1 "$CUSTOS" scan found
check "without them it is none" exits 0 "$CUSTOS" scan --clamav-folder no clean
check "JSON has it, too" sh -c "'$CUSTOS' scan --json clean 2>/dev/null |
	grep -q '\"verdict\":\"incomplete\".*\"trouble\":\"ClamAV.s rules are not all used: '"
check "custos db info" exits 0 "$CUSTOS" db info
check "counts them" says "clamav: 7 rules"
check "and says whose word stands for each container" \
	says "daily.cld, version 6, signed by ClamAV"
check "or that none does" says "daily.cvd, not believed, and not used"

# The commands.
for n in 2 3 4 5 6; do cp "$signed/test-$n.cdiff" .; done
chmod u+w ./*.cdiff
check "db verify of what is signed" exits 0 "$CUSTOS" db verify test-6.cvd test-2.cdiff
check "says by whom" says "test-6.cvd: signed by ClamAV: its header"
check "which version" sh -c "grep -q '^  version   6\$' out"
check "and of the difference" says "test-2.cdiff: signed by ClamAV (RSA 2048"
check "db verify of what is not" exits 1 "$CUSTOS" db verify test-6.cvd body.cvd tar/same.cud
check "says why" says "body.cvd: refused: damaged"
check "and of the others what they are" says "tar/same.cud: signed by nobody"
sed 's/^ClamAV-Diff:2/ClamAV-Diff:3/' test-2.cdiff >forged.cdiff
check "a difference that claims another version is refused" exits 1 \
	"$CUSTOS" db verify forged.cdiff
check "by name" says "forged.cdiff: refused: not signed by ClamAV"
head -c 500 test-2.cdiff >cut.cdiff
check "and one that is cut" exits 1 "$CUSTOS" db verify cut.cdiff
check "db verify of what is not there" exits 2 "$CUSTOS" db verify none.cvd

# Detached signatures, and who is trusted.
trusted=$CUSTOS_SHARED/data/signatures/clamav-unit-tests/signing/verify
cp "$signed/test-1.cvd.sign" "$signed/test-2.cdiff.sign" .
chmod u+w ./*.sign
check "db verify of detached signatures" exits 0 \
	"$CUSTOS" db verify --certificates "$trusted" test-1.cvd.sign test-2.cdiff.sign
check "says by whom" says "test-1.cvd.sign: signed by ClamAV TEST CVD Signing Cert"
mkdir nobody
check "without certificates nobody is trusted" exits 1 \
	"$CUSTOS" db verify --certificates nobody test-1.cvd.sign
check "which is said" says "there is no certificate to trust"
cp test-2.cvd nobody/test.cvd
cp test-1.cvd.sign nobody
check "of another file it is refused" exits 1 \
	"$CUSTOS" db verify --certificates "$trusted" nobody/test-1.cvd.sign
cp test-1.cvd nobody/test.cvd
check "a name without the version will do" exits 0 \
	"$CUSTOS" db verify --certificates "$trusted" nobody/test-1.cvd.sign

# What its own signatures do not vouch for is believed for a detached one, by somebody whom a
# certificate vouches for. Whoever signs here comes to be in this test.
mkdir root1 root2 beside
authority() { # FOLDER NAME: a root, and a certificate that it issued
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$2 Root" \
		-keyout "$1/root.key" -out "$1/root.crt" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1/leaf.key" \
		-out "$1/leaf.csr" 2>/dev/null
	printf 'keyUsage=critical,digitalSignature\n' >"$1/leaf.ext"
	openssl x509 -req -in "$1/leaf.csr" -CA "$1/root.crt" -CAkey "$1/root.key" -days 2 \
		-set_serial 2 -extfile "$1/leaf.ext" -out "$1/leaf.txt" 2>/dev/null
}
sign() { # FOLDER FILE OUT
	printf '#clamsign-1.0\n230::pkcs7-pem:%s\n' "$(openssl cms -sign -binary -outform DER \
		-in "$2" -signer "$1/leaf.txt" -inkey "$1/leaf.key" | base64 -w0)" >"$3"
}
authority root1 Company
authority root2 Stranger
spoiled beside/rules 'aaaa' 90
check "one that its own signatures refuse" exits 2 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
sign root2 beside/rules.cvd beside/rules-6.cvd.sign
check "and a stranger's detached signature does not help" exits 2 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
check "db check says why" exits 2 "$CUSTOS" db check --certificates root1 beside/rules.cvd
check "by both" complains "rules.cvd: note: its detached signature does not hold: signed by nobody"
sign root1 beside/rules.cvd beside/rules-5.cvd.sign
check "nor does one for another version" exits 2 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
cp beside/rules-5.cvd.sign beside/rules-6.cvd.sign
check "with somebody's who is trusted it is loaded" exits 0 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
check "with its rules" says "rules.cvd: 8 rules, rules.cvd 6, made "
check "once more, from the cache" exits 0 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
check "not where somebody else is trusted" exits 2 \
	"$CUSTOS" scan --certificates root2 -d beside/rules.cvd clean
check "nor where nobody is" exits 2 "$CUSTOS" scan --certificates no -d beside/rules.cvd clean
check "nor by what the user's environment says" exits 2 \
	env CUSTOS_CERTIFICATES="$work/root1" "$CUSTOS" scan -d beside/rules.cvd clean
check "db info says whose word stands for it" exits 0 \
	"$CUSTOS" db info --certificates root1 -d beside/rules.cvd
check "in one line" says "rules.cvd, version 6, believed for its detached signature"
check "db verify says it, too" exits 0 "$CUSTOS" db verify --certificates root1 beside/rules.cvd
check "with what is wrong otherwise" says \
	"signed by Company (beside/rules-6.cvd.sign); by itself it is not signed by ClamAV"
check "db unpack takes it" sh -c "
	'$CUSTOS' db unpack --certificates root1 beside/rules.cvd test.ndb |
	grep -q Klez"
printf 'x' >>beside/rules.cvd
check "another byte behind it, and it is refused" exits 2 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
cp test-6.cvd beside/rules.cvd
check "one that ClamAV signed needs no other" exits 0 \
	"$CUSTOS" scan --certificates root1 -d beside/rules.cvd clean
check "db verify tells of one that does not hold" exits 0 \
	"$CUSTOS" db verify --certificates root1 beside/rules.cvd
check "by its reason" says "detached  signed by nobody who is trusted, or of another file"
sign root1 beside/rules.cvd beside/rules.cvd.sign
rm beside/rules-?.cvd.sign
check "and of one that does" exits 0 "$CUSTOS" db verify --certificates root1 beside/rules.cvd
check "beside ClamAV's" says "RSA 2048 of SHA-256); and by Company (beside/rules.cvd.sign)"

# In ClamAV's folder.
mkdir folder
cp test-4.cvd folder/main.cvd
sed 's/^Win.Worm.Klez-1/Win.Worm.Kles-1/' tar/test.cld >folder/daily.cld
check "a container that is not believed there" exits 2 \
	"$CUSTOS" scan --clamav-folder folder --certificates root1 clean
check "is told of" complains "daily.cld: not believed"
sign root1 folder/daily.cld folder/daily-6.cld.sign
check "its list is compared all the same" exits 2 \
	"$CUSTOS" scan --clamav-folder folder --certificates root1 clean
check "and refuses it" complains "daily.cld: not believed"
sed 's/^DSIG:...../DSIG:aaaaa/' tar/test.cld >folder/daily.cld
sign root1 folder/daily.cld folder/daily-6.cld.sign
check "one whose list is signed by nobody else" exits 0 \
	"$CUSTOS" scan --clamav-folder folder --certificates root1 clean
check "is used" says "clamav: 8 rules, daily.cld 6, made"
check "what clamav tests itself with" exits 0 \
	"$CUSTOS" db verify --certificates "$trusted" test-1.cvd
check "has both" says "; and by ClamAV TEST CVD Signing Cert (test-1.cvd.sign)"

mkdir members
check "db unpack" exits 0 "$CUSTOS" db unpack -o members test-6.cvd
check "writes all members" test "$(find members -type f | wc -l)" -eq 20
check "as they are" sh -c "tail -c +513 test-6.cvd | tar -xzO test.ndb | cmp - members/test.ndb"
check "and none twice" exits 2 "$CUSTOS" db unpack -o members test-6.cvd
check "one member goes to standard output" exits 0 "$CUSTOS" db unpack test-6.cvd test.hdb
check "alone" cmp out members/test.hdb
check "what it has not is an error" exits 2 "$CUSTOS" db unpack test-6.cvd none.hdb
check "what is not believed is not unpacked" exits 2 "$CUSTOS" db unpack -o members body.cvd
check "a difference's script goes to standard output" exits 0 "$CUSTOS" db unpack test-2.cdiff
check "and is text" says "OPEN test.info"

check "db apply" exits 0 "$CUSTOS" db apply -o new.cld test-1.cvd test-2.cdiff test-3.cdiff \
	test-4.cdiff test-5.cdiff test-6.cdiff
check "makes what ClamAV signed" exits 0 "$CUSTOS" db verify new.cld
check "of the newest version" says "version   6"
check "with the members of the published one" sh -c \
	"mkdir m && '$CUSTOS' db unpack -o m new.cld && diff -r members m"
check "and is loaded" exits 0 "$CUSTOS" scan -d new.cld clean
check "one version cannot be passed over" exits 2 \
	"$CUSTOS" db apply -o x.cld test-1.cvd test-3.cdiff
check "by name" complains "test-3.cdiff: refused: not for this version: 1"
check "a forged difference is not applied" exits 2 \
	"$CUSTOS" db apply -o x.cld test-1.cvd forged.cdiff
check "and nothing is written" test ! -e x.cld

# shellcheck disable=SC2317 # called by check
full() { "$@" >/dev/full; }
check "a difference that cannot be written" exits 2 full "$CUSTOS" db diff test-4.cvd test-6.cvd
check "is an error that is told" complains "cannot write the output: No space left on device"
check "and so is a member" exits 2 full "$CUSTOS" db unpack test-6.cvd test.hdb
check "that is told" complains "cannot write the output: No space left on device"
check "a reader that went away is told nothing" sh -c "
	'$CUSTOS' db diff test-4.cvd test-6.cvd 2>diff.err | :; test ! -s diff.err"
check "db diff of two versions" exits 1 "$CUSTOS" db diff test-4.cvd test-6.cvd
check "names what came" says "ADD Win.Worm.Klez-1:0:"
check "in its file" sh -c "[ \"\$(head -n 1 out)\" = 'OPEN test.ndb' ]"
check "and nothing else" test "$(wc -l <out)" -eq 4
check "the other way round" exits 1 "$CUSTOS" db diff test-6.cvd test-4.cvd
check "what went" says "DEL 4 Win.Worm.Klez-1:0:"
check "of one and the same" exits 0 "$CUSTOS" db diff test-6.cvd new.cld
check "there is nothing" test ! -s out
printf 'a\nb\nb\nc\n' >one.ndb
printf 'c\nb\nd\na' >two.ndb
check "db diff of two rule files" exits 1 "$CUSTOS" db diff one.ndb two.ndb
printf 'OPEN rules\nDEL 3 b\nADD d\nCLOSE\n' >want
check "counts lines, not their order" cmp out want
check "of a container and a rule file" exits 2 "$CUSTOS" db diff test-6.cvd one.ndb
check "of what is not believed" exits 2 "$CUSTOS" db diff test-6.cvd body.cvd

# Names, as clamscan shows them: only what ClamAV signed goes without a mark.
eicar >sample
check "clamscan, with a signed container" exits 1 "$CUSTOS" clamscan -d test-6.cvd sample
check "shows names as they are" says "sample: Eicar-Test-Signature FOUND"
check "clamscan, with a patched one" exits 1 "$CUSTOS" clamscan -d new.cld sample
check "does, too" says "sample: Eicar-Test-Signature FOUND"
check "clamscan, with one that nobody signed" exits 1 "$CUSTOS" clamscan -d tar/same.cud sample
check "marks them" says "sample: Eicar-Test-Signature.UNOFFICIAL FOUND"
check "scan does not" exits 1 "$CUSTOS" scan -d tar/same.cud sample
check "whoever signed" says "found Eicar-Test-Signature (same.cud)"

finish
