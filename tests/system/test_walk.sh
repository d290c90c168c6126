#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The walk where it needs a system: devices, mounts, depth, holes, file systems that
# hang. What it finds is shown by tests/tools/walk_dump.
. "$(dirname "$0")/tap.sh"

: "${CUSTOS_TOOLS:=$CUSTOS_BUILD/tests/tools}"
export CUSTOS_TOOLS
dump=$CUSTOS_TOOLS/walk_dump
hanging_fs=$CUSTOS_TOOLS/hanging_fs
here=$(readlink -f "$0")

# Whatever happens, nothing is left mounted, and nothing hangs on it.
fuse=
# shellcheck disable=SC2317 # called by the trap
clean_up() {
	[ -z "$fuse" ] || kill -KILL "$fuse" 2>/dev/null
	umount -l "$work/fuse" 2>/dev/null
	rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# lists: what was said on stdout is what comes on stdin.
# shellcheck disable=SC2317 # called by check
lists() {
	cat >"$work/want"
	diff -u "$work/want" "$work/out"
}

# waits_nobody: no courier of ours is alive (they have the working directory of the
# walk that sent them).
waits_nobody() {
	# Those of this build: other tests may run beside this one. A zombie has no program.
	program=$(readlink -f "$dump")
	for courier in $(pgrep -x custos-courier); do
		[ "$(readlink "/proc/$courier/exe")" != "$program" ] || return 1
	done
}

# In a mount namespace of its own, where mounting is allowed.
can_mount() {
	unshare -m sh -c 'mount -t tmpfs none /mnt' 2>/dev/null
}

# ---- parts that run in a namespace of their own: the script calls itself

mounts_part() {
	cd "$work" || exit 99
	echo 'Test.X:0:0:78797a0a' >x.ndb
	echo 'Test.Linux:0:0:4c696e75780a' >linux.ndb
	mkdir -p tree/a/again tree/other tree/proc tree/sys tree/zz
	echo xyz >tree/a/file
	echo xyz >tree/zz/file
	mount --bind tree tree/a/again
	mount -t tmpfs none tree/other
	echo xyz >tree/other/file
	mount -t proc none tree/proc
	mount -t sysfs none tree/sys
	mount -t tmpfs none tree/sys/kernel
	echo xyz >tree/sys/kernel/file

	check "a walk over mounts ends" exits 0 "$dump" tree
	check "having left out the kernel's, but not what is inside, and each loop" lists <<-END
	loop tree/a/again (a directory above it, mounted again)
	file tree/a/file 4
	file tree/other/file 4
	left-out tree/proc (proc file system, left out)
	left-out tree/sys (sysfs file system, left out)
	file tree/sys/kernel/file 4
	file tree/zz/file 4
	END
	check "on one file system alone" exits 0 "$dump" -x tree
	check "no other mount is entered" lists <<-END
	loop tree/a/again (a directory above it, mounted again)
	file tree/a/file 4
	left-out tree/other (tmpfs file system, left out)
	left-out tree/proc (proc file system, left out)
	left-out tree/sys (sysfs file system, left out)
	file tree/zz/file 4
	END
	check "a place inside a left-out mount is one to go on from" \
		exits 0 "$dump" -s 0:sys tree
	check "with what is inside it" lists <<-END
	file tree/sys/kernel/file 4
	file tree/zz/file 4
	END
	check "a kernel's file that was asked for is read" \
		exits 0 "$dump" tree/proc/sys/kernel/ostype
	check "though it has no size" lists <<-END
	file tree/proc/sys/kernel/ostype 6 copy
	END
	check "so is a folder of the kernel's" exits 0 "$dump" tree/sys/fs
	if command -v strace >/dev/null; then
		exits 0 "$dump" tree
		mv "$work/out" "$work/usual"
		check "without openat2 the walk works" \
			exits 0 traced -o /dev/null -e inject=openat2:error=ENOSYS "$dump" tree
		check "and finds the same" diff -u "$work/usual" "$work/out"
	else
		skip "without openat2 the walk finds the same" "strace is not installed"
	fi
	check "the program itself scans what the walk finds" \
		exits 1 "$CUSTOS" scan -d "$work/x.ndb" tree
	check "each file once" test "$(grep -c 'found Test.X' "$work/out")" -eq 4
	check "and says what it left out" says "tree/a/again (a loop), tree/proc (proc)"
	check "on one file system alone it says more" \
		exits 1 "$CUSTOS" scan -x -d "$work/x.ndb" tree
	check "about each" says "tree/other (tmpfs)"
	check "what the kernel writes is scanned when it is asked for" \
		exits 1 "$CUSTOS" scan -d "$work/linux.ndb" tree/proc/sys/kernel/ostype
	umount tree/sys/kernel tree/sys tree/proc tree/other tree/a/again
}

automount_part() {
	cd "$work" || exit 99
	mkdir tree tree/trigger
	echo x >tree/a
	mkfifo pipe
	exec 8<>pipe
	exec 9>pipe
	if ! mount -t autofs -o "fd=9,pgrp=1,minproto=5,maxproto=5,direct" none \
		tree/trigger 2>/dev/null; then
		skip "an automount point is not set off" "autofs cannot be mounted here"
		return
	fi
	timeout -s KILL 1 ls tree/trigger/ >/dev/null 2>&1
	check "looking into an automount point whose daemon is dead hangs" test $? -eq 137
	check "the walk goes past it" exits 0 timeout -s KILL 20 "$dump" -t 9000 tree
	check "and says so" lists <<-END
	file tree/a 2
	left-out tree/trigger (autofs file system, left out)
	END
	check "as an argument it is asked, with patience that ends" \
		exits 0 timeout -s KILL 10 "$dump" -t 500 tree/trigger/x
	check "as one that did not answer" says "silent tree/trigger/x (no answer from"
	umount -l tree/trigger
}

case ${1-} in
mounts)
	mounts_part
	finish
	;;
