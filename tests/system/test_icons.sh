#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Rules that ask what the icons of a program look like.
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/samples.sh"

own_home
mkdir "$work/files"
cd "$work/files" || exit 99
out=$work/out

# Three programs: the second has an icon a shade different, the third another one.
python3 -B - "$CUSTOS_TOP/tests/support" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from programs import Resource, Section, icon, icon_group, pe

def write(name, *images):
    resources = [Resource(3, i + 1, image) for i, image in enumerate(images)]
    group = icon_group([(i + 1, image) for i, image in enumerate(images)])
    program = pe([Section(b"a program")], entry=(0, 0),
                 resources=[*resources, Resource(14, 1, group)])
    open(name, "wb").write(program.bytes)

def picture(side, shade, turn):
    colours = (200, 40 + shade, 30, 255), (250, 250 - shade, 250, 255), (20, 60, 160, 255)
    return icon([[colours[(x * turn // 9 + y // (4 + turn)) % 3] for x in range(side)]
                 for y in range(side)])

write("first.exe", picture(16, 0, 1), picture(32, 0, 1))
write("second.exe", picture(32, 8, 1))
write("third.exe", picture(32, 0, 4))
END

check "db from-file makes lines of icons" exits 0 \
	"$CUSTOS" db from-file --as idb --name Icon first.exe
check "one of each" test "$(grep -c '^Icon:GROUP1:GROUP2:[0-9a-f]\{124\}$' "$out")" -eq 2
grep '2:20' "$out" | sed 's/GROUP1/MINE/; s/GROUP2/OTHERS/' >icons.idb

marker=$(hex 'a program')
{
	echo "Of.First;Engine:51-255,Target:1,IconGroup1:MINE;0;$marker"
	echo "Of.Both;Engine:51-255,Target:1,IconGroup1:MINE,IconGroup2:OTHERS;0;$marker"
	echo "Of.Any;Engine:51-255,Target:1,IconGroup2:*;0=0;ffffffffff"
	echo "Of.Wrong;Engine:51-255,Target:1,IconGroup1:OTHERS;0;$marker"
	echo "Of.Mixed;Engine:51-255,Target:1,IconGroup1:MINE,IconGroup2:MINE;0;$marker"
	echo "Of.Bytes;Engine:51-255,Target:1,IconGroup1:MINE;0;ffffffffff"
} >icons.ldb
mkdir rules groups
cp icons.idb icons.ldb rules
cp icons.idb groups
echo 'Of.Nothing:0:*:ffffffffffff' >groups/nothing.ndb

names() {
	"$CUSTOS" scan --json --all-matches -d "$@" |
		grep -o '"rule":"[^"]*"' | cut -d '"' -f 4 | sort
}

printf '%s\n' Of.Any Of.Both Of.First >want
names rules first.exe >got
check "rules that ask for a group find the program" diff want got
names rules second.exe >got
check "and one whose icon is much like it" diff want got
names rules third.exe >got
check "but none with another icon" diff /dev/null got
names icons.ldb first.exe >got
check "nor any without a group" diff /dev/null got
names groups -d icons.ldb first.exe >got
check "groups and rules may come from two sources" diff want got

check "a rule is explained" exits 0 "$CUSTOS" explain -d rules --rule Of.First --file first.exe
check "with what it asks of icons" says \
	"IconGroup1 MINE, with 1 members: of 2 icons the nearest is like Icon by 100 percent, 64"
check "why it does not match, too" exits 1 \
	"$CUSTOS" explain -d rules --rule Of.Both --file third.exe
check "is told" says "it does not match: IconGroup1 MINE and IconGroup2 OTHERS, with 1 members"
check "and that there is nothing to compare" exits 1 \
	"$CUSTOS" explain -d rules --rule Of.Wrong --file first.exe
check "in numbers" says "IconGroup1 OTHERS: of its 0 members and the 2 icons none are of one size"
check "db decode says it in words" exits 0 "$CUSTOS" db decode -d rules Of.Both
check "with both groups" says \
	"one of its icons looks like a member of group MINE (IconGroup1) and group OTHERS"

finish
