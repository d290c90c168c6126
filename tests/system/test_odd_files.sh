#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that are not as files should be: no hang, no escape sequence, no false promise.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
chmod 755 "$work"
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

# Kinds.
mkfifo fifo
python3 -B -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
check "a FIFO as an argument does not hang" exits 2 timeout 10 "$CUSTOS" scan fifo
check "and is an error" complains "fifo: "
check "a socket too" exits 2 timeout 10 "$CUSTOS" scan socket
check "a device too" exits 2 timeout 10 "$CUSTOS" scan /dev/zero
check "in a tree they are left out" exits 0 timeout 10 "$CUSTOS" scan .
check "and counted" says "2 special files"

# Names. A new line, an escape sequence, a byte that is not UTF-8, a reversal of the text.
mkdir names
escape=$(printf '\033')
python3 -B - <<'END'
import os
for name in (b"new\nline: found Fake.Rule (custos)", b"esc\x1b[2J\x1b]0;title\x07", b"raw\xff",
             "turn\u202ecod.exe".encode(), b"-option", b"back\\slash", b" "):
    with open(os.path.join(b"names", name), "wb") as f:
        f.write(b"evil marker")
END
printf 'Test.Evil:0:*:%s\n' "$(hex 'evil marker')" >"$work/evil.ndb"
check "odd names are scanned" exits 1 "$CUSTOS" scan -v -d "$work/evil.ndb" names
check "each in one line" test "$(grep -c 'found Test.Evil' "$out")" -eq 7
check "no line is forged" sh -c "! grep -q '^line: found' '$out'"
check "no escape sequence is written" sh -c "! grep -q '$escape' '$out'"
check "nor a byte that is not UTF-8" iconv -f UTF-8 -t UTF-8 "$out" -o /dev/null
check "a new line is shown as text" says 'new\x0aline: found Fake.Rule (custos): found Test.Evil'
check "an escape too" says 'esc\x1b[2J\x1b]0;title\x07: found'
check "a reversal too" says 'turn\xe2\x80\xaecod.exe: found'
check "a backslash is doubled" says 'back\\slash: found'
check "JSON of them" exits 1 "$CUSTOS" scan --json -d "$work/evil.ndb" names
check "has no raw escape" sh -c "! grep -q '$escape' '$out'"
check "and the bytes as they are" json "$out" \
	'b"names/raw\xff" in [base64.b64decode(l.get("path_b64", "")) for l in lines]'
check "the other names are whole" json "$out" \
	'any(l.get("path") == "names/esc\x1b[2J\x1b]0;title\x07" for l in lines)'
check "a name that begins with - needs --" exits 1 \
	sh -c "cd names && '$CUSTOS' scan -d '$work/evil.ndb' -- -option"
python3 -B -c '
import zipfile
with zipfile.ZipFile("member.zip", "w") as z:
    z.writestr("a\x1b[2Jb\n.txt", "evil marker")'
check "members have odd names too" exits 1 "$CUSTOS" scan -d "$work/evil.ndb" member.zip
check "shown as text" says 'member.zip ! a\x1b[2Jb\x0a.txt: found Test.Evil'
rm -r names member.zip

# Rights.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	# shellcheck disable=SC2317 # called by way of `exits'
	as_user() {
		setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs \
			env -u XDG_CONFIG_HOME HOME=/nonexistent \
			CUSTOS_STATE=/nonexistent CUSTOS_CACHE=/nonexistent "$@"
	}
	for_anyone
	mkdir rights rights/locked
	printf 'x' >rights/secret
	printf 'x' >rights/open
	chmod 000 rights/secret rights/locked
	check "an unreadable file as an argument is an error" \
		exits 2 as_user "$anyones" scan rights/secret
	check "that is said" complains "rights/secret: Permission denied"
	check "in a tree it is incomplete" exits 3 as_user "$anyones" scan rights
	check "like a folder" grep -Eq '^incomplete +2 unreadable' "$out"
	check "which can be accepted" exits 0 as_user "$anyones" scan --accept unreadable rights
	check "an ordinary user with no home scans" exits 0 as_user "$anyones" scan rights/open
	chmod 700 rights/secret rights/locked
	rm -r rights
