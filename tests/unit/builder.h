/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases in a few words. The GPU is the Tesla P4 at 0000:00:06.0 unless said
 * otherwise; every function changes the case and, where there is one, the last
 * snapshot that was taken.
 */
#ifndef TESTS_BUILDER_H
#define TESTS_BUILDER_H

#include "case/case.h"
#include "config_bytes.h"
#include "sources/source.h"
#include "uapi/gpuprobe.h"
#include "unit.h"

static inline struct function *given_gpu_at(struct gpuprobe_case *c, const char *place)
{
	struct pci_address address;
	struct function *function;

	ck_assert_uint_ne(pci_address_parse(place, &address), 0);
	function = case_function(c, &address);
	function->ids_known = function->class_known = true;
	function->vendor = PCI_VENDOR_NVIDIA;
	function->device = 0x1bb3;
	function->class = 0x030200;
	c->machine.pci_looked = true;
	return function;
}

static inline struct function *given_gpu(struct gpuprobe_case *c)
{
	return given_gpu_at(c, "0000:00:06.0");
}

#define WIDE (IORESOURCE_MEM | IORESOURCE_MEM_64 | IORESOURCE_PREFETCH)

/* A snapshot with all BARs in place, of which nothing else is known. */
static inline struct snapshot *given_snapshot(struct function *function,
					      enum snapshot_source source, const char *driver)
{
	static const struct bar bars[] = {
		{ true, 0xc2000000, 16 << 20, IORESOURCE_MEM, NULL },
		{ true, 0x800000000, 256 << 20, WIDE, NULL },
		{ true, 0, 0, 0, NULL },
		{ true, 0x810000000, 32 << 20, WIDE, NULL },
	};
	struct snapshot *snapshot = function_add_snapshot(function);

	snapshot->source = source;
	snapshot->driver = xstrdup(driver);
	memcpy(snapshot->bars, bars, sizeof(bars));
	return snapshot;
}

/* As gpuprobe.ko takes it. */
static inline struct snapshot *given_record(struct function *function, uint32_t trigger,
					    const char *driver)
{
	struct snapshot *snapshot = given_snapshot(function, SNAPSHOT_MODULE, driver);

	snapshot->trigger = trigger;
	snapshot->time_known = true;
	snapshot->log_ns = 2683640000;
	return snapshot;
}

static inline void given_config(struct snapshot *snapshot, const uint8_t bytes[256])
{
	memcpy(snapshot->config, bytes, 256);
	snapshot->config_length = 256;
}

/* The P4 with this Interrupt Pin and pdev->irq, without a driver, in sysfs. */
static inline struct snapshot *given_p4(struct gpuprobe_case *c, uint8_t pin, uint32_t irq)
{
	struct snapshot *snapshot = given_snapshot(given_gpu(c), SNAPSHOT_SYSFS, "");
	uint8_t bytes[256];

	config_p4(bytes, pin);
	given_config(snapshot, bytes);
	snapshot->irq.irq_known = true;
	snapshot->irq.irq = irq;
	return snapshot;
}

/* Lines of a kernel log, as text. */
static inline void given_log(struct gpuprobe_case *c, const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	ck_assert_ptr_nonnull(file);
	source_log_text(c, file, unit_knowledge());
	fclose(file);
}

/* The machine says bhyve in every place. */
static inline void given_bhyve(struct gpuprobe_case *c)
{
	struct cpuid_signature *signature = array_add(&c->machine.cpuid);

	signature->leaf = 0x40000000;
	memcpy(signature->text, "bhyve bhyve ", 12);
	c->machine.cpuid_looked = true;
	c->machine.acpi_oem_id = xstrdup("BHYVE");
	c->machine.dmi_product = xstrdup("BHYVE");
}

/* What nvidia.ko prints of a GPU without an interrupt, as 580 does. */
#define NO_IRQ_LINES \
	"[    5.100001] nvidia-nvlink: Nvlink Core is being initialized, major device number 240\n" \
	"[    5.100020] NVRM: Can't find an IRQ for your NVIDIA card!\n" \
	"[    5.100021] NVRM: Please check your BIOS settings.\n" \
	"[    5.100022] NVRM: [Plug & Play OS] should be set to NO\n" \
	"[    5.100023] NVRM: [Assign IRQ to VGA] should be set to YES\n" \
	"[    5.100500] nvidia: probe of 0000:00:06.0 failed with error -1\n" \
	"[    5.100600] NVRM: The NVIDIA probe routine failed for 1 device(s).\n" \
	"[    5.100601] NVRM: None of the NVIDIA devices were initialized.\n"

#define LOADING_LINE \
	"[    5.200000] NVRM: loading NVIDIA UNIX x86_64 Kernel Module  580.82.07  Wed Aug 27 18:39:48 UTC 2025\n"

#endif
