/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions of real numbers over integers. What they give is rounded to the nearest
 * integer, halves away from zero.
 */
#include "bytecode/api_list.h"
#include "bytecode/memory.h"

#include <math.h>

enum { FIXED_BITS = 26, BYTE_VALUES = 256 };

static double scale(void)
{
	return (double)(1 << FIXED_BITS);
}

/* A result out of range is the lowest number there is. */
static uint64_t rounded(double value)
{
	double nearest = round(value);

	if (!(nearest >= -2147483648.0 && nearest <= 2147483647.0))
		return api_int(INT32_MIN);
	return api_int((int64_t)nearest);
}

bool api_log2(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	(void)machine;
	*result = api_int(INT32_MAX);
	if (arguments[1] != 0)
		*result = rounded(log2((double)arguments[0] / (double)arguments[1]) *
				  scale());
	return true;
}

bool api_power(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t a = api_signed(arguments[0]), b = api_signed(arguments[1]);

	(void)machine;
	*result = api_int(INT32_MAX);
	if (a != 0 || b >= 0)
		*result = rounded(api_signed(arguments[2]) * pow(a, b));
	return true;
}

static bool quotient(const uint64_t *arguments, double *out)
{
	if (arguments[1] == 0)
		return false;
	*out = (double)api_signed(arguments[0]) / api_signed(arguments[1]);
	return true;
}

/* Of 32 bits without sign: up to twice as large as the others. */
bool api_exp(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	double x;

	(void)machine;
	*result = api_int(INT32_MAX);
	if (!quotient(arguments, &x))
		return true;
	double value = round(api_signed(arguments[2]) * exp(x));
	*result = 0;
	if (value >= -2147483648.0 && value <= 4294967295.0)
		*result = api_int((int64_t)value);
	return true;
}

bool api_sin(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	double x;

	(void)machine;
	*result = api_int(INT32_MAX);
	if (quotient(arguments, &x))
		*result = rounded(api_signed(arguments[2]) * sin(x));
	return true;
}

bool api_cos(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	double x;

	(void)machine;
	*result = api_int(INT32_MAX);
	if (quotient(arguments, &x))
		*result = rounded(api_signed(arguments[2]) * cos(x));
	return true;
}

/* Bits for each byte, in units of 2^-26. */
bool api_entropy(struct machine *machine, const uint64_t *arguments, uint64_t *result)
{
	int32_t size = api_signed(arguments[1]);
	uint32_t counts[BYTE_VALUES] = { 0 };
	double entropy = 0;

	*result = api_int(-1);
	if (size <= 0)
		return true;
	const uint8_t *bytes = machine_bytes(machine, arguments[0], (uint64_t)size,
					     false);
	if (!bytes || !machine_work(machine, (uint64_t)size))
		return false;
	for (int32_t i = 0; i < size; i++)
		counts[bytes[i]]++;
	for (unsigned i = 0; i < BYTE_VALUES; i++) {
		double share = (double)counts[i] / size;

		if (counts[i] > 0)
			entropy -= share * log2(share);
	}
	*result = (uint64_t)round(entropy * scale()) & UINT32_MAX;
	return true;
}
