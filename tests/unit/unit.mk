# SPDX-License-Identifier: GPL-2.0-or-later
#
# Part of the top-level Makefile: the unit tests, one program each, and what the
# golden cases need. SAN=1 builds the same with sanitizers.

UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
UNIT_PROGRAMS := $(UNIT_TESTS:%.c=$(B)/%)
LIBRARY := $(B)/libgpuprobe.a

unit: $(UNIT_PROGRAMS)

golden: $(B)/gpuprobe $(B)/tests/golden/mkstream

# All of the tool but its main(), as a library.
$(LIBRARY): $(filter-out $(B)/tools/gpuprobe.o,$(TOOL_OBJECTS))
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(B)/.libraries-tests: tests/unit/unit.mk | $(B)/.libraries
	@$(PKG_CONFIG) --exists check 2>/dev/null || { \
		echo "make: the library check is missing; packaging/install-packages tests installs all that the tests need" >&2; \
		exit 1; }
	@touch $@

$(UNIT_PROGRAMS:%=%.o): | $(B)/.libraries-tests

# gpusim's objects first: where both have a yamldoc.o, the library's is not taken.
$(filter $(B)/tests/unit/test_gpusim%,$(UNIT_PROGRAMS)): $(filter-out $(B)/tests/gpusim/main.o,$(SIM_OBJECTS))

$(UNIT_PROGRAMS): %: %.o $(LIBRARY)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) \
		$$($(PKG_CONFIG) --libs check $(TOOL_LIBS))

# A page for the pictures of tests/html.
$(B)/tests/html/sample: $(B)/tests/html/sample.o $(LIBRARY)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs $(TOOL_LIBS))

$(B)/tests/golden/mkstream: $(B)/tests/golden/mkstream.o
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

-include $(UNIT_PROGRAMS:%=%.d) $(B)/tests/html/sample.d $(B)/tests/golden/mkstream.d

.PHONY: unit golden
.SECONDARY: $(UNIT_PROGRAMS:%=%.o)
