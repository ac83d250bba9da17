// SPDX-License-Identifier: GPL-2.0-or-later
/* What the profiles that ship with gpusim show of their fault, and what they show beside it. */
#include "gpusim_device.h"

static struct sim sim;

/* What one profile reads at one place. */
static const struct {
	const char *profile;
	unsigned int region;
	uint32_t at;
	uint8_t len;
	uint64_t value;
} shown[] = {
	{ "tesla-p10-64g", CONFIG, 0x00, 4, 0x1b3910de },
	{ "tesla-p4-bad-pattern", 0, 0x000, 4, 0x134000a1 },
	{ "tesla-p4-bad-pattern", 0, 0xa00, 4, 0x134a1000 },
	{ "tesla-p4-bad-pattern", 0, 0x100, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x140, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x200, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x2240c, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x9400, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x300000, 4, 0xbad00100 },
	{ "tesla-p4-bad-pattern", 0, 0x1100, 4, 0x8 },
	{ "tesla-p4-bad-pattern", 0, 0x88000, 4, 0x1bb310de },
	{ "tesla-p4-no-unit", 0, 0x200, 4, 0xbadf1100 },
	{ "tesla-p4-no-unit", 0, 0x1fa828, 4, 0xbadf1100 },
	{ "tesla-p4-no-unit", 0, 0x100, 4, 0 },
	{ "tesla-p4-no-unit", 0, 0x2240c, 4, 2 },
	{ "tesla-p4-not-posted", 0, 0x2240c, 4, 0 },
	{ "tesla-p4-not-posted", 0, 0x300000, 2, 0xaa55 },
	{ "tesla-p4-vbios-cut", 0, 0x300000, 2, 0xaa55 },
	{ "tesla-p4-vbios-cut", 0, 0x300018, 2, 0x60 },
	{ "tesla-p4-vbios-cut", 0, 0x300060, 4, 0xffffffff },
	{ "tesla-p4-vbios-wrong-ids", 0, 0x300060, 8, 0x1b3910de52494350 },
	{ "tesla-p4-vbios-wrong-ids", CONFIG, 0x00, 4, 0x1bb310de },
	{ "tesla-p4-vgpu", 0, 0x004, 4, 0x10000 },
	{ "tesla-p4-extended", CONFIG, 0x100, 4, 0x25010002 },
	{ "tesla-p4-extended", CONFIG, 0x900, 4, 0x00010019 },
	{ "tesla-p4-no-extended", CONFIG, 0x0fc, 8, 0 },
	{ "tesla-p4-no-extended", CONFIG, 0x100, 8, 0xffffffff00000000 },
	{ "tesla-p4-no-extended", CONFIG, 0x900, 4, 0xffffffff },
	{ "tesla-p4-no-extended", CONFIG, 0xffc, 4, 0xffffffff },
	{ "tesla-p4-no-extended", 0, 0x88100, 4, 0x25010002 },
	{ "tesla-p4-no-extended", 0, 0x88900, 4, 0x00010019 },
	{ "tesla-p4-no-extended", 0, 0x88ffc, 4, 0 },
	{ "tesla-p4-config-256", 0, 0x880fc, 4, 0 },
	{ "tesla-p4-trigger-blocked", 0, 0x2240c, 4, 2 },
	{ "t4-gfw-not-finished", 0, 0x118128, 4, 1 },
	{ "t4-gfw-not-finished", 0, 0x118234, 4, 3 },
	{ "t4-gfw-masked", 0, 0x118128, 4, 0 },
	{ "t4-gfw-masked", 0, 0x118234, 4, 0xbadf5620 },
	{ "t4-wpr2-up", 0, 0x1fa824, 4, 0x03fde000 },
	{ "t4-wpr2-up", 0, 0x1fa828, 4, 0x03fff000 },
	{ "t4-interrupts-left", 0, 0xb81214, 4, 1 },
	{ "t4-interrupts-left", 0, 0xb81608, 4, 4 },
	{ "gtx-750-ti", CONFIG, 0x00, 4, 0x138010de },
	{ "gtx-750-ti", CONFIG, 0x08, 4, 0x030000a2 },
	{ "gtx-750-ti", CONFIG, 0x78, 4, 0x00120010 },
	{ "gtx-750-ti", 0, 0x000, 4, 0x117000a2 },
	{ "rtx-3090", CONFIG, 0x68, 4, 0x00807805 },
	{ "rtx-3090", CONFIG, 0x78, 2, 0xb410 },
	{ "rtx-3090", CONFIG, 0xb4, 4, 0x00140009 },
	{ "rtx-3090", CONFIG, 0xbb0, 4, 0xc1c10015 },
	{ "rtx-3090", CONFIG, 0xe00, 4, 0x00010025 },
	{ "rtx-3090", 0, 0x000, 4, 0xb72000a1 },
	{ "rtx-3090", 0, 0x118234, 4, 0x3ff },
	{ "h100", CONFIG, 0x10, 4, 0x0000000c },
	{ "h100", CONFIG, 0x18, 4, 0x0000000c },
	{ "h100", CONFIG, 0x20, 4, 0x0000000c },
	{ "h100", CONFIG, 0x34, 1, 0x40 },
	{ "h100", CONFIG, 0x40, 2, 0x4801 },
	{ "h100", CONFIG, 0x48, 4, 0x01886005 },
	{ "h100", CONFIG, 0x60, 2, 0x9c10 },
	{ "h100", CONFIG, 0x9c, 4, 0x0014b009 },
	{ "h100", CONFIG, 0xb0, 4, 0x00080011 },
	{ "h100", CONFIG, 0x134, 4, 0x1b810015 },
	{ "h100", 0, 0x88000, 4, 0 },
	{ "h100", 0, 0x92000, 4, 0x233010de },
	{ "h100", 0, 0x9203d, 1, 1 },
	{ "h100", 0, 0x300000, 4, 0 },
	{ "h100-fsp-not-booted", 0, 0x200bc, 4, 1 },
	{ "gtx-1080", CONFIG, 0x08, 4, 0x030000a1 },
	{ "gtx-1080", CONFIG, 0x24, 4, 1 },
	{ "gtx-1080", 0, 0x000, 4, 0x134000a1 },
	{ "gtx-1080-audio", CONFIG, 0x08, 4, 0x040300a1 },
	{ "gtx-1080-audio", CONFIG, 0x3c, 2, 0x020a },
};

