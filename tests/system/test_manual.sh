#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The manual page and --help speak of the same things.
. "$(dirname "$0")/tap.sh"

page=$CUSTOS_TOP/docs/man/custos.1
# Every command, subcommands with the name before them, one a line.
names() {
	# shellcheck disable=SC2086 # none, or one word
	"$CUSTOS" $1 --help | sed -n "s/^  \([a-z][a-z-]\{1,\}\)  *[a-z].*/\1/p"
}
names '' | while read -r command; do
	if [ "$command" = allow ] || [ "$command" = db ]; then
		names "$command" | sed "s/^/$command /"
	else
		echo "$command"
	fi
done >"$work/commands"
check "help lists commands" test "$(wc -l <"$work/commands")" -gt 12
while read -r command; do
	# shellcheck disable=SC2086 # a command and its subcommand are two words
	"$CUSTOS" $command --help >>"$work/help" || echo broken >>"$work/help"
	check "the manual has custos $command" grep -q "^\.B custos $command" "$page"
	# shellcheck disable=SC2086 # a command and its subcommand are two words
	"$CUSTOS" help --manual $command >"$work/one.1"
	check "custos $command has a page of its own" grep -q "custos $command" "$work/one.1"
	if command -v groff >/dev/null; then
		check "which groff takes as it is" sh -c \
			"! groff -man -ww -Tutf8 -z '$work/one.1' 2>&1 | grep ."
	else
		skip "which groff takes as it is" "no groff"
	fi
done <"$work/commands"
sed -n 's/^  .. *\(--[a-z-]*\).*/\1/p; s/^  -., \(--[a-z-]*\).*/\1/p' "$work/help" |
	sort -u >"$work/in-help"
sed 's/\\-/-/g' "$page" >"$work/page"
grep -o -- '--[a-z][a-z-]*' "$work/page" | grep -vx -e --no- | sort -u >"$work/in-page"

check "help lists options" test "$(wc -l <"$work/in-help")" -gt 30
while read -r option; do
	check "the manual has $option" grep -qx -- "$option" "$work/in-page"
done <"$work/in-help"
while read -r option; do
	check "custos has $option of the manual" grep -qx -- "$option" "$work/in-help"
done <"$work/in-page"

# Defaults, as the help gives them in brackets.
sed -n 's/.*\(--max-[a-z]*\) .*\(\[[0-9A-Za-z]*\]\)$/\1 \2/p' "$work/help" | sort -u |
while read -r option default; do
	sed -n "/$option/,/^\.TP/p" "$work/page" | grep -qF -- "$default" ||
		echo "$option $default"
done >"$work/wrong"
check "the manual has the defaults of limits" test ! -s "$work/wrong"

"$CUSTOS" scan --accept none . 2>&1 | sed 's/.*out of: //' | tr ' ' '\n' >"$work/reasons"
while read -r reason; do
	check "the manual explains the reason $reason" grep -qE "^\.BR? $reason( |\$)" "$page"
done <"$work/reasons"

if command -v groff >/dev/null; then
	check "the manual is clean roff" sh -c "! groff -man -ww -Tutf8 -z '$page' 2>&1 | grep ."
else
	skip "the manual is clean roff" "no groff"
fi

finish
