#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# One huge file and several workers: what is found is what one worker finds, also when
# workers that help die.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"

# Rules for marks that stand across the borders of pieces (8 MiB), and rules for none.
python3 - "$work/huge" "$work/rules.ndb" <<'END'
import random, sys

PIECE, PIECES = 8 << 20, 12
numbers = random.Random(1)
block = numbers.randbytes(1 << 20)
marks = [numbers.randbytes(40) for _ in range(3 * PIECES)]
with open(sys.argv[1], "wb") as huge:
    huge.truncate(0)
    for _ in range(8 * PIECES):
        huge.write(block)
    for number, mark in enumerate(marks[:2 * PIECES]):
        border = PIECE * (1 + number // 2)
        huge.seek(border - numbers.randrange(1, 40) - 50 * (number % 2))
        huge.write(mark)
with open(sys.argv[2], "w") as rules:
    for number, mark in enumerate(marks):
        rules.write(f"Test.Mark-{number}:0:*:{mark.hex()}\n")
END

# scan JOBS: what is found, and the summary but for its times.
scan() {
	jobs=$1
	shift
	"$CUSTOS" scan --json --all-matches --jobs "$jobs" --cache "$work/cache$jobs" \
		-d "$work/rules.ndb" "$@" "$work/huge" 2>"$work/err" |
		sed 's/,"ms":[0-9]*//; s/,"\(seconds\|duration\)[a-z_]*":[0-9.]*//'
}

scan 1 >"$work/alone"
check "every mark is found by one worker" \
	test "$(grep -c '"type":"finding"' "$work/alone")" -ge 22
for jobs in 2 3 5; do
	scan "$jobs" >"$work/helped"
	check "$jobs workers find the same, and in the same order" \
		cmp "$work/alone" "$work/helped"
done

# Kills the workers of a scan but the first of them, one every millisecond.
cat >"$work/killer.py" <<'END'
import os, signal, subprocess, sys, time

def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(word) for word in f.read().split()]

with open(sys.argv[1], "w") as out:
    scan = subprocess.Popen(sys.argv[2:], stdout=out)
    owner, kills = None, 0
    while scan.poll() is None:
        try:
            workers = [pid for zygote in children(scan.pid) for pid in children(zygote)]
            owner = owner or (workers and workers[0]) or None
            for pid in workers:
                if pid != owner:
                    os.kill(pid, signal.SIGKILL)
                    kills += 1
        except (FileNotFoundError, ProcessLookupError):
            pass
        time.sleep(0.001)
print(f"# {kills} kills")
END
if [ -z "$CUSTOS_IN_PROCESS" ]; then
	# Compiled before, so that the first worker is the one that has the file.
	"$CUSTOS" db build -o "$work/rules.cseg" "$work/rules.ndb" >"$work/out" 2>&1
	python3 "$work/killer.py" "$work/killed" "$CUSTOS" scan --json --all-matches \
		--jobs 3 --no-verdict-cache -d "$work/rules.cseg" "$work/huge" >"$work/kills"
	cat "$work/kills"
	check "there are workers that help" test "$(tr -dc 0-9 <"$work/kills")" -ge 1
	check "when all who help are killed, the owner finds all by itself" \
		test "$(grep -c '"type":"finding"' "$work/killed")" -eq \
		"$(grep -c '"type":"finding"' "$work/alone")"
	check "and nothing is incomplete" \
		test "$(grep -c '"type":"incomplete"' "$work/killed")" -eq 0
else
	skip "there are workers that help" "this build scans in custos itself"
	skip "workers that help are killed" "this build scans in custos itself"
	skip "nothing is incomplete" "this build scans in custos itself"
fi

# Files that come while a huge one is looked at are not kept waiting by those who help.
mkdir "$work/many"
for i in $(seq 300); do echo "$i" >"$work/many/$i"; done
scan 2 "$work/many" >"$work/helped"
check "small files beside it are all looked at" \
	test "$(grep -c '"type":"summary".*"files_scanned":301' "$work/helped")" -eq 1
check "and all is found" test "$(grep -c '"type":"finding"' "$work/helped")" -eq \
	"$(grep -c '"type":"finding"' "$work/alone")"

finish
