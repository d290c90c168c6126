/* SPDX-License-Identifier: Apache-2.0 */
/* How much two icons are alike is what clamscan 1.4.6 prints of the same digits. */
#include "match/icon_rule.h"

#include <stdlib.h>

#include "test.h"

static unsigned number(const char **digits, size_t len)
{
	char text[4] = "";

	memcpy(text, *digits, len);
	*digits += len;
	return (unsigned)strtoul(text, NULL, 16);
}

static struct icon_look look_of(const char *digits)
{
	struct icon_look look = { .side = (uint8_t)number(&digits, 2) };

	for (size_t i = 0; i < (size_t)ICON_KINDS * ICON_AREAS_EACH; i++) {
		size_t kind = i / ICON_AREAS_EACH;
		struct icon_area *area = &look.areas[kind][i % ICON_AREAS_EACH];

		area->value = (uint16_t)number(&digits, kind <= ICON_GRAY ? 3 : 2);
		area->x = (uint8_t)number(&digits, 2);
		area->y = (uint8_t)number(&digits, 2);
	}
	for (size_t i = 0; i < ICON_SUMS; i++)
		look.sums[i] = (uint8_t)number(&digits, 2);
	return look;
}

static const struct {
	const char *icon, *rule;
	unsigned likeness;
	bool is_like;
} likenesses[] = {
	{ "10b76080aaaa0801a7003067ac040282c030b8520106d70907d20302ce0309"
	  "a70803ac0005b405086c050a6906036901062b000032000b3b0400201f2459",
	  "10b76080aaaa0801a7003067ac040282c030b8520106d70907d20302ce0309"
	  "a70801ac0005b405086c050a6906036901062b000032000b3b040020260059",
	  90, true },
	{ "10e3c0a08d5a0606d1d0a0385b030b935070ba570003df0a08ce0606c80a03"
	  "64030b75070b9f000379090b5c070740030705080006000407000a34151a59",
	  "10e3c0a08d5a0606d1d0a0385b030b935070ba570003df0a06ce0607c80d03"
	  "46030b75030b9f000379090b5c070640060405080000000407000a3b15004f",
	  71, false },
	{ "1005c03070580a0b054050b03b030704e0a0b052050bb107039f02059c010a"
	  "55070a620002680a037f07077402036a09032b0009390a0039050000000000",
	  "1005c03070580a0b054050b03b020704e0a0b052050bb107039f02059c000a"
	  "55070a620002680a039f07077402036a09032b000939060039050000000000",
	  78, true },
	{ "1005c03070580a0b054050b03b030704e0a0b052050bb107039f02059c010a"
	  "55070a620002680a037f07077402036a09032b0009390a0039050000000000",
	  "1005c03070580a0d054050b03b030704e0a09000050bb107039f02049c040a"
	  "550708620005680c027f07037402036a09003909003905002b000900000000",
	  56, false },
	{ "18ae4000da5c06069e4100d79b0c117d202027eb0c01cd0f11c90300c9090b"
	  "a10c02ac0210b20d0c680907560e1153060d2900002b00112c0007231f2256",
	  "18ae4000da5c0606cee100d79b0c117d202029430c01cd0f11c90300c9090b"
	  "a10c02ac050eb20d0c680907560e1153060d2900005400112c0007231f2256",
	  97, true },
	{ "18a6c050a9c300119b80d077d508038000f0d85d0000d20307cd1008c8000d"
	  "a80610ab0803b00f026f0409640d1063020f3f00063f0000420b0021212154",
	  "18a6c050a9c30011d6c0d077d505028000f0d85d0000930307cd1008c8050d"
	  "a8030cab0805b00f026f040364101463020f3f00063f0000420b0019211b4d",
	  57, false },
	{ "1806701110651009064080104f0111052100905608019c0709990a00970001"
	  "6d0105700e02740a11780a077602076f0a103810003a00004e060000000000",
	  "1806701110651009064080104f0111052100905608019c0709990a00970001"
	  "6d0105701205740a11780a077602076f0a103810003a00004e060000000000",
	  77, true },
	{ "18067020406604100610a10049020404e04100540a109e0808930f018c0711"
	  "5f010f6201066b090f7c100874100e6f050a3d100040000043060000000000",
	  "18067020406608120ff0a10049020404e041005407109e0808930f018c0714"
	  "5f010f6201066b090e7c1008b7100e6f050a4309003d0d0140000500000000",
	  63, false },
	{ "20a4b0504a0b15039f7071082b130c834010d8920d04ce0803cc0316cc100d"
	  "ad0a13b30d04b6160f6f11026e04036e141640000e4a00174b000020222155",
	  "20a4b0504a0b15039f7071082b1306834010d8920d04ce0803cc0716cc100d"
	  "b6130fbc0d04ad0a136f11026e04036e101940000e4a00174b000020182755",
	  85, true },
	{ "20a510f0ba1a03059f60610804120082016178690a17cf1412cb1308ca0000"
	  "b40210b50c08b70c176e13076e01166b0e1245000048000c4b100022231f55",
	  "20a51160ba1a03059f60010804100086905178201617cf1112cb1504ca0000"
	  "b40210b50608f40c176e13076e01116b0e1a45000448000c4b12002223005a",
	  59, false },
	{ "200761404076140e068010e05a140405e140e060010e9514158f12008e100c"
	  "6f0c1470050b7203008304167d12167809084400004900084d0c0000000000",
	  "200761601076140e068010e05a140405e140e06001109514158f12008e100c"
	  "6f0c1470050b9c03008304167d12167809084400000e00084d0c0000000000",
	  78, true },
	{ "20063020f05c0a1505b161504b020f04d0a150581615970a1495160a930900"
	  "6c0608761512771600710f0b650404641603410f0043000049001700000000",
	  "20063020f0000a1505b161504b020f04d0a150581515970a1695150a930900"
	  "8f0608ab1512771600710c0a650404341603410f0043000049001700000000",
	  68, false },
	{ "10097030b07103010700801034030b05003010540801670a0967010a670602"
	  "2b06092b00032b0a00a30305a2080598080b0a000018000833060000000000",
	  "1007008010710301097060b205030b05003012dc0801670a0925010a670602"
	  "2b06092b00032b0a00a30205a2080598080b0a00011800083306000100000a",
	  61, false },
};

