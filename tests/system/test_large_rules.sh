#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rule files of 300 MB: one line, garbage, and good ones.
. "$(dirname "$0")/tap.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99

printf 'nothing' >file
python3 -B - <<'END'
import random
r = random.Random(2)
with open("line.ndb", "wb") as f:
    f.write(b"Long.Line:0:*:")
    for _ in range(300):
        f.write(b"41" * (1 << 19))
with open("garbage.ndb", "wb") as f:
    for _ in range(300):
        f.write(r.randbytes(1 << 20))
    f.write(b"\nGood.Rule:0:*:6e6f7468696e67\n")
with open("good.hsb", "wb") as f:
    for n in range(3600000):
        f.write(b"%s:%d:Good.%d\n" % (r.randbytes(32).hex().encode(), n + 1, n))
END

check "one line of 300 MB is refused" exits 2 timeout 60 "$CUSTOS" scan -d line.ndb file
check "with its place" complains "line.ndb:1: refused: the line is too long"
check "300 MB of garbage with a rule behind it" exits 1 \
	timeout 120 "$CUSTOS" scan -d garbage.ndb file
check "is that rule" says "file: found Good.Rule (garbage.ndb)"
check "and a short list of complaints" sh -c "[ \$(wc -l <'$work/err') -lt 20 ]"
check "with their number" grep -Eq '[0-9,]{9} lines were refused' "$work/err"
check "300 MB of good rules" exits 0 timeout 300 "$CUSTOS" scan -d good.hsb file
check "are all taken" says "nothing found by 3,600,000 rules of good.hsb"
compiled() { find "$CUSTOS_CACHE" -name '*.cseg' -printf '%f %i %T@\n' | sort; }
compiled >"$work/before"
check "and the next scan" exits 0 timeout 60 "$CUSTOS" scan -d good.hsb file
compiled >"$work/after"
check "has a compiled form" test -s "$work/before"
check "and does not compile again" cmp "$work/before" "$work/after"
digest=$(sed -n 1234567p good.hsb | cut -d: -f1)
check "one of them is found by its digest" exits 0 \
	timeout 60 "$CUSTOS" db lookup -d good.hsb "$digest"
check "with its line" says "good.hsb line 1234567"

finish
