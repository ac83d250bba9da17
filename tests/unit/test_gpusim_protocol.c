// SPDX-License-Identifier: GPL-2.0-or-later
/* gpusim's protocol: what a client may say, and what ends the connection. */
#include "gpusim_client.h"

START_TEST(version_is_negotiated)
{
	struct { uint16_t major, minor; char data[8]; } hello = { 0, 1, "{}" };

	start_silent(P4);
	ck_assert_int_eq(try_read(CONFIG, 0, 4), -EINVAL);
	hello.major = 1;
	ck_assert_int_eq(call(PROTO_VERSION, &hello, 7), -EINVAL);
	hello.major = 0;
	memset(hello.data, 'x', sizeof(hello.data));
	ck_assert_int_eq(call(PROTO_VERSION, &hello, sizeof(hello)), -EINVAL);
	hello.data[7] = '\0';
	ck_assert_int_gt(call(PROTO_VERSION, &hello, sizeof(hello)), 5);
	ck_assert_uint_eq(bytes_get(reply, 4), 0);
	ck_assert_str_eq((char *)reply + 4,
			 "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576}}");
	ck_assert_int_eq(greet(), -EINVAL);
	stop();
}
END_TEST

START_TEST(device_is_described)
{
	static const uint64_t sizes[VFIO_PCI_NUM_REGIONS] = {
		[0] = 16 << 20, [1] = 256 << 20, [3] = 32 << 20, [CONFIG] = 4096,
	};
	static const uint32_t irqs[VFIO_PCI_NUM_IRQS] = { 1, 1, 0, 0, 0 };
	struct proto_device_info info = { .argsz = sizeof(info) };

	start(P4);
	ck_assert_int_eq(call(PROTO_GET_INFO, &info, sizeof(info)), sizeof(info));
	memcpy(&info, reply, sizeof(info));
	ck_assert_uint_eq(info.flags, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI);
	ck_assert_uint_eq(info.num_regions, VFIO_PCI_NUM_REGIONS);
	ck_assert_uint_eq(info.num_irqs, VFIO_PCI_NUM_IRQS);
	for (uint32_t i = 0; i < VFIO_PCI_NUM_REGIONS; i++) {
		struct proto_region_info region = { .argsz = sizeof(region), .index = i };

		ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)),
				 sizeof(region));
		memcpy(&region, reply, sizeof(region));
		ck_assert_uint_eq(region.index, i);
		ck_assert_uint_eq(region.size, sizes[i]);
		ck_assert_uint_eq(region.flags, sizes[i] ? 3 : 0);
	}
	for (uint32_t i = 0; i < VFIO_PCI_NUM_IRQS; i++) {
		struct proto_irq_info irq = { .argsz = sizeof(irq), .index = i };

		ck_assert_int_eq(call(PROTO_GET_IRQ_INFO, &irq, sizeof(irq)), sizeof(irq));
		memcpy(&irq, reply, sizeof(irq));
		ck_assert_uint_eq(irq.index, i);
		ck_assert_uint_eq(irq.count, irqs[i]);
		ck_assert_uint_eq(irq.flags, i == 0 ? 0x7 : 0x9);
	}
	stop();
}
END_TEST

START_TEST(indexes_out_of_range_are_refused)
{
	struct proto_region_info region = { .argsz = sizeof(region), .index = 9 };
	struct proto_irq_info irq = { .argsz = sizeof(irq), .index = 5 };

	start(P4);
	ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	ck_assert_int_eq(call(PROTO_GET_IRQ_INFO, &irq, sizeof(irq)), -EINVAL);
	region.index = UINT32_MAX;
	ck_assert_int_eq(call(PROTO_GET_REGION_INFO, &region, sizeof(region)), -EINVAL);
	ck_assert_int_eq(try_read(9, 0, 4), -EINVAL);
	ck_assert_int_eq(try_read(UINT32_MAX, 0, 4), -EINVAL);
	ck_assert_int_eq(try_read(2, 0, 4), -EINVAL);
	stop();
}
END_TEST

START_TEST(accesses_out_of_bounds_are_refused)
{
	start(P4);
	ck_assert_int_eq(try_read(CONFIG, 4092, 4), sizeof(struct proto_region_io) + 4);
	ck_assert_int_eq(try_read(CONFIG, 4093, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, 4096, 1), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, UINT64_MAX, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, UINT64_MAX - 3, 4), -EINVAL);
	ck_assert_int_eq(try_read(CONFIG, 0, 0), -EINVAL);
	ck_assert_int_eq(try_read(0, (16 << 20) - 2, 4), -EINVAL);
	ck_assert_int_eq(try_write(1, 256 << 20, 4, 0), -EINVAL);
	ck_assert_int_eq(try_read(1, 0, PROTO_MAX_DATA + 1), -EINVAL);
	ck_assert_int_eq(try_read(1, 0, UINT32_MAX), -EINVAL);
	stop();
}
END_TEST

