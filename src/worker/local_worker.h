/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker's work in the parent's own process, for builds with
 * -Dengine_in_process=true (sanitizers look into one process only). Not locked
 * up, so release builds do not have it: this file is not even compiled.
 */
#pragma once

#include "ipc/local_engine.h"

extern const struct local_engine local_worker;
