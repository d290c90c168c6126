#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Commands, options and settings: everything that needs no file to be looked into.
. "$(dirname "$0")/tap.sh"

export HOME="$work/home" XDG_CONFIG_HOME="$work/xdg"
mkdir -p "$HOME" "$XDG_CONFIG_HOME/custos"
own=$XDG_CONFIG_HOME/custos/custos.conf

check "--version names the program" exits 0 "$CUSTOS" --version
check "with a version" grep -qx 'custos [0-9.]*' "$work/out"
check "--help lists the commands" exits 0 "$CUSTOS" --help
cp "$work/out" "$work/help"
for command in scan explain allow db config help version; do
	check "among them $command" grep -q "^  $command " "$work/help"
	check "$command --help" exits 0 "$CUSTOS" "$command" --help
	check "says how it is used" says "usage: custos $command"
done
check "help COMMAND is the same" exits 0 "$CUSTOS" help scan
cp "$work/out" "$work/help"
check "as COMMAND --help" exits 0 "$CUSTOS" scan --help
check "word for word" cmp "$work/out" "$work/help"
check "help of a subcommand" exits 0 "$CUSTOS" help db build
check "says what it takes" says "usage: custos db build [OPTIONS] -o FILE.cseg PATH..."
check "no line of help is wider than a terminal" \
	sh -c "for c in scan explain config 'db build' 'db test' 'allow add'; do
		'$CUSTOS' \$c --help; done | awk 'length > 100 { print; bad = 1 } END { exit bad }'"
check "the list of commands fits a screen" sh -c "[ \$('$CUSTOS' --help | wc -l) -lt 24 ]"

check "without a command there is help, and an error" exits 2 "$CUSTOS"
check "an unknown command is an error" exits 2 "$CUSTOS" scna
check "with the one that was meant" complains "did you mean 'scan'?"
check "an unknown subcommand too" exits 2 "$CUSTOS" db buidl
check "likewise" complains "did you mean 'build'?"
check "nothing like any command" exits 2 "$CUSTOS" frobnicate
check "gives no false hint" sh -c "! grep -q 'did you mean' '$work/err'"

check "an unknown option is an error" exits 2 "$CUSTOS" scan --max-dpeth 3 /
check "with the one that was meant" complains "did you mean --max-depth?"
check "names are not cut short" exits 2 "$CUSTOS" scan --max-dep 3 /
check "an option without its value" exits 2 "$CUSTOS" scan --jobs
check "says so" complains "option --jobs needs a value"
check "a value where none belongs" exits 2 "$CUSTOS" scan --resume=yes /
check "says so" complains "option --resume takes no value"
check "a value that does not fit" exits 2 "$CUSTOS" scan --max-child 4X /
check "says what would" complains "--max-child: '4X' does not fit 'max-child', which is a size"
check "a reason that is none" exits 2 "$CUSTOS" scan --accept password,nonsense /
check "gets the list of them" complains "size files depth bytes ratio time memory password"
check "another processor's instructions" exits 2 "$CUSTOS" scan --cpu-path="$(
	case $(uname -m) in aarch64) echo avx2 ;; *) echo neon ;; esac)" /dev/null
check "are not used, but those that it has" complains "on this processor; it has: portable"
check "scan without a path" exits 2 "$CUSTOS" scan
check "asks for one" complains "give it a file or a folder"
for command in version prove "allow list"; do
	# shellcheck disable=SC2086 # two words
	check "$command takes no operands" exits 2 "$CUSTOS" $command extra
	check "and says which was too many" complains "takes no operands: 'extra'"
	check "before it does anything" test ! -s "$work/out"
done
check "with --help there is help all the same" exits 0 "$CUSTOS" version extra --help
check "a completion is of all commands" exits 2 "$CUSTOS" help --completion bash scan
check "and of no single one" complains "not of 'scan'"
check "a command has no third word" exits 2 "$CUSTOS" help db build extra
check "control bytes of an argument stay off the terminal" \
	exits 2 "$CUSTOS" scan "$(printf -- '--x\033[2J')"
check "they are shown as text" complains '\x1b[2J'

check "config shows every setting" exits 0 "$CUSTOS" config
check "with its default" says "max-depth = 32"
check "and where it is from" says "# from: the default"
check "one setting alone" exits 0 "$CUSTOS" config max-time
check "is shown alone" sh -c "[ \$(grep -c = '$work/out') -eq 1 ]"
check "a setting that is none" exits 2 "$CUSTOS" config max-dpeth

