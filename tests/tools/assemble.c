/* SPDX-License-Identifier: Apache-2.0 */
/* assemble <TEXT >RULE.cbc: the assembler of tests/assembled.h as a program. */
#include "assembled.h"

int main(void)
{
	static struct text_buffer out;
	static char text[TEXT_BUFFER_SIZE];
	size_t len = fread(text, 1, sizeof(text) - 1, stdin);

	text[len] = '\0';
	assemble(text, &out);
	fputs(out.text, stdout);
	return 0;
}
