# SPDX-License-Identifier: GPL-2.0-or-later
#
# make help lists the targets. The kernel module is built by kbuild from Kbuild,
# the tool and the simulator by the rules below, into build/.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
PREFIX ?= /usr/local
DESTDIR ?=

CC ?= gcc
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
B := build$(if $(SAN),-san)

# SAN=1: with sanitizers, beside the ordinary build.
ifneq ($(SAN),)
override CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
endif

# FUZZ=1: with what libFuzzer needs besides (tests/fuzz).
ifneq ($(FUZZ),)
B := build-fuzz
override CC := clang
override CFLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
endif

# V=1 shows the commands; otherwise one short line each.
ifeq ($(V),1)
Q :=
say :=
else
Q := @
say = @printf '  %-8s%s\n' '$(1)' '$(2)';
MAKEFLAGS += --no-print-directory
endif

all: module tool

# --- the tool and the simulator -------------------------------------------

TOOL_LIBS := json-c yaml-0.1 libpcre2-8 libkmod libpci libsystemd zlib
SIM_LIBS := yaml-0.1

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wformat=2 -Wno-format-nonliteral \
	-Wno-missing-field-initializers
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -Itools -Imodule -Itests $(WARNINGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP

TOOL_SOURCES := tools/gpuprobe.c $(sort $(wildcard tools/*/*.c))
TOOL_OBJECTS := $(TOOL_SOURCES:%.c=$(B)/%.o) $(B)/embedded.o $(B)/report_css.o
KNOWLEDGE := $(sort $(wildcard tools/knowledge/*.yaml))

SIM_SOURCES := $(sort $(wildcard tests/gpusim/*.c))
SIM_OBJECTS := $(SIM_SOURCES:%.c=$(B)/%.o) $(B)/tools/lib/yamldoc.o

tool: $(B)/gpuprobe catalogues

gpusim: $(B)/gpusim $(B)/poke

# One clear line instead of a page of missing headers.
$(B)/.libraries: Makefile
	@mkdir -p $(B)
	@for lib in $(TOOL_LIBS); do $(PKG_CONFIG) --exists $$lib 2>/dev/null || { \
		echo "make: the library $$lib is missing; packaging/install-packages build installs all that the build needs" >&2; \
		exit 1; }; done
	@touch $@

$(B)/gpuprobe: $(TOOL_OBJECTS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs $(TOOL_LIBS))

$(B)/gpusim: $(SIM_OBJECTS)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs $(SIM_LIBS))

# What runs in the guests of the VM tests beside the tool.
$(B)/poke: $(B)/tests/vm/guest/poke.o
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/%.o: %.c | $(B)/.libraries
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/embedded.c: tools/knowledge/embed.sh $(KNOWLEDGE)
	@mkdir -p $(@D)
	$(call say,EMBED,$@)sh tools/knowledge/embed.sh $(KNOWLEDGE) >$@.tmp && mv $@.tmp $@

$(B)/embedded.o: $(B)/embedded.c $(KNOWLEDGE) | $(B)/.libraries
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/report_css.c: tools/render/embed_css.sh tools/render/report.css
	@mkdir -p $(@D)
	$(call say,EMBED,$@)sh $^ >$@.tmp && mv $@.tmp $@

$(B)/report_css.o: $(B)/report_css.c | $(B)/.libraries
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(TOOL_OBJECTS:.o=.d) $(SIM_OBJECTS:.o=.d) $(B)/tests/vm/guest/poke.d

include tests/unit/unit.mk
include tests/fuzz/fuzz.mk
include po/po.mk

# --- the module -----------------------------------------------------------

module:
	@if [ -e $(KDIR)/Makefile ]; then \
		$(MAKE) -C $(KDIR) M=$(CURDIR) $(if $(filter 1,$(V)),V=1) modules; \
	else \
		echo "make: no kernel headers in $(KDIR): the module is not built (package linux-headers-$(KVER))"; \
	fi

# --- installing in the guest with the sick GPU ------------------------------

install:
	@packaging/install

uninstall:
	@packaging/uninstall

dkms-install:
	@packaging/dkms install

dkms-remove:
	@packaging/dkms remove

deb:
	@packaging/deb

include packaging/install.mk

# --- demo and tests ----------------------------------------------------------

# DRIVER=nvidia loads the real driver in the guest as well.
demo:
	@packaging/install-packages build tests-vm
	@$(MAKE) -s tool gpusim
	@tests/vm/demo --driver=$(or $(DRIVER),none)

check:
	@tests/run

check-all:
	@tests/run --all

check-unit:
	@tests/run unit golden contract

bench:
	@tests/bench/run

# For each reader, SECONDS long.
fuzz:
	@packaging/install-packages build tests fuzz
	@tests/fuzz/run $(or $(SECONDS),180)

# The reports in docs/examples, and pictures of them, from golden cases.
examples: tool golden
	@packaging/install-packages tests-html
	@docs/examples/generate

# --- the rest ----------------------------------------------------------------

clean:
	$(call say,CLEAN,build)rm -rf $(B)
	@if [ -e $(KDIR)/Makefile ]; then $(MAKE) -C $(KDIR) M=$(CURDIR) clean; fi

# What tests and demo have fetched and built: QEMU, kernels, drivers.
distclean: clean
	$(call say,CLEAN,.cache)rm -rf .cache

help:
	@echo 'make              build the module (if kernel headers are there) and the tool'
	@echo 'make module       only the kernel module, for KVER=$(KVER)'
	@echo 'make tool         only the tool, build/gpuprobe'
	@echo 'make gpusim       the GPU simulator, build/gpusim'
	@echo 'make install      install both here: the module by DKMS, early in the boot'
	@echo 'make uninstall    take them away again'
	@echo 'make dkms-install only the module, by DKMS; make dkms-remove takes it away'
	@echo 'make deb          Debian packages, into build/deb'
	@echo 'make demo         boot a VM with a simulated sick Tesla P4 and show the report;'
	@echo '                  DRIVER=nvidia loads the real NVIDIA driver in it as well'
	@echo 'make check        install what the tests need and run all of them'
	@echo 'make check-all    the same on every kernel and system that is supported: hours'
	@echo 'make check-unit   only the tests that need no VM'
	@echo 'make bench        what things cost'
	@echo 'make fuzz         damaged input for each reader, SECONDS=180 each'
	@echo 'make examples     the reports in docs/examples, anew'
	@echo 'make po           bring the catalogues of translations up to date'
	@echo 'make clean        remove what was built; make distclean: the downloads as well'
	@echo
	@echo 'V=1 shows the commands. KVER, KDIR, PREFIX, CC and CFLAGS are heeded.'

.PHONY: all examples tool gpusim module install uninstall dkms-install dkms-remove install-tool uninstall-tool deb demo check check-all check-unit bench fuzz clean distclean help
.DELETE_ON_ERROR:
