/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_GPU_H
#define _GPUPROBE_GPU_H

#include "bar0.h"

struct gp_builder;

/**
 * struct gp_gpu - the registers of a GPU while they are read
 * @bar0:	the way to them
 * @builder:	the record
 * @chip:	one of GP_KEPLER to GP_GB2XX, or 0
 * @registers:	how many GPUPROBE_ITEM_REGISTER the record has
 * @pieces:	how many GPUPROBE_ITEM_PROM the record has
 */
struct gp_gpu {
	struct gp_bar0 bar0;
	struct gp_builder *builder;
	u32 chip;
	u16 registers;
	u16 pieces;
};

int gp_gpu_register(struct gp_gpu *gpu, u32 offset, u32 *value);
void gp_gpu_skip(struct gp_gpu *gpu, u32 offset);
bool gp_gpu_identify(struct gp_gpu *gpu);

void gp_gpu_read_registers(struct gp_gpu *gpu);
void gp_gpu_read_registers_again(struct gp_gpu *gpu);
void gp_gpu_read_mirror(struct gp_gpu *gpu);
void gp_gpu_read_prom(struct gp_gpu *gpu);

#endif /* _GPUPROBE_GPU_H */
