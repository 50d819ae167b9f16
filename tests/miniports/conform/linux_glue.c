// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of the conformance miniport: keeps a verdict for each rule,
 * answers what the kernel knows, takes orders through module parameters:
 *
 *   cmd	an order with up to two numbers, see conf_order()
 *   verdict	"RULE 1" or "RULE 0": a test outside has looked at a rule
 *   row	first row of what "results" shows
 *   results	RULE|routine|section|text|passed|failed|where it failed first
 *   state	counters that a test outside wants to see
 *
 * Parameters because they go away with the module, before anything else does.
 */
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/libata.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "ataport_glue.h"
#include "halves.h"

#define CONF_DRIVER	"ataport_conform"
/* Ports Implemented of an AHCI controller, read-only: who writes it says something else. */
#define CONF_MARK	0x0c

#define CONF_ROW(_name, _routine, _section, _text) { #_name, #_routine, _section, _text },
static const struct {
	const char *name, *routine, *section, *text;
} conf_rules[] = { CONF_RULES(CONF_ROW) };

static struct {
	atomic_t	passed, failed;
	const char	*file;
	int		line;
} conf_verdicts[CONF_NR_RULES];

static void conf_check(int rule, int ok, const char *file, int line)
{
	const char *name;

	if (ok) {
		atomic_inc(&conf_verdicts[rule].passed);
		return;
	}
	if (atomic_inc_return(&conf_verdicts[rule].failed) > 1)
		return;
	name = strrchr(file, '/');
	conf_verdicts[rule].line = line;
	conf_verdicts[rule].file = name ? name + 1 : file;
	pr_err("conform: %s is broken, %s:%d\n", conf_rules[rule].name,
	       conf_verdicts[rule].file, line);
}

static struct pci_dev *conf_attached;

static struct pci_dev *conf_pdev(void)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (pdev->dev.driver && !strcmp(pdev->dev.driver->name, CONF_DRIVER))
			break;
	return pdev;
}

static unsigned long long conf_now(void)
{
	return ktime_get_ns();
}

static unsigned long long conf_wall(void)
{
	return ktime_get_real_ns();
}

static void conf_delay(unsigned int us)
{
	udelay(us);
}

static int conf_bar(int bar, unsigned long long *start, unsigned long long *length, int *memory)
{
	struct pci_dev *pdev = conf_pdev();

	if (!pdev)
		return 0;
	*start = pci_bus_address(pdev, bar);
	*length = pci_resource_len(pdev, bar);
	*memory = !!(pci_resource_flags(pdev, bar) & IORESOURCE_MEM);
	pci_dev_put(pdev);
	return *length != 0;
}

static int conf_config(int offset)
{
	struct pci_dev *pdev = conf_pdev();
	int value = -1;
	u8 byte;

	if (!pdev)
		return -1;
	if (offset < pdev->cfg_size && !pci_read_config_byte(pdev, offset, &byte))
		value = byte;
	pci_dev_put(pdev);
	return value;
}

/* Without an IOMMU a bus address of ordinary memory is a physical one. */
static void conf_copy(unsigned long long bus, void *buffer, unsigned int length, int to_bus)
{
	if (to_bus)
		memcpy(phys_to_virt(bus), buffer, length);
	else
		memcpy(buffer, phys_to_virt(bus), length);
}

static void conf_attach(int on)
{
	struct pci_dev *pdev = on ? conf_pdev() : NULL;

	pci_dev_put(conf_attached);
	conf_attached = pdev;
}

/* Others hold it for microseconds, and longer only where the machine holds them up. */
static int conf_locked(unsigned int ms)
{
	u64 end = ktime_get_ns() + ms * (u64)NSEC_PER_MSEC;
	struct ata_host *host = conf_attached ? pci_get_drvdata(conf_attached) : NULL;

	if (!host)
		return 0;
	do {
		if (!spin_is_locked(&host->lock))
			return 0;
		cpu_relax();
	} while (ktime_get_ns() < end);
	return 1;
}

/* As if the controller had raised its interrupt. */
static int conf_interrupt(void)
{
	return conf_attached ? irq_inject_interrupt(pci_irq_vector(conf_attached, 0)) : -ENODEV;
}

static void conf_sleep(void)
{
	usleep_range(1000, 1500);
}

static void __iomem *conf_window;

