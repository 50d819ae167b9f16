// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - life of the module, the miniports, and who owns which extension
 *
 * A miniport module registers here and gets its DriverEntry() called, from
 * which it calls AtaPortInitializeEx().  The PCI driver is registered when
 * DriverEntry() has returned, so that no controller starts before the
 * miniport has finished its own set-up.
 */
#include <linux/module.h>
#include <linux/mutex.h>

#include "ataport.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

struct workqueue_struct *ataport_wq;

/* The miniport whose DriverEntry() runs, and the lock that keeps it alone. */
static DEFINE_MUTEX(ataport_register_lock);
static struct ataport_miniport *ataport_registering;
static struct task_struct *ataport_registering_task;

/*
 * Extensions by address.  Miniports pass them back on every call, so finding
 * one costs a hash and a compare; readers of the lists are under RCU because a
 * stray caller may come while the controller goes away.
 */
struct hlist_head ataport_extensions[1 << ATAPORT_EXTENSION_BITS];
struct ataport_extension_slot ataport_extension_slots[1 << ATAPORT_EXTENSION_BITS];
static DEFINE_SPINLOCK(ataport_extensions_lock);

void ataport_extension_add(struct ataport_extension *ext)
{
	unsigned int hash = ataport_extension_hash(ext->memory);
	struct ataport_extension_slot *slot = &ataport_extension_slots[hash];

	spin_lock(&ataport_extensions_lock);
	hlist_add_head_rcu(&ext->node, &ataport_extensions[hash]);
	if (ext->ch && !slot->memory) {
		WRITE_ONCE(slot->ch, ext->ch);
		/* Whoever finds the address there may take the channel. */
		smp_store_release(&slot->memory, ext->memory);
	}
	spin_unlock(&ataport_extensions_lock);
}

/* The caller waits for a grace period before it frees what @ext lives in. */
void ataport_extension_del(struct ataport_extension *ext)
{
	struct ataport_extension_slot *slot =
		&ataport_extension_slots[ataport_extension_hash(ext->memory)];

	spin_lock(&ataport_extensions_lock);
	if (!hlist_unhashed(&ext->node))
		hlist_del_init_rcu(&ext->node);
	if (ext->ch && slot->ch == ext->ch) {
		WRITE_ONCE(slot->memory, NULL);
		WRITE_ONCE(slot->ch, NULL);
	}
	spin_unlock(&ataport_extensions_lock);
}

void ataport_extension_bad(const void *memory, const char *caller)
{
	pr_err_ratelimited("ataport: %s: %p is no extension of this port driver's (freed, or never given)\n",
			   caller, memory);
}

/* The channel that an extension belongs to, whatever its slot says, or NULL.  LOCKING: RCU. */
struct ataport_channel *ataport_channel_listed(const void *memory)
{
	struct ataport_extension *ext = ataport_extension_find(memory);

	return ext ? ext->ch : NULL;
}

/* What ataport_channel_find() does where the slot is another's, or the address nobody's. */
struct ataport_channel *ataport_channel_search(const void *memory, const char *caller)
{
	struct ataport_channel *ch;

	rcu_read_lock();
	ch = ataport_channel_listed(memory);
	rcu_read_unlock();
	if (ch)
		ataport_check_building(ch, caller);
	else
		ataport_extension_bad(memory, caller);
	return ch;
}

/* The controller that either kind of extension belongs to, or NULL with a message. */
struct ataport_controller *ataport_controller_find(const void *memory, const char *caller)
{
	struct ataport_controller *ctl = NULL;
	struct ataport_extension *ext;

	rcu_read_lock();
	ext = ataport_extension_find(memory);
	if (ext) {
		ctl = ext->ctl;
		if (ext->ch)
			ataport_check_building(ext->ch, caller);
	}
	rcu_read_unlock();
	if (!ctl)
		ataport_extension_bad(memory, caller);
	return ctl;
}

/**
 * ataport_first_report() - is this breach a new one?
 * @reports: of a channel or of a controller
 * @rule: what was broken
 * @routine: by what: a string whose address tells it from others
 *
 * Only the slow way of misuse comes here.  When the table is full there has
 * been enough to read.
 *
 * LOCKING: any.
 */
bool ataport_first_report(struct ataport_reports *reports, enum ataport_rule rule,
			  const char *routine)
{
	/* The highest byte of kernel addresses is always the same. */
	unsigned long key = (unsigned long)routine ^ (unsigned long)rule << (BITS_PER_LONG - 8);
	unsigned int i;

	for (i = 0; i < ATAPORT_MAX_REPORTS; i++) {
		unsigned long old = READ_ONCE(reports->key[i]);

		if (!old)
			old = cmpxchg(&reports->key[i], 0, key);
		if (!old)
			return true;
		if (old == key)
			return false;
	}
	return false;
}

/* Say once that @routine does nothing yet; the caller then fails. */
void ataport_unimplemented(const char *routine, unsigned long *said)
{
	if (!test_and_set_bit(0, said))
		pr_warn("ataport: %s is not implemented and fails\n", routine);
}

/**
 * AtaPortInitializeEx() - accept a miniport's controller interface
 * @DriverObject: first argument of DriverEntry
 * @RegistryPath: second argument of DriverEntry
 * @ControllerInterface: sizes and entry points; copied
 *
 * Unlike in the interface documentation of AtaPortInitializeEx, controllers
 * are not looked for before DriverEntry has returned.
 *
 * Return: STATUS_SUCCESS (0), or an NTSTATUS that makes DriverEntry fail.
 * LOCKING: process context, only from DriverEntry.
 */
