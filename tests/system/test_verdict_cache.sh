#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What was clean and has not changed is not read again; whatever has changed is.
# shellcheck disable=SC2317 # check calls functions
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
export CUSTOS_VERDICT_CACHE=yes
mkdir "$work/files"
cd "$work/files" || exit 99

case $(stat -f -c %T .) in
ext2/ext3 | xfs | btrfs | f2fs) ;;
*)
	skip "files are remembered" "$work is on a file system that has no memory"
	finish
	;;
esac

# cached NUMBER PATH…: so many of the files are not read again, and none is found.
cached() {
	cached_want=$1
	shift
	exits 0 "$CUSTOS" scan --json "$@" || return 1
	grep -q "\"files_cached\":$cached_want," "$work/out" && return 0
	grep '"summary"' "$work/out"
	return 1
}

# Files are remembered that did not change for two seconds.
settle() {
	sleep 3
}

# store FILE BYTES LOCK: writes through a shared mapping, says so, and keeps it until LOCK is gone.
store() {
	python3 - "$@" <<'EOF'
import mmap, os, sys, time
path, text, lock = sys.argv[1:]
with open(path, "r+b") as file:
    view = mmap.mmap(file.fileno(), 0)
    view[:1] = view[:1]
    open(lock, "w").close()
    while os.path.exists(lock):
        time.sleep(0.01)
    view[:len(text)] = text.encode()
    open(lock + ".done", "w").close()
    while not os.path.exists(lock + ".end"):
        time.sleep(0.01)
EOF
}

wait_for() {
	for _ in $(seq 500); do
		[ -e "$1" ] && return 0
		sleep 0.02
	done
	echo "$1 does not come"
	return 1
}

for name in a b c d; do
	echo "nothing of interest in $name, at some length" >"$name"
done
eicar >"$work/eicar"
settle

check "the first time all are read" cached 0 .
check "the second time none, but one in a thousand" cached 4 .
check "a line of JSON says so" grep -q '"path":"./a".*"cached":true' "$work/out"
check "and counts what is in it as before" grep -q '"objects_seen":4,' "$work/out"
check "the summary, too" exits 0 "$CUSTOS" scan .
check "in words" says "of them were looked at before and have not changed"
check "it can be switched off" exits 0 "$CUSTOS" scan --json --no-verdict-cache .
check "then all are read" grep -q '"files_cached":0,' "$work/out"
check "the file is ours alone" test "$(stat -c %a "$work/cache/verdicts")" = 600

# Changes.
cp a "$work/a.kept" && touch -r a "$work/a.time"
cat "$work/eicar" >a && touch -r "$work/a.time" a
check "a file with its old mtime, and a finding" exits 1 "$CUSTOS" scan .
check "a finding is not remembered" exits 1 "$CUSTOS" scan .
cat "$work/a.kept" >a && touch -r "$work/a.time" a
settle
check "what it was before is read again" cached 3 .
check "and remembered" cached 4 .
mv a b.new && mv b a && mv b.new b
settle
check "names do not matter, but ctime moved with them" cached 2 .
check "and they are known again" cached 4 .
cp "$work/eicar" a.new && mv a.new a
check "another file under a known name" exits 1 "$CUSTOS" scan a
rm a && cp "$work/a.kept" a
settle
check "is read" cached 3 .

# Rules and settings.
printf 'Some.Rule:0:*:%s\n' "$(hex 'nothing of the kind')" >"$work/some.ndb"
settle
check "other rules know nothing" cached 0 -d "$work/some.ndb" .
check "but remember" cached 4 -d "$work/some.ndb" .
check "other settings know nothing" cached 0 --max-depth 5 .
check "the first ones still do" cached 4 .
printf 'Other.Rule:0:*:%s\n' "$(hex 'interest of no')" >>"$work/some.ndb"
check "nor do rules that were just written" cached 0 -d "$work/some.ndb" .
check "as they may change unseen" cached 0 -d "$work/some.ndb" .
printf 'Third.Rule:0:*:%s\n' "$(hex 'interest in c')" >>"$work/some.ndb"
check "a rule that is new finds" exits 1 "$CUSTOS" scan -d "$work/some.ndb" .

