/* SPDX-License-Identifier: Apache-2.0 */
#include "type/markup.h"

#include "test.h"

static enum file_type of(const char *text)
{
	return markup_of(reader_of(text, strlen(text)));
}

TEST("pages begin with one of the tags that browsers look for")
{
	CHECK_EQ(of("<!DOCTYPE html>\n<html>"), TYPE_HTML);
	CHECK_EQ(of("<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">"), TYPE_HTML);
	CHECK_EQ(of("  \r\n\t<HTML lang=de>"), TYPE_HTML);
	CHECK_EQ(of("<script>alert(1)</script>"), TYPE_HTML);
	CHECK_EQ(of("<a href=x>y</a>"), TYPE_HTML);
	CHECK_EQ(of("<br/>"), TYPE_HTML);
	CHECK_EQ(of("<!-- a comment\n-->\n<!-- another --><body>"), TYPE_HTML);
	CHECK_EQ(of("<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html>"), TYPE_HTML);
}

TEST("a page may follow a few words, but not a program")
{
	CHECK_EQ(of("Content-type: text/html; charset=UTF-8\n\n<!DOCTYPE html>"),
		 TYPE_HTML);
	CHECK_EQ(of("please open this: <html><body>"), TYPE_HTML);
	CHECK_EQ(of("print(\"<html>\");"), TYPE_ANY);
	CHECK_EQ(of("#!/bin/sh\necho '<html>'"), TYPE_ANY);
	CHECK_EQ(of("var page = `\n<html>\n`;"), TYPE_ANY);
	CHECK_EQ(of("/* makes a page */\nchar *page[] = { \"<html>\" };"), TYPE_ANY);
}

TEST("an unknown tag is passed over when a page follows")
{
	CHECK_EQ(of("<roundcube:include file=\"x\" />\n<form action=\"y\">"), TYPE_HTML);
	CHECK_EQ(of("<x><script>evil()</script>"), TYPE_HTML);
	CHECK_EQ(of("<project><target name=\"x\"/></project>"), TYPE_ANY);
	CHECK_EQ(of("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>"),
		 TYPE_ANY);
}

TEST("what only looks like a tag is none")
{
	CHECK_EQ(of("<htmlx>"), TYPE_ANY);
	CHECK_EQ(of("<abbreviation>"), TYPE_ANY);
	CHECK_EQ(of("<"), TYPE_ANY);
	CHECK_EQ(of("<html"), TYPE_ANY);
	CHECK_EQ(of(""), TYPE_ANY);
	CHECK_EQ(of("<!-- a comment without end <html>"), TYPE_ANY);
	CHECK_EQ(of("a < b and b > c"), TYPE_ANY);
}

TEST("PHP and the like are scripts, whatever they print")
{
	CHECK_EQ(of("<?php echo '<html>';"), TYPE_SCRIPT);
	CHECK_EQ(of("\n<?PHP\n"), TYPE_SCRIPT);
	CHECK_EQ(of("<?= $x ?>"), TYPE_SCRIPT);
	CHECK_EQ(of("<%@ page language=\"java\" %>"), TYPE_SCRIPT);
	CHECK_EQ(of("<!-- x --><?php echo 1;"), TYPE_SCRIPT);
}

TEST("XML that holds documents")
{
	CHECK_EQ(of("<?xml version=\"1.0\"?><?mso-application "
		    "progid=\"Word.Document\"?><w:x>"),
		 TYPE_XML_WORD);
	CHECK_EQ(
		of("<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>"),
		TYPE_XML_XL);
	CHECK_EQ(of("<?xml version=\"1.0\"?><HWPML Version=\"2.8\">"), TYPE_XML_HWP);
	CHECK_EQ(of("<?xml version=\"1.0\"?><xdp:xdp xmlns:xdp=\"x\">"), TYPE_XDP);
	CHECK_EQ(of("<xdp:xdp xmlns:xdp=\"x\">"), TYPE_XDP);
	CHECK_EQ(of("<?xml version=\"1.0\"?>\n<office:document office:version=\"1.2\">"),
		 TYPE_XML_ODF);
	CHECK_EQ(of("<?xml version=\"1.0\"?><configuration/>"), TYPE_ANY);
	CHECK_EQ(of("<?xml version=\"1.0\"?><svg/>"), TYPE_ANY);
}

TEST_MAIN()