automount)
	automount_part
	finish
	;;
esac

# part NAME SENTENCE: runs a part above, and takes its tests over.
part() {
	if ! can_mount; then
		skip "$2" "no mount namespace is to be had here"
		return
	fi
	unshare -m --propagation private sh "$here" "$1" >"$work/part"
	while read -r result; do
		case $result in
		"ok "* | "not ok "*)
			tap_number=$((tap_number + 1))
			echo "$result" | sed "s/ok [0-9]*/ok $tap_number/"
			case $result in not*) tap_failed=1 ;; esac
			;;
		"#"*) echo "$result" ;;
		esac
	done <"$work/part"
	check "all of part $1 was run" grep -q '^1\.\.[1-9]' "$work/part"
}

# ---- special files

mkdir "$work/special"
cd "$work/special" || exit 99
mkfifo fifo
if mknod null c 1 3 2>/dev/null && mknod disk b 7 250 2>/dev/null; then
	check "a walk over devices ends" exits 0 "$dump" . null
	check "and calls them by their names" lists <<-END
	special ./disk (block device)
	special ./fifo (FIFO)
	special ./null (character device)
	special null (character device)
	END
	if command -v strace >/dev/null; then
		traced -o "$work/trace" "$dump" . null disk fifo >/dev/null
		check "none of them is opened" \
			sh -c "! grep -E 'open.*\"(null|disk|fifo)\"' '$work/trace' |
				grep -v O_PATH"
	else
		skip "none of them is opened" "strace is not installed"
	fi
else
	skip "devices are not opened" "no device can be made here"
fi

# ---- holes

mkdir "$work/sparse"
cd "$work/sparse" || exit 99
if truncate -s 1T big 2>/dev/null &&
	dd if=/dev/zero bs=1M count=1 2>/dev/null | tr '\0' '\1' |
	dd of=big bs=1M seek=500000 conv=notrunc 2>/dev/null; then
	check "a file of 1 TB with 1 MB of data is read in a moment" \
		exits 0 timeout 10 "$dump" -r big
	check "all of its data, and no more" lists <<-END
	file big 1099511627776 extents=524288000000+1048576 sum=1048576
	END
else
	skip "holes are not read" "this file system has no files of 1 TB"
fi

# ---- depth

mkdir "$work/deep"
cd "$work/deep" || exit 99
hundred=$(printf 'd/%.0s' 1 2 3 4 5 6 7 8 9 10)
hundred=$hundred$hundred$hundred$hundred$hundred$hundred$hundred$hundred$hundred$hundred
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 \
	26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50; do
	echo x >z
	mkdir -p "$hundred"
	cd -P "$hundred" 2>/dev/null || break
