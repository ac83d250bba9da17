# SPDX-License-Identifier: GPL-2.0-or-later
#
# Where things go: below $(DESTDIR)$(PREFIX), and for a PREFIX that systemd, udev
# and initramfs-tools do not look at, below /etc. dracut looks at one folder only;
# where that is not there or not to be written to, it gets nothing.

SBINDIR ?= $(PREFIX)/sbin
ETC_OR_USR := $(if $(filter /usr,$(PREFIX)),/usr/lib,/etc)
UNITDIR ?= $(ETC_OR_USR)/systemd/system
RULESDIR ?= $(ETC_OR_USR)/udev/rules.d
MANDIR ?= $(PREFIX)/share/man
ZSHDIR ?= $(PREFIX)/share/zsh/$(if $(filter /usr,$(PREFIX)),vendor-completions,site-functions)
HOOKDIR ?= $(if $(filter /usr,$(PREFIX)),/usr/share,/etc)/initramfs-tools/hooks
DRACUTDIR ?= /usr/lib/dracut/modules.d
DRACUT_MODULE := 755:packaging/boot/dracut-module:$(DRACUTDIR)/99gpuprobe/module-setup.sh

INSTALLED := \
	755:$(B)/gpuprobe:$(SBINDIR)/gpuprobe \
	755:packaging/boot/boot-order:$(PREFIX)/lib/gpuprobe/boot-order \
	755:packaging/boot/initramfs-hook:$(HOOKDIR)/gpuprobe \
	$(if $(DESTDIR)$(shell test ! -w $(DRACUTDIR) || echo dracut),$(DRACUT_MODULE)) \
	644:packaging/boot/78-gpuprobe.rules:$(RULESDIR)/78-gpuprobe.rules \
	644:packaging/boot/gpuprobe-early.service:$(UNITDIR)/gpuprobe-early.service \
	644:$(B)/gpuprobe.service:$(UNITDIR)/gpuprobe.service \
	$(foreach page,$(notdir $(wildcard docs/man/*.[1-9])),\
		644:docs/man/$(page):$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(page)) \
	$(foreach schema,$(notdir $(wildcard docs/*.schema.json)),\
		644:docs/$(schema):$(PREFIX)/share/gpuprobe/$(schema)) \
	$(foreach language,$(LANGUAGES),\
		644:$(B)/locale/$(language)/LC_MESSAGES/gpuprobe.mo:$(PREFIX)/share/locale/$(language)/LC_MESSAGES/gpuprobe.mo) \
	644:$(B)/completion/bash:$(PREFIX)/share/bash-completion/completions/gpuprobe \
	644:$(B)/completion/zsh:$(ZSHDIR)/_gpuprobe \
	644:$(B)/completion/fish:$(PREFIX)/share/fish/vendor_completions.d/gpuprobe.fish

INSTALLED_LINKS := ../gpuprobe-early.service:$(UNITDIR)/sysinit.target.wants/gpuprobe-early.service

$(B)/gpuprobe.service: packaging/boot/gpuprobe.service $(B)/.libraries
	$(Q)sed 's,@SBINDIR@,$(SBINDIR),' $< >$@

# What can follow on a command line is in the help texts.
$(B)/completion/%: packaging/completion/%.in packaging/completion/table packaging/completion/generate $(B)/gpuprobe
	@mkdir -p $(@D)
	$(call say,GEN,$@)packaging/completion/table $(B)/gpuprobe | packaging/completion/generate $* >$@.tmp && mv $@.tmp $@

# The tool and what belongs to it; no module.
install-tool: tool $(B)/gpuprobe.service $(addprefix $(B)/completion/,bash zsh fish)
	$(Q)for file in $(INSTALLED); do \
		set -- $$(echo "$$file" | tr : ' '); \
		install -D -m "$$1" "$$2" "$(DESTDIR)$$3" || exit 1; \
	done
	$(Q)for link in $(INSTALLED_LINKS); do \
		mkdir -p "$(DESTDIR)$$(dirname "$${link#*:}")" && ln -sf "$${link%:*}" "$(DESTDIR)$${link#*:}" || exit 1; \
	done

uninstall-tool:
	$(Q)rm -f $(foreach file,$(INSTALLED) $(INSTALLED_LINKS),$(DESTDIR)$(lastword $(subst :, ,$(file))))
	$(Q)rmdir --ignore-fail-on-non-empty $(DESTDIR)$(DRACUTDIR)/99gpuprobe \
		$(foreach link,$(INSTALLED_LINKS),$(DESTDIR)$(dir $(lastword $(subst :, ,$(link))))) 2>/dev/null || true
