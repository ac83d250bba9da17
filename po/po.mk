# SPDX-License-Identifier: GPL-2.0-or-later
#
# Part of the top-level Makefile: the languages. po/LANGUAGE.po is a catalogue;
# make po brings all of them up to date with the texts of tools/, where new ones
# are then empty and changed ones "fuzzy". A test finds both.

TOOL_HEADERS := $(sort $(wildcard tools/*/*.h))
LANGUAGES := $(patsubst po/%.po,%,$(sort $(wildcard po/*.po)))
CATALOGUES := $(LANGUAGES:%=$(B)/locale/%/LC_MESSAGES/gpuprobe.mo)

catalogues: $(CATALOGUES)

# Where they are looked for, which another PREFIX changes.
$(B)/tools/lib/i18n.o: override CFLAGS += -DLOCALEDIR='"$(PREFIX)/share/locale"'
$(B)/tools/lib/i18n.o: $(B)/.prefix

$(B)/.prefix: always
	@mkdir -p $(@D); echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@

$(B)/locale/%/LC_MESSAGES/gpuprobe.mo: po/%.po
	@mkdir -p $(@D)
	$(call say,MSGFMT,$@)msgfmt --check -o $@ $<

$(B)/po/texts: $(B)/po/texts.o $(LIBRARY)
	$(call say,LD,$@)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs $(TOOL_LIBS))

# The texts of the code and those of the knowledge, each once.
$(B)/po/gpuprobe.pot: $(TOOL_SOURCES) $(TOOL_HEADERS) $(B)/po/texts
	$(call say,POT,$@)$(B)/po/texts | msguniq -o $(B)/po/knowledge.pot && \
		xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --keyword=ngettext:1,2 \
			--keyword=gate_doubt:3 \
			--package-name=gpuprobe --add-location=file -o $(B)/po/code.pot \
			$(TOOL_SOURCES) $(TOOL_HEADERS) && \
		msgcat --use-first -o $@ $(B)/po/code.pot $(B)/po/knowledge.pot

po: $(B)/po/gpuprobe.pot
	@for language in $(LANGUAGES); do \
		msgmerge --quiet --update --backup=none --previous po/$$language.po $< && \
		printf '%s: ' $$language && msgfmt --statistics -o /dev/null po/$$language.po; \
	done

-include $(B)/po/texts.d

.PHONY: catalogues po always
