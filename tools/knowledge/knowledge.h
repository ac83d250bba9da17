/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What gpuprobe knows, as data: kernel messages, code tables, hypervisors and
 * rules. The YAML files of this folder are embedded in the binary; code only
 * reads and looks up.
 */
#ifndef GPUPROBE_KNOWLEDGE_H
#define GPUPROBE_KNOWLEDGE_H

#include "case/pseudonym.h"
#include "knowledge/fields.h"

/* Where something was defined. */
struct place {
	const char *file;	/* belongs to the knowledge */
	size_t line;
};

/* --- kernel messages --- */

enum message_level { LEVEL_NOTE, LEVEL_GOOD, LEVEL_WARNING, LEVEL_ERROR };

struct message {
	char *id;
	struct text_list has;	/* literals, one of which is in every such line */
	char *match;		/* PCRE2 pattern, or NULL: the literal suffices */
	char *level_text;
	char *means;
	char *source;
	char *mark;		/* "inferred", "unverified" or NULL */
	struct text_list samples, counter;
	enum message_level level;
	void *pattern;		/* compiled @match */
	struct place place;
};

#define MESSAGE_FIELDS_MAX 12

/* A line that was recognised; the texts are copies. */
struct message_match {
	const struct message *message;
	size_t count;
	struct {
		const char *name;	/* belongs to the knowledge */
		char *text;
	} fields[MESSAGE_FIELDS_MAX];
};

/* --- codes --- */

struct code_entry {
	uint32_t code;
	char *name;
	char *text;
	char *step;		/* RmInit stages */
	char *branches;		/* "560-", "515-545", or NULL for all */
	char *only;		/* "proprietary" or NULL */
	char *fault;		/* Xids */
	char *mark;
};

typedef ARRAY(struct code_entry) code_table;

/* A source line at which a release of the open module sets a stage of RmInitAdapter. */
struct stage_line {
	char *version;
	uint32_t stage, line;
	uint32_t place, places;		/* the first, second ... of those of this stage */
};

/* --- architectures --- */

struct chip {
	char *name;
	uint32_t id;		/* architecture and implementation, as in PMC_BOOT_42 */
	uint32_t first, last;	/* PCI device numbers; 0: not known */
	char *mark;
};

struct architecture {
	char *name;
	uint32_t first_branch;
	uint32_t last_branch;	/* 0: still supported */
	char *open;		/* the open module: "no", "yes", "required" */
	uint32_t open_first_branch;
	char *gsp;		/* has the GPU System Processor: "yes", "no" */
	char *mark;
	ARRAY(struct chip) chips;
};

/* --- boards --- */

struct board {
	char *name;
	uint32_t device;	/* PCI device number of vendor 10de */
	char *chip, *architecture;
	char *bars;		/* as layout_parse() takes it */
	char *rebar;		/* largest size of the big window, or NULL */
	char *interrupts;	/* "msi", "msix", "both" */
	char *flr;		/* "yes", "no", or NULL */
	char *mark;
};

/* --- where a hypervisor leaves room for memory windows --- */

enum window_rule { WINDOW_SEEN, WINDOW_FIXED, WINDOW_GROWS, WINDOW_SHARE, WINDOW_UNSEEN };

struct limit {
	struct text_list hypervisors;	/* ids, or "any" */
	char *firmware;			/* "bios", "uefi", or NULL: whatever it is */
	char *rule_text;
	enum window_rule rule;
	char *size;			/* of the window above 4 GiB */
	char *low_start, *low_size;	/* of the one below, where it is not as it is seen */
	char *wide_stays_high;		/* "yes": no 64-bit window goes below 4 GiB */
	char *why;			/* does not fit above 4 GiB: why */
	char *change, *change_low;	/* what to change: above, below */
	char *host;			/* what the host must have in order, or NULL */
	char *mark;
	struct text_list sources;
};

/* --- nvidia.ko's own checks --- */

enum gate_moment { GATE_AT_FILE, GATE_AT_LOAD, GATE_AT_PROBE, GATE_AT_USE };

/* The fields are explained in gates.yaml. */
struct gate {
	char *id;
	char *title;
	char *moment_text;
	enum gate_moment moment;
	uint32_t place, place_580;
	uint32_t first_branch, last_branch;	/* 0: no limit */
	char *flavour;
	char *message;
	char *field;
	uint32_t value;
	char *shared;
	char *goes_on;
	char *mark;
	char *source;
};

struct driver_branch {
	uint32_t number;
	char *open;		/* "no": it has no open flavour; else NULL */
};

/* --- hypervisors --- */

struct hypervisor {
	char *id;
	char *name;
	char *like;		/* id whose fixes apply where it has none of its own, or NULL */
	struct text_list cpuid, acpi, dmi_vendor, dmi_product, dmi_bios, dmi_bios_version;
	struct text_list cloud_tag, pci, command_line;
	char *mark;		/* "inferred", "unverified" or NULL */
	struct place place;
};

