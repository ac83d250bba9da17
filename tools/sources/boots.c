// SPDX-License-Identifier: GPL-2.0-or-later
/* Earlier boots of this machine: what "gpuprobe record" kept of them, and the journal. */
#include <errno.h>
#include <time.h>

#include "lib/i18n.h"
#include "lib/kept.h"
#include "sources/journal.h"
#include "sources/source.h"

bool boot_current(const struct root *root, sd_id128_t *id)
{
	char *text = kept_this_boot(root);
	bool good = text && sd_id128_from_string(text, id) >= 0;

	free(text);
	return good;
}

static struct boot *find_boot(const boot_list *boots, sd_id128_t id)
{
	for (size_t i = 0; i < boots->count; i++)
		if (sd_id128_equal(boots->at[i].id, id))
			return &boots->at[i];
	return NULL;
}

/*
 * What was kept is in the order of the boots, which a clock that went back does not
 * change; so its time counts more than the journal's.
 */
static int add_kept(boot_list *boots, const struct root *root)
{
	kept_list list = { 0 };
	int error = kept_find(&list, root);

	for (size_t i = 0; i < list.count; i++) {
		struct boot *boot;
		sd_id128_t id;

		if (sd_id128_from_string(list.at[i].boot, &id) < 0)
			continue;
		boot = find_boot(boots, id);
		if (!boot)
			boot = array_add(boots);
		boot->id = id;
		boot->kept = true;
		boot->when_us = list.at[i].when_ns / 1000;
	}
	kept_free(&list);
	return error == -ENOENT ? 0 : error;
}

static int latest_first(const void *a, const void *b)
{
	const struct boot *x = a, *y = b;

	return x->when_us > y->when_us ? -1 : x->when_us < y->when_us;
}

/* All but the one that runs, the latest first. A negative errno: what was kept cannot be read. */
static int list_earlier(boot_list *boots, sd_journal *journal, const struct root *root)
{
	sd_id128_t id = { 0 };
	int error;

	if (journal)
		journal_list_boots(journal, boots);
	error = add_kept(boots, root);
	boot_current(root, &id);
	for (size_t i = boots->count; i--;)
		if (sd_id128_equal(boots->at[i].id, id))
			boots->at[i] = boots->at[--boots->count];
	if (boots->count)
		qsort(boots->at, boots->count, sizeof(*boots->at), latest_first);
	return error;
}

static int take_kept(struct gpuprobe_case *c, const struct root *root, sd_id128_t id,
		     const struct knowledge *knowledge, char **problem)
{
	struct gpuprobe_case *kept = case_create(), swap;
	char boot[64], *path;
	int error;

	snprintf(boot, sizeof(boot), SD_ID128_UUID_FORMAT_STR, SD_ID128_FORMAT_VAL(id));
	path = kept_path(root, boot);
	error = source_file(kept, path, knowledge, problem);
	free(path);
	if (!error) {
		swap = *c;
		*c = *kept;
		*kept = swap;
	}
	case_destroy(kept);
	return error;
}

/* The machine is the same; its kernel, its GPUs and their state may have been others. */
static void take_journal(struct gpuprobe_case *c, const struct root *root, sd_journal *journal,
			 sd_id128_t id, const struct knowledge *knowledge)
{
	source_machine(c, root);
	free(c->machine.kernel_release);
	free(c->machine.command_line);
	c->machine.kernel_release = c->machine.command_line = NULL;
	journal_read_boot(c, journal, id, knowledge);
}

/* What was kept knows more; where that cannot be read, the journal may do. */
static int take_boot(struct gpuprobe_case *c, const struct root *root, sd_journal *journal,
		     const struct boot *boot, const struct knowledge *knowledge, char **problem)
{
	int error = boot->kept ? take_kept(c, root, boot->id, knowledge, problem) : 0;

	if (boot->kept && !error)
		return 0;
	if (!boot->in_journal)
		return error;
	if (error) {
		case_add_blind_spot(c, _("what was kept of that boot"), *problem, NULL);
		free(*problem);
		*problem = NULL;
	}
	take_journal(c, root, journal, boot->id, knowledge);
	return 0;
}

static const char *why_unread(int error)
{
	return error == -EACCES ? _("this needs root") : strerror(-error);
}

/* One line that says which boots there are. */
static char *no_such_boot(int wanted, const boot_list *boots, int error)
{
	time_t when = boots->count ? boots->at[boots->count - 1].when_us / 1000000 : 0;
	struct tm tm = { 0 };
	char date[32] = "?";

	if (error)
		return xasprintf(_("boot %d cannot be found: %s: %s"), wanted, KEPT_FOLDER,
				 why_unread(error));
	if (!boots->count)
		return xasprintf(_("there is no boot %d: no earlier boot was kept by gpuprobe.service, "
				   "and journald keeps them only if /var/log/journal is there"), wanted);
	if (gmtime_r(&when, &tm))
		strftime(date, sizeof(date), "%Y-%m-%d %H:%M UTC", &tm);
	return xasprintf(_("there is no boot %d; the first one that was kept, or is in the journal, "
			   "is %d, of %s"), wanted, -(int)boots->count, date);
}

/* So that the report says of which boot it is. */
static void number_boot(struct gpuprobe_case *c, int boot)
{
	for (size_t i = 0; i < c->log.count; i++)
		c->log.at[i].boot += boot - c->boot;
	c->boot = boot;
}

int source_boot(struct gpuprobe_case *c, const struct root *root, int boot,
		const struct knowledge *knowledge, char **problem)
{
	size_t back = -(size_t)boot;
	sd_journal *journal = NULL;
	boot_list boots = { 0 };
	int error = -ENOENT, unread;

	if (journal_open(&journal, root) < 0)
		journal = NULL;
	unread = list_earlier(&boots, journal, root);
	if (back && back <= boots.count)
		error = take_boot(c, root, journal, &boots.at[back - 1], knowledge, problem);
	else
		*problem = no_such_boot(boot, &boots, unread);
	if (!error && unread)
		case_add_blind_spot(c, _("what was kept of that boot"), why_unread(unread),
				    unread == -EACCES ? _(REMEDY_ROOT) : NULL);
	if (!error)
		number_boot(c, boot);
	array_free(&boots);
	sd_journal_close(journal);
	return error;
}