TEST("icons are as much alike as clamscan says")
{
	for (size_t i = 0; i < ARRAY_LEN(likenesses); i++) {
		struct icon_look icon = look_of(likenesses[i].icon);
		struct icon_look rule = look_of(likenesses[i].rule);
		unsigned likeness = icon_likeness(&icon, &rule);

		CHECK_EQ(likeness, likenesses[i].likeness);
		CHECK_EQ(likeness >= icon_likeness_min(&icon, &rule),
			 likenesses[i].is_like);
		if (icon_is_coloured(&icon))
			CHECK_EQ(icon_likeness(&icon, &icon), 100);
		rule.side = rule.side == 16 ? 32 : 16;
		CHECK_EQ(icon_likeness(&icon, &rule), 0);
	}
}

TEST("an area that is none is like no other")
{
	struct icon_look none = { .side = 24 };
	struct icon_look some = { .side = 24 };

	CHECK_EQ(icon_likeness(&some, &some), 83);
	for (size_t i = 0; i < ICON_AREAS_EACH; i++)
		none.areas[ICON_GRAY][i].value = ICON_AREA_NONE;
	/* Three of six areas that weigh a sixth together. */
	CHECK_EQ(icon_likeness(&none, &some), 75);
}

static struct slice text_slice(const char *text)
{
	return slice_of(text);
}

TEST("a rule is of its groups, and of all")
{
	struct icon_rule rule = { .groups = { text_slice("one"), text_slice("two") } };
	static const struct {
		const char *first, *second;
		bool is_of;
	} cases[] = {
		{ "one", NULL, true },   { NULL, "two", true },   { "one", "two", true },
		{ "one", "one", false }, { "two", "two", false }, { "*", NULL, true },
		{ "*", "*", true },      { "*", "one", false },   { "One", NULL, false },
		{ "", NULL, false },     { "on", NULL, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct icon_groups groups = { 0 };

		groups.is_asked[0] = cases[i].first;
		groups.is_asked[1] = cases[i].second;
		if (cases[i].first)
			groups.names[0] = text_slice(cases[i].first);
		if (cases[i].second)
			groups.names[1] = text_slice(cases[i].second);
		CHECK_EQ(icon_rule_is_of(&rule, &groups), cases[i].is_of);
	}
}

TEST("the data of an entry is read, and none that is cut")
{
	uint8_t data[ICON_RULE_HEAD_LEN + 6] = { 32 };
	struct icon_rule rule;

	data[1] = 0xe8;
	data[2] = 0x0f;
	data[3] = 5;
	data[ICON_RULE_HEAD_LEN - 1] = 60;
	data[ICON_RULE_HEAD_LEN] = 3;
	memcpy(&data[ICON_RULE_HEAD_LEN + 1], "abc", 3);
	data[ICON_RULE_HEAD_LEN + 4] = 1;
	data[ICON_RULE_HEAD_LEN + 5] = '*';
	REQUIRE(icon_rule_read((struct slice){ data, sizeof(data) }, &rule));
	CHECK_EQ(rule.look.side, 32);
	CHECK_EQ(rule.look.areas[ICON_COLOURFUL][0].value, 4072);
	CHECK_EQ(rule.look.areas[ICON_COLOURFUL][0].x, 5);
	CHECK_EQ(rule.look.sums[3], 60);
	CHECK(slice_is(rule.groups[0], "abc"));
	CHECK(slice_is(rule.groups[1], "*"));
	for (size_t len = 0; len < sizeof(data); len++)
		CHECK(!icon_rule_read((struct slice){ data, len }, &rule));
}

TEST_MAIN()