START_TEST(fault_is_shown)
{
	uint64_t value;

	sim_start(&sim, shown[_i].profile, "");
	value = sim_read(&sim, shown[_i].region, shown[_i].at, shown[_i].len);
	ck_assert_msg(value == shown[_i].value, "%s: 0x%x reads 0x%llx", shown[_i].profile,
		      shown[_i].at, (unsigned long long)value);
	sim_stop(&sim);
}
END_TEST

START_TEST(bars_have_their_sizes)
{
	static const struct {
		const char *profile;
		unsigned int bar;
		uint64_t size;
	} bars[] = {
		{ "tesla-p10-64g", 1, 64ull << 30 },
		{ "h100", 2, 128ull << 30 },
		{ "h100", 4, 32ull << 20 },
		{ "gtx-1080-audio", 0, 16ull << 10 },
	};

	for (int i = 0; i < COUNT(bars); i++) {
		unsigned int at = PCI_BASE_ADDRESS_0 + 4 * bars[i].bar;
		bool wide;

		sim_start(&sim, bars[i].profile, "");
		wide = bar_is_64bit(&sim.profile.bar[bars[i].bar]);
		sim_write(&sim, CONFIG, at, wide ? 8 : 4, UINT64_MAX);
		ck_assert_uint_eq(sim_read(&sim, CONFIG, at, wide ? 8 : 4) & ~0xfull,
				  (wide ? UINT64_MAX : UINT32_MAX) & ~(bars[i].size - 1));
		sim_stop(&sim);
	}
}
END_TEST

START_TEST(hidden_space_takes_no_writes)
{
	sim_start(&sim, "tesla-p4-no-extended", "");
	sim.device.config.wmask[0x110] = 0xff;
	sim_write(&sim, CONFIG, 0x110, 1, 0x5a);
	ck_assert_uint_eq(sim_read(&sim, 0, 0x88110, 1), 0);
	sim_write(&sim, 0, 0x88110, 1, 0x5a);
	ck_assert_uint_eq(sim_read(&sim, 0, 0x88110, 1), 0x5a);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0x110, 1), 0xff);
	sim_stop(&sim);
}
END_TEST

START_TEST(short_config_space_ends)
{
	uint8_t data[4];

	sim_start(&sim, "tesla-p4-config-256", "");
	ck_assert_uint_eq(region_size(&sim.device, CONFIG), 256);
	ck_assert_int_eq(region_read(&sim.device, CONFIG, 0x100, data, 4), -EINVAL);
	ck_assert_uint_eq(reg(&sim, 0x88100), 0);
	sim_stop(&sim);
}
END_TEST

