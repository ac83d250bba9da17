// SPDX-License-Identifier: GPL-2.0-or-later
/* A gzip file is read as what is in it, and its end is told. */
#include <zlib.h>

#include "sources/gzip.h"
#include "unit.h"

#define BYTES 200000

static char plain[BYTES], packed[BYTES], unpacked[BYTES + 1];
static size_t packed_length;

static void pack(void)
{
	z_stream stream = { .next_in = (Bytef *)plain, .avail_in = BYTES,
			    .next_out = (Bytef *)packed, .avail_out = BYTES };

	for (size_t i = 0; i < BYTES; i++)
		plain[i] = 'a' + i * i / 7 % 23;
	ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
	packed_length = stream.total_out;
	deflateEnd(&stream);
}

static FILE *file_of(size_t length)
{
	FILE *file = tmpfile();

	fwrite(packed, 1, length, file);
	rewind(file);
	return file;
}

static size_t unpack(size_t length, uint64_t most, enum gzip_end *end)
{
	FILE *file = gzip_open(file_of(length), most, end);
	size_t n;

	ck_assert_ptr_nonnull(file);
	n = fread(unpacked, 1, sizeof(unpacked), file);
	fclose(file);
	return n;
}

START_TEST(whole)
{
	enum gzip_end end;

	ck_assert_uint_eq(unpack(packed_length, UINT64_MAX, &end), BYTES);
	ck_assert_mem_eq(unpacked, plain, BYTES);
	ck_assert_int_eq(end, GZIP_WHOLE);
}
END_TEST

START_TEST(can_be_rewound)
{
	enum gzip_end end;
	FILE *file = gzip_open(file_of(packed_length), UINT64_MAX, &end);

	ck_assert_uint_eq(fread(unpacked, 1, 5000, file), 5000);
	rewind(file);
	ck_assert_uint_eq(fread(unpacked, 1, sizeof(unpacked), file), BYTES);
	ck_assert_mem_eq(unpacked, plain, BYTES);
	ck_assert_int_eq(end, GZIP_WHOLE);
	fclose(file);
}
END_TEST

/* What comes before the end of a file that was cut is there. */
START_TEST(cut)
{
	enum gzip_end end;
	size_t n = unpack(packed_length / 2, UINT64_MAX, &end);

	ck_assert_uint_gt(n, 1000);
	ck_assert_mem_eq(unpacked, plain, n);
	ck_assert_int_eq(end, GZIP_CUT);
}
END_TEST

START_TEST(damaged)
{
	enum gzip_end end;
	size_t n;

	packed[packed_length - 6] ^= 0xff;	/* of the checksum */
	n = unpack(packed_length, UINT64_MAX, &end);
	ck_assert_uint_gt(n, 1000);
	ck_assert_mem_eq(unpacked, plain, 1000);
	ck_assert_int_eq(end, GZIP_DAMAGED);
}
END_TEST

START_TEST(more_than_is_allowed)
{
	enum gzip_end end;

	ck_assert_uint_eq(unpack(packed_length, 1000, &end), 1000);
	ck_assert_int_eq(end, GZIP_TOO_LARGE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gzip");
	TCase *tcase = unit_case(suite, "gzip");

	tcase_add_checked_fixture(tcase, pack, NULL);
	tcase_add_test(tcase, whole);
	tcase_add_test(tcase, can_be_rewound);
	tcase_add_test(tcase, cut);
	tcase_add_test(tcase, damaged);
	tcase_add_test(tcase, more_than_is_allowed);
	return unit_run(suite);
}
