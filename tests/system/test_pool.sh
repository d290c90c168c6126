#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Workers that die, hang and lie: what it costs, and that nobody else pays.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"

tools=${CUSTOS_TOOLS:-$CUSTOS_BUILD/tests/tools}
drive=$tools/pool_drive
false_worker=$tools/false_worker
worker=$CUSTOS_BUILD/custos-worker

# lines PATTERN: how many lines of the last output match.
lines() {
	grep -cE -- "$1" "$work/out"
}

# --- a worker that gets captured by one file among 300 -------------------------------

mkdir "$work/files"
cd "$work/files" || exit 99
i=0
while [ $i -lt 300 ]; do
	echo FOUND >"f$i"
	i=$((i + 1))
done

# capture WHAT: a scan in which one file does that to its worker.
capture() {
	echo "CAPTURE $1" >capture
	{
		ls f? f??
		echo capture
		ls f???
	} | timeout 60 "$drive" --worker "$false_worker" --jobs 2 --time 400 \
		>"$work/out" 2>"$work/err"
	[ "$(lines '^deaths')" -eq 1 ] || {
		cat "$work/err"
		return 1
	}
}

# costs_one HOW: all others are found, the one file is incomplete for that reason.
costs_one() {
	capture "$1" || return 1
	grep -q "^incomplete tainted $2.* capture\$" "$work/out" &&
		[ "$(lines '^found (kept|tainted) answered f')" -eq 300 ] && return 0
	cut -d' ' -f1-3 "$work/out" | sort | uniq -c
	cat "$work/err"
	return 1
}

# is_caught HOW: it is caught, and of the 300 no more than its own were lost on the way.
is_caught() {
	capture "$1" || return 1
	grep -q "^incomplete tainted $2" "$work/out" &&
		[ "$(lines '^found (kept|tainted) answered f')" -ge 290 ] &&
		[ "$(lines '^clean [a-z]* answered f')" -eq 0 ] && return 0
	cut -d' ' -f1-3 "$work/out" | sort | uniq -c
	cat "$work/err"
	return 1
}

check "a worker that crashes costs the file it was on" costs_one crash "killed 11"
check "and so does one that exits" costs_one exit "exited 17"
check "and one that hangs, after its time" costs_one hang hung
check "and one that closes its socket and lives on" costs_one close "killed 9"
check "and one that sends an empty datagram" costs_one empty "killed 9"
check "more objects than a file can have are not listened to" costs_one flood lied
check "an object deeper than the limit ends it" costs_one deep lied
check "an object of a type that does not exist, too" costs_one type lied
check "a hit in an object that was not told of, too" costs_one nowhere lied
check "a rule that does not exist, too" costs_one rule lied
check "an answer for another file, too" costs_one other-job lied
check "an outcome other than what was told, too" costs_one outcome lied
check "bytes that nobody asked for, too" costs_one data lied
check "a second answer is caught" is_caught twice lied
check "a second hello is caught" is_caught hello lied
check "garbage is caught" is_caught garbage lied
check "a datagram that is too large is caught" is_caught oversize lied
check "descriptors from a worker are caught" is_caught descriptors lied
check "a crumb that lies blames nobody but who was there" is_caught blame "killed 9"

check "a captured worker that says clean and dies" capture clean-then-die
check "leaves no clean behind that is kept" test "$(lines '^clean kept answered f')" -eq 0
check "one that says clean to all it gets, and lives" capture clean
check "gets no more than a worker's share" test "$(lines '^clean kept answered f')" -le 200
check "and the others' answers are what they were" \
	test "$(lines '^found kept answered f')" -ge 100

isolated() {
	echo "CAPTURE clean" >capture
	{
		echo capture
		ls f?
	} | "$drive" --worker "$false_worker" --isolate >"$work/out" 2>"$work/err"
	[ "$(lines '^found kept answered f')" -eq 10 ]
}
check "with a worker for each file it fools nobody about another" isolated
cd / || exit 99

# --- 40 files that crash their workers: guesses at how a zygote is laid out -----------

mkdir "$work/guesses"
for i in $(seq 40); do echo "CAPTURE crash" >"$work/guesses/$i"; done
cat >"$work/counted" <<END
#!/bin/sh
echo >>"$work/starts"
exec "$false_worker" "\$@"
END
chmod +x "$work/counted"