START_TEST(short_messages_are_refused)
{
	static const struct { uint16_t command, min_len; } commands[] = {
		{ PROTO_DMA_MAP, 32 }, { PROTO_DMA_UNMAP, 24 }, { PROTO_GET_INFO, 16 },
		{ PROTO_GET_REGION_INFO, 32 }, { PROTO_GET_IRQ_INFO, 16 },
		{ PROTO_SET_IRQS, 20 }, { PROTO_REGION_READ, 16 }, { PROTO_REGION_WRITE, 16 },
		{ PROTO_REGION_WRITE_MULTI, 8 },
	};
	uint8_t nothing[32] = { 0 };

	start(P4);
	for (int i = 0; i < COUNT(commands); i++) {
		ck_assert_int_eq(call(commands[i].command, nothing, commands[i].min_len - 1),
				 -EINVAL);
		ck_assert_int_eq(call(commands[i].command, NULL, 0), -EINVAL);
	}
	ck_assert_int_eq(access_log.refused, 2 * COUNT(commands));
	stop();
}
END_TEST

START_TEST(unknown_commands_are_refused)
{
	static const uint16_t unknown[] = { 0, 6, 11, 12, 14, 16, 99, 0xffff };

	start(P4);
	for (int i = 0; i < COUNT(unknown); i++)
		ck_assert_int_eq(call(unknown[i], NULL, 0), -ENOTSUP);
	ck_assert_uint_eq(read_region(CONFIG, 0, 4), 0x1bb310de);
	stop();
}
END_TEST

START_TEST(lying_counts_are_refused)
{
	struct { struct proto_region_io io; uint8_t data[8]; } write = { { 0, 1, 8 }, { 0 } };
	struct { uint64_t count; struct proto_write writes[2]; } multi = { .count = 3 };
	struct proto_irq_set set = { .flags = 0x22, .count = 1 };

	start(P4);
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write) - 1), -EINVAL);
	write.io.count = 7;
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write)), -EINVAL);
	write.io.count = UINT32_MAX;
	ck_assert_int_eq(call(PROTO_REGION_WRITE, &write, sizeof(write)), -EINVAL);
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), -EINVAL);
	multi.count = UINT64_MAX;
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), -EINVAL);
	/* One boolean promised, none sent. */
	ck_assert_int_eq(call(PROTO_SET_IRQS, &set, sizeof(set)), -EINVAL);
	stop();
}
END_TEST

START_TEST(writes_come_in_bundles)
{
	struct { uint64_t count; struct proto_write writes[3]; } multi = {
		.count = 3,
		.writes = {
			{ 0x10, 1, 4, { 1, 2, 3, 4 } },
			{ 0x20, 1, 8, { 5 } },
			{ 0x30, 1, 9, { 6 } },
		},
	};

	start(P4);
	ck_assert_int_eq(call(PROTO_REGION_WRITE_MULTI, &multi, sizeof(multi)), 8);
	ck_assert_uint_eq(bytes_get(reply, 8), 2);
	ck_assert_uint_eq(read_region(1, 0x10, 4), 0x04030201);
	ck_assert_uint_eq(read_region(1, 0x20, 1), 5);
	ck_assert_uint_eq(read_region(1, 0x30, 1), 0);
	stop();
}
END_TEST

START_TEST(unusable_lengths_end_it)
{
	static const uint32_t sizes[] = { 0, 15, 16 + PROTO_MAX_PAYLOAD + 1, UINT32_MAX };
	struct proto_header header = { .command = PROTO_RESET, .size = sizes[_i] };

	start(P4);
	send_raw(&header, sizeof(header), NULL, 0);
	ck_assert_int_eq(session_step(&session), -EPROTO);
	stop();
}
END_TEST

START_TEST(cut_messages_end_it)
{
	struct proto_header header = { .command = PROTO_GET_INFO, .size = 32 };

	start(P4);
	send_raw(&header, _i ? sizeof(header) : 7, NULL, 0);
	shutdown(client, SHUT_WR);
	ck_assert_int_eq(session_step(&session), 0);
	stop();
}
END_TEST

START_TEST(signals_end_it)
{
	int stop_fd = eventfd(1, 0);

	start(P4);
	session.channel.stop_fd = stop_fd;
	ck_assert_int_eq(session_step(&session), 0);
	stop();
	close(stop_fd);
}
END_TEST