printf 'max-depth = 7\ndatabase = /a b\ndatabase = /c\n' >"$own"
check "the user's file counts" exits 0 "$CUSTOS" config max-depth
check "for its value" says "max-depth = 7"
check "and says where it is" says "# from: $own:1"
check "a list has a line for each value" exits 0 "$CUSTOS" config database
check "the first" says "database = /a b"
check "the second" says "database = /c"
check "the environment is stronger" exits 0 env CUSTOS_MAX_DEPTH=9 "$CUSTOS" config max-depth
check "its value" says "max-depth = 9"
check "its place" says "# from: CUSTOS_MAX_DEPTH"
"$CUSTOS" config | grep -v '= $' >"$work/all.conf"
check "what config prints is a configuration" exits 0 "$CUSTOS" config --config "$work/all.conf"
printf 'max-depth = 5\n' >"$work/other.conf"
check "--config stands for all files" exits 0 "$CUSTOS" config --config "$work/other.conf" max-depth
check "its value" says "max-depth = 5"
check "a file that is not there" exits 2 "$CUSTOS" config --config "$work/none.conf"
check "is an error" complains "none.conf: No such file or directory"

printf '# mine\nmax-depht = 7\n' >"$own"
check "a name that is no setting" exits 2 "$CUSTOS" config
check "is told with file and line" complains "$own:2: there is no setting 'max-depht'"
printf 'exclude = *.iso\n' >"$own"
check "excludes do not come from a user's file" exits 2 "$CUSTOS" scan /
check "and it is said why" complains "'exclude' is taken from options and from /etc/custos only"
check "nor from the environment" exits 2 env -u XDG_CONFIG_HOME CUSTOS_EXCLUDE=x "$CUSTOS" scan /
printf 'max-depth = 7\n' >"$own"
chmod 666 "$own"
check "a file that anybody may write to is not used" exits 2 "$CUSTOS" config
check "and that is said" complains "anybody can write to it"
chmod 644 "$own"
printf 'max-depth = \033[2J\n' >"$own"
check "what is in a file stays off the terminal" exits 2 "$CUSTOS" config
check "but for its text" complains '\x1b[2J'
rm "$own"
mkfifo "$own"
check "a FIFO in a file's place does not hang" exits 2 timeout 5 "$CUSTOS" config
rm "$own"

check "a full disk is an error" sh -c "'$CUSTOS' --help >/dev/full; [ \$? -eq 2 ]"
check "closed standard files do not matter" sh -c "'$CUSTOS' --version <&- 2>&-"

# Completion is printed by the program itself.
if command -v bash >/dev/null; then
	check "help --completion bash" exits 0 "$CUSTOS" help --completion bash
	mv "$work/out" "$work/custos.bash"
	cat >"$work/complete" <<'END'
. "$0.bash"
COMP_WORDS=(custos "$@")
COMP_CWORD=$#
_custos
printf '%s\n' "${COMPREPLY[@]}"
END
	mv "$work/custos.bash" "$work/complete.bash"
	check "bash completes commands" exits 0 bash "$work/complete" e
	check "by their names" test "$(cat "$work/out")" = explain
	check "and subcommands" exits 0 bash "$work/complete" db l
	check "likewise" test "$(tr '\n' ' ' <"$work/out")" = "list lookup "
	check "and options" exits 0 bash "$work/complete" scan /tmp --max-d
	check "likewise" test "$(cat "$work/out")" = --max-depth
	check "of subcommands" exits 0 bash "$work/complete" db build --cov
	check "likewise" test "$(cat "$work/out")" = --coverage
	check "and values" exits 0 bash "$work/complete" scan --color a
	check "likewise" test "$(tr '\n' ' ' <"$work/out")" = "auto always "
	check "help takes commands, too" exits 0 bash "$work/complete" help ver
	check "likewise" test "$(cat "$work/out")" = version
else
	skip "bash completes commands" "no bash"
fi

for shell in zsh fish; do
	check "help --completion $shell" exits 0 "$CUSTOS" help --completion "$shell"
	mv "$work/out" "$work/completion"
	for option in max-depth corpus from-file; do
		check "has $option" grep -q -- "$option" "$work/completion"
	done
	if command -v "$shell" >/dev/null; then
		check "and is of its language" "$shell" -n "$work/completion"
	else
		skip "and is of its language" "no $shell"
	fi
done
check "no other shell" exits 2 "$CUSTOS" help --completion tcsh

finish
