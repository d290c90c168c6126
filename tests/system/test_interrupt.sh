#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A scan that is interrupted: what it says, what it leaves, and how it is gone on with.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

# Enough files for a signal to come in time, the finding among the first of them.
many many 6000 2000000
printf 'evil marker' >many/00000.evil
printf 'Test.Evil:0:*:%s\n' "$(hex 'evil marker')" >"$work/evil.ndb"
"$CUSTOS" db build -o "$work/evil.cseg" "$work/evil.ndb" >/dev/null

# interrupt SIGNAL OPTION…: a scan that gets a signal after a moment; its code in $code.
interrupt() {
	signal=$1
	shift
	setsid env --default-signal=HUP "$CUSTOS" scan -d "$work/evil.cseg" --jobs 1 "$@" \
		many >"$out" 2>"$work/err" &
	scan=$!
	sleep 0.3
	kill -s "$signal" "$scan"
	code=0
	wait "$scan" || code=$?
}

# In a script, the shell starts what is in the background with SIGINT ignored: that
# would be respected. So would SIGHUP be, where the tests run under nohup.
interrupt TERM
check "SIGTERM ends a scan with 130" test "$code" -eq 130
check "with a summary" grep -Eq '^result +interrupted; so far 1 finding' "$out"
check "and a way to go on" complains "--resume"
check "what was under way is not listed" sh -c "! grep -q '^incomplete' '$out'"
scanned=$(sed -n 's/^scanned *\([0-9,]*\) files.*/\1/p' "$out" | tr -d ,)
check "not all was scanned" test "$scanned" -lt 6001
sleep 0.5
# What has ended and waits for PID 1 to be told so does not count.
check "no process is left" sh -c "! ps -o stat=,args= -s $scan | grep -v ^Z"

check "--resume ends as the whole scan would" exits 1 \
	"$CUSTOS" scan -d "$work/evil.cseg" --resume --json many
check "the finding of the first part is counted" json "$out" 'lines[-1]["findings"] == 1'
check "but not told again" json "$out" 'not any(l["type"] == "finding" for l in lines)'
check "all files are counted, each once" json "$out" 'lines[-1]["files_scanned"] == 6001'
check "it says that it was resumed" json "$out" 'lines[-1]["resumed"] is True'
check "not all were scanned again" json "$out" 'len(lines) < 6000'
check "nothing is left to go on with" sh -c "[ -z \"\$(ls '$CUSTOS_STATE/resume')\" ]"
check "so --resume begins anew" exits 1 "$CUSTOS" scan -d "$work/evil.cseg" --resume --json many
check "and says so" complains "starting from the beginning"
check "with every file" json "$out" 'lines[-1]["files_scanned"] == 6001 and len(lines) > 6000'

interrupt HUP
check "SIGHUP too" test "$code" -eq 130
check "a scan with other settings" exits 1 \
	"$CUSTOS" scan -d "$work/evil.cseg" --resume --max-depth 3 --json many
check "begins anew" complains "rules or settings are not those of the interrupted scan"

interrupt TERM
check "a whole scan" exits 1 "$CUSTOS" scan -d "$work/evil.cseg" many
check "removes what the interrupted one left" sh -c "[ -z \"\$(ls '$CUSTOS_STATE/resume')\" ]"

interrupt TERM --json
check "JSON of an interrupted scan" json "$out" \
	'[lines[-1][k] for k in ("type", "interrupted", "exit_code")] == ["summary", True, 130]'
printf 'garbage' >"$(find "$CUSTOS_STATE/resume" -type f)"
check "what was left and is damaged" exits 1 "$CUSTOS" scan -d "$work/evil.cseg" --resume many
check "is told, and not believed" complains "damaged"

check "--resume of standard input is an error" exits 2 "$CUSTOS" scan --resume - </dev/null

# nohup.
sh -c "trap '' HUP; exec '$CUSTOS' scan -d '$work/evil.cseg' many" >"$out" 2>&1 &
scan=$!
sleep 0.2
kill -s HUP "$scan"
code=0
wait "$scan" || code=$?
check "a SIGHUP that is ignored stays so" test "$code" -eq 1


# A worker that is stopped answers nothing: others go on, after the file's time.
# shellcheck disable=SC2317 # called by check
stop_workers() {
	"$CUSTOS" scan -d "$work/evil.cseg" --max-time 1s --jobs 1 many >"$out" 2>"$work/err" &
	scan=$!
	stopped=
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 0.1
		for zygote in $(ps -o pid= --ppid "$scan"); do
			for worker in $(ps -o pid= --ppid "$zygote"); do
				kill -s STOP "$worker" && stopped=yes
			done
		done
		[ -z "$stopped" ] || break
	done
	code=0
	wait "$scan" || code=$?
	[ "$code" -eq 3 ] || [ "$code" -eq 1 ]
}
if [ -z "${CUSTOS_IN_PROCESS:-}" ]; then
	check "a worker that is stopped does not stop the scan" stop_workers
	check "all files are scanned" grep -Eq '^scanned +6,001 files' "$out"
	# Nothing, if it had not begun with one.
	check "and it costs one at the most" sh -c \
		"! grep -E '^incomplete +[0-9,]+ ' '$out' | grep -Ev ' 1 worker +many/'"
else
	skip "a worker that is stopped does not stop the scan" "this build scans in custos itself"
fi

finish