# What is incomplete stays so, word for word, and is not read for it.
# told: what is said of the files, but for what differs between two runs.
told() {
	sed -n '/"summary"/!{s/,"cached":true//;s/"ms":[0-9]*//;p;}' "$work/out" | sort
}

mkdir "$work/parts"
{ echo '#!/bin/sh'; head -c 100 /dev/zero; } >"$work/plain"
printf '\037\213\010\000\000\000\000\000\000\003cut' >"$work/parts/cut.gz"
cp "$work/parts/cut.gz" "$work/parts/in"
(cd "$work/parts" && tar cf cut.tar in && rm in)
printf '%%PDF-1.4\n%%nothing\n' >"$work/parts/page.pdf"
echo "as clean as can be" >"$work/parts/plain"
settle
check "what is incomplete" exits 3 "$CUSTOS" scan --json "$work/parts"
told >"$work/first"
cp "$work/out" "$work/first.json"
check "stays so" exits 3 "$CUSTOS" scan --json "$work/parts"
check "without being read" grep -q '"files_cached":4,' "$work/out"
told >"$work/second"
check "in the same words" cmp "$work/first" "$work/second"
check "all of them" test "$(grep -c '"type":"object".*"incomplete"' "$work/second")" -eq 3
check "and with the same numbers" test \
	"$(grep -o '"files_incomplete":[0-9]*\|"objects_seen":[0-9]*' "$work/out")" = \
	"$(grep -o '"files_incomplete":[0-9]*\|"objects_seen":[0-9]*' "$work/first.json")"
check "on the screen, too" exits 3 "$CUSTOS" scan "$work/parts"
check "with its reasons" says "cut.tar ! in"
check "by other rules it is read" exits 3 "$CUSTOS" scan --json -d "$work/some.ndb" "$work/parts"
check "each of them" grep -q '"files_cached":0,' "$work/out"

# What is allowed is not clean.
cp "$work/eicar" "$work/allowed"
settle
exits 1 "$CUSTOS" scan --json "$work/allowed"
rule=$(sed -n 's/.*"rule":"\([^"]*\)".*/\1/p' "$work/out" | head -1)
exits 0 "$CUSTOS" allow add --rule "custos:$rule" --reason test "$work/allowed" ||
	exits 0 "$CUSTOS" allow add --reason test "$work/allowed"
if exits 0 "$CUSTOS" scan "$work/allowed"; then
	id=$("$CUSTOS" allow list | sed -n 's/^ *\([0-9a-f]*\).*/\1/p' | head -1)
	rm -rf "$work/state"
	check "what was allowed and is no more is found (${id:-entry})" \
		exits 1 "$CUSTOS" scan "$work/allowed"
else
	check "an entry can be added" false
fi

# Writers, and mappings that they keep.
printf 'Evil:0:*:%s\n' "$(hex 'evil marker')" >"$work/evil.ndb"
mkdir mapped && echo "a page that somebody has mapped and may write to at any time" >mapped/file
store mapped/file "evil marker" "$work/lock" &
check "somebody has a file mapped" wait_for "$work/lock"
settle
check "it is clean" cached 0 -d "$work/evil.ndb" mapped
stat -c %z mapped/file >"$work/before"
rm "$work/lock"
check "a store" wait_for "$work/lock.done"
check "that moves no time" test "$(stat -c %z mapped/file)" = "$(cat "$work/before")"
check "is found in the next scan" exits 1 "$CUSTOS" scan -d "$work/evil.ndb" mapped
touch "$work/lock.end"
wait
check "and after" exits 1 "$CUSTOS" scan -d "$work/evil.ndb" mapped
rm -r mapped
exec 3>>c
echo "one more line" >&3
settle
check "a file that somebody has open for writing is read" cached 3 .
check "each time" cached 3 .
exec 3>&-
check "once more" cached 3 .
check "and then is known" cached 4 .

