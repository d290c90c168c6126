/* SPDX-License-Identifier: Apache-2.0 */
#include "type/letter.h"

#include "test.h"

static enum file_type of(const char *text)
{
	return letter_of(reader_of(text, strlen(text)));
}

TEST("mail, as it arrives, as it is sent, and in an mbox")
{
	CHECK_EQ(of("Return-Path: <a@example.org>\r\nReceived: from x by y;\r\n\tMon\r\n"
		    "From: a@example.org\r\n\r\nhello\r\n"),
		 TYPE_MAIL);
	CHECK_EQ(of("From: a@example.org\nTo: b@example.org\nSubject: x\nDate: "
		    "today\n\nhello\n"),
		 TYPE_MAIL);
	CHECK_EQ(of("From a@example.org Mon Jan  1 00:00:00 2024\nFrom: a\nTo: "
		    "b\n\nhello\n"),
		 TYPE_MAIL);
	CHECK_EQ(of("MIME-Version: 1.0\nContent-Type: multipart/mixed;\n "
		    "boundary=x\n\n--x\n"),
		 TYPE_MAIL);
	CHECK_EQ(of("From: a\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"),
		 TYPE_MAIL);
	CHECK_EQ(of("\n\nMessage-ID: <1@example.org>\nSubject: x\n\n"), TYPE_MAIL);
	CHECK_EQ(of("X-Anything: at first\nMESSAGE-ID: <1>\nSUBJECT: x\n\n"), TYPE_MAIL);
}

TEST("other things with lines of names and values are no mail")
{
	CHECK_EQ(of("Package: custos\nVersion: 1\nMaintainer: a <a@example.org>\n\n"),
		 TYPE_ANY);
	CHECK_EQ(of("Project-Id-Version: x\nMIME-Version: 1.0\n\n"), TYPE_ANY);
	CHECK_EQ(of("From the beginning: words\nand more words\n"), TYPE_ANY);
	CHECK_EQ(of("To: do\nDate: never\n\n"), TYPE_ANY);
	CHECK_EQ(of("Received: yes\nthis line is none\n\n"), TYPE_ANY);
	CHECK_EQ(of("HTTP/1.1 200 OK\nDate: x\nContent-Type: text/html\n\n"), TYPE_ANY);
	CHECK_EQ(of(" From: indented\nReceived: x\nSubject: y\n\n"), TYPE_ANY);
	CHECK_EQ(of(""), TYPE_ANY);
	CHECK_EQ(of("\n\n\n"), TYPE_ANY);
}

TEST("a header with a NUL is none")
{
	static const char text[] = "Message-ID: a\0b\nSubject: x\nTo: y\n\n";

	CHECK_EQ(letter_of(reader_of(text, sizeof(text) - 1)), TYPE_ANY);
}

TEST("a page that a browser saved")
{
	static const char saved[] =
		"From: <Saved by a browser>\nMIME-Version: 1.0\n"
		"Content-Type: multipart/related;\n\ttype=\"text/html\"\n\n";
	static const char sent[] =
		"From: a\nTo: b\nMIME-Version: 1.0\n"
		"Content-Type: Multipart/Related; type=\"text/html\"\n\n";

	CHECK_EQ(of(saved), TYPE_MHTML);
	CHECK_EQ(of(sent), TYPE_MAIL);
}

TEST("uuencode: the line after \"begin\" must be one")
{
	CHECK_EQ(of("begin 644 x.txt\n#86)C\n`\nend\n"), TYPE_UUENCODED);
	CHECK_EQ(of("some words before\n\nbegin 644 x.txt\n#86)C\n`\nend\n"),
		 TYPE_UUENCODED);
	CHECK_EQ(of("begin-base64 644 x\nYWJj\n====\n"), TYPE_UUENCODED);
	CHECK_EQ(of("begin 644 words\nthat go on as words do\n"), TYPE_ANY);
	CHECK_EQ(of("begin 644\n#86)C\n"), TYPE_ANY);
	CHECK_EQ(of("begin the day\n"), TYPE_ANY);
	CHECK_EQ(of("begin 644 x"), TYPE_ANY);
}

TEST("BinHex says what it is")
{
	CHECK_EQ(of("(This file must be converted with BinHex 4.0)\n:abc"), TYPE_BINHEX);
	CHECK_EQ(of("words\n\n(This file must be converted with BinHex 4.0)\n"),
		 TYPE_BINHEX);
	CHECK_EQ(of("he wrote (This file must be converted with BinHex 4.0)\n"),
		 TYPE_ANY);
}

TEST_MAIN()
