/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_SNAPSHOT_H
#define _GPUPROBE_SNAPSHOT_H

#include "view.h"

struct gp_builder;
struct gp_record;

struct gp_record *gp_snapshot(struct gp_view *view);
void gp_config_load(struct gp_view *view);
void gp_collect_identity(struct gp_builder *builder, struct gp_view *view);
void gp_collect_cost(struct gp_builder *builder, struct gp_view *view);

/*
 * The collectors: each answers one question and adds its items, or a
 * GPUPROBE_ITEM_ERROR. All may sleep for memory; none waits for anything else.
 */
void gp_collect_config(struct gp_builder *builder, struct gp_view *view);
void gp_collect_extended(struct gp_builder *builder, struct gp_view *view);
void gp_collect_flags(struct gp_builder *builder, struct gp_view *view);
void gp_collect_gpu(struct gp_builder *builder, struct gp_view *view);
void gp_collect_iommu(struct gp_builder *builder, struct gp_view *view);
void gp_collect_irq(struct gp_builder *builder, struct gp_view *view);
void gp_collect_irq_line(struct gp_builder *builder, struct gp_view *view);
void gp_collect_msi_trial(struct gp_builder *builder, struct gp_view *view);
void gp_collect_parents(struct gp_builder *builder, struct gp_view *view);
void gp_collect_power(struct gp_builder *builder, struct gp_view *view);
void gp_collect_reset(struct gp_builder *builder, struct gp_view *view);
void gp_collect_resources(struct gp_builder *builder, struct gp_view *view);
void gp_collect_route(struct gp_builder *builder, struct gp_view *view);
void gp_collect_state(struct gp_builder *builder, struct gp_view *view);
void gp_collect_windows(struct gp_builder *builder, struct gp_view *view);
void gp_collect_workaround(struct gp_builder *builder, struct gp_view *view);

#endif /* _GPUPROBE_SNAPSHOT_H */