# zygotes_for JOBS: scans them; leaves how many zygotes there were in $zygotes.
zygotes_for() {
	rm -f "$work/starts"
	printf '%s\n' "$work"/guesses/* |
		timeout 60 "$drive" --worker "$work/counted" --jobs "$1" \
		>"$work/out" 2>"$work/err"
	zygotes=$(wc -l <"$work/starts")
	[ "$(lines '^deaths 40$')" -eq 1 ]
}
check "each costs a worker" zygotes_for 1
check "and after eight of them there is a new zygote, laid out anew" test "$zygotes" -eq 5
check "with four workers at a time too" zygotes_for 4
check "though the last ones of the old may still be busy" test "$zygotes" -ge 2

# --- SIGKILL, again and again, through a scan of 10,000 files -------------------------

# A hundred files, a hundred times: to a worker each descriptor is a file of its own.
mkdir "$work/many"
(cd "$work/many" && seq 100 | split -l 1 -a 4)
ls -d "$work"/many/* >"$work/hundred"
for i in $(seq 100); do cat "$work/hundred"; done >"$work/names"

# Runs a scan and kills a worker every millisecond. Says how many; ends as the scan does.
cat >"$work/killer.py" <<'END'
import os, random, signal, subprocess, sys, time

def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        return [int(word) for word in f.read().split()]

names, out = open(sys.argv[1]), open(sys.argv[2], "w")
scan, kills, zygotes = subprocess.Popen(sys.argv[3:], stdin=names, stdout=out), 0, set()
while scan.poll() is None:
    try:
        zygotes.update(children(scan.pid))
        victims = [pid for zygote in children(scan.pid) for pid in children(zygote)]
        if victims:
            os.kill(random.choice(victims), signal.SIGKILL)
            kills += 1
    except (FileNotFoundError, ProcessLookupError):
        pass
    time.sleep(0.001)
print(kills, len(zygotes))
sys.exit(scan.returncode)
END

python3 "$work/killer.py" "$work/names" "$work/out" \
	"$drive" --worker "$worker" --jobs 4 >"$work/kills" 2>"$work/err"
code=$?
read -r kills zygotes <"$work/kills"
lost=$(lines '^incomplete')
echo "# $kills kills, $lost files lost, $zygotes zygotes"
check "workers were killed while they worked" test "$kills" -ge 3
check "every file is told of once" test "$(lines ' /')" -eq 10000
check "no more are lost than workers were killed" test "$lost" -le "$kills"
check "each of the lost is incomplete because its worker was killed" \
	test "$(lines '^incomplete tainted killed 9')" -eq "$lost"
check "and the others are clean" test "$(lines '^clean')" -eq $((10000 - lost))
[ "$lost" -eq 0 ] && want=0 || want=3
check "the exit code says so" test "$code" -eq "$want"

# The same by custos itself, on a tree: what a user sees.
python3 - "$work/tree" <<'END'
import os, sys
for folder in range(100):
    path = f"{sys.argv[1]}/{folder}"
    os.makedirs(path)
    for number in range(100):
        with open(f"{path}/{number}", "w") as f:
            f.write(f"{folder} {number}\n")
END
if [ -z "$CUSTOS_IN_PROCESS" ]; then
	python3 "$work/killer.py" /dev/null "$work/out" \
		"$CUSTOS" scan --jobs 4 --json "$work/tree" >"$work/kills" 2>"$work/err"
	code=$?
	read -r kills zygotes <"$work/kills"
	lost=$(lines '"type":"incomplete".*"reason":"worker"')
	echo "# $kills kills, $lost files lost"
	check "custos scan: no more are lost than workers were killed" \
		test "$lost" -le "$kills"
	check "nothing else is incomplete" test "$(lines '"type":"incomplete"')" -eq "$lost"
	check "all files are counted" \
		test "$(lines '"type":"summary".*"files_scanned":10000')" -eq 1
	[ "$lost" -eq 0 ] && want=0 || want=3
	check "and the exit code says so" test "$code" -eq "$want"
else
	skip "custos scan, while workers are killed" "this build scans in custos itself"
fi

kill_zygote() {
	"$drive" --worker "$worker" --jobs 2 <"$work/names" >"$work/out" 2>"$work/err" &
	scan=$!
	sleep 0.05
	pkill -KILL -P "$scan"
	wait "$scan"
	[ "$(lines ' /')" -eq 10000 ]
}
check "when the zygote dies there is another one" kill_zygote
check "and what was under way is incomplete" \
	test "$(lines '^incomplete tainted zygote')" -eq "$(lines '^incomplete')"

no_worker() {
	exits 2 "$drive" --worker "$work/nothing" "$work/names"
}
check "without a worker program nothing is scanned" no_worker
check "and that is said" complains "cannot start $work/nothing"
cp /bin/true "$work/true"
check "a program that is no worker is noticed" exits 2 "$drive" --worker "$work/true" \
	"$work/names"
check "and nothing was clean" test "$(lines '^clean')" -eq 0

finish
