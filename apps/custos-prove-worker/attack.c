/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

#include <errno.h>

int attack_result(long returned)
{
	return returned < 0 ? errno : 0;
}
