#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos prove: on this host as it is, as an ordinary user, and with walls taken away.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"

take_walls=${CUSTOS_TOOLS:-$CUSTOS_BUILD/tests/tools}/take_walls
prove_worker=$CUSTOS_BUILD/custos-prove-worker
worker=$CUSTOS_BUILD/custos-worker
export LC_ALL=C

if [ -n "$CUSTOS_IN_PROCESS" ]; then
	skip "custos prove" "workers of this build have no walls"
	finish
fi

# number KEY: a number of the last JSON.
number() {
	sed -n "s/.*\"$1\":\\([0-9]*\\).*/\\1/p" "$work/out"
}

# says_of NAME VERDICT: what became of an attack, in the last table.
says_of() {
	grep -qE "^  $1 +.* $2" "$work/out" && return 0
	grep -F "  $1 " "$work/out"
	return 1
}

# misses WALL: it is named as missing, with its cause.
misses() {
	grep -qE "^  $1 +MISSING \\(.+\\): .+" "$work/out" && return 0
	sed -n '/^walls/,/^$/p' "$work/out"
	return 1
}

check "as whoever runs this, nothing is allowed" exits 0 "$CUSTOS" prove
check "which is said" grep -qE '^[0-9]+ attacks: [0-9]+ denied, 0 allowed' "$work/out"
for name in open openat newfstatat statx "socket TCP" "socket UDP" "socket UNIX" \
	"socket NETLINK" connect clone execve "ptrace TRACEME" pidfd_open memfd_create \
	"mprotect W.X" "mmap PROT_EXEC" "fcntl F_SETFL" io_uring_setup kill \
	"prctl DUMPABLE" unshare inotify_init1 pwrite64 "sendmsg, descriptors" \
	"openat /proc" fchmodat unlinkat renameat2 "pwrite64, too far" "mmap, too much"; do
	check "denied: $name" says_of "$name" denied
done
check "no attack is left out of the table" test \
	"$(grep -cE 'denied|not tested|ALLOWED' "$work/out")" -ge 100
check "the live worker is under a list of calls" grep -qE '^  Seccomp +2$' "$work/out"
check "has no new privileges" grep -qE '^  NoNewPrivs +1$' "$work/out"
check "and no capability" grep -qE '^  CapEff +0+$' "$work/out"
check "sees no interface but lo" grep -qE '^  net/dev +lo$' "$work/out"
check "and is process 1 of its own" grep -qE '^  NSpid +[0-9]+ 1$' "$work/out"
if [ "$(id -u)" -eq 0 ]; then
	check "its list of calls is the one that was attacked" \
		grep -qE '^  list of system calls +[0-9]+ instructions, the same' "$work/out"
	check "it has a socket and a spool" \
		grep -qE '^  fd +3 socket:[^,]*, 4 [^,]*\(deleted\)$' "$work/out"
else
	skip "its list of calls is the one that was attacked" "this is not root"
	skip "it has a socket and a spool" "this is not root"
fi

check "as JSON, too" exits 0 "$CUSTOS" prove --json
check "it counts nothing as allowed" test "$(number allowed)" -eq 0
check "and says how much was tested" test "$(number denied)" -ge 60

as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
if [ "$(id -u)" -ne 0 ]; then
	skip "as an ordinary user" "this is one"
else
	for_anyone
	cd / || exit 99
	# shellcheck disable=SC2086 # options, to be split
	check "as an ordinary user, nothing is allowed" exits 0 $as_nobody "$anyones" prove
	check "and the rest is denied" says_of "socket TCP" denied
fi

# --- walls taken away --------------------------------------------------------------

check "without landlock nothing is allowed" exits 0 "$take_walls" landlock -- \
	"$CUSTOS" prove
check "and landlock is named" misses landlock
check "with what is lost" says "only the empty root and the system call list"

check "without namespaces nothing is allowed" exits 0 "$take_walls" namespaces -- \
	"$CUSTOS" prove
for wall in "user namespace" "network namespace" "empty root" "pid namespace" \
	"ipc namespace"; do
	check "and it is named: $wall" misses "$wall"
done
check "without both nothing is allowed either" exits 0 "$take_walls" landlock namespaces \
	-- "$CUSTOS" prove
check "the list of calls stands alone" says_of openat "denied by the list of calls\$"

echo something >"$work/file"
check "files are scanned then, too" exits 0 "$take_walls" landlock namespaces -- \
	"$CUSTOS" scan "$work/file"
check "without a list of calls nothing is scanned" exits 2 "$take_walls" seccomp -- \
	"$CUSTOS" scan "$work/file"
check "and that is said" complains "nothing is scanned"
check "nor proved" exits 2 "$take_walls" seccomp -- "$CUSTOS" prove

# limits WHAT: as if the administrator allowed no such namespace.
without() {
	# shellcheck disable=SC2016 # the inner shell expands it
	unshare -Ur sh -c '
		for limit in $1; do
			echo 0 >/proc/sys/user/max_${limit}_namespaces || exit 77
		done
		shift
		exec "$@"' sh "$@"
}
if without user true 2>/dev/null; then
	check "where user namespaces are not allowed, nothing is" exits 0 without user \
		"$CUSTOS" prove
	check "and it is named: user namespace" misses "user namespace"
	check "with the cause" says "No space left on device"
	check "where none is allowed, nothing is" exits 0 \
		without "user net mnt pid ipc uts" "$CUSTOS" prove
	check "and it is named: network namespace" misses "network namespace"
	check "the live worker sees this host's interfaces, and it is said why" \
		grep -qE '^  net/dev +.*(the wall is missing|^  net/dev +lo$)' "$work/out"
else
	skip "where user namespaces are not allowed" "they are not to be had here to begin with"
fi

# --- what the programs are made of -------------------------------------------------

# asks_for PROGRAM: functions that it takes from its libraries.
asks_for() {
	nm -D --undefined-only "$1" | sed 's/.* //; s/@.*//'
}
banned='socket|connect|bind|listen|accept4?|getaddrinfo|gethostby.*|open(at)?(64)?|creat'
banned="$banned|fopen(64)?|opendir|exec.*|posix_spawn.*|system|popen|v?fork|dlopen|mprotect"
reaches_out() {
	asks_for "$1" | grep -xE "$banned"
}
nothing_reaches_out() {
	! reaches_out "$worker"
}
check "the worker asks for no function that reaches out" nothing_reaches_out
check "the attacker does: the check sees such functions" reaches_out "$prove_worker"
has_no_engine() {
	! nm "$CUSTOS" | grep -E ' scan_run$'
}
check "custos itself cannot scan: it has no engine" has_no_engine
check "the worker has" sh -c "nm \"$worker\" | grep -qE 'scan_run|object_look|matcher_run'"
check "the worker is of no use by hand" exits 2 "$worker"

finish
