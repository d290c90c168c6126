# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh

# copy_tree FOLDER: the files of the tree as they are, committed or not.
copy_tree() {
	mkdir -p "$1"
	# shellcheck disable=SC2016 # the inner shell expands it
	(cd "$CUSTOS_TOP" && git -c safe.directory='*' ls-files -z -co --exclude-standard |
		xargs -0 sh -c 'for f; do [ ! -e "$f" ] || printf "%s\0" "$f"; done' sh |
		tar -c --null -T -) | tar -x -C "$1"
}
