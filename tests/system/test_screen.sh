#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a terminal is shown, by a terminal that script(1) makes.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

if ! command -v script >/dev/null; then
	skip "a terminal" "no script(1)"
	finish
fi

own_home
export TERM=xterm
unset NO_COLOR
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

# on_terminal COMMAND: runs it on a terminal of 90 columns; what is shown goes to $out.
on_terminal() {
	script -qec "stty cols 90; $1" /dev/null >"$out" 2>&1 </dev/null
}

many many 6000 2000000
printf 'evil marker' >many/00001.evil
printf 'Test.Evil:0:*:%s\n' "$(hex 'evil marker')" >"$work/evil.ndb"
"$CUSTOS" db build -o "$work/evil.cseg" "$work/evil.ndb" >/dev/null
escape=$(printf '\033')

on_terminal "'$CUSTOS' scan -d '$work/evil.cseg' --jobs 1 many"
check "a long scan shows progress" grep -Eq '\[0:0[0-9]\] [0-9,]+ files  [0-9.]+ [KMG]iB  ' "$out"
check "with its rate" grep -q 'iB/s' "$out"
check "that is wiped before the result" python3 -B -c '
import sys
for line in open(sys.argv[1], "rb").read().split(b"\n"):
    assert not line.split(b"\x1b[K")[-1].startswith(b"[0:"), line' "$out"
check "a finding is coloured" grep -q "found $escape\|${escape}\[1;31mfound" "$out"
check "nothing else than colours and wiping is sent" sh -c \
	"! sed 's/$escape\[[0-9;]*[mK]//g' '$out' | grep -q '$escape'"
check "no status line is wider than the terminal" python3 -B -c '
import re, sys
data = open(sys.argv[1], "rb").read().decode()
for piece in re.split(r"[\r\n]", re.sub(r"\x1b\[[0-9;]*[mK]", "", data)):
    assert not piece.startswith("[0:") or len(piece) < 90, piece' "$out"

on_terminal "'$CUSTOS' scan -d '$work/evil.cseg' many/00002"
check "a short scan shows none" sh -c "! grep -q '\[0:0' '$out'"
on_terminal "'$CUSTOS' scan -d '$work/evil.cseg' --jobs 1 --no-progress many"
check "nor one with --no-progress" sh -c "! grep -q '\[0:0' '$out'"
on_terminal "'$CUSTOS' scan -d '$work/evil.cseg' --jobs 1 --json many"
check "nor one with --json" sh -c "! grep -q '\[0:0' '$out'"
on_terminal "NO_COLOR=1 '$CUSTOS' scan -d '$work/evil.cseg' many/00001.evil"
check "NO_COLOR is honoured" sh -c "! grep -q '${escape}\[1' '$out'"
on_terminal "TERM=dumb '$CUSTOS' scan -d '$work/evil.cseg' --jobs 1 many"
check "a dumb terminal gets text alone" sh -c "! grep -q '$escape' '$out'"
check "piped output has no colour" sh -c \
	"'$CUSTOS' scan -d '$work/evil.cseg' many/00001.evil | cat >'$out'
	! grep -q '$escape' '$out'"
check "but with --color always it has" sh -c \
	"'$CUSTOS' scan -d '$work/evil.cseg' --color always many/00001.evil >'$out'
	grep -q '$escape' '$out'"
check "piped, there is no progress on stderr" sh -c \
	"'$CUSTOS' scan -d '$work/evil.cseg' --jobs 1 many >/dev/null 2>'$work/err'
	! [ -s '$work/err' ]"

finish
