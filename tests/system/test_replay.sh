#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos replay, and custos scan, with a worker that files can kill: a copy of custos
# that finds another worker program beside it.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"

if [ -n "$CUSTOS_IN_PROCESS" ]; then
	skip "custos replay" "this build scans in custos itself"
	finish
fi

false_worker=${CUSTOS_TOOLS:-$CUSTOS_BUILD/tests/tools}/false_worker
mkdir "$work/bin" "$work/files" "$work/home"
cp "$CUSTOS" "$work/bin/custos"
cp "$CUSTOS_BUILD/builtin.cseg" "$work/bin/"
cp "$false_worker" "$work/bin/custos-worker"
custos=$work/bin/custos
export HOME="$work/home" LC_ALL=C
unset XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME
cd "$work/files" || exit 99
for what in crash exit hang garbage deep; do
	echo "CAPTURE $what" >"$what"
done
echo harmless >harmless

check "a file that does nothing is answered" exits 0 "$custos" replay harmless
check "which is said" says "the worker answered: clean"
check "a crash is told" exits 3 "$custos" replay crash
check "with the signal" says "did not answer: killed by signal 11 (Segmentation fault)"
check "an exit is told" exits 3 "$custos" replay exit
check "with the status" says "ended with status 17"
check "a worker that hangs is told of" exits 3 "$custos" replay --max-time 300ms hang
check "when its time is over" says "did not answer in time"
check "a worker that sends garbage is told of" exits 3 "$custos" replay garbage
check "with what it broke" says "broke the protocol: a message that is none"
check "objects are told of as they are entered" exits 3 "$custos" replay deep
check "as deep as they can be" says "deep !  ! "
check "a file that is not there is an error" exits 2 "$custos" replay nothing
check "a folder is none" exits 2 "$custos" replay .
check "and two files are one too many" exits 2 "$custos" replay harmless crash

# This one would be found out later than at its own file.
rm garbage
scan_all() {
	exits 3 "$custos" scan --json --max-time 300ms .
}
check "a scan of all of them is incomplete" scan_all
for what in crash exit hang deep; do
	check "for the one: $what" grep -q \
		"\"type\":\"incomplete\".*$what\".*\"reason\":\"worker\"" "$work/out"
done
check "with how it ended" says "killed by signal 11 (Segmentation fault)"
check "and for no other" test "$(grep -c '"reason":"worker"' "$work/out")" -eq 4

# The real worker, killed from outside.
# The false one may be on its way out still.
rm "$work/bin/custos-worker"
cp "$CUSTOS_BUILD/custos-worker" "$work/bin/custos-worker"
check "with the worker as it is all of them are clean" exits 0 "$custos" scan .
check "and replay says so" exits 0 "$custos" replay crash

finish
