/* SPDX-License-Identifier: Apache-2.0 */
#include "match/probe.h"

size_t probe_kernels(const struct probe_kernel *out[PROBE_KERNELS_MAX])
{
	size_t count = 0;

	out[count++] = &probe_portable;
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		out[count++] = &probe_avx2;
	if (__builtin_cpu_supports("avx512f"))
		out[count++] = &probe_avx512;
#endif
#ifdef __AARCH64EL__
	out[count++] = &probe_neon;
#endif
	return count;
}

const struct probe_kernel *probe_kernel_of(enum cpu_path path)
{
	const struct probe_kernel *kernels[PROBE_KERNELS_MAX];
	size_t count = probe_kernels(kernels);

	if (path == CPU_BEST)
		return kernels[count - 1];
	while (count > 0 && kernels[count - 1]->path != path)
		count--;
	return count > 0 ? kernels[count - 1] : NULL;
}
