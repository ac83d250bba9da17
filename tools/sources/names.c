// SPDX-License-Identifier: GPL-2.0-or-later
/* What this machine and its people are called, so that redaction can look for it. */
#include <ctype.h>

#include "sources/source.h"

#define PASSWD_MAX	(1u << 20)
#define FIRST_UID	1000	/* below are accounts of the system; Debian policy 9.2.2 */

/* "box.example.org": whole, its first label, and the domain. */
static void add_host(struct gpuprobe_case *c, char *name)
{
	char *dot = name ? strchr(name, '.') : NULL;

	case_add_name(c, PSEUDONYM_HOST, name);
	if (dot) {
		*dot = '\0';
		case_add_name(c, PSEUDONYM_HOST, name);
		case_add_name(c, PSEUDONYM_HOST, dot + 1);
	}
	free(name);
}

static bool is_login_shell(const char *shell)
{
	const char *slash = strrchr(shell, '/'), *name = slash ? slash + 1 : shell;

	return *name && strcmp(name, "nologin") && strcmp(name, "false") && strcmp(name, "sync");
}

/* A line of passwd(5). */
static void add_user(struct gpuprobe_case *c, char *line)
{
	char *field[7], *rest = line;

	for (size_t i = 0; i < 7; i++) {
		field[i] = strsep(&rest, ":");
		if (!field[i])
			return;
	}
	if (!is_login_shell(field[6]) ||
	    (atol(field[2]) < FIRST_UID && strncmp(field[5], "/home/", 6)))
		return;
	case_add_name(c, PSEUDONYM_USER, field[0]);
	field[4][strcspn(field[4], ",")] = '\0';	/* the full name */
	case_add_name(c, PSEUDONYM_USER, field[4]);
}

static void add_users(struct gpuprobe_case *c, const struct root *root)
{
	char *text = xcalloc(PASSWD_MAX + 1, 1), *rest = text, *line;

	if (root_read(root, "/etc/passwd", text, PASSWD_MAX) > 0)
		while ((line = strsep(&rest, "\n")))
			add_user(c, line);
	free(text);
}

/* "None" and "To be filled by O.E.M." are no serial numbers: those have digits. */
static void add_serial(struct gpuprobe_case *c, char *serial)
{
	if (serial && strpbrk(serial, "0123456789"))
		case_add_name(c, PSEUDONYM_SERIAL, serial);
	free(serial);
}

void source_names(struct gpuprobe_case *c, const struct root *root)
{
	static const char *const serials[] = {
		"/sys/class/dmi/id/product_serial", "/sys/class/dmi/id/board_serial",
		"/sys/class/dmi/id/chassis_serial", "/sys/class/dmi/id/board_asset_tag",
		"/sys/class/dmi/id/chassis_asset_tag",
	};

	add_host(c, root_line(root, "/proc/sys/kernel/hostname"));
	add_host(c, root_line(root, "/etc/hostname"));
	add_host(c, root_line(root, "/proc/sys/kernel/domainname"));
	add_users(c, root);
	for (size_t i = 0; i < sizeof(serials) / sizeof(serials[0]); i++)
		add_serial(c, root_line(root, serials[i]));
}
