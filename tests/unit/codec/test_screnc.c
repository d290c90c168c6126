/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/screnc.h"

#include "gen.h"
#include "test.h"

/* In two pieces, so that no scanner takes this file for one. */
#define SIGN \
	"#@" \
	"~^"
#define END \
	"^#" \
	"~@"

struct result {
	char text[4096];
	size_t len;
	struct screnc screnc;
};

static struct result result;

static void add(const struct screnc_out *out)
{
	if (out->len == 0 || out->kind == SCRENC_HEAD)
		return;
	memcpy(&result.text[result.len], out->bytes, out->len);
	result.len += out->len;
}

static const char *decoded(const char *bytes, size_t len, struct screnc setup)
{
	struct screnc_out out;

	result = (struct result){ .screnc = setup };
	for (size_t i = 0; i < len; i++) {
		screnc_take(&result.screnc, (uint8_t)bytes[i], &out);
		add(&out);
	}
	do {
		screnc_end(&result.screnc, &out);
		add(&out);
	} while (out.len > 0);
	return result.text;
}

#define DECODED(bytes, want) \
	CHECK_STR(decoded(bytes, sizeof(bytes) - 1, (struct screnc){ 0 }), want)

/* The first is the example of decode-vbe.py's manual. */
TEST("what was encoded is decoded")
{
	DECODED(SIGN "DgAAAA==\\ko$K6,JC\177V^GJqAQAAA==" END, "MsgBox \"Hello\"");
	CHECK(!result.screnc.is_damaged);
	DECODED(SIGN "LAAAAA==W!x^DkKxP6WKc#Pls+MYcvD+/D@$@!D+/D@*@#@&E#p8Vg0AAA==" END,
		"function foo(){alert('test@<test>\r\n');}");
	CHECK(!result.screnc.is_damaged);
	DECODED(SIGN "AAAAAA==AAAAAA==" END, "");
	CHECK(!result.screnc.is_damaged);
}

TEST("each of the characters in each of the alphabets")
{
	DECODED(SIGN
		"JgEAAA==7,\"E[^u[Bv#CQ~ R&!8 f*lvGR1)p@!'@*_@$b~ZG2oMu(x|JHg6n5IjP`."
		"\177pe\\$wT%m#l81N\1770o4kNVVsxGw$DdO!\\hXzyPu8?~ZJ[^u[v`bM3~RRJTFy&"
		"*X+G%1lp@!x@*Q@$zA/G2wMC&9nJHgrKp\"?Pij\177(It$'T7||C41N\1770Ltr%0Vh"
		"xK2;M/O;7h6z\"PuNUeE[^YLBv#e3~  zZF+&W*\177{R,)p@!'@*g@$z$/fAsVC(9FJ"
		"t16n5]?:j#\to5},wY7m=m81Nn6o4kL0VsUWa;./DE-AXXyPk8?3FcAAA==" END,
		"\t !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
		" !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
		"!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~");
	CHECK(!result.screnc.is_damaged);
}

TEST("what is not encoded passes through, and so does a sign without a number")
{
	DECODED("a #@b " SIGN " " SIGN "AwAAAA==C(mJgEAAA==" END "c" SIGN "12",
		"a #@b " SIGN " abcc" SIGN "12");
	CHECK_EQ(result.screnc.blocks, 1);
	CHECK(!result.screnc.is_damaged);
	DECODED(SIGN "AwAAAA==C(mJgEAAA==" END SIGN "AwAAAA==C(mJgEAAA==" END, "abcabc");
	CHECK_EQ(result.screnc.blocks, 2);
	DECODED(SIGN SIGN "AwAAAA==C(mJgEAAA==" END, SIGN "abc");
}

TEST("line ends and NUL mean nothing, bytes from 0x80 on take one along")
{
	DECODED("#\0@\0~\0^\0AwAAAA==C\r\n(\0m\nJgEAAA==" END, "abc");
	CHECK(!result.screnc.is_damaged);
	DECODED(SIGN "BAAAAA==C\xe9m(mJgEAAA==" END, "a\xe9mbc");
	CHECK(!result.screnc.is_damaged);
}

TEST("a length or a sum that is not right is damage, and the text is decoded")
{
	DECODED(SIGN "AwAAAA==C(mAQAAAA==" END, "abc");
	CHECK(result.screnc.is_damaged);
	DECODED(SIGN "AwAAAA==C(m[\1770TtJAMAAA==" END "x", "abcdefghx");
	CHECK(result.screnc.is_damaged);
	decoded(SIGN "CQAAAA==C(mJgEAAA==" END, 27, (struct screnc){ 0 });
	CHECK(memcmp(result.text, "abc", 3) == 0);
	CHECK(result.screnc.is_damaged);
	DECODED(SIGN "AwAAAA==C(mJgEAAA==", "abc");
	CHECK(result.screnc.is_damaged);
	DECODED(SIGN "AwAAAA==C", "a");
	CHECK(result.screnc.is_damaged);
	DECODED(SIGN "BAAAAA==@x(m", "\xff"
				     "bc");
}

TEST("a number that is none counts where an encoded script is expected")
{
	const char bytes[] = SIGN "!!!!!!==C(m";
	const struct screnc expected = { .is_due = true };

	CHECK_STR(decoded(bytes, sizeof(bytes) - 1, expected), "abc");
	CHECK(result.screnc.is_damaged);
	DECODED(SIGN "!!!!!!==C(m", SIGN "!!!!!!==C(m");
	CHECK_STR(decoded("abc", 3, expected), "abc");
	CHECK(result.screnc.is_damaged);
}

TEST("in a page the end of the script is the end of it")
{
	const struct screnc page = { .is_due = true, .ends_at_tag = true };
	const char none[] = "a</Script>" SIGN "AwAAAA==C(m";
	const char head[] = SIGN "</script>b";
	const char text[] = SIGN "CQAAAA==C(m</script>b";
	const char other[] = SIGN "CwAAAA==C(m</scrip" END;

	CHECK_STR(decoded(none, 12, page), "a</Script>#@");
	CHECK(result.screnc.is_over);
	CHECK_STR(decoded(head, sizeof(head) - 1, page), head);
	CHECK(result.screnc.is_over);
	CHECK_STR(decoded(text, sizeof(text) - 1, page), "abc</script>b");
	CHECK(result.screnc.is_over && result.screnc.is_damaged);
	decoded(other, sizeof(other) - 1, page);
	CHECK(!result.screnc.is_over);
}

/* No byte is lost, but for those that mean nothing. */
TEST("chance cannot make more of it than there is")
{
	static const char letters[] = SIGN "AA==<!&</script" END "\xe9\n";
	struct gen gen = gen_start();
	char bytes[256];

	for (int round = 0; round < 2000; round++) {
		size_t len = gen_below(&gen, sizeof(bytes));

		for (size_t i = 0; i < len; i++)
			bytes[i] = letters[gen_below(&gen, sizeof(letters) - 1)];
		decoded(bytes, len,
			(struct screnc){ .is_due = round & 1, .ends_at_tag = round & 2 });
		CHECK(result.len <= len);
		CHECK_EQ(result.screnc.held_len, 0);
	}
}

TEST_MAIN()
