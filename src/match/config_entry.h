/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of cfg files: which parts of an engine are to be on, one word of bits for each
 * section. The data of an entry is the word (u32), its kind the section. Named here
 * are the bits that mean something to this engine: those that rules need, which act
 * when rules are compiled, and those of parsers, which act on scans with
 * --compat=clamav (scan/parser_switches.c). docs/formats/clamav-signatures.md lists them.
 */
#pragma once

enum config_section {
	CONFIG_PE,
	CONFIG_ELF,
	CONFIG_MACHO,
	CONFIG_ARCHIVE,
	CONFIG_DOCUMENT,
	CONFIG_MAIL,
	CONFIG_OTHER,
	CONFIG_PHISHING,
	CONFIG_BYTECODE,
	CONFIG_STATS,
	CONFIG_PCRE,
	CONFIG_SECTIONS,
};

/* Bits that rules need. */
enum {
	CONFIG_PE_SECTION_HASHES = 0x10,
	CONFIG_PE_CATALOGS = 0x10000,
	CONFIG_PE_CERTIFICATES = 0x20000,
	CONFIG_PE_ICONS = 0x40000,
	CONFIG_PE_IMPORTS = 0x80000,
	CONFIG_OTHER_IMAGE_HASHES = 0x4000,
	CONFIG_PHISHING_ENGINE = 0x1,
	CONFIG_BYTECODE_INTERPRETER = 0x1,
	CONFIG_PCRE_SUPPORT = 0x1,
};
