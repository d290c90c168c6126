#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos scan on ordinary files: what it says, in text and JSON, and how it ends.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

eicar >eicar.com
printf 'nothing to be found\n' >clean.txt
check "a clean file ends with 0" exits 0 "$CUSTOS" scan clean.txt
check "and never calls it clean" sh -c "! grep -qi clean '$out' || grep -q clean.txt '$out'"
check "but says by what nothing was found" grep -Eq \
	'nothing found by [0-9]+ built-in rules \(Linux servers; .*\)$' "$out"
check "and by whose rules" grep -Eq '^rules +custos: [0-9]+ rules, came with custos' "$out"
check "and what was looked at" grep -Eq '^scanned +1 file, 20 bytes; ' "$out"
check "nothing is said on stderr" test ! -s "$work/err"

check "EICAR is found" exits 1 "$CUSTOS" scan eicar.com
check "in one line" grep -Eqx \
	'eicar.com: found [A-Za-z0-9.]*(EICAR|Eicar)[A-Za-z0-9.]* \(custos\)' "$out"
check "and summed up" grep -Eq '^result +1 finding in 1 file by ' "$out"

pack eicar.zip eicar.com eicar.com
pack eicar.tar.gz dir/eicar.com eicar.com
pack nested.tar a.zip eicar.zip
pack nested.tar.gz nested.tar nested.tar
check "EICAR is found in a zip" exits 1 "$CUSTOS" scan eicar.zip
check "with the member's name" says "eicar.zip ! eicar.com: found "
check "EICAR is found in a tar.gz" exits 1 "$CUSTOS" scan eicar.tar.gz
check "with the member's path" says " ! dir/eicar.com: found "
check "EICAR is found in a zip in a tar in a tar in a gzip" exits 1 "$CUSTOS" scan nested.tar.gz
check "with the whole path" says " ! nested.tar ! a.zip ! eicar.com: found "
check "once" sh -c "[ \$(grep -c ': found ' '$out') -eq 1 ]"
check "standard input is scanned" exits 1 sh -c "'$CUSTOS' scan - <eicar.com"
check "under its name" says "-: found "
check "also from a pipe" exits 1 sh -c "cat eicar.zip | '$CUSTOS' scan -"
check "and into it" says "- ! eicar.com: found "
: >empty
check "an empty file is nothing special" exits 0 "$CUSTOS" scan empty

# Trees.
mkdir -p tree/a/b tree/c
cp eicar.com tree/a/b
cp clean.txt tree/c
ln -s ../eicar.com tree/link
mkfifo tree/fifo
check "a tree is scanned" exits 1 "$CUSTOS" scan tree
check "to its leaves" says "tree/a/b/eicar.com: found "
check "a link is not followed" sh -c "! grep -q 'tree/link' '$out'"
check "but told of" says "1 symbolic link, 1 special file"
check "a link as an argument is followed" exits 1 "$CUSTOS" scan tree/link
check "--verbose lists the rest" exits 1 "$CUSTOS" scan --verbose tree
check "what nothing was found in" says "tree/c/clean.txt: nothing found"
check "and what was left out" says "tree/fifo: left out ("
check "--quiet" exits 1 "$CUSTOS" scan --quiet tree
check "says the finding alone" sh -c "[ \$(wc -l <'$out') -eq 1 ] && [ ! -s '$work/err' ]"
check "--quiet where nothing is found" exits 0 "$CUSTOS" scan -q tree/c
check "says nothing" is_silent
check "--no-summary too" exits 0 "$CUSTOS" scan --no-summary tree/c
check "says nothing" is_silent
check "--exclude" exits 0 "$CUSTOS" scan --exclude 'b/' tree
check "leaves out and says so" says "1 excluded name"
check "several excludes, one taken back" exits 1 \
	"$CUSTOS" scan --exclude '*.com' --exclude '!eicar.com' tree
check "a pattern that can match nothing is an error" exits 2 "$CUSTOS" scan --exclude '[' tree
check "one file system" exits 1 "$CUSTOS" scan --one-file-system tree
check "one worker" exits 1 "$CUSTOS" scan --jobs 1 tree
check "a worker for each file" exits 1 "$CUSTOS" scan --isolate tree
check "in the background" exits 1 "$CUSTOS" scan --background tree

