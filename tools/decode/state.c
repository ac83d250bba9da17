// SPDX-License-Identifier: GPL-2.0-or-later
#include "decode/state.h"

#include <stddef.h>

#include "lib/i18n.h"

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

const char *power_state_name(int32_t power)
{
	static const char *const names[] = {
		"D0", "D1", "D2", "D3hot", "D3cold", N_("unknown"),
	};

	return power >= 0 && (size_t)power < COUNT(names) ? names[power] : N_("unknown");
}

const char *error_state_name(uint32_t state)
{
	static const char *const names[] = {
		N_("unknown"), N_("normal"), N_("frozen by error recovery"), N_("lost for good"),
	};

	return state < COUNT(names) ? names[state] : N_("unknown");
}
