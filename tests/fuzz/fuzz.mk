# SPDX-License-Identifier: GPL-2.0-or-later
#
# Part of the top-level Makefile: libFuzzer's targets, one program for each
# tests/fuzz/fuzz_*.c, into build-fuzz/. FUZZ=1 builds all with clang's sanitizers.

FUZZ_PROGRAMS := $(patsubst %.c,$(B)/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

fuzz-programs: $(FUZZ_PROGRAMS)

$(FUZZ_PROGRAMS): %: %.o $(B)/tests/fuzz/common.o $(LIBRARY)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) \
		$$($(PKG_CONFIG) --libs $(TOOL_LIBS))

-include $(FUZZ_PROGRAMS:%=%.d) $(B)/tests/fuzz/common.d

.PHONY: fuzz-programs
.SECONDARY: $(FUZZ_PROGRAMS:%=%.o) $(B)/tests/fuzz/common.o
