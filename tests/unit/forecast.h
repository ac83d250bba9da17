/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the tests of the forecast: a case, what is given in it, and the gate that is asked for. */
#ifndef TESTS_FORECAST_H
#define TESTS_FORECAST_H

#include "builder.h"
#include "diagnose/diagnose.h"
#include "diagnose/gates.h"

static struct gpuprobe_case *c;
static struct diagnosis *d;

/* The last record that was given. */
static struct snapshot *record;

static inline void setup(void)
{
	unit_knowledge();
	c = case_create();
	d = NULL;
}

static inline void teardown(void)
{
	diagnosis_destroy(d);
	case_destroy(c);
}

/* The gate of that name; NULL if the forecast ends before it. */
static inline const struct gate_forecast *gate(const char *id)
{
	if (!d)
		d = diagnose(c, unit_knowledge());
	ck_assert_uint_ge(d->gpus.count, 1);
	for (size_t i = 0; i < d->gpus.at[0].gates.count; i++)
		if (!strcmp(d->gpus.at[0].gates.at[i].gate->id, id))
			return &d->gpus.at[0].gates.at[i];
	return NULL;
}

static inline void assert_gate(const char *id, enum gate_result result, const char *because)
{
	const struct gate_forecast *found = gate(id);
	const char *why = found ? found->because : NULL;

	if (!why)
		ck_abort_msg("%s is not reached", id);
	ck_assert_msg(found->result == result, "%s: %d, because %s", id, found->result, why);
	ck_assert_msg(strstr(why, because), "%s: because %s", id, why);
}

static inline void given_driver(const char *version)
{
	struct driver_module *module = array_add(&c->modules);

	module->name = xstrdup("nvidia");
	module->version = xstrdup(version);
	module->installed = true;
}

/* The kernel has given the window up: neither size nor place. */
static inline void lose_bar(struct snapshot *snapshot, size_t index)
{
	snapshot->bars[index] = (struct bar){ .known = true };
}

/* The P4 with a pin, just before nvidia's probe; BAR0 read with that outcome. */
static inline void given_bar0(uint32_t outcome, uint32_t architecture)
{
	struct function *function = given_gpu(c);
	uint8_t bytes[256];

	config_p4(bytes, 1);
	record = given_record(function, GPUPROBE_TRIGGER_BEFORE_BIND, "nvidia");
	given_config(record, bytes);
	record->irq = (struct irq_view){ true, 11, true, 1, true, 0 };
	record->deep.bar0_known = true;
	record->deep.bar0 = (struct gpuprobe_bar0){
		.outcome = outcome, .architecture = architecture,
	};
}

static inline void given_register(uint32_t offset, uint32_t value, uint32_t verdict)
{
	*array_add(&record->deep.registers) =
		(struct gpuprobe_register){ offset, value, 800, verdict };
}

static inline struct driver_module *given_file(const char *vermagic, const char *signer)
{
	given_p4(c, 1, 11);
	given_driver("535.183.01");
	c->machine.kernel_release = xstrdup("6.1.0-42-amd64");
	c->modules_looked = true;
	c->modules.at[0].license = xstrdup("NVIDIA");
	c->modules.at[0].vermagic = xstrdup(vermagic);
	c->modules.at[0].signer = signer ? xstrdup(signer) : NULL;
	return &c->modules.at[0];
}

#define FITS "6.1.0-42-amd64 SMP preempt mod_unload modversions "

static inline void given_setting(const char *kind, const char *module, const char *value)
{
	struct module_setting *setting = array_add(&c->module_settings);

	setting->kind = xstrdup(kind);
	setting->module = xstrdup(module);
	setting->value = value ? xstrdup(value) : NULL;
}

#endif
