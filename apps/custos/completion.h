/* SPDX-License-Identifier: Apache-2.0 */
/* What shells need to complete command lines, made from the tables of commands and options. */
#pragma once

#include <stdbool.h>

#include "base/compiler.h"

/* For "bash", "zsh" or "fish", on standard output. False: another one. */
MUST_CHECK bool completion_print(const char *shell);
