/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_SELFTEST_H
#define _GPUPROBE_SELFTEST_H

#ifdef GPUPROBE_DEBUG
int gp_selftest(void);
#else
static inline int gp_selftest(void)
{
	return 0;
}
#endif

#endif /* _GPUPROBE_SELFTEST_H */
