/* SPDX-License-Identifier: Apache-2.0 */
#include "view/script_text.h"

#include "html_text.h"

#define SCRIPT(raw, want) \
	HTML_TEXT(script, "<script>" raw "</script>", "<script>" want "</script>")

TEST("comments and white space go, words stay apart")
{
	SCRIPT("x /* a b */ y\n+ 1 //c\n;", "x y+1;");
	SCRIPT("return \"a\"; typeof x", "return\"a\";typeof x");
}

TEST("strings are decoded, and those that are added are one")
{
	SCRIPT("'A' + \"\\x42\\u0043\" + x", "\"abc\"+x");
	SCRIPT("\"a\\n\\\"b\\q\"", "\"a \"bq\"");
	SCRIPT("\"\\u20ac\\0\"", "\"\xe2\x82\xac\x01\"");
}

TEST("numbers are written one way")
{
	SCRIPT("017+1.50+1e3+2.5e2+0x1F+12345678901", "17+1.5+1 e3+250+0 x1f+-539222987");
}

TEST("names that are declared get numbers, function by function")
{
	SCRIPT("var a=1,b;b.a=a+c", "var n000=1,n001;n001.a=n000+c");
	SCRIPT("function f(x,y){var z=x;}f(x)",
	       "function n000(n001,n002){var n003=n001;}f(x)");
	SCRIPT("function f;(x){x}", "function n000;(x){x}");
	SCRIPT("function(a;b,c){b}", "function(n000;b,c){b}");
	SCRIPT("function f(a[b,c]);var d,e;d e",
	       "function n000(n001[b,c]);var n002,n003;n002 n003");
	SCRIPT("a=1;var a;function(a){a}a", "n000=1;var n000;function(n001){n001}n000");
	SCRIPT("var this;var A,a;A;a", "var this;var n000,n001;n000;n001");
}

TEST("unescape and eval are done, once")
{
	SCRIPT("unescape(\"%41%u0042%zz\")", "\"ab%zz\"");
	SCRIPT("eval(\"var x;x=\"+'1;');x", "var n000;n000=1;;n000");
	SCRIPT("eval(unescape('%61;'))", "a;");
	SCRIPT("x.eval('a;');eval('a;',b)", "x.eval(\"a;\");eval(\"a;\",b)");
	SCRIPT("eval(\"eval('a;');\")", "eval(\"a;\");");
}

TEST("what Dean Edwards' packer packed is unpacked")
{
	SCRIPT("eval(function(p,a,c,k,e,r){return p}('0 1=\"2\";3(1);',4,4,"
	       "'var|x|hello|alert'.split('|'),0,{}))",
	       "eval(function(n000,n001,n002,n003,n004,n005){return n000}"
	       "(var n006=\"hello\";alert(n006);))");
}

TEST("a script that is cut off is closed")
{
	HTML_TEXT(script, "<script>f(a;", "<script>f(a;)</script>");
	HTML_TEXT(script, "<script>\"a", "<script>\"a\"</script>");
	HTML_TEXT(script, "<script> ", "");
}

TEST_MAIN()