/* --- rules --- */

enum finding_verdict {
	VERDICT_CAUSE, VERDICT_CONTRIBUTING, VERDICT_CONSEQUENCE, VERDICT_HARMLESS,
};

enum confidence { CONFIDENCE_CERTAIN, CONFIDENCE_LIKELY, CONFIDENCE_POSSIBLE };

/* The most that knowledge with this mark supports; no mark is NULL. */
enum confidence mark_allows(const char *mark);

/* "intpin = 0", "nvrm.no-irq", "msi.vectors >= 2" */
struct term {
	char *name;
	char op[3];		/* "" is: the message was seen; the fact is known and not "no" */
	char *value;
	size_t line;
};

typedef ARRAY(struct term) term_list;

/* One way in which a rule holds: all of, at least one of, none of. */
struct condition {
	enum confidence confidence;
	char *because;		/* why the confidence is not higher, or NULL */
	term_list all, any, none;
	size_t line;
};

struct fix {
	char *hypervisor;	/* id of a hypervisor, or "any" */
	char *text;
	size_t line;
};

typedef ARRAY(struct fix) fix_list;

/* A value that a sample states, in the place of what a snapshot would show. */
struct given_fact {
	char *name;
	char *value;
	size_t line;
};

typedef ARRAY(struct given_fact) given_facts;

/* A small log, facts, or both, under which a rule must hold, or must not. */
struct rule_sample {
	char *log;		/* lines without stamps, or NULL */
	given_facts facts;
	size_t line;
};

typedef ARRAY(struct rule_sample) sample_list;

struct rule {
	char *id;
	char *verdict_text;
	enum finding_verdict verdict;
	uint32_t rank;		/* in cause order: what happens earlier in a bring-up is smaller */
	char *fault;		/* whose: hypervisor, host, guest, driver, gpu, user, none, unknown */
	char *fault_because;
	char *title;
	char *plain;		/* for those who know nothing of PCI, or NULL */
	char *explanation;	/* {fact} is replaced by the fact's value */
	struct text_list evidence;	/* facts to show */
	/* Messages that this accounts for (they have a "." in their ids), and rules that follow */
	struct text_list explains;
	struct text_list not_helpful;	/* advice that circulates and why it fails */
	char *would_tell;	/* what would settle it */
	char *fallback;		/* "yes": only for lines that no other cause accounts for */
	struct text_list sources;
	ARRAY(struct condition) conditions;
	fix_list fixes;
	sample_list samples, counter;
	struct place place;
};

/* What a site's file adds to the fixes of a rule; it is preferred to them. */
struct site_fixes {
	char *rule;
	fix_list fixes;
	struct place place;
};

/* A file of /etc/gpuprobe/rules.d that is in use. */
struct site_file {
	char *path;
	size_t messages, rules, fixes;	/* how many it brought */
};

/* --- what tells who or which machine --- */

/* See redaction.yaml. */
struct redaction_pattern {
	char *kind_text;
	char *match;
	char *check;		/* "ipv6" or NULL */
	struct text_list samples, counter;
	enum pseudonym_kind kind;
	void *pattern;		/* compiled @match, with one group */
};

struct literals;

struct knowledge {
	ARRAY(char *) files;		/* names of what was read */
	ARRAY(struct message) messages;
	struct literals *literals;	/* of all messages, and of the subjects of interest */
	code_table statuses, stages, xids;
	ARRAY(struct stage_line) stage_lines;
	ARRAY(struct architecture) architectures;
	ARRAY(struct board) boards;
	ARRAY(struct limit) limits;
	ARRAY(struct gate) gates;
	ARRAY(struct driver_branch) branches;	/* oldest first */
	ARRAY(struct hypervisor) hypervisors;
	ARRAY(struct rule) rules;
	ARRAY(struct site_fixes) site_fixes;
	ARRAY(struct site_file) site_files;
	ARRAY(struct redaction_pattern) redaction;
	struct text_list common_names;
};

/*
 * Load what is embedded. NULL after complaints through @complain; that is a
 * defect of the build, and a test checks it.
 */
struct knowledge *knowledge_load(yamldoc_complain_fn complain, void *ctx);
void knowledge_destroy(struct knowledge *knowledge);

/* Read one file into @knowledge. False after complaints. */
bool knowledge_add(struct knowledge *knowledge, const char *name, const char *text,
		   size_t length, yamldoc_complain_fn complain, void *ctx);

/* How much there is; knowledge_cut() takes away what was added since. */
struct knowledge_mark {
	size_t messages, rules, site_fixes;
};

struct knowledge_mark knowledge_mark(const struct knowledge *knowledge);
void knowledge_cut(struct knowledge *knowledge, const struct knowledge_mark *mark);

/* Whether a log line is worth keeping: a known message, or one about NVIDIA. */
bool knowledge_line_matters(const struct knowledge *knowledge, const char *text);