ULONG AtaPortInitializeEx(PVOID DriverObject, PVOID RegistryPath,
			  PIDE_CONTROLLER_INTERFACE ControllerInterface)
{
	struct ataport_miniport *mp = ataport_registering;
	const char *why = NULL;

	if (!mp || ataport_registering_task != current) {
		pr_err("ataport: %s called outside DriverEntry, by %pS\n", __func__,
		       __builtin_return_address(0));
		return STATUS_INVALID_DEVICE_REQUEST;
	}
	/* Not before: a miniport that calls from elsewhere is refused, not more. */
	might_sleep();

	if (DriverObject != mp || RegistryPath != (void *)mp->name)
		why = "the arguments are not those of DriverEntry";
	else if (!ControllerInterface)
		why = "ControllerInterface is NULL";
	else if (mp->initialized)
		why = "called a second time";
	else if (ControllerInterface->Version != sizeof(IDE_CONTROLLER_INTERFACE))
		why = "Version is not sizeof(IDE_CONTROLLER_INTERFACE)";
	else if (!ControllerInterface->AtaAdapterControl)
		why = "AtaAdapterControl is NULL";
	else if (ControllerInterface->ControllerExtensionSize > ATAPORT_MAX_EXTENSION)
		why = "ControllerExtensionSize is above 32 MiB";
	else if (ControllerInterface->ChannelExtensionSize > ATAPORT_MAX_EXTENSION)
		why = "ChannelExtensionSize is above 32 MiB";
	else if (ControllerInterface->AlignmentMask & (ControllerInterface->AlignmentMask + 1))
		why = "AlignmentMask is not a power of two less one";
	else if (ControllerInterface->AlignmentMask >= PAGE_SIZE)
		why = "AlignmentMask asks for more than a page";
	else if (!ControllerInterface->AtaChannelInitRoutine && !IS_ENABLED(CONFIG_ATA_BMDMA))
		why = "AtaChannelInitRoutine is NULL, which needs a kernel with CONFIG_ATA_BMDMA";
	if (why) {
		pr_err("ataport: %s: %s refused: %s\n", mp->name, __func__, why);
		return STATUS_INVALID_PARAMETER;
	}

	mp->iface = *ControllerInterface;
	mp->initialized = true;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(AtaPortInitializeEx);

static int ataport_driver_entry(struct ataport_miniport *mp)
{
	ULONG status;

	ataport_registering = mp;
	ataport_registering_task = current;
	status = mp->driver_entry(mp, (void *)mp->name);
	ataport_registering = NULL;
	ataport_registering_task = NULL;

	if (status) {
		pr_err("ataport: %s: DriverEntry failed with status %#x\n", mp->name, status);
		return -EINVAL;
	}
	if (!mp->initialized) {
		pr_err("ataport: %s: DriverEntry did not call AtaPortInitializeEx\n", mp->name);
		return -EINVAL;
	}
	return 0;
}

/**
 * ataport_register_miniport() - enter a miniport and find its controllers
 * @mp: miniport, in the miniport's module
 *
 * Return: 0 or a negative errno, with a message that says which step failed.
 * LOCKING: process context.
 */
int ataport_register_miniport(struct ataport_miniport *mp)
{
	int rc;

	mp->initialized = false;
	mp->sht[0] = ataport_sht_pata;
	mp->sht[1] = ataport_sht_sata;
	mp->sht[2] = ataport_sht_default;
	mp->sht[0].module = mp->owner;
	mp->sht[1].module = mp->owner;
	mp->sht[2].module = mp->owner;

	rc = ataport_registry_load(mp);
	if (rc)
		return rc;

	mutex_lock(&ataport_register_lock);
	rc = ataport_driver_entry(mp);
	mutex_unlock(&ataport_register_lock);
	if (rc)
		return rc;

	mp->pci = (struct pci_driver) {
		.name		= mp->name,
		.id_table	= mp->pci_ids,
		.probe		= ataport_pci_probe,
		.remove		= ataport_pci_remove,
		.shutdown	= ataport_pci_shutdown,
		.err_handler	= &ataport_err_handler,
		.driver.pm	= &ataport_pm_ops,
	};
	rc = __pci_register_driver(&mp->pci, mp->owner, mp->name);
	if (rc)
		pr_err("ataport: %s: the PCI driver could not be registered (%d)\n", mp->name, rc);
	else
		mp->registry.registered = true;
	return rc;
}
EXPORT_SYMBOL_GPL(ataport_register_miniport);

/**
 * ataport_unregister_miniport() - stop a miniport's controllers and forget it
 * @mp: miniport
 *
 * LOCKING: process context.
 */
void ataport_unregister_miniport(struct ataport_miniport *mp)
{
	pci_unregister_driver(&mp->pci);
}
EXPORT_SYMBOL_GPL(ataport_unregister_miniport);

static int __init ataport_init(void)
{
	/*
	 * The I/O of a disk may wait for worker routines: memory reclaim.  Not
	 * of high priority: a routine that asks for itself for ever would leave
	 * a single processor to nobody else.
	 */
	ataport_wq = alloc_workqueue("ataport", WQ_MEM_RECLAIM | ATAPORT_WQ_PERCPU, 0);
	if (!ataport_wq) {
		pr_err("ataport: no memory for the work queue\n");
		return -ENOMEM;
	}
	ataport_debugfs_init();
	return 0;
}
module_init(ataport_init);

static void __exit ataport_exit(void)
{
	ataport_debugfs_exit();
	ataport_registry_exit();
	destroy_workqueue(ataport_wq);
}
module_exit(ataport_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("ATA port driver interface for Windows-style miniports, on libata");