# Lists.
printf 'tree/a\nclean.txt\n' >list
check "--files-from" exits 1 "$CUSTOS" scan --files-from list
check "scans what is listed" says "tree/a/b/eicar.com: found "
check "all of it" grep -Eq '^scanned +2 files' "$out"
check "from standard input, with NULs" exits 1 sh -c \
	"find tree -name '*.com' -print0 | '$CUSTOS' scan --null --files-from -"
check "a list that is not there" exits 2 "$CUSTOS" scan --files-from no-list
check "standard input as a list and as a file" exits 2 "$CUSTOS" scan --files-from - -
check "an empty list" exits 0 "$CUSTOS" scan --files-from /dev/null
check "is no promise" says "no file was scanned"

# How it ends.
check "an argument that is not there is an error" exits 2 "$CUSTOS" scan no-such-file clean.txt
check "that is said" complains "no-such-file: No such file or directory"
check "but found beats it" exits 1 "$CUSTOS" scan no-such-file eicar.com
head -c 60 eicar.zip >cut.zip
check "what is damaged is incomplete" exits 3 "$CUSTOS" scan cut.zip
check "and counted with an example" grep -Eq '^incomplete +[0-9] damaged +cut.zip' "$out"
check "nothing is promised" says "nothing found in what was looked at"
check "error beats incomplete" exits 2 "$CUSTOS" scan cut.zip no-such-file
check "found beats incomplete" exits 1 "$CUSTOS" scan cut.zip eicar.com
check "an accepted reason does not count" exits 0 "$CUSTOS" scan --accept damaged cut.zip
check "but is told" says "damaged"
check "another one does" exits 3 "$CUSTOS" scan --accept password,size cut.zip
check "--list-incomplete" exits 3 "$CUSTOS" scan --list-incomplete cut.zip
check "has a line for it" grep -q '^cut.zip.*: incomplete (damaged)' "$out"

# Limits: each is named when it is reached.
pack deep.zip b.zip eicar.zip
check "--max-depth" exits 3 "$CUSTOS" scan --max-depth 1 deep.zip
check "ends in depth" grep -Eq '^incomplete +1 depth' "$out"
head -c 200000 /dev/zero >zeros
pack zeros.zip zeros zeros
check "--max-child" exits 3 "$CUSTOS" scan --max-child 100K zeros.zip
check "ends in size" grep -Eq '^incomplete +[0-9] size' "$out"
check "--max-bytes" exits 3 "$CUSTOS" scan --max-bytes 100K zeros.zip
check "ends in bytes" grep -Eq '^incomplete +[0-9] bytes' "$out"
check "--max-files" exits 3 "$CUSTOS" scan --max-files 1 deep.zip
check "ends in files" grep -Eq '^incomplete +[0-9] files' "$out"
check "limits that are wide enough do not matter" exits 0 \
	"$CUSTOS" scan --max-child 200K --max-bytes 1M --max-files 2 --max-ratio 1 zeros.zip

# Rules: one finding for an object, or all.
printf 'A.One:0:*:%s\nA.Two:0:*:%s\n' "$(hex nothing)" "$(hex found)" >"$work/two.ndb"
check "two rules match" exits 1 "$CUSTOS" scan -d "$work/two.ndb" clean.txt
check "one is told" sh -c "[ \$(grep -c ': found A\\.' '$out') -eq 1 ]"
check "--all-matches" exits 1 "$CUSTOS" scan -d "$work/two.ndb" --all-matches clean.txt
check "tells both" sh -c "[ \$(grep -c ': found A\\.' '$out') -eq 2 ]"

# The rules themselves.
check "the rules in use do not find themselves" exits 0 \
	"$CUSTOS" scan -v "$CUSTOS_BUILD/builtin.cseg"
