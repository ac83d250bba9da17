/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _GPUPROBE_VIEW_H
#define _GPUPROBE_VIEW_H

#include <linux/pci.h>
#include <linux/types.h>

#include "uapi/gpuprobe.h"

struct gp_intx;

#define GP_HEADER_DWORDS	(PCI_CFG_SPACE_SIZE / 4)

/**
 * struct gp_meter - what a look at a function costs
 * @begun_ns:		when it began
 * @access_ns:		time in accesses to the function
 * @config_reads:	accesses, counted
 * @config_writes:	likewise
 * @bar0_reads:		likewise
 * @bar0_writes:	likewise
 */
struct gp_meter {
	u64 begun_ns;
	u64 access_ns;
	u32 config_reads;
	u32 config_writes;
	u32 bar0_reads;
	u32 bar0_writes;
};

/**
 * struct gp_view - a function at one moment, as the collectors look at it
 * @pdev:		the function; held
 * @intx:		the workaround that may be applied to it
 * @trigger:		why it is looked at
 * @driver_settled:	no driver can come or go meanwhile: the device lock is
 *			held, or the function is not open to drivers
 * @is_gpu:		an NVIDIA display function that is observed for its own
 *			sake: only then may its BARs be touched
 * @config_error:	why @config is not there, or 0; set by
 *			gp_collect_config(), as is @config
 * @config:		the first 256 bytes of config space
 * @firewall:		the BAR firewall is up; set by gp_collect_extended()
 * @meter:		what it has cost so far
 */
struct gp_view {
	struct pci_dev *pdev;
	struct gp_intx *intx;
	enum gpuprobe_trigger trigger;
	bool driver_settled;
	bool is_gpu;
	int config_error;
	__le32 config[GP_HEADER_DWORDS];
	bool firewall;
	struct gp_meter meter;
};

bool gp_view_is_thorough(const struct gp_view *view);
bool gp_view_is_driverless(const struct gp_view *view);
bool gp_view_is_in_d0(const struct gp_view *view);
u8 gp_view_config8(const struct gp_view *view, unsigned int offset);
u16 gp_view_config16(const struct gp_view *view, unsigned int offset);
u32 gp_view_config32(const struct gp_view *view, unsigned int offset);

int gp_reachable(struct pci_dev *pdev);
int gp_config_read(struct gp_view *view, int offset, u32 *value);
int gp_config_write(struct gp_view *view, int offset, u32 value);
int gp_config_write16(struct gp_view *view, int offset, u16 value);

#endif /* _GPUPROBE_VIEW_H */
