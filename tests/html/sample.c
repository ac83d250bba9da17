// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A page with every kind of block, whose words do not change with what gpuprobe
 * knows: for the pictures that tests compare.
 */
#include <stdio.h>

#include "render/renderer.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define GIB		(UINT64_C(1) << 30)
#define PROSE		"A GPU shows its memory through windows, and here one of them has no place: " \
	"the machine's address space for devices is smaller than what the GPU asks for."

static void write_table(struct renderer *r)
{
	struct table table = {
		.caption = "From before the probe to after it:", .columns = 4,
		.header = { "field", "before", "after", "what this means" },
	};

	table_add(&table, "Command", "0x0006", "0x0406", "INTx is switched off");
	table_add(&table, "MSI Message Control", "0x0080", "0x0081", "MSI is on")->marked = true;
	table_add(&table, "driver", "none", "nvidia", NULL);
	r->table(r, &table);
	table_clear(&table);
}

static void write_map(struct renderer *r)
{
	struct region regions[] = {
		{ .kind = REGION_RAM, .placed = true, .start = 0x1000, .size = 3 * GIB,
		  .name = (char *)"memory (RAM)" },
		{ .kind = REGION_WINDOW, .placed = true, .start = 0xc1000000, .size = 0x3dc00000,
		  .name = (char *)"window of the PCI bus" },
		{ .kind = REGION_BAR, .placed = true, .start = 0xfc000000, .size = 16 << 20,
		  .name = (char *)"BAR0" },
		{ .kind = REGION_OTHER, .placed = true, .start = 0xfd000000, .size = 0x2000,
		  .name = (char *)"2 other devices" },
		{ .kind = REGION_RAM, .placed = true, .start = 4 * GIB, .size = 5 * GIB,
		  .name = (char *)"memory (RAM)" },
		{ .kind = REGION_WINDOW, .placed = true, .start = 32 * GIB, .size = 32 * GIB,
		  .name = (char *)"window of the PCI bus" },
		{ .kind = REGION_BRIDGE, .placed = true, .start = 40 * GIB, .size = GIB,
		  .name = (char *)"bridge 0000:00:1c.0" },
		{ .kind = REGION_BAR, .placed = true, .start = 40 * GIB, .size = 32 << 20,
		  .name = (char *)"BAR3 of 0000:01:00.0" },
		{ .kind = REGION_BAR, .start = 32 * GIB, .size = 32 * GIB, .room = 16 * GIB,
		  .name = (char *)"BAR1 of 0000:01:00.0", .note = (char *)"has no address",
		  .trouble = true },
	};
	struct address_map map = { { regions, COUNT(regions), COUNT(regions) }, 36, true };

	r->address_map(r, &map);
}

static void write_timeline(struct renderer *r)
{
	static struct moment moments[] = {
		{ MOMENT_LOG, MOMENT_WARNING, true, 361200, (char *)"[    0.361200]",
		  (char *)"pci 0000:01:00.0: BAR 1 [mem size 0x800000000 64bit pref]: can't assign; no space",
		  1, (char *)"There is no room for this memory window." },
		{ MOMENT_MODULE, MOMENT_NOTE, true, 1204350, (char *)"[    1.204350]",
		  (char *)"gpuprobe was loaded and looked at 0000:01:00.0", 1 },
		{ MOMENT_ATTEMPT, MOMENT_NOTE, true, 3870102, (char *)"[    3.870102]",
		  (char *)"0000:01:00.0 is about to be probed by nvidia", 1 },
		{ MOMENT_LOG, MOMENT_ERROR, true, 3870140, (char *)"[    3.870140]",
		  (char *)"NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)", 3,
		  (char *)"The driver names the window that has no address.", true },
		{ MOMENT_SNAPSHOT, MOMENT_ERROR, true, 3884010, (char *)"[    3.884010]",
		  (char *)"0000:01:00.0 was not taken by nvidia: its probe failed", 1 },
		{ MOMENT_LOG, MOMENT_GOOD, true, 9000000, (char *)"[    9.000000]",
		  (char *)"nvidia-modeset: Loading NVIDIA Kernel Mode Setting Driver", 1 },
	};
	struct timeline timeline = { { moments, COUNT(moments), COUNT(moments) } };

	r->timeline(r, &timeline);
}

int main(int argc, char **argv)
{
	const char *verdict = argc > 1 ? argv[1] : "fault";
	struct renderer r;

	html_renderer(&r, stdout);
	r.begin(&r, "A page with every block");
	r.verdict(&r, !strcmp(verdict, "fault") ? CASE_FAULT : !strcmp(verdict, "healthy") ?
		  CASE_HEALTHY : CASE_UNKNOWN, "A page with every block",
		  "0000:01:00.0 NVIDIA Corporation GP102GL [Tesla P10] [10de:1b39]");
	r.item(&r, "Whose fault", "the hypervisor");
	r.item(&r, "How sure", "likely");
	r.item(&r, "", "something is missing");
	r.section(&r, "What is wrong", UNFOLDED);
	r.paragraph(&r, PROSE);
	r.section(&r, "What lies where in this machine's physical addresses", UNFOLDED);
	write_map(&r);
	r.section(&r, "Evidence", UNFOLDED);
	r.paragraph(&r, "Seen just before the probe of nvidia, [3.870102]:");
	r.item(&r, NULL, "BAR1 of 32 GiB has no address");
	r.item(&r, NULL, PROSE);
	r.log_line(&r, "[    3.870140]", "NVRM: BAR1 is 0M @ 0x0 (PCI:0000:01:00.0)", 3);
	r.log_line(&r, NULL, "a_word_that_is_longer_than_a_phone_is_wide_and_has_no_blank_in_it_at_all", 1);
	r.section(&r, "Folded", FOLDED);
	r.subsection(&r, "harmless: a note");
	r.paragraph(&r, "Words that are folded away.");
	r.section(&r, "The boot, step by step", UNFOLDED);
	write_timeline(&r);
	r.section(&r, "What changed", UNFOLDED);
	write_table(&r);
	r.end(&r);
	return 0;
}