static void conf_mark(unsigned int number)
{
	if (conf_window)
		writel(number, conf_window + CONF_MARK);
}

static bool dma32;
module_param(dma32, bool, 0444);
MODULE_PARM_DESC(dma32, "say that the controller has addresses of 32 bits");

ULONG DriverEntry(void *driver_object, void *registry_path)
{
	BUILD_BUG_ON(ARRAY_SIZE(conf_rules) != CONF_NR_RULES);

	conf_linux = (struct conf_linux) {
		.check	= conf_check,
		.now	= conf_now,
		.wall	= conf_wall,
		.delay	= conf_delay,
		.bar	= conf_bar,
		.config	= conf_config,
		.copy	= conf_copy,
		.attach	= conf_attach,
		.locked	= conf_locked,
		.interrupt = conf_interrupt,
		.sleep	= conf_sleep,
		.dma32	= dma32,
		.mark	= conf_mark,
	};
	return conf_entry(driver_object, registry_path);
}

static int cmd_set(const char *val, const struct kernel_param *kp)
{
	struct pci_dev *pdev = conf_pdev();
	unsigned int a = 0, b = 0;
	char name[16];
	int rc = -EINVAL;

	if (!pdev)
		return -ENODEV;
	if (sscanf(val, "%15s %u %u", name, &a, &b) < 1)
		goto out;
	/* A mapping of our own, beside the port driver's. */
	conf_window = ioremap(pci_resource_start(pdev, 5), pci_resource_len(pdev, 5));
	rc = conf_order(name, a, b) ? 0 : -EINVAL;
	if (conf_window)
		iounmap(conf_window);
	conf_window = NULL;
out:
	pci_dev_put(pdev);
	return rc;
}

static const struct kernel_param_ops cmd_ops = { .set = cmd_set };
module_param_cb(cmd, &cmd_ops, NULL, 0200);
MODULE_PARM_DESC(cmd, "an order");

static int verdict_set(const char *val, const struct kernel_param *kp)
{
	char name[32];
	int ok, i;

	if (sscanf(val, "%31s %d", name, &ok) != 2)
		return -EINVAL;
	for (i = 0; i < CONF_NR_RULES; i++) {
		if (strcmp(name, conf_rules[i].name))
			continue;
		conf_check(i, ok, "test", 0);
		return 0;
	}
	return -ENOENT;
}

static const struct kernel_param_ops verdict_ops = { .set = verdict_set };
module_param_cb(verdict, &verdict_ops, NULL, 0200);
MODULE_PARM_DESC(verdict, "what a test has found: RULE 1 or RULE 0");

static unsigned int row;
module_param(row, uint, 0644);
MODULE_PARM_DESC(row, "first row of the results");

static int results_get(char *buf, const struct kernel_param *kp)
{
	char line[256];
	int len = 0, n, i;

	for (i = row; i < CONF_NR_RULES; i++) {
		n = scnprintf(line, sizeof(line), "%s|%s|%s|%s|%d|%d|%s:%d\n", conf_rules[i].name,
			      conf_rules[i].routine, conf_rules[i].section, conf_rules[i].text,
			      atomic_read(&conf_verdicts[i].passed),
			      atomic_read(&conf_verdicts[i].failed),
			      conf_verdicts[i].file ?: "", conf_verdicts[i].line);
		if (len + n >= PAGE_SIZE)
			break;
		memcpy(buf + len, line, n);
		len += n;
	}
	buf[len] = '\0';
	return len;
}

static const struct kernel_param_ops results_ops = { .get = results_get };
module_param_cb(results, &results_ops, NULL, 0444);
MODULE_PARM_DESC(results, "rules and verdicts, a page of them");

#define CONF_STATE_NAME(_name, _text) _text,
static const char * const conf_state_names[] = { CONF_STATES(CONF_STATE_NAME) };

static int state_get(char *buf, const struct kernel_param *kp)
{
	int len = 0, i;

	for (i = 0; i < CONF_NR_STATES; i++)
		len += scnprintf(buf + len, PAGE_SIZE - len, "%s %u\n", conf_state_names[i],
				 conf_state(i));
	return len;
}

static const struct kernel_param_ops state_ops = { .get = state_get };
module_param_cb(state, &state_ops, NULL, 0444);
MODULE_PARM_DESC(state, "counters");
