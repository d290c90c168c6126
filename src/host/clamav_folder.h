/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where ClamAV keeps its rules on this machine: what `DatabaseDirectory` says in
 * freshclam.conf or clamd.conf, which are root's, or /var/lib/clamav. And the certificates
 * that it trusts for detached signatures: `CVDCertsDirectory`, or /etc/clamav/certs.
 */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"
#include "base/slice.h"

#define CLAMAV_CONFIG "/etc/clamav"
#define CLAMAV_FOLDER "/var/lib/clamav"
#define CLAMAV_CERTIFICATES CLAMAV_CONFIG "/certs"

/* `config` is the folder of the two files. free() it; NULL: no memory. Need not be there. */
char *clamav_folder_find(const char *config);
char *clamav_certificates_find(const char *config);

/*
 * The value of a key in the text of such a file: "Key value" or "Key "value"", one a line,
 * `#` begins a comment. The last one counts. False if it is not there.
 */
MUST_CHECK bool clamav_config_value(struct slice text, const char *key,
				    struct slice *out);
