/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ataport_glue.h - the Linux side of a miniport module
 *
 * A miniport brings DriverEntry() and nothing that Linux knows of.  The build
 * makes one source file for it that uses ATAPORT_MINIPORT_MODULE(); this is
 * what turns the miniport's objects into a module with a PCI driver.
 */
#ifndef ATAPORT_GLUE_H
#define ATAPORT_GLUE_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <scsi/scsi_host.h>

#include "irb.h"

/* Values under the miniport's service, see registry.c of the port driver. */
struct ataport_registry {
	struct mutex		lock;	/* over the list */
	struct list_head	values;
	const char		*defaults; /* of the build, in the parameter's form */
	bool			loaded;	/* they are in the list */
	bool			registered; /* the miniport was, so they are kept */
};

/**
 * struct ataport_miniport - one miniport module, as the port driver knows it
 * @name: name of the module and of its PCI driver
 * @owner: the miniport's module; an open disk pins it
 * @pci_ids: functions that the miniport drives, ended by an empty entry
 * @driver_entry: the miniport's DriverEntry()
 * @registry: its registry values, also the module parameter "registry"
 * @pci: PCI driver, filled in by the port driver
 * @sht: SCSI host templates for parallel [0] and serial [1] ATA, and for the
 *	default channel driver [2]; they live here because the SCSI layer may
 *	follow them as long as the module exists
 * @iface: what AtaPortInitializeEx() was given
 * @initialized: AtaPortInitializeEx() has accepted @iface
 *
 * The members from @pci on belong to the port driver.
 */
struct ataport_miniport {
	const char			*name;
	struct module			*owner;
	const struct pci_device_id	*pci_ids;
	u32				(*driver_entry)(void *driver_object,
							void *registry_path);
	struct ataport_registry		registry;

	struct pci_driver		pci;
	struct scsi_host_template	sht[3];
	IDE_CONTROLLER_INTERFACE	iface;
	bool				initialized;
};

extern const struct kernel_param_ops ataport_registry_param_ops;

int ataport_register_miniport(struct ataport_miniport *mp);
void ataport_unregister_miniport(struct ataport_miniport *mp);

u32 DriverEntry(void *driver_object, void *registry_path);

/**
 * ATAPORT_MINIPORT_MODULE() - make a module of a miniport
 * @_name: module name, unquoted
 * @_ids: table of struct pci_device_id
 * @_license: licence string of the module
 * @_registry: registry values that come with the build, or NULL
 * @_description: one line
 */
#define ATAPORT_MINIPORT_MODULE(_name, _ids, _license, _registry, _description) \
static struct ataport_miniport _name##_miniport = {			\
	.name		= #_name,					\
	.owner		= THIS_MODULE,					\
	.pci_ids	= _ids,						\
	.driver_entry	= DriverEntry,					\
	.registry	= {						\
		.lock	= __MUTEX_INITIALIZER(_name##_miniport.registry.lock), \
		.values	= LIST_HEAD_INIT(_name##_miniport.registry.values), \
		.defaults = _registry,					\
	},								\
};									\
module_param_cb(registry, &ataport_registry_param_ops,			\
		&_name##_miniport, 0644);				\
MODULE_PARM_DESC(registry,						\
	"registry values: Controller<N>\\[Channel<M>\\]Name=dword:|sz:|hex:data;..."); \
static int __init _name##_init(void)					\
{									\
	return ataport_register_miniport(&_name##_miniport);		\
}									\
module_init(_name##_init);						\
static void __exit _name##_exit(void)					\
{									\
	ataport_unregister_miniport(&_name##_miniport);			\
}									\
module_exit(_name##_exit);						\
MODULE_DEVICE_TABLE(pci, _ids);						\
MODULE_LICENSE(_license);						\
MODULE_DESCRIPTION(_description)

#endif /* ATAPORT_GLUE_H */
