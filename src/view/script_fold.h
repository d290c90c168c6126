/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a script is done before it is looked at: unescape("%41"), eval("…"), and the
 * packer by Dean Edwards, whose output is
 *
 *	eval(function(p,a,c,k,e,r){…}('0 1',62,2,'hello|world'.split('|'),0,{}))
 *
 * Each once: what comes out of an eval is not folded again.
 */
#pragma once

#include "view/script_tokens.h"

/* Reads `raw` and folds it. *out is an empty list. Trouble is in out->failed. */
void script_fold(struct arena *arena, struct slice raw, struct script_tokens *out);
