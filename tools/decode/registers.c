// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/registers.h"

#include "lib/i18n.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* docs/sources.md 1; the names are those of NVIDIA's manuals where there is one. */
static const struct {
	uint32_t offset;
	const char *name;
} names[] = {
	{ 0x000000, "PMC_BOOT_0" },		{ 0x000004, "PMC_BOOT_1" },
	{ 0x000a00, "PMC_BOOT_42" },
	{ 0x1182cc, "confidential computing" },	{ 0x000590, "confidential computing" },
	{ 0x001100, "PBUS_INTR_0" },		{ 0x009084, "PTIMER_PRI_TIMEOUT_SAVE_0" },
	{ 0x009410, "PTIMER_TIME_1" },		{ 0x009400, "PTIMER_TIME_0" },
	{ 0x030084, "PTIMER_TIME_1" },		{ 0x030080, "PTIMER_TIME_0" },
	{ 0x02240c, "devinit status" },
	{ 0x118128, "GFW boot privilege mask" },	{ 0x118234, "GFW boot progress" },
	{ 0x0200bc, "FSP boot status" },	{ 0xad00bc, "FSP boot status" },
	{ 0x8f0320, "FSP scratch 0" },		{ 0x8f0324, "FSP scratch 1" },
	{ 0x8f0328, "FSP scratch 2" },		{ 0x8f032c, "FSP scratch 3" },
	{ 0x1fa824, "WPR2 low" },		{ 0x1fa828, "WPR2 high" },
	{ 0x88a824, "WPR2 low" },		{ 0x88a828, "WPR2 high" },
	{ 0x000200, "PMC_ENABLE" },
	{ 0x000100, "PMC_INTR(0)" },		{ 0x000104, "PMC_INTR(1)" },
	{ 0x000140, "PMC_INTR_EN(0)" },		{ 0x000144, "PMC_INTR_EN(1)" },
	{ 0xb81600, "CPU_INTR_TOP(0)" },	{ 0xb81010, "CPU_INTR_LEAF(4)" },
	{ 0xb81210, "CPU_INTR_LEAF_EN_SET(4)" },	{ 0xb81608, "CPU_INTR_TOP_EN_SET(0)" },
	{ 0x100ce0, "memory range" },		{ 0x1183a4, "memory size" },
	{ 0x1fa3e0, "memory size" },
	{ 0x088000, "ids in the mirror" },	{ 0x092000, "ids in the mirror" },
};

const char *register_name(uint32_t offset)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].offset == offset)
			return names[i].name;
	return NULL;
}

const char *bar0_outcome_sentence(uint32_t outcome)
{
	static const char *const sentences[] = {
		[GPUPROBE_BAR0_READ]	= N_("the GPU's registers (BAR0) answer"),
		[GPUPROBE_BAR0_NO_BAR]	= N_("BAR0 is no memory of 1 MiB or more"),
		[GPUPROBE_BAR0_UNASSIGNED] = N_("BAR0 has no address"),
		[GPUPROBE_BAR0_DECODE_OFF] =
			N_("memory decoding is off, so the registers could not be looked at"),
		[GPUPROBE_BAR0_NOT_D0]	= N_("the GPU is not in power state D0"),
		[GPUPROBE_BAR0_DRIVER]	=
			N_("a driver has the GPU, so its registers were not looked at"),
		[GPUPROBE_BAR0_UNREACHABLE] = N_("the GPU could not be reached"),
		[GPUPROBE_BAR0_FIREWALL] = N_("the GPU's BAR firewall is up"),
		[GPUPROBE_BAR0_NO_MEMORY] = N_("BAR0 could not be mapped"),
		[GPUPROBE_BAR0_ALL_ONES] =
			N_("the GPU's registers (BAR0) read as all ones: nothing answers there"),
		[GPUPROBE_BAR0_VIRTUAL]	= N_("it is a vGPU or virtual function"),
		[GPUPROBE_BAR0_UNKNOWN_CHIP] =
			N_("the identity register names no known architecture"),
		[GPUPROBE_BAR0_LOCKED]	=
			N_("the identity register reads 0xbad.....: the GPU is locked down or not started"),
		[GPUPROBE_BAR0_MISMATCH] =
			N_("config space and the kernel disagree about the address of BAR0"),
		[GPUPROBE_BAR0_GONE]	= N_("the GPU went away while it was looked at"),
		[GPUPROBE_BAR0_CONFIDENTIAL] =
			N_("the GPU is in confidential-computing mode, which walls off its registers"),
	};

	return outcome < COUNT(sentences) ? sentences[outcome] : NULL;
}

const struct gpuprobe_register *bar0_cut_short(const struct deep_view *deep)
{
	const struct gpuprobe_register *last;

	if (!deep->bar0_known || deep->bar0.outcome != GPUPROBE_BAR0_ALL_ONES ||
	    deep->registers.count < 2)
		return NULL;
	last = &deep->registers.at[deep->registers.count - 1];
	return deep->registers.at[0].verdict == GPUPROBE_REGISTER_OK &&
	       last->verdict == GPUPROBE_REGISTER_ALL_ONES ? last : NULL;
}

const char *chip_architecture_name(uint32_t architecture)
{
	/* nv_arch.h of NVIDIA's driver; 0xe to 0x10 and 0x11 to 0x12 are one each */
	static const char *const architectures[] = {
		[0x0e] = "Kepler", [0x0f] = "Kepler", [0x10] = "Kepler",
		[0x11] = "Maxwell", [0x12] = "Maxwell", [0x13] = "Pascal", [0x14] = "Volta",
		[0x16] = "Turing", [0x17] = "Ampere", [0x18] = "Hopper", [0x19] = "Ada",
		[0x1a] = "Blackwell", [0x1b] = "Blackwell",
	};

	return architecture < COUNT(architectures) ? architectures[architecture] : NULL;
}