done
echo bottom >file
cd "$work" || exit 99
check "5,000 levels are gone down, with few descriptors" \
	exits 0 sh -c "ulimit -n 100; exec '$dump' deep"
bottom=$(yes d/ | head -n 5000 | tr -d '\n')file
check "to the bottom" grep -qxF "file deep/$bottom 7" "$work/out"
check "and up again" test "$(grep -c '/z 2$' "$work/out")" -eq 50
echo "deep/$bottom" >list
check "such a path may be given as well" exits 0 "$dump" -f list
check "and is found" grep -qxF "file deep/$bottom 7" "$work/out"

# ---- many

mkdir "$work/many"
cd "$work/many" || exit 99
seq -f 'name%06.0f' 10000 | xargs touch
cd "$work" || exit 99
check "a folder of 10,000 names is walked" exits 0 "$dump" -l many
check "in order" sh -c "sort -c '$work/out' && [ \$(wc -l <'$work/out') -eq 10000 ]"

# ---- other mounts

part mounts "left out are the kernel's file systems and loops"
part automount "an automount point is not set off"

# ---- file systems that do not answer

mkdir "$work/fuse"
cd "$work" || exit 99
mounted=
why="it was built without libfuse3"
if [ -x "$hanging_fs" ]; then
	why="no FUSE file system can be mounted here"
	"$hanging_fs" -f fuse 2>"$work/err" & fuse=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		grep -qF " $work/fuse " /proc/self/mountinfo && mounted=1 && break
		sleep 0.1
	done
fi
if [ "$mounted" ]; then
	check "a tree on a file system that hangs is walked to its end" \
		exits 0 timeout -s KILL 60 "$dump" -t 2000 -e drip -r fuse
	check "with a note for all that did not answer, and the rest read" lists <<-END
	excluded fuse/drip (excluded)
	file fuse/folder/file 10 copy sum=893
	silent fuse/hang-list (no answer from fuse.hanging_fs file system in 2 s)
	silent fuse/hang-open (no answer from fuse.hanging_fs file system in 2 s)
	silent fuse/hang-read (no answer from fuse.hanging_fs file system in 2 s)
	file fuse/lies 7 copy sum=555
	file fuse/plain 6 copy sum=542
	silent fuse/stuck/hang-stat (no answer from fuse.hanging_fs file system in 2 s)
	silent fuse/stuck/next (no answer from fuse.hanging_fs file system in 2 s)
	file fuse/zz-last 5 copy sum=446
	END
	check "so are arguments" \
		exits 0 timeout -s KILL 60 "$dump" -t 2000 -r fuse/stuck/hang-stat fuse/zz-last
	check "one by one" lists <<-END
	silent fuse/stuck/hang-stat (no answer from fuse.hanging_fs file system in 2 s)
	file fuse/zz-last 5 copy sum=446
	END
	check "what answers always, but next to nothing, is given up as well" \
		exits 0 timeout -s KILL 60 "$dump" -t 500 fuse/drip
	check "in its time" says "silent fuse/drip (no answer from fuse.hanging_fs"
	check "the program itself comes to its end" exits 3 timeout -s KILL 60 \
		"$CUSTOS" scan --json --max-wait 2s --exclude drip fuse
	# Of fuse/stuck by now not even the names are to be had.
	check "what did not answer is incomplete" \
		test "$(grep -c 'no answer from fuse.hanging_fs' "$work/out")" -eq 4
	check "the rest is not" test "$(grep -c '"verdict":"clean"' "$work/out")" -ge 4
	check "an argument that does not answer is an error" exits 2 timeout -s KILL 60 \
		"$CUSTOS" scan --max-wait 2s fuse/stuck/hang-stat
	check "which says why" complains "no answer from fuse.hanging_fs file system in 2 s"
	check "nobody waits for what it left behind" \
		sh -c "timeout -s KILL 20 '$dump' -t 500 fuse/hang-read | cat >/dev/null"
	kill -KILL "$fuse"
	wait "$fuse" 2>/dev/null
	for _ in $(seq 100); do
		waits_nobody && break
		sleep 0.1
	done
	check "when the file system is gone, so are those who waited for it" \
		waits_nobody
else
	skip "a file system that hangs is walked to its end" "$why"
fi

finish