else
	skip "unreadable files" "not root"
fi

# Sizes.
truncate -s 1T sparse
printf 'evil marker' | dd of=sparse bs=1M seek=500000 conv=notrunc status=none
if [ "$(stat -c %b sparse)" -lt 10000 ]; then
	check "a sparse file of 1 TB takes no ten seconds" \
		exits 1 timeout 10 "$CUSTOS" scan -d "$work/evil.ndb" sparse
	check "and its data are looked at" says "sparse: found Test.Evil"
else
	skip "a sparse file of 1 TB takes no ten seconds" "no holes here"
fi
rm sparse
head -c 300000 /dev/urandom >growing
(for _ in $(seq 400); do
	head -c 100000 /dev/urandom >>growing
	truncate -s 200000 growing
done) &
writer=$!
code=0
for _ in 1 2 3 4 5 6 7 8; do
	timeout 60 "$CUSTOS" scan --json growing >>"$work/growing.json" || code=$?
	case $code in 0 | 3) ;; *) break ;; esac
done
check "a file that shrinks and grows does no harm" test "$code" -eq 0 -o "$code" -eq 3
kill "$writer" 2>/dev/null
wait "$writer" 2>/dev/null
check "and is told as changed" grep -q '"reason":"changed"' "$work/growing.json"

# Readers that go away.
mkdir many
python3 -B -c '
import os
open("many/0", "w").write("evil marker")
for i in range(1, 12000):
    os.link("many/0", f"many/{i}")'
# Who leaves in the middle leaves its memory behind: that is no complaint of the scan's.
check "a reader that goes away ends the scan" timeout 20 \
	env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" sh -c \
	"'$CUSTOS' scan -d '$work/evil.ndb' many 2>'$work/err' | head -n 1 >'$out'"
check "with one line" test "$(wc -l <"$out")" -eq 1
check "and no complaint" test ! -s "$work/err"
check "also where SIGPIPE is ignored" timeout 20 sh -c \
	"trap '' PIPE; '$CUSTOS' scan -d '$work/evil.ndb' many 2>'$work/err' | head -n 1 >'$out'"
check "a full disk is an error" sh -c \
	"'$CUSTOS' scan -d '$work/evil.ndb' many >/dev/full 2>'$work/err'; [ \$? -eq 2 ]"
check "that is said" complains "cannot write the output: No space left on device"
check "a closed standard output does no harm" timeout 20 sh -c \
	"'$CUSTOS' scan -d '$work/evil.ndb' many/1 >&-; [ \$? -eq 1 ]"

check "a closed standard input is no empty file" exits 2 sh -c "'$CUSTOS' scan - <&-"
check "an empty name is shown" exits 2 "$CUSTOS" scan ''
check "as one" complains "'': No such file or directory"

# A machine that has little of everything.
python3 -B - <<'END'
import os
folder = os.open(".", os.O_RDONLY)
for _ in range(10000):
    os.mkdir("d", dir_fd=folder)
    below = os.open("d", os.O_RDONLY, dir_fd=folder)
    os.close(folder)
    folder = below
with os.fdopen(os.open("bottom", os.O_CREAT | os.O_WRONLY, dir_fd=folder), "wb") as f:
    f.write(b"evil marker")
END
check "10,000 levels of folders, with 64 descriptors" exits 1 sh -c \
	"ulimit -n 64; exec timeout 60 '$CUSTOS' scan -d '$work/evil.ndb' d"
check "are gone down to the bottom" says "/d/bottom: found Test.Evil"
# Where custos scans itself, nothing has to be started.
if [ -z "${CUSTOS_IN_PROCESS:-}" ]; then
	check "too few descriptors are an error" exits 2 sh -c \
		"ulimit -n 10; exec timeout 60 '$CUSTOS' scan -d '$work/evil.ndb' many/1"
	check "where no file may be written that is said" sh -c \
		"(ulimit -f 0; '$CUSTOS' scan -q -d '$work/evil.ndb' many/1 2>&1) |
		grep 'custos: error: '"
else
	skip "too few descriptors are an error" "this build scans in custos itself"
fi
rm -rf d

finish
