#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The commands of the tree: ./run and its set-up.
. "$(dirname "$0")/tap.sh"

if [ "$CUSTOS_BUILD" = "$CUSTOS_TOP/build" ]; then
	check "run --which prints the program's path" exits 0 "$CUSTOS_TOP/run" --which
	check "which is that of the build" test "$(cat "$work/out")" = "$CUSTOS"
	check "and says nothing else when all is up to date" test ! -s "$work/err"

	cd "$work" || exit 99
	ln -s "$CUSTOS_TOP/run" "a link"
	check "run works from anywhere, by a link, without HOME" \
		exits 0 env -u HOME ./"a link" --version
	check "run --version names the program" says "custos "

	exits 0 "$CUSTOS_TOP/run" --version & first=$!
	(exits 0 "$CUSTOS_TOP/run" --version) & second=$!
	check "two at once do not get in each other's way" wait "$first"
	check "neither of them" wait "$second"
else
	skip "run" "this is not the build that ./run makes"
fi

# Programs that answer for a system where one package is missing.
mkdir "$work/bin"
cat >"$work/bin/dpkg-query" <<'END'
#!/bin/sh
case $* in *zlib1g-dev*) exit 1 ;; esac
echo "ii "
END
cat >"$work/bin/dpkg" <<'END'
#!/bin/sh
echo "$*" >>"$0.calls"
END
cp "$work/bin/dpkg" "$work/bin/apt-get"
cat >"$work/bin/id" <<'END'
#!/bin/sh
echo "$FAKE_UID"
END
chmod +x "$work"/bin/*
PATH=$work/bin:$PATH
export FAKE_UID

FAKE_UID=1000
check "without root, set-up stops" exits 2 "$CUSTOS_TOP/tools/set-up" run
check "and prints the one line to type" \
	complains "  apt-get install -y --no-install-recommends zlib1g-dev"
check "with another architecture's too" exits 2 "$CUSTOS_TOP/tools/set-up" arm64
check "which adds that first" complains "  dpkg --add-architecture arm64 && apt-get update &&"
check "and nothing was run" test ! -e "$work/bin/apt-get.calls"

FAKE_UID=0
check "as root, set-up installs" exits 0 "$CUSTOS_TOP/tools/set-up" run
check "just what is missing" grep -qx -- \
	"install -q -y --no-install-recommends zlib1g-dev" "$work/bin/apt-get.calls"
check "and leaves stdout alone" test ! -s "$work/out"

finish
