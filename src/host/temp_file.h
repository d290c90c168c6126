/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file without a name, for what is too large for memory: the workers'
 * spools. In $TMPDIR if that is set, else /var/tmp, else /tmp.
 */
#pragma once

/* Readable and writable, mode 0600, closed on exec. -1 with errno. */
int temp_file_open(void);
