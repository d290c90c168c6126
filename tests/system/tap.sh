# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# TAP for shell tests. A test file reads:
#
#	. "$(dirname "$0")/tap.sh"
#	check "a clean file ends with 0" exits 0 "$CUSTOS" scan "$work/file"
#	check "and nothing is said on stderr" test ! -s "$work/err"
#	finish
#
# $work is a folder of the test's own, removed at the end. Meson sets CUSTOS (the
# program), CUSTOS_BUILD and CUSTOS_TOP; by hand, the tree's own build is taken.

: "${CUSTOS_TOP:=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")}"
: "${CUSTOS_BUILD:=$CUSTOS_TOP/build}"
: "${CUSTOS:=$CUSTOS_BUILD/custos}"
export CUSTOS_TOP CUSTOS_BUILD CUSTOS
# What ClamAV keeps on this machine is none of the tests' business.
: "${CUSTOS_CLAMAV_FOLDER:=no}"
export CUSTOS_CLAMAV_FOLDER
# A test that scans a file twice wants it read twice, but for that of the cache.
: "${CUSTOS_VERDICT_CACHE:=no}"
export CUSTOS_VERDICT_CACHE

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM
tap_number=0
tap_failed=0

# check SENTENCE COMMAND…: one test, passed if the command succeeds. What the command
# says is shown if it does not.
check() {
	tap_sentence=$1
	shift
	tap_number=$((tap_number + 1))
	if "$@" >"$work/.said" 2>&1; then
		echo "ok $tap_number - $tap_sentence"
	else
		sed 's/^/# /' "$work/.said"
		echo "not ok $tap_number - $tap_sentence"
		tap_failed=1
	fi
}

# own_home: settings, state and caches are those of the test.
own_home() {
	export HOME="$work/home" XDG_CONFIG_HOME="$work/xdg"
	export CUSTOS_STATE="$work/state" CUSTOS_CACHE="$work/cache"
	mkdir "$HOME"
}

# skip SENTENCE REASON: one test that cannot be run here.
skip() {
	tap_number=$((tap_number + 1))
	echo "ok $tap_number - $1 # SKIP $2"
}

# exits CODE COMMAND…: true if the command ends with that code. Its output is left in
# $work/out and $work/err.
exits() {
	tap_want=$1
	shift
	tap_code=0
	"$@" >"$work/out" 2>"$work/err" || tap_code=$?
	[ "$tap_code" -eq "$tap_want" ] && return 0
	echo "exit code $tap_code, want $tap_want: $*"
	head -n 20 "$work/out" "$work/err"
	return 1
}

# says PATTERN: true if the last `exits` wrote a line on stdout that holds this text.
says() {
	grep -qF -- "$1" "$work/out" && return 0
	echo "not said on stdout: $1"
	head -n 20 "$work/out"
	return 1
}

# complains PATTERN: the same for stderr.
complains() {
	grep -qF -- "$1" "$work/err" && return 0
	echo "not said on stderr: $1"
	head -n 20 "$work/err"
	return 1
}

# is_silent: true if the last `exits` wrote nothing at all.
is_silent() {
	[ ! -s "$work/out" ] && [ ! -s "$work/err" ] && return 0
	head -n 20 "$work/out" "$work/err"
	return 1
}

# traced OPTION… COMMAND…: strace -f. In a sanitizer build, leaks cannot be looked for
# by a program that is traced.
traced() {
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 strace -f "$@"
}

# for_anyone: makes $anyones the program at a place where every user can run it. The tree
# may stand in a folder of one user's own.
for_anyone() {
	chmod 755 "$work"
	mkdir -p "$work/programs"
	cp "$CUSTOS" "$CUSTOS_BUILD/custos-worker" "$CUSTOS_BUILD/custos-prove-worker" \
		"$CUSTOS_BUILD/builtin.cseg" "$work/programs"
	# shellcheck disable=SC2034 # for the test
	anyones=$work/programs/${CUSTOS##*/}
}

finish() {
	echo "1..$tap_number"
	exit "$tap_failed"
}