static const struct {
	const char *profile;
	uint16_t at;
	uint8_t next;
} astray[] = {
	{ "cap-loop", 0x78, 0x60 },
	{ "cap-self", 0x78, 0x78 },
	{ "cap-past-end", 0x78, 0xfc },
	{ "hostile", 0x78, 0xc9 },
	{ "hostile", 0xd4, 0x60 },
};

START_TEST(list_leads_astray_after_the_reset)
{
	sim_start(&sim, astray[_i].profile, "");
	ck_assert_uint_eq(sim_read(&sim, CONFIG, PCI_CAPABILITY_LIST, 1), 0);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0x100, 4), 0);
	device_reset(&sim.device);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, PCI_CAPABILITY_LIST, 1), 0x60);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, astray[_i].at + 1, 1), astray[_i].next);
	sim_stop(&sim);
}
END_TEST

/* Noise, but the same at every look; what is listed stays as it is listed. */
START_TEST(hostile_device_is_noise)
{
	unsigned int ones = 0, same = 0;
	uint32_t last = 0, word;

	sim_start(&sim, _i ? "hostile-ifr" : "hostile", "");
	device_reset(&sim.device);
	for (uint32_t at = 0x400000; at < 0x400400; at += 4) {
		word = reg(&sim, at);
		ck_assert_uint_eq(reg(&sim, at), word);
		ones += __builtin_popcount(word);
		same += word == last;
		last = word;
	}
	ck_assert_uint_ge(ones, 256 * 14);
	ck_assert_uint_le(ones, 256 * 18);
	ck_assert_uint_eq(same, 0);
	ck_assert_uint_eq(reg(&sim, 0x88044), sim_read(&sim, CONFIG, 0x44, 4));
	ck_assert_uint_ne(sim_read(&sim, CONFIG, 0x40, 4), 0);
	ck_assert_uint_ne(sim_read(&sim, CONFIG, 0xf00, 4), 0);
	ck_assert_uint_eq(reg(&sim, 0x300000), _i ? 0x4947564e : 0xffffaa55);
	ck_assert_uint_eq(reg(&sim, 0), _i ? 0x164000a1 : 0x134000a1);
	sim_stop(&sim);
}
END_TEST

static const struct {
	const char *profile;
	uint32_t before, at;
	bool write;
} vanishing[] = {
	{ "vanish", 0x2240c - 4, 0x2240c, false },
	{ "vanish-in-test", 0x100, 0x1a0, true },
};

START_TEST(device_is_gone_from_there_on)
{
	sim_start(&sim, vanishing[_i].profile, "");
	sim_arm(&sim, IRQ_INTX);
	set_reg(&sim, 0x160, 0x80000000);
	ck_assert_uint_ne(reg(&sim, vanishing[_i].before), 0xffffffff);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0, 4), 0x1bb310de);
	/* The same place in another BAR is another one. */
	sim_read(&sim, 1, vanishing[_i].at & ~3u, 4);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0, 4), 0x1bb310de);
	if (vanishing[_i].write)
		set_reg(&sim, vanishing[_i].at, 1);
	else
		ck_assert_uint_eq(reg(&sim, vanishing[_i].at & ~3u), 0xffffffff);
	ck_assert_uint_eq(came(&sim), 0);
	ck_assert_uint_eq(sim_read(&sim, CONFIG, 0, 4), 0xffffffff);
	ck_assert_uint_eq(reg(&sim, 0), 0xffffffff);
	device_reset(&sim.device);
	ck_assert_uint_eq(reg(&sim, 0), 0xffffffff);
	sim_stop(&sim);
}
END_TEST

START_TEST(checksum_is_one_off)
{
	uint8_t sum = 0;

	sim_start(&sim, "tesla-p4-vbios-bad-checksum", "");
	for (uint32_t at = 0; at < 64 << 10; at++)
		sum += sim_read(&sim, 0, 0x300000 + at, 1);
	ck_assert_uint_eq(sum, 1);
	sim_stop(&sim);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gpusim_profiles");
	TCase *tcase = unit_case(suite, "profiles");

	tcase_add_loop_test(tcase, fault_is_shown, 0, COUNT(shown));
	tcase_add_test(tcase, bars_have_their_sizes);
	tcase_add_test(tcase, hidden_space_takes_no_writes);
	tcase_add_test(tcase, short_config_space_ends);
	tcase_add_loop_test(tcase, list_leads_astray_after_the_reset, 0, COUNT(astray));
	tcase_add_loop_test(tcase, hostile_device_is_noise, 0, 2);
	tcase_add_loop_test(tcase, device_is_gone_from_there_on, 0, COUNT(vanishing));
	tcase_add_test(tcase, checksum_is_one_off);
	return unit_run(suite);
}
