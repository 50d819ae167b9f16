// SPDX-License-Identifier: GPL-2.0-only
/*
 * slowreset - a reset of a PCI function that takes its time to be ready
 *
 * Says to the function's driver what the PCI core says around a reset, and
 * waits in between as that does for a function that does not answer yet.  The
 * function itself is left alone.
 *
 *	insmod slowreset.ko dev=0000:01:00.0 seconds=63
 *
 * For tests only.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>

static char *dev;
module_param(dev, charp, 0400);
MODULE_PARM_DESC(dev, "the PCI function");

static unsigned int seconds;
module_param(seconds, uint, 0400);
MODULE_PARM_DESC(seconds, "how long it takes");

static int __init slowreset_init(void)
{
	struct device *found = dev ? bus_find_device_by_name(&pci_bus_type, NULL, dev) : NULL;
	const struct pci_error_handlers *handler = NULL;

	if (!found)
		return -ENODEV;
	device_lock(found);
	if (found->driver)
		handler = to_pci_driver(found->driver)->err_handler;
	if (handler && handler->reset_prepare && handler->reset_done) {
		handler->reset_prepare(to_pci_dev(found));
		ssleep(seconds);
		handler->reset_done(to_pci_dev(found));
	} else {
		handler = NULL;
	}
	device_unlock(found);
	put_device(found);
	return handler ? 0 : -EOPNOTSUPP;
}
module_init(slowreset_init);

static void __exit slowreset_exit(void)
{
}
module_exit(slowreset_exit);

MODULE_DESCRIPTION("a reset of a PCI function that takes its time, for tests");
MODULE_LICENSE("GPL");