# New rules beside known ones: those alone are asked. One segment each.
# partly NUMBER CODE PATH…: so many of the files are read for new rules alone.
partly() {
	partly_want=$1
	partly_code=$2
	shift 2
	exits "$partly_code" "$CUSTOS" scan --json "$@" || return 1
	grep -q "\"files_cached_partly\":$partly_want," "$work/out" && return 0
	grep '"summary"' "$work/out"
	return 1
}

segment() {
	printf '%s\n' "$2" >"$work/$1"
	"$CUSTOS" db build -o "$work/${1%.*}.cseg" "$work/$1" >"$work/built" 2>&1
}

segment base.ndb "Base.Rule:0:*:$(hex 'nothing like it')"
segment one.ndb "New.Rule:0:*:$(hex 'interest in c')"
segment two.ldb "Two.Rule;Engine:81-255,Target:0;0&1;$(hex 'of interest');$(hex 'nowhere')"
segment types.ldb "Type.Rule;Engine:81-255,Target:0,HandlerType:CL_TYPE_ZIP;0;$(hex 'of interest')
Three.Rule;Engine:81-255,Target:0;0;$(hex 'nowhere')"
# Rules among the known ones may ask for the icons of such an entry.
mkdir "$work/icons"
echo "An.Icon:ONE:TWO:10$(printf '%0122d' 0)" >"$work/icons/icons.idb"
echo "Icon.Rule:0:*:$(hex 'nothing like it, either')" >"$work/icons/icons.ndb"
"$CUSTOS" db build -o "$work/icons.cseg" "$work/icons" >"$work/built" 2>&1
base="-d $work/base.cseg"
settle
# shellcheck disable=SC2086 # two words
{
	check "files are known by base rules" cached 0 $base .
	check "all of them" cached 4 $base .
	check "others beside them find what they find" \
		partly 4 1 $base -d "$work/one.cseg" .
	check "in that file alone" grep -q '"rule":"New.Rule"' "$work/out"
	check "the others are known" cached 3 $base -d "$work/one.cseg" a b d
	check "more of them find nothing" partly 4 0 $base -d "$work/two.cseg" .
	check "which is known, too" cached 4 $base -d "$work/two.cseg" .
	check "whatever their order" cached 4 -d "$work/two.cseg" $base .
	check "where rules decide what is looked at, all are asked" \
		partly 0 0 $base -d "$work/types.cseg" .
	check "and where icons are new" partly 0 0 $base -d "$work/icons.cseg" .
	check "so with clamscan's own ways" exits 0 "$CUSTOS" scan --compat=clamav $base .
	check "each time" partly 0 0 --compat=clamav $base -d "$work/two.cseg" .
}

# A cache of others, or damaged, is none.
chmod 644 "$work/cache/verdicts"
check "one that others may read is not used" cached 0 .
check "but replaced" cached 4 .
head -c 100 "$work/cache/verdicts" >"$work/short"
cat "$work/short" >"$work/cache/verdicts"
check "nor is one that is cut" cached 0 .
check "and replaced, too" cached 4 .
if [ "$(id -u)" -eq 0 ]; then
	chown nobody "$work/cache/verdicts"
	check "nor that of another user" cached 0 .
	mkdir "$work/mount"
	if mount -t tmpfs none "$work/mount" 2>/dev/null; then
		cp c "$work/mount"
		settle
		cached 0 "$work/mount"
		check "where times cannot be relied on nothing is remembered" \
			cached 0 "$work/mount"
		check "and that is said" grep -q '"files_not_cacheable":1,' "$work/out"
		umount "$work/mount"
	else
		skip "file systems without a memory" "nothing can be mounted here"
	fi
else
	skip "other users' files" "not root"
fi
finish
