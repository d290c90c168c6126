# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Completion for bash: commands and options as custos itself lists them.

_custos() {
	local word=${COMP_WORDS[COMP_CWORD]} command=() i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} == -* ]] || command+=("${COMP_WORDS[i]}")
	done
	case ${#command[@]}:${command[0]-} in
	0: | 1:allow | 1:db | 1:help)
		[[ ${command[0]-} == help ]] && command=()
		mapfile -t COMPREPLY < <(compgen -W "$(custos "${command[@]}" --help |
			sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')" -- "$word")
		;;
	*)
		[[ ${command[0]} == allow || ${command[0]} == db ]] || command=("${command[0]}")
		[[ $word == -* ]] &&
			mapfile -t COMPREPLY < <(compgen -W "$(custos "${command[@]:0:2}" --help |
				grep -o -- '--[a-z][a-z-]*')" -- "$word")
		;;
	esac
}
complete -o default -F _custos custos