check "but are told of" says "builtin.cseg: left out (the rules in use"
check "and counted" says "1 file of custos' own"
cp "$CUSTOS_BUILD/builtin.cseg" copy.cseg
check "in a copy of them nothing is found" exits 0 "$CUSTOS" scan copy.cseg
check "though it is a file like any other" grep -Eq '^scanned +1 file,' "$out"
if command -v clamscan >/dev/null; then
	mkdir "$work/clamav"
	cp "$CUSTOS_TOP"/signatures/*.ldb "$work/clamav"
	check "nor does clamscan find its own rules in it" clamscan --no-summary \
		-d "$work/clamav" copy.cseg
else
	skip "nor does clamscan find its own rules in it" "no clamscan"
fi

# JSON.
check "--json" exits 1 "$CUSTOS" scan --json nested.tar.gz clean.txt cut.zip no-such-file
check "is one object a line, and nothing else" json "$out" \
	'all(line["schema"] == "custos.scan/1" for line in lines) '
check "stderr is empty" test ! -s "$work/err"
check "a finding says where" json "$out" 'any(
	line["type"] == "finding" and line["path"] == "nested.tar.gz"
	and line["verdict"] == "found"
	and line["objects"][-3:] == ["nested.tar", "a.zip", "eicar.com"]
	and line["source"] == "custos" and line["offset"] == 0 and line["size"] == 68
	and line["sha256"][:8] == "275a021b"
	and line["length"] > 0 and line["database"] == "custos" for line in lines)'
check "a clean file is an object" json "$out" 'any(
	line["type"] == "object" and line["path"] == "clean.txt" and line["verdict"] == "clean"
	and line["size"] == 20 and line["objects"] == [] and line["ms"] >= 0 for line in lines)'
check "what is incomplete has its reason" json "$out" 'any(
	line["type"] == "incomplete" and line["path"] == "cut.zip" and line["reason"] == "damaged"
	for line in lines)'
check "and its file is no clean object" json "$out" '[line["verdict"] for line in lines
	if line["type"] == "object" and line["path"] == "cut.zip"] == ["incomplete"]'
check "an error has its message" json "$out" 'any(
	line["type"] == "error" and line["path"] == "no-such-file"
	and "No such file" in line["message"] for line in lines)'
check "the summary is last, and counts" json "$out" '(lambda last:
	last["type"] == "summary" and last["exit_code"] == 1 and last["verdict"] == "found"
	and last["files_scanned"] == 3 and last["files_found"] == 1 and last["errors"] == 1
	and list(last["incomplete"]) == ["damaged"] and last["rules"] > 0
	and last["sources"][0]["built_in"] and not last["interrupted"])(lines[-1])'

# Small files are read together, and their digests taken side by side.
python3 - "$work/many" "$work/digests" <<'END' || exit 99
import hashlib, os, sys
os.mkdir(sys.argv[1])
os.mkdir(sys.argv[2])
rules = {"hdb": [], "hsb": []}
for i in range(300):
    data = b"%d small files, " % i * (i * i % 3000)
    with open(f"{sys.argv[1]}/{i:03}", "wb") as out:
        out.write(data)
    kind = ("md5", "sha1", "sha256")[i % 3]
    if data and i % 5:
        rules["hdb" if kind == "md5" else "hsb"].append(
            f"{hashlib.new(kind, data).hexdigest()}:{len(data)}:Small.{i:03}\n")
for name, lines in rules.items():
    with open(f"{sys.argv[2]}/small.{name}", "w") as out:
        out.writelines(lines)
END
for i in 005 010 299; do
	cp "$work/many/$i" "$work/many/$i-again"
done
rm "$work/many/004"
mkfifo "$work/many/004"
# many PATH: of every small file with a rule, and of no other, its name is found.
many() {
	"$CUSTOS" scan --no-summary --jobs=1 --cpu-path="$1" --database "$work/digests" \
		"$work/many" >"$work/out"
	python3 - "$work/out" <<-'END'
		import re, sys
		found = dict(re.findall(r"/many/(\S+?):? .*Small\.(\d+)", open(sys.argv[1]).read()))
		numbers = [i for i in range(300) if i % 5 and i * i % 3000 and i != 4]
		want = {f"{i:03}": f"{i:03}" for i in numbers}
		want["299-again"] = "299"
		print(sorted(found.items() ^ want.items()))
		sys.exit(found != want)
	END
}
check "small files are found by their digests, taken side by side" many best
check "and one after another" many portable

finish
