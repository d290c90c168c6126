/* SPDX-License-Identifier: Apache-2.0 */
#include "host/position.h"

#include "gen.h"
#include "test.h"

static int sign_of(const char *a, const char *b)
{
	int order = position_compare_paths(slice_of(a), slice_of(b));

	return (order > 0) - (order < 0);
}

TEST("a directory comes before what is in it, and that before the next name")
{
	CHECK_EQ(sign_of("a", "a/b"), -1);
	CHECK_EQ(sign_of("a/b", "a.b"), -1); /* though '.' is below '/' */
	CHECK_EQ(sign_of("a/z/z", "a-"), -1);
	CHECK_EQ(sign_of("a/b", "a/b"), 0);
	CHECK_EQ(sign_of("", "a"), -1);
	CHECK_EQ(sign_of("b", "a/z"), 1);
	CHECK_EQ(sign_of("\xff", "a"), 1);
	CHECK_EQ(sign_of("a\x01", "a/b"), 1);
}

TEST("roots come one after the other, whatever their paths are")
{
	struct position first = { 1, slice_of("z") };
	struct position second = { 2, slice_of("a") };

	CHECK(position_compare(first, second) < 0);
	CHECK(position_compare(second, first) > 0);
	CHECK_EQ(position_compare(first, first), 0);
}

TEST("what lies below a directory is told by whole names")
{
	CHECK(position_below(slice_of("a/b"), slice_of("a")));
	CHECK(position_below(slice_of("a"), slice_of("a")));
	CHECK(position_below(slice_of("a"), slice_of("")));
	CHECK(!position_below(slice_of("ab"), slice_of("a")));
	CHECK(!position_below(slice_of("a"), slice_of("a/b")));
}

/* The order by definition: name by name, a path that ends first being the lesser. */
static int compare_names(const char *a, const char *b)
{
	for (;;) {
		size_t a_len = strcspn(a, "/"), b_len = strcspn(b, "/");
		size_t shorter = a_len < b_len ? a_len : b_len;
		int order = memcmp(a, b, shorter);

		if (order == 0)
			order = (a_len > b_len) - (a_len < b_len);
		if (order != 0)
			return order > 0 ? 1 : -1;
		a += a_len;
		b += b_len;
		if (*a == '\0' || *b == '\0')
			return (*a != '\0') - (*b != '\0');
		a++;
		b++;
	}
}

static void random_path(struct gen *gen, char *out)
{
	static const char alphabet[] = "a.-/\x01\x7f";
	size_t len = 0, want = gen_below(gen, 8);

	while (len < want) {
		char byte = alphabet[gen_below(gen, sizeof(alphabet) - 1)];
		bool no_name_here = len == 0 || out[len - 1] == '/' || len + 1 == want;

		if (byte != '/' || !no_name_here)
			out[len++] = byte;
	}
	out[len] = '\0';
}

TEST("the order is that of the names, for any paths")
{
	struct gen gen = gen_start();
	char a[16], b[16];

	for (int i = 0; i < 20000; i++) {
		random_path(&gen, a);
		random_path(&gen, b);
		if (CHECK_EQ(sign_of(a, b), compare_names(a, b)))
			continue;
		printf("# \"%s\" \"%s\"\n", a, b);
		return;
	}
}

TEST_MAIN()
