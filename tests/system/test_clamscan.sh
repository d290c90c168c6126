#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# custos clamscan: the lines and exit codes that clamscan 1.4.6 gave for the same.
# shellcheck disable=SC2317 # functions are called by check
. "$(dirname "$0")/tap.sh"

own_home
cd "$work" || exit 99
mkdir tree tree/sub tree/sub/deep

# "custos-one" and "custos-two".
printf 'Test.One:0:*:637573746f732d6f6e65\nTest.Two:0:*:637573746f732d74776f\n' >r.ndb
echo 'a custos-one' >tree/a
echo 'nothing' >tree/c
: >tree/empty
echo 'custos-two' >tree/sub/x
echo 'custos-two' >tree/sub/deep/y
ln -s a tree/link
ln -s sub tree/dlink
mkfifo tree/fifo

clamscan() { "$CUSTOS" clamscan -d r.ndb "$@"; }
# same FILE: what was printed, in any order, are the lines on standard input.
same() { LC_ALL=C sort >"$work/.want" && LC_ALL=C sort "$1" | diff "$work/.want" -; }

check "a folder, not those in it" exits 1 clamscan --no-summary tree
check "line by line" same out <<END
tree/a: Test.One.UNOFFICIAL FOUND
tree/c: OK
tree/dlink: Symbolic link
tree/empty: Empty file
tree/link: Symbolic link
END
check "and nothing on standard error" test ! -s err
check "-r goes deeper, -i shows findings" exits 1 clamscan --no-summary -ri tree
check "alone" same out <<END
tree/a: Test.One.UNOFFICIAL FOUND
tree/sub/deep/y: Test.Two.UNOFFICIAL FOUND
tree/sub/x: Test.Two.UNOFFICIAL FOUND
END
echo 'custos-one custos-two' >both
check "-z tells all rules" exits 1 clamscan --no-summary -z both
check "a line each" same out <<END
both: Test.One.UNOFFICIAL FOUND
both: Test.Two.UNOFFICIAL FOUND
END
check "links are followed where they are arguments" exits 1 clamscan --no-summary tree/link \
	tree/dlink
check "and go by that name" same out <<END
tree/dlink/x: Test.Two.UNOFFICIAL FOUND
tree/link: Test.One.UNOFFICIAL FOUND
END
check "or always" exits 1 clamscan --no-summary -ri --follow-dir-symlinks=2 tree
check "in trees" says "tree/dlink/deep/y: Test.Two.UNOFFICIAL FOUND"
ln -s . tree/sub/loop
check "but no deeper for that" exits 1 clamscan --no-summary -ri --max-dir-recursion=3 \
	--follow-dir-symlinks=2 tree/sub
check "in circles, too" same out <<END
tree/sub/deep/y: Test.Two.UNOFFICIAL FOUND
tree/sub/loop/deep/y: Test.Two.UNOFFICIAL FOUND
tree/sub/loop/loop/x: Test.Two.UNOFFICIAL FOUND
tree/sub/loop/x: Test.Two.UNOFFICIAL FOUND
tree/sub/x: Test.Two.UNOFFICIAL FOUND
END
check "nor without -r" exits 1 clamscan --no-summary -i --follow-dir-symlinks=2 tree/sub
check "at all" same out <<END
tree/sub/x: Test.Two.UNOFFICIAL FOUND
END
rm tree/sub/loop
check "depth has a limit" exits 1 clamscan --no-summary -ri --max-dir-recursion=2 tree
check "above what is too deep" same out <<END
tree/a: Test.One.UNOFFICIAL FOUND
tree/sub/x: Test.Two.UNOFFICIAL FOUND
END
check "expressions leave out" exits 1 clamscan --no-summary -r --exclude='/a$' \
	--exclude-dir=deep tree
check "files" says "tree/a: Excluded"
check "and folders" says "tree/sub/deep: Excluded"
check "or all but some" exits 0 clamscan --no-summary --include='/c$' tree
check "that match" says "tree/c: OK"

check "a file that is not there" exits 2 clamscan --no-summary gone
check "is told of as there" grep -qx "WARNING: gone: Can't access file" err
check "no file at all" exits 2 clamscan --no-summary tree/fifo
check "is told of, too" grep -qx 'WARNING: tree/fifo: Not supported file type' err
check "an unknown option" exits 2 clamscan --bogus
check "ends it" grep -qx "clamscan: unrecognized option \`--bogus'" err
check "options may be cut short" exits 1 clamscan --no-sum --infec tree
check "a value that is none" exits 2 clamscan --max-filesize=abc tree
check "is told of" grep -qx 'ERROR: Incorrect argument format for option --max-filesize' err
check "found files are not touched" exits 2 clamscan --remove tree/a
check "which is said" grep -q 'ERROR: --remove: custos does not do this' err
check "--remove=no asks for nothing" exits 0 clamscan --remove=no tree/c

printf 'tree/a\ntree/c\n' >list
check "a list of files" exits 1 clamscan --no-summary -f list
check "is scanned" says "tree/c: OK"
check "a list that is a folder" exits 54 clamscan --no-summary -f tree
check "is no list" complains "ERROR: --file-list: Can't read file tree"
mkdir left
nowhere() { (cd left && rmdir ../left && "$CUSTOS" clamscan "$@"); }
check "a folder that is gone" exits 2 nowhere -d "$work/r.ndb" --no-summary
check "is no place to scan" complains "Can't get absolute pathname"
# However few descriptors there are, what was not opened is not OK.
never_ok() {
	for limit in 6 7 8 9 10 11 12 16; do
		prlimit --nofile="$limit" "$CUSTOS" clamscan -d r.ndb --no-summary -r \
			tree/sub >out 2>err
		code=$?
		[ "$code" -eq 1 ] || [ "$code" -eq 2 ] || {
			echo "exit code $code with $limit descriptors"
			return 1
		}
	done
}
check "a walk that cannot go on is no end of it" never_ok
check "standard input" exits 1 sh -c "\"\$CUSTOS\" clamscan -d r.ndb --no-summary - <tree/a"
check "has a name" says "stdin: Test.One.UNOFFICIAL FOUND"

check "the summary" exits 1 clamscan tree
check "counts rules" says "Known viruses: 2"
check "files" says "Scanned files: 2"
check "and findings" says "Infected files: 1"
check "--quiet says nothing" exits 1 clamscan --quiet tree
check "at all" test ! -s out
check "a log" exits 1 clamscan --log=log tree/a tree/c
check "has findings" grep -qx 'tree/a: Test.One.UNOFFICIAL FOUND' log
check "and the summary" grep -qx 'Scanned files: 2' log
check "but nothing that is OK" sh -c '! grep -q OK log'

check "a file too large is OK there" exits 0 clamscan --max-filesize=5 tree/a
check "and here" says "tree/a: OK"
check "but told of" grep -q 'WARNING: tree/a: not looked at' err
check "and counted" says "Not looked at as a whole: 1"
check "--alert-exceeds-max finds it" exits 1 clamscan --max-filesize=5 --alert-exceeds-max tree/a
check "by its name there" says "Heuristics.Limits.Exceeded.MaxFileSize FOUND"

ln -s "$CUSTOS" clamscan
check "under the name clamscan" exits 1 ./clamscan -d r.ndb --no-summary tree/a
check "it is that program" says "tree/a: Test.One.UNOFFICIAL FOUND"
check "and says whose" sh -c './clamscan --version | grep -q "^ClamAV 1.4.6 (custos"'
finish
