// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is wrong by the log alone: invented logs in the shapes that people paste,
 * and the cause that has to come first. NULL: a healthy machine, so no cause.
 */
#include "builder.h"
#include "diagnose/diagnose.h"

static const struct {
	const char *name;
	const char *cause;
	const char *log;
} logs[] = {
	{ "healthy open 595 with noise", NULL,
	  "[    0.1] Hypervisor detected: KVM\n"
	  "[    1.0] pci 0000:00:1c.0: bridge window [io  size 0x1000]: can't assign; no space\n"
	  "[    1.0] pci 0000:01:00.0: [10de:2684] type 00 class 0x030000 PCIe Legacy Endpoint\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1 [mem 0x800000000-0xbffffffff 64bit pref]\n"
	  "[    1.0] pci 0000:01:00.0: VF BAR 0 [mem size 0x00040000 64bit pref]: can't assign; no space\n"
	  "[    2.0] ACPI Error: Aborting method \\_SB.PCI0.LPCB.EC0._Q66 due to previous error (AE_NOT_FOUND) (20230628/psparse-529)\n"
	  "[    3.0] nvidia-nvlink: Nvlink Core is being initialized, major device number 239\n"
	  "[    3.1] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  595.45.04  Release Build\n"
	  "[    3.2] nvidia 0000:01:00.0: vgaarb: VGA decodes changed: olddecodes=io+mem,decodes=none:owns=none\n"
	  "[    3.3] ACPI Warning: \\_SB.PCI0.GFX0._DSM: Argument #4 type mismatch - Found [Buffer], ACPI requires [Package] (20210730/nsarguments-61)\n"
	  "[    3.4] [drm] [nvidia-drm] [GPU ID 0x00000100] Loading driver\n"
	  "[    3.5] [drm] Initialized nvidia-drm 0.0.0 for 0000:01:00.0 on minor 0\n"
	  "[    3.6] cfg80211: loaded\n"
	  "[    9.6] NVRM: Xid (PCI:0000:01:00): 45, pid=123, name=python, Ch 00000008\n" },
	{ "healthy desktop with other drivers' troubles", NULL,
	  "[    0.2] ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PC00.TXHC.RHUB.SS01], AE_NOT_FOUND (20230628/dswload2-162)\n"
	  "[    0.2] ACPI Error: AE_NOT_FOUND, During name lookup/catalog (20230628/psobject-220)\n"
	  "[    0.3] ACPI Error: Aborting method \\_SB.PC00.PEG1.PEGP._DSM due to previous error (AE_ALREADY_EXISTS) (20230628/psparse-529)\n"
	  "[    0.3] pci 0000:00:1c.0: bridge window [mem size 0x00200000 64bit pref]: can't assign; no space\n"
	  "[    0.4] pci 0000:01:00.0: BAR 5: no space for [io  size 0x0080]\n"
	  "[    1.1] usb 1-3: device descriptor read/64, error -71\n"
	  "[    2.3] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.120  Fri Sep 13 10:10:01 UTC 2024\n"
	  "[    2.6] iwlwifi 0000:00:14.3: Direct firmware load for iwlwifi-so-a0-gf-a0-86.ucode failed with error -2\n"
	  "[    2.6] platform regulatory.0: Direct firmware load for regulatory.db failed with error -2\n"
	  "[    2.7] snd_hda_intel: probe of 0000:00:1f.3 failed with error -2\n"
	  "[    2.9] nvidia_uvm: module uses symbols nvUvmInterfaceDisableAccessCntr from proprietary module nvidia, inheriting taint.\n"
	  "[    3.0] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:01:00.0 on minor 1\n"
	  "[    3.1] nvidia-modeset: ERROR: GPU:0: Failed detecting connected display devices\n"
	  "[    3.3] amdgpu: probe of 0000:0c:00.0 failed with error -22\n" },
	{ "healthy with MSI, no route for the line", NULL,
	  "[    0.0] DMI: Amazon EC2 g4dn.xlarge/, BIOS 1.0 10/16/2017\n"
	  "[    5.1] nvidia 0000:00:1e.0: can't derive routing for PCI INT A\n"
	  "[    5.1] nvidia 0000:00:1e.0: PCI INT A: no GSI\n"
	  "[    5.2] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\n"
	  "[    5.4] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:00:1e.0 on minor 0\n" },
	{ "module that did not fit at first", NULL,
	  "[    3.0] nvidia: version magic '6.8.0-40-generic SMP' should be '6.8.0-41-generic SMP'\n"
	  "[  300.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.120  Fri Sep 13 10:10:01 UTC 2024\n"
	  "[  301.0] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:01:00.0 on minor 1\n" },
	{ "build on kernel", "module-built-for-other-kernel",
	  "Error! Bad return status for module build on kernel: 6.14.0-15-generic (x86_64)\n"
	  "Consult /var/lib/dkms/nvidia/535.230.02/build/make.log for more information.\n" },
	{ "healthy bars retried", NULL,
	  "[    1.0] pci 0000:01:00.0: [10de:2684] type 00 class 0x030000\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1: no space for [mem size 0x10000000 64bit pref]\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1: failed to assign [mem size 0x10000000 64bit pref]\n"
	  "[    1.1] pci 0000:01:00.0: BAR 1: assigned [mem 0x800000000-0x80fffffff 64bit pref]\n"
	  "[    3.1] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19\n"
	  "[    3.5] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:01:00.0 on minor 0\n" },
	{ "qemu bar1 no space", "mmio64-window-too-small",
	  "[    0.0] DMI: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.3\n"
	  "[    0.1] pci_bus 0000:00: root bus resource [mem 0x800000000-0xfffffffff window]\n"
	  "[    1.0] pci 0000:01:00.0: [10de:20b5] type 00 class 0x030200\n"
	  "[    1.0] pci 0000:00:02.0: bridge window [mem size 0x2800000000 64bit pref]: can't assign; no space\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1 [mem size 0x2000000000 64bit pref]: can't assign; no space\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1 [mem size 0x2000000000 64bit pref]: failed to assign\n"
	  "[    3.0] NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\n"
	  "NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)\n"
	  "[    3.1] nvidia 0000:01:00.0: probe with driver nvidia failed with error -1\n"
	  "[    3.1] NVRM: The NVIDIA probe routine failed for 1 device(s).\n"
	  "[    3.1] NVRM: None of the NVIDIA devices were initialized.\n" },
	{ "bhyve bar1 via ACPI id", "mmio64-window-too-small",
	  "[    0.0] ACPI: RSDP 0x00000000000F2400 000024 (v02 BHYVE )\n"
	  "[    3.0] NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\n"
	  "[    3.0] NVRM: BAR1 is 0M @ 0x0 (PCI:0000:00:06.0)\n"
	  "[    3.0] NVRM: This PCI I/O region assigned to your NVIDIA device is invalid:\n"
	  "[    3.0] NVRM: BAR2 is 0M @ 0x0 (PCI:0000:00:06.0)\n"
	  "[    3.1] nvidia: probe of 0000:00:06.0 failed with error -1\n" },
	{ "above4g bare", "above-4g-decoding-off",
	  "[    0.0] Booting paravirtualized kernel on bare hardware\n"
	  "[    0.1] pci_bus 0000:00: root bus resource [mem 0x000a0000-0x000bffff window]\n"
	  "[    0.1] pci_bus 0000:00: root bus resource [mem 0xc0000000-0xfebfffff window]\n"
	  "[    1.0] pci 0000:01:00.0: [10de:1b38] type 00 class 0x030200\n"
	  "[    1.0] pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space\n"
	  "[    3.0] NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)\n" },
	{ "gsp firmware 560 rminit only", "gsp-firmware-missing",
	  "[  3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  560.35.03\n"
	  "[  4.0] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x61:0x56:1762)\n"
	  "[  4.0] NVRM: GPU 0000:01:00.0: rm_init_adapter failed, device minor number 0\n"
	  "[  4.1] [drm:nv_drm_load [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000100] Failed to allocate NvKmsKapiDevice\n" },
	{ "gfw then wpr2", "gfw-boot-timeout",
	  "[  3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  550.144.03\n"
	  "[  4.0] NVRM: gpuWaitForGfwBootComplete_TU102: failed to wait for GFW_BOOT: (progress 0x3)\n"
	  "[  4.0] NVRM: kgspWaitForGfwBootOk_TU102: failed to wait for GFW boot complete: 0x65 VBIOS version 94.02.42.00.A9\n"
	  "[  4.0] NVRM: kgspWaitForGfwBootOk_TU102: (the GPU may be in a bad state and may need to be reset)\n"
	  "[  4.0] NVRM: RmInitAdapter: Cannot initialize GSP firmware RM\n"
	  "[  4.0] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x65:1792)\n"
	  "[  5.0] NVRM: _kgspBootGspRm: unexpected WPR2 already up, cannot proceed with booting GSP\n"
	  "[  5.0] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x40:1792)\n" },
	{ "wpr2 only triple", "wpr2-already-up",
	  "NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x40:1861)\n"
	  "NVRM: GPU 0000:01:00.0: rm_init_adapter failed, device minor number 0\n" },
	{ "two gpus one xid79 one ok", "fallen-off-bus",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"
	  "[ 4.0] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:3b:00.0 on minor 0\n"
	  "[ 4.1] [drm] Initialized nvidia-drm 0.0.0 20160202 for 0000:af:00.0 on minor 1\n"
	  "[ 900.0] NVRM: Xid (PCI:0000:af:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n"
	  "[ 900.0] NVRM: GPU 0000:af:00.0: GPU has fallen off the bus.\n"
	  "[ 900.1] NVRM: Xid (PCI:0000:af:00): 45, pid=100, name=train, Ch 00000008\n"
	  "[ 901.0] NVRM: GPU 0000:af:00.0: RmInitAdapter failed! (0x22:0x56:744)\n" },
	{ "d3cold then xid79", "d3cold-inaccessible",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"
	  "[ 50.0] nvidia 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible\n"
	  "[ 50.1] NVRM: Xid (PCI:0000:01:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n"
	  "[ 50.1] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x22:0x56:667)\n" },
	{ "link down nested", "pcie-link-down",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"
	  "[ 500.0] pcieport 0000:00:1c.0: pciehp: Slot(3): Link Down\n"
	  "[ 500.1] NVRM: Xid (PCI:0000:06:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.\n"
	  "[ 500.1] NVRM: GPU 0000:06:00.0: GPU has fallen off the bus.\n" },
	{ "nouveau owns", "gpu-owned-by-other-driver",
	  "[ 2.0] nouveau 0000:01:00.0: NVIDIA GP104 (134000a1)\n"
	  "[ 2.1] nouveau 0000:01:00.0: bios: version 86.04.55.00.01\n"
	  "[ 2.1] nouveau 0000:01:00.0: DRM: VRAM: 8192 MiB\n"
	  "[ 9.0] NVRM: GPU 0000:01:00.0 is already bound to nouveau.\n"
	  "[ 9.0] NVRM: The NVIDIA probe routine was not called for 1 device(s).\n"
	  "[ 9.0] NVRM: This can occur when another driver was loaded and\n"
	  "[ 9.0] NVRM: obtained ownership of the NVIDIA device(s).\n"
	  "[ 9.0] NVRM: No NVIDIA devices probed.\n" },
	{ "blackwell too old", "driver-too-old-for-gpu",
	  "[ 3.0] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:2b85)\n"
	  "NVRM: installed in this system is not supported by the\n"
	  "NVRM: NVIDIA 535.129.03 driver release.\n"
	  "NVRM: Please see 'Appendix A - Supported NVIDIA GPU Products'\n"
	  "[ 3.0] nvidia: probe of 0000:01:00.0 failed with error -1\n"
	  "[ 3.0] NVRM: The NVIDIA probe routine failed for 1 device(s).\n" },
	{ "P40 on open", "open-module-on-pre-gsp-gpu",
	  "[ 3.0] NVRM: The NVIDIA GPU 0000:01:00.0 (PCI ID: 10de:1b38)\n"
	  "NVRM: installed in this system is not supported by open\n"
	  "NVRM: nvidia.ko because it does not include the required GPU\n"
	  "NVRM: System Processor (GSP).\n"
	  "[ 3.0] nvidia: probe of 0000:01:00.0 failed with error -1\n" },
	{ "kepler on 535", "driver-too-new-legacy-gpu",
	  "NVRM: The NVIDIA GeForce GT 710 GPU installed in this system is\n"
	  "NVRM:  supported through the NVIDIA 470.xx Legacy drivers. Please\n"
	  "NVRM: No NVIDIA GPU found.\n"
	  "modprobe: ERROR: could not insert 'nvidia': No such device\n" },
	{ "irq 0x11", "interrupt-not-delivered",
	  "[ 3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.142\n"
	  "[ 4.0] NVRM: RmInitAdapter: osVerifySystemEnvironment failed, bailing!\n"
	  "[ 4.0] NVRM: GPU 0000:00:05.0: RmInitAdapter failed! (0x11:0x45:2134)\n" },
	{ "xid13", "application-fault",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 13, pid=1233, name=a.out, Graphics SM Warp Exception on (GPC 0, TPC 0, SM 0): Out Of Range Address\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 43, pid=1233, name=a.out, Ch 00000008\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 45, pid=1233, name=a.out, Ch 00000009\n" },
	{ "xid48 94", "gpu-memory-ecc-error",
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 48, pid=1233, name=a.out, An uncorrectable double bit error (DBE) has been detected\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 63, pid='<unknown>', name=<unknown>, Row Remapper: New row marked for remapping, reset gpu to activate.\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 94, pid=1233, name=a.out, Contained: SM (0x1). RST: No, D-RST: No\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 45, pid=1233, name=a.out, Ch 00000009\n" },
	{ "xid119", "gsp-stopped-answering",
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 119, pid=1234, name=python3, Timeout after 6s of waiting for RPC response from GPU0 GSP! Expected function 76 (GSP_RM_CONTROL) (0x20800a4c 0x4).\n"
	  "[ 90.0] NVRM: Xid (PCI:0000:01:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)\n" },
	{ "api mismatch", "driver-userspace-version-mismatch",
	  "[ 90.0] NVRM: API mismatch: the client 'nvidia-smi' (pid 4211)\n"
	  "NVRM: has the version 550.76, but this kernel module has\n"
	  "NVRM: the version 550.67.  Please make sure that this\n"
	  "NVRM: kernel module and all NVIDIA driver components\n"
	  "NVRM: have the same version.\n" },
	{ "only kapi", "rminit-failed",
	  "[ 9.0] [drm:nv_drm_load [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000300] Failed to allocate NvKmsKapiDevice\n"
	  "[ 9.0] [drm:nv_drm_register_drm_device [nvidia_drm]] *ERROR* [nvidia-drm] [GPU ID 0x00000300] Failed to register device\n" },
	{ "vermagic", "module-built-for-other-kernel",
	  "[ 9.0] nvidia: version magic '6.8.0-40-generic SMP preempt mod_unload modversions ' should be '6.8.0-41-generic SMP preempt mod_unload modversions '\n"
	  "modprobe: ERROR: could not insert 'nvidia': Exec format error\n" },
	{ "class wrong in VM", "driver-too-new-legacy-gpu",
	  "NVRM: ignoring the legacy GPU 0000:00:06.0\n"
	  "NVRM: No NVIDIA GPU found.\n" },
	{ "msi fails", "msi-unavailable",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.104.05\n"
	  "[ 4.0] NVRM: GPU 0000:00:07.0: Failed to enable MSI; falling back to PCIe virtual-wire interrupts.\n"
	  "[ 4.0] NVRM: GPU 0000:00:07.0: request_irq() failed (-107)\n" },
	{ "no-irq unrouted", "intx-unrouted",
	  "[ 3.0] nvidia 0000:00:06.0: PCI INT A: no GSI\n"
	  "[ 3.0] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.1] nvidia 0000:00:06.0: probe with driver nvidia failed with error -1\n" },
	{ "8 gpus no irq", "intx-pin-missing",
	  "[ 3.1] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.1] nvidia: probe of 0000:00:01.0 failed with error -1\n"
	  "[ 3.2] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.2] nvidia: probe of 0000:00:02.0 failed with error -1\n"
	  "[ 3.3] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.3] nvidia: probe of 0000:00:03.0 failed with error -1\n"
	  "[ 3.4] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.4] nvidia: probe of 0000:00:04.0 failed with error -1\n"
	  "[ 3.5] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.5] nvidia: probe of 0000:00:05.0 failed with error -1\n"
	  "[ 3.6] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.6] nvidia: probe of 0000:00:06.0 failed with error -1\n"
	  "[ 3.7] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.7] nvidia: probe of 0000:00:07.0 failed with error -1\n"
	  "[ 3.8] NVRM: Can't find an IRQ for your NVIDIA card!\n"
	  "[ 3.8] nvidia: probe of 0000:00:08.0 failed with error -1\n"
	  "[ 4.0] NVRM: The NVIDIA probe routine failed for 8 device(s).\n"
	  "[ 4.0] NVRM: None of the NVIDIA devices were initialized.\n" },
	{ "gridd license", "vgpu-license",
	  "Oct 12 17:22:37 host nvidia-gridd: Failed to register client (2)\n"
	  "Oct 12 17:22:37 host nvidia-gridd: Failed to acquire license from 10.0.0.1\n" },
	{ "dmar", "iommu-dma-fault",
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.104.05\n"
	  "[ 3.5] [drm] [nvidia-drm] [GPU ID 0x00000600] Loading driver\n"
	  "[ 4.0] DMAR: [DMA Read NO_PASID] Request device [06:00.0] fault addr 0xfee00000 [fault reason 0x06] PTE Read access is not set\n"
	  "[ 4.1] NVRM: GPU 0000:06:00.0: RmInitAdapter failed! (0x25:0x65:1127)\n" },
	{ "pi4", "arm-pcie-host-limits",
	  "[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x410fd083]\n"
	  "[    0.000000] Machine model: Raspberry Pi Compute Module 4 Rev 1.0\n"
	  "[    1.1] brcm-pcie fd500000.pcie: link up, 5.0 GT/s PCIe x1 (SSC)\n"
	  "[    8.613215] NVRM: The NVIDIA GPU 0000:01:00.0\n"
	  "               NVRM: (PCI ID: 10de:1bb3) installed in this system has\n"
	  "               NVRM: fallen off the bus and is not responding to commands.\n"
	  "[    8.613228] nvidia: probe of 0000:01:00.0 failed with error -1\n" },
	{ "arm server healthy", NULL,
	  "[ 0.0] Booting Linux on physical CPU 0x0000120000 [0x413fd0c1]\n"
	  "[ 3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for aarch64  580.95.05  Release Build\n"
	  "[ 3.1] NVRM: Chipset not recognized (vendor ID 0x1d0f, device ID 0x0200)\n"
	  "[ 3.2] [drm] Initialized nvidia-drm 0.0.0 for 0000:01:00.0 on minor 0\n" },
	{ "tb laptop, internal gpu lost later", "fallen-off-bus",
	  "[ 1.0] ACPI: bus type thunderbolt registered\n"
	  "[ 3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  580.95.05\n"
	  "[ 4000.2] NVRM: Xid (PCI:0000:01:00): 79, GPU has fallen off the bus.\n" },
	{ "vm xid119 at init", "gsp-fails-under-hypervisor",
	  "[ 0.0] Hypervisor detected: KVM\n"
	  "[ 3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.86.15\n"
	  "[ 40.0] NVRM: _kgspLogXid119: ********************************* GSP Timeout **********************************\n"
	  "[ 40.0] NVRM: Xid (PCI:0000:06:10): 119, pid=900, name=nvidia-smi, Timeout after 45s of waiting for RPC response from GPU0 GSP! Expected function 4097 (GSP_INIT_DONE) (0x0 0x0).\n"
	  "[ 40.1] NVRM: RmInitAdapter: Cannot initialize GSP firmware RM\n"
	  "[ 40.1] NVRM: GPU 0000:06:10.0: RmInitAdapter failed! (0x62:0x65:1851)\n"
	  "[ 41.1] NVRM: _kgspBootGspRm: unexpected WPR2 already up, cannot proceed with booting GSP\n"
	  "[ 41.1] NVRM: GPU 0000:06:10.0: RmInitAdapter failed! (0x62:0x40:1851)\n" },
	{ "lockdown", "secure-boot-rejects-module",
	  "[ 9.0] Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7\n" },
	{ "vfio d3cold host", "d3cold-inaccessible",
	  "[ 9.0] vfio-pci 0000:01:00.0: Unable to change power state from D3cold to D0, device inaccessible\n" },
	{ "old laptop refused", "d3cold-inaccessible",
	  "[ 9.0] nvidia 0000:01:00.0: Refused to change power state, currently in D3\n"
	  "[ 9.1] NVRM: The NVIDIA GPU 0000:01:00.0\n"
	  "NVRM: (PCI ID: 10de:1c8d) installed in this system has\n"
	  "NVRM: fallen off the bus and is not responding to commands.\n"
	  "[ 9.2] nvidia: probe of 0000:01:00.0 failed with error -1\n" },
	{ "efifb host", "host-framebuffer-holds-bar",
	  "[ 9.0] vfio-pci 0000:01:00.0: BAR 1: can't reserve [mem 0xe0000000-0xefffffff 64bit pref]\n" },
	{ "hv dda bar", "mmio64-window-too-small",
	  "[ 0.0] Hypervisor detected: Microsoft Hyper-V\n"
	  "[ 9.0] pci 1234:00:00.0: [10de:1eb8] type 00 class 0x030200\n"
	  "[ 9.0] pci 1234:00:00.0: BAR 1: no space for [mem size 0x10000000 64bit pref]\n"
	  "[ 9.0] pci 1234:00:00.0: BAR 1: failed to assign [mem size 0x10000000 64bit pref]\n"
	  "[ 9.1] NVRM: BAR1 is 0M @ 0x0 (PCI:1234:00:00.0)\n" },
	{ "rebar fatal", "rebar-resize-no-space",
	  "[ 9.0] NVRM: No address space to allocate resized BAR1.\n"
	  "[ 9.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.86.15\n" },
	{ "dma", "dma-address-out-of-range",
	  "[ 9.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  570.86.15\n"
	  "[ 9.1] NVRM: 0000:01:00.0: DMA address not in addressable range of device (0x800000000000-0x800000001000, 0x0-0x7fffffffffff)\n" },
	{ "nomem", "system-memory-exhausted",
	  "[ 9.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15\n"
	  "[ 9.1] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x24:0x51:1103)\n" },
	{ "vgpu on open", "vgpu-wrong-driver-package",
	  "NVRM: The NVIDIA vGPU 0000:02:00.0 (PCI ID: 10de:1eb8)\n"
	  "NVRM: installed in this system is not supported by open\n"
	  "NVRM: nvidia.ko.\n"
	  "[ 9.2] nvidia: probe of 0000:02:00.0 failed with error -1\n" },
	{ "healthy hyperv", NULL,
	  "[ 0.0] Hypervisor detected: Microsoft Hyper-V\n"
	  "[ 3.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  535.161.08\n"
	  "[ 3.1] nvidia-uvm: Loaded the UVM driver, major device number 511.\n" },
	{ "vbios rom tu102", "vbios-unreadable",
	  "[ 3.0] NVRM: loading NVIDIA UNIX Open Kernel Module for x86_64  550.54.15\n"
	  "[ 3.1] NVRM: kgspExtractVbiosFromRom_TU102: did not find valid ROM signature\n"
	  "[ 3.1] NVRM: kgspInitRm_IMPL: failed to extract VBIOS image from ROM: 0x25\n"
	  "[ 3.1] NVRM: RmInitAdapter: Cannot initialize GSP firmware RM\n"
	  "[ 3.1] NVRM: GPU 0000:01:00.0: RmInitAdapter failed! (0x62:0x25:1761)\n" },
	{ "sxid", "nvlink-fault",
	  "nvidia-nvswitch0: SXid (PCI:0000:05:00.0): 20034, Fatal, Link 30 LTSSM Fault Up\n" },
	{ "fabric", "nvswitch-fabric-not-ready",
	  "nv-fabricmanager[901]: fabric manager NVIDIA GPU driver interface version mismatch\n"
	  "systemd[1]: nvidia-fabricmanager.service: Control process exited, code=exited, status=1/FAILURE\n" },
	{ "ada laptop gen d3 in VM", "d3cold-inaccessible",
	  "[ 0.0] Hypervisor detected: KVM\n"
	  "[ 9.0] nvidia 0000:06:10.0: Unable to change power state from D3cold to D0, device inaccessible\n"
	  "[ 9.1] NVRM: The NVIDIA GPU 0000:06:10.0 (PCI ID: 10de:2204)\n"
	  "NVRM: installed in this system has\n"
	  "NVRM: fallen off the bus and is not responding to commands.\n"
	  "[ 9.2] nvidia: probe of 0000:06:10.0 failed with error -1\n" },
	{ "two gpus, one legacy one ok", "driver-too-new-legacy-gpu",
	  "NVRM: The NVIDIA GeForce GTX 1080 GPU installed in this system is\n"
	  "NVRM:  supported through the NVIDIA 580.xx Legacy drivers. Please\n"
	  "NVRM:  The 595.45.04 NVIDIA driver will ignore\n"
	  "NVRM:  this GPU.  Continuing probe...\n"
	  "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  595.45.04  Wed\n"
	  "[drm] Initialized nvidia-drm 0.0.0 for 0000:02:00.0 on minor 0\n" },
};

START_TEST(cause_comes_first)
{
	struct gpuprobe_case *c = case_create();
	const struct finding *first;
	struct diagnosis *d;

	given_log(c, logs[_i].log);
	events_add_functions(c, unit_knowledge());
	d = diagnose(c, unit_knowledge());
	first = d->findings.count ? &d->findings.at[0] : NULL;
	if (logs[_i].cause)
		ck_assert_msg(first && !strcmp(first->rule->id, logs[_i].cause),
			      "%s: %s, not %s", logs[_i].name,
			      first ? first->rule->id : "nothing", logs[_i].cause);
	else
		ck_assert_msg(d->verdict != CASE_FAULT, "%s: %s", logs[_i].name,
			      first ? first->rule->id : "nothing");
	ck_assert_msg(!d->unexplained.count, "%s: an error line is left over", logs[_i].name);
	diagnosis_destroy(d);
	case_destroy(c);
}
END_TEST

/* What several GPUs share is said once; what is said of one stays with it. */
START_TEST(machine_is_told_once)
{
	struct gpuprobe_case *c = case_create();
	size_t notes = 0, lost = 0;
	struct diagnosis *d;

	given_gpu_at(c, "0000:00:05.0");
	given_gpu_at(c, "0000:00:06.0");
	given_log(c, "[ 1.0] nvidia: loading out-of-tree module taints kernel.\n"
		  "[ 9.0] NVRM: Xid (PCI:0000:00:06): 79, GPU has fallen off the bus.\n");
	d = diagnose(c, unit_knowledge());
	for (size_t i = 0; i < d->findings.count; i++) {
		notes += !strcmp(d->findings.at[i].rule->id, "kernel-taint-notes");
		lost += !strcmp(d->findings.at[i].rule->id, "fallen-off-bus");
	}
	ck_assert_uint_eq(notes, 1);
	ck_assert_uint_eq(lost, 1);
	ck_assert_uint_eq(d->findings.at[0].function->address.device, 6);
	diagnosis_destroy(d);
	case_destroy(c);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("causes");
	TCase *tcase = unit_case(suite, "causes");

	tcase_add_loop_test(tcase, cause_comes_first, 0, COUNT(logs));
	tcase_add_test(tcase, machine_is_told_once);
	return unit_run(suite);
}