START_TEST(no_reply_means_none)
{
	struct { struct proto_region_io io; uint32_t value; } write = { { 0x40, 1, 4 }, 0x1234 };

	start(P4);
	send_fds(PROTO_REGION_WRITE, PROTO_NO_REPLY, &write, 20, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	send_fds(99, PROTO_NO_REPLY, NULL, 0, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	ck_assert_uint_eq(read_region(1, 0x40, 4), 0x1234);
	stop();
}
END_TEST

START_TEST(replies_are_not_answered)
{
	start(P4);
	send_fds(PROTO_RESET, PROTO_TYPE_REPLY, NULL, 0, NULL, 0);
	ck_assert_int_eq(session_step(&session), 1);
	ck_assert(is_silent());
	ck_assert_uint_eq(access_log.resets, 0);
	stop();
}
END_TEST

static int count_open_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

START_TEST(descriptors_do_not_pile_up)
{
	struct proto_dma_map map = { .argsz = sizeof(map), .address = 0x1000, .size = 0x1000 };
	struct proto_dma_unmap unmap = { .argsz = sizeof(unmap), .address = 0x1000 };
	int fd = eventfd(0, EFD_NONBLOCK), before;

	start(P4);
	before = count_open_fds();
	ck_assert_int_eq(call_fds(PROTO_DMA_MAP, &map, sizeof(map), &fd, 1), 0);
	ck_assert_int_eq(call(PROTO_DMA_UNMAP, &unmap, sizeof(unmap)), sizeof(unmap));
	ck_assert_int_eq(call_fds(99, NULL, 0, &fd, 1), -ENOTSUP);
	ck_assert_int_eq(count_open_fds(), before);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(arm(IRQ_MSI, fd), 0);
	ck_assert_int_eq(count_open_fds(), before + 1);
	close(fd);
	stop();
}
END_TEST

START_TEST(too_many_descriptors_end_it)
{
	int fds[17], before;

	start(P4);
	for (int i = 0; i < COUNT(fds); i++)
		fds[i] = client;
	before = count_open_fds();
	send_fds(PROTO_RESET, 0, NULL, 0, fds, COUNT(fds));
	ck_assert_int_eq(session_step(&session), -EPROTO);
	ck_assert_int_eq(count_open_fds(), before);
	stop();
}
END_TEST

/* As many as are allowed with the header, and one more with the rest. */
START_TEST(descriptors_of_all_parts_count)
{
	struct proto_header header = { .command = PROTO_RESET, .size = sizeof(header) + 4 };
	int fds[16], before;

	start(P4);
	for (int i = 0; i < COUNT(fds); i++)
		fds[i] = client;
	before = count_open_fds();
	send_raw(&header, sizeof(header), fds, COUNT(fds));
	send_raw("rest", 4, fds, 1);
	ck_assert_int_eq(session_step(&session), -EPROTO);
	ck_assert_int_eq(count_open_fds(), before);
	stop();
}
END_TEST

/* Any bytes whatever, with a header good enough to get them looked at. */
START_TEST(nonsense_is_survived)
{
	uint32_t random = 12345 + _i;
	int fd = eventfd(0, EFD_NONBLOCK);

	start(P4);
	for (int round = 0; round < 5000; round++) {
		struct { struct proto_header header; uint32_t words[16]; } message;
		size_t len;

		for (size_t i = 0; i < sizeof(message) / 4; i++) {
			random = random * 1664525 + 1013904223;
			/* Small numbers get further than large ones. */
			((uint32_t *)&message)[i] = random & 0x80000000 ? random >> 8 :
						    random >> 20 & 0xf;
		}
		len = sizeof(struct proto_header) + (random >> 10) % sizeof(message.words);
		message.header.command = (random >> 16) % 20;
		message.header.size = len;
		message.header.flags = PROTO_NO_REPLY;
		send_raw(&message, len, &fd, random >> 24 & 1);
		ck_assert_int_eq(session_step(&session), 1);
	}
	ck_assert(is_silent());
	close(fd);
	stop();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gpusim_protocol");
	TCase *tcase = tcase_create("protocol");

	tcase_add_test(tcase, version_is_negotiated);
	tcase_add_test(tcase, device_is_described);
	tcase_add_test(tcase, indexes_out_of_range_are_refused);
	tcase_add_test(tcase, accesses_out_of_bounds_are_refused);
	tcase_add_test(tcase, short_messages_are_refused);
	tcase_add_test(tcase, unknown_commands_are_refused);
	tcase_add_test(tcase, lying_counts_are_refused);
	tcase_add_test(tcase, writes_come_in_bundles);
	tcase_add_loop_test(tcase, unusable_lengths_end_it, 0, 4);
	tcase_add_loop_test(tcase, cut_messages_end_it, 0, 2);
	tcase_add_test(tcase, signals_end_it);
	tcase_add_test(tcase, no_reply_means_none);
	tcase_add_test(tcase, replies_are_not_answered);
	tcase_add_test(tcase, descriptors_do_not_pile_up);
	tcase_add_test(tcase, too_many_descriptors_end_it);
	tcase_add_test(tcase, descriptors_of_all_parts_count);
	tcase_add_loop_test(tcase, nonsense_is_survived, 0, 4);
	tcase_set_timeout(tcase, 20);
	suite_add_tcase(suite, tcase);
	return unit_run(suite);
}