/* Recognise the message of a line. The caller clears @match in either case. */
bool knowledge_match(const struct knowledge *knowledge, const char *text,
		     struct message_match *match);
void message_match_clear(struct message_match *match);
const char *message_match_field(const struct message_match *match, const char *name);

const struct message *knowledge_message(const struct knowledge *knowledge, const char *id);

/* @branch: major version of the driver, or 0 if not known. NULL if there is none. */
const struct code_entry *code_find(const code_table *table, uint32_t code,
				   unsigned int branch);
/* A release of @branch is preferred; NULL if no release that was read has the stage there. */
const struct stage_line *stage_line_find(const struct knowledge *knowledge, uint32_t stage,
					 uint32_t line, unsigned int branch);
const struct code_entry *code_find_name(const code_table *table, const char *name);

/* By vendor 10de's PCI device number; NULL if no block of numbers has it. */
const struct architecture *architecture_of_device(const struct knowledge *knowledge,
						  uint16_t device);
/* By the architecture number of the chip's identity, bits 29:24 of PMC_BOOT_42. */
const struct architecture *architecture_of_chip(const struct knowledge *knowledge, uint32_t number);

/* By vendor 10de's PCI device number, or NULL. */
const struct board *knowledge_board(const struct knowledge *knowledge, uint32_t device);

/* For a hypervisor, its like, or any other; @firmware may be NULL, for not known. */
const struct limit *knowledge_limit(const struct knowledge *knowledge,
				    const struct hypervisor *hypervisor, const char *firmware);

const struct hypervisor *knowledge_hypervisor(const struct knowledge *knowledge,
					      const char *id);

const struct rule *knowledge_rule(const struct knowledge *knowledge, const char *id);
/* Whether it comes from a file of the site. */
bool rule_is_of_site(const struct knowledge *knowledge, const struct rule *rule);
/* A rule's id has no "."; a message's has. */
bool is_rule_id(const char *name);
/* The fix for a hypervisor's id, or "any"; a site's own comes first. NULL if there is none. */
const struct fix *rule_fix(const struct knowledge *knowledge, const struct rule *rule,
			   const char *hypervisor);

/* --- the embedded files, made by embed.sh --- */

struct embedded_file {
	const char *name;
	const char *text;
	const char *end;
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_file_count;

/* --- for the loader: one reader per top-level key, each in its own file --- */

struct place knowledge_place(const struct knowledge *knowledge, const struct yamlnode *node);

bool messages_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list);
void messages_free(struct knowledge *knowledge, size_t from);
bool statuses_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list);
bool stages_read(struct knowledge *knowledge, struct yamldoc *doc,
		 const struct yamlnode *list);
bool stage_lines_read(struct knowledge *knowledge, struct yamldoc *doc,
		      const struct yamlnode *list);
void stage_lines_free(struct knowledge *knowledge);
bool xids_read(struct knowledge *knowledge, struct yamldoc *doc,
	       const struct yamlnode *list);
void codes_free(struct knowledge *knowledge);
bool architectures_read(struct knowledge *knowledge, struct yamldoc *doc,
			const struct yamlnode *list);
void architectures_free(struct knowledge *knowledge);
bool boards_read(struct knowledge *knowledge, struct yamldoc *doc,
		 const struct yamlnode *list);
void boards_free(struct knowledge *knowledge);
bool limits_read(struct knowledge *knowledge, struct yamldoc *doc,
		 const struct yamlnode *list);
void limits_free(struct knowledge *knowledge);
bool gates_read(struct knowledge *knowledge, struct yamldoc *doc, const struct yamlnode *list);
bool branches_read(struct knowledge *knowledge, struct yamldoc *doc,
		   const struct yamlnode *list);
void gates_free(struct knowledge *knowledge);
bool hypervisors_read(struct knowledge *knowledge, struct yamldoc *doc,
		      const struct yamlnode *list);
void hypervisors_free(struct knowledge *knowledge);
bool rules_read(struct knowledge *knowledge, struct yamldoc *doc,
		const struct yamlnode *list);
bool samples_read(struct yamldoc *doc, const struct yamlnode *rule, const char *key,
		  sample_list *samples);
void samples_free(sample_list *samples);
bool fixes_read(struct yamldoc *doc, const struct yamlnode *map, fix_list *fixes);
void fixes_free(fix_list *fixes);
bool site_fixes_read(struct knowledge *knowledge, struct yamldoc *doc,
		     const struct yamlnode *list);
void site_fixes_free(struct knowledge *knowledge, size_t from);
void rules_free(struct knowledge *knowledge, size_t from);
bool redaction_read(struct knowledge *knowledge, struct yamldoc *doc,
		    const struct yamlnode *list);
bool common_names_read(struct knowledge *knowledge, struct yamldoc *doc,
		       const struct yamlnode *list);
void redaction_free(struct knowledge *knowledge);

#endif
