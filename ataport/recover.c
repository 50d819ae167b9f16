// SPDX-License-Identifier: GPL-2.0-only
/*
 * recover.c - errors of the PCI function, resets of it, and its removal
 *
 * While a PCI error or a reset is dealt with, the hardware must not be
 * touched.  Every command is given to libata's error handler at once, which
 * then waits in ataport_wait_recovered(); the miniport returns its requests
 * and is powered down before anything else, and does nothing from then on.
 * When the function is back it is powered up like after a sleep, and the error
 * handler goes on: it revalidates the devices and issues the commands again.
 *
 * A function that does not answer any more is gone for good.  The error
 * handler then detaches its devices instead of waiting for each command to
 * time out.  Nothing of this is looked at on the I/O path.
 */
#include "ataport.h"

/*
 * How long the error handler waits for the PCI core to end a recovery.  That
 * itself waits for the function in steps that double, 65.5 s in all.
 */
#define ATAPORT_RECOVERY_TIMEOUT	(90 * HZ)

/**
 * ataport_recovery_init() - keep what a reset of the function wipes out
 * @ctl: controller, running
 *
 * In a copy of our own: what pci_save_state() keeps is used up by the next
 * sleep, or reset from outside, and would not be there at an error.
 *
 * Return: 0 or -ENOMEM.
 * LOCKING: process context.
 */
int ataport_recovery_init(struct ataport_controller *ctl)
{
	u16 command = 0;

	pci_save_state(ctl->pdev);
	ctl->saved = pci_store_saved_state(ctl->pdev);
	if (!ctl->saved)
		return -ENOMEM;
	pci_read_config_word(ctl->pdev, PCI_COMMAND, &command);
	ctl->command = command & (PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	return 0;
}

/**
 * ataport_controller_gone() - has the function left the bus?
 * @ctl: controller
 *
 * Return: true for ever after the first time.
 * LOCKING: process context.
 */
bool ataport_controller_gone(struct ataport_controller *ctl)
{
	if (READ_ONCE(ctl->gone))
		return true;
	if (READ_ONCE(ctl->offline) || pci_device_is_present(ctl->pdev))
		return false;
	ataport_ctl_err(ctl, "the controller does not answer any more; its devices are given up\n");
	WRITE_ONCE(ctl->gone, true);
	return true;
}

/**
 * ataport_repair_config() - turn on again what somebody else turned off
 * @ch: channel that is about to be reset
 *
 * Without decoding, bus mastering or interrupts no reset of a channel helps.
 * Whoever resets the function has turned them off, and is left alone: that is
 * known under the channel lock, see ataport_hw_reset_online().
 *
 * LOCKING: process context, no lock, in the error handler.
 */
void ataport_repair_config(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;
	struct pci_dev *pdev = ctl->pdev;
	unsigned long flags;
	u16 value;

	spin_lock_irqsave(&ch->lock, flags);
	if (READ_ONCE(ctl->offline))
		goto unlock;
	if (!pci_read_config_word(pdev, PCI_COMMAND, &value) && value != U16_MAX &&
	    ctl->command & ~value) {
		ataport_ctl_err(ctl, "the PCI command register has lost bits %#x; set again\n",
				ctl->command & ~value);
		pci_write_config_word(pdev, PCI_COMMAND, value | ctl->command);
	}
	if (pdev->msi_enabled && pdev->msi_cap &&
	    !pci_read_config_word(pdev, pdev->msi_cap + PCI_MSI_FLAGS, &value) &&
	    !(value & PCI_MSI_FLAGS_ENABLE)) {
		ataport_ctl_err(ctl, "MSI was turned off; turned on again\n");
		pci_write_config_word(pdev, pdev->msi_cap + PCI_MSI_FLAGS,
				      value | PCI_MSI_FLAGS_ENABLE);
	}
unlock:
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * ataport_wait_recovered() - let a recovery of the PCI function end first
 * @ctl: controller
 *
 * LOCKING: process context, in the error handler.
 */
void ataport_wait_recovered(struct ataport_controller *ctl)
{
	might_sleep();

	if (wait_event_timeout(ctl->recovered, !READ_ONCE(ctl->offline),
			       ATAPORT_RECOVERY_TIMEOUT))
		return;
	ataport_ctl_err(ctl, "the recovery of the PCI function does not end; its devices are given up\n");
	WRITE_ONCE(ctl->gone, true);
}

/* What was put to sleep has been powered down, and is powered up when it wakes. */
static bool ataport_port_sleeps(struct ataport_channel *ch)
{
	return READ_ONCE(ch->ap->pflags) & ATA_PFLAG_SUSPENDED;
}

/* Commands to libata, IRBs back from the miniport, hardware left alone. */
static void ataport_go_offline(struct ataport_controller *ctl)
{
	unsigned long flags;
	unsigned int n;

	if (READ_ONCE(ctl->offline))
		return;
	WRITE_ONCE(ctl->offline, true);
	ataport_irq_lock(ctl, &flags);
	ctl->stopped = ctl->started;
	ataport_started_set(ctl, 0);
	ataport_irq_unlock(ctl, flags);

	for (n = 0; n < ctl->nr_channels; n++) {
		struct ataport_channel *ch = ctl->channels[n];

		if (!ch)
			continue;
		spin_lock_irqsave(&ch->lock, flags);
		ata_port_freeze(ch->ap);
		spin_unlock_irqrestore(&ch->lock, flags);
		if (ataport_port_sleeps(ch))
			continue;
		ataport_hw_reset(ch);
		ataport_channel_power(ch, IdePowerDown);
	}
	ataport_adapter_power(ctl, IdePowerDown);
}

/* Interrupts reach the miniport again, and the error handler goes on. */
static void ataport_go_online(struct ataport_controller *ctl)
{
	unsigned long flags;

	if (!READ_ONCE(ctl->offline))
		return;
	ataport_irq_lock(ctl, &flags);
	ataport_started_set(ctl, ctl->stopped);
	ataport_irq_unlock(ctl, flags);
	WRITE_ONCE(ctl->offline, false);
	wake_up_all(&ctl->recovered);
}

/**
 * ataport_give_up() - nothing of a controller is to be recovered any more
 * @ctl: controller
 *
 * LOCKING: process context.
 */
void ataport_give_up(struct ataport_controller *ctl)
{
	WRITE_ONCE(ctl->gone, true);
	ataport_go_online(ctl);
}

/* The function works as after power-on: make it ours again. */
static bool ataport_revive(struct ataport_controller *ctl)
{
	unsigned int n;

	if (READ_ONCE(ctl->gone))
		return false;
	if (!ataport_adapter_power(ctl, IdePowerUp))
		return false;
	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n] && !ataport_port_sleeps(ctl->channels[n]))
			ataport_channel_power(ctl->channels[n], IdePowerUp);
	return true;
}

/**
 * ataport_recovery_abandon() - the controller is about to be stopped
 * @ctl: controller
 *
 * Ends a recovery that is under way.  Of a controller that is gone, every
 * command fails now, so that nobody waits for its time-out.
 *
 * LOCKING: process context.
 */
void ataport_recovery_abandon(struct ataport_controller *ctl)
{
	unsigned long flags;
	unsigned int n;

	WRITE_ONCE(ctl->leaving, true);
	if (READ_ONCE(ctl->offline))
		ataport_give_up(ctl);
	if (!ataport_controller_gone(ctl))
		return;
	for (n = 0; n < ctl->nr_channels; n++) {
		struct ataport_channel *ch = ctl->channels[n];

		if (!ch)
			continue;
		spin_lock_irqsave(&ch->lock, flags);
		ata_port_freeze(ch->ap);
		spin_unlock_irqrestore(&ch->lock, flags);
	}
}

static struct ataport_controller *ataport_of(struct pci_dev *pdev)
{
	struct ata_host *host = pci_get_drvdata(pdev);

	return host ? host->private_data : NULL;
}

static pci_ers_result_t ataport_error_detected(struct pci_dev *pdev,
					       pci_channel_state_t state)
{
	struct ataport_controller *ctl = ataport_of(pdev);

	if (!ctl)
		return PCI_ERS_RESULT_NONE;
	switch (state) {
	case pci_channel_io_normal:
		return PCI_ERS_RESULT_CAN_RECOVER;
	case pci_channel_io_frozen:
		ataport_ctl_err(ctl, "fatal PCI error; waiting for the reset of the function\n");
		ataport_go_offline(ctl);
		return PCI_ERS_RESULT_NEED_RESET;
	default:
		ataport_ctl_err(ctl, "the PCI function has failed for good; its devices are given up\n");
		ataport_go_offline(ctl);
		ataport_give_up(ctl);
		return PCI_ERS_RESULT_DISCONNECT;
	}
}

static pci_ers_result_t ataport_mmio_enabled(struct pci_dev *pdev)
{
	return PCI_ERS_RESULT_RECOVERED;
}

static pci_ers_result_t ataport_slot_reset(struct pci_dev *pdev)
{
	struct ataport_controller *ctl = ataport_of(pdev);

	if (!ctl)
		return PCI_ERS_RESULT_NONE;
	pci_load_saved_state(pdev, ctl->saved);
	pci_restore_state(pdev);
	pci_set_master(pdev);
	if (ataport_revive(ctl))
		return PCI_ERS_RESULT_RECOVERED;
	ataport_give_up(ctl);
	return PCI_ERS_RESULT_DISCONNECT;
}

/*
 * After an error that was not fatal, transactions may have been lost.  The
 * error handler waits a moment for commands in flight, resets a channel where
 * they do not end, and looks at the devices.
 */
static void ataport_error_resume(struct pci_dev *pdev)
{
	struct ataport_controller *ctl = ataport_of(pdev);
	unsigned long flags;
	unsigned int n;

	if (!ctl)
		return;
	ataport_go_online(ctl);
	for (n = 0; n < ctl->nr_channels; n++) {
		struct ataport_channel *ch = ctl->channels[n];

		if (!ch)
			continue;
		spin_lock_irqsave(&ch->lock, flags);
		ch->ap->link.eh_info.action |= ATA_EH_REVALIDATE;
		ata_port_schedule_eh(ch->ap);
		spin_unlock_irqrestore(&ch->lock, flags);
	}
}

static void ataport_reset_prepare(struct pci_dev *pdev)
{
	struct ataport_controller *ctl = ataport_of(pdev);

	if (ctl)
		ataport_go_offline(ctl);
}

static void ataport_reset_done(struct pci_dev *pdev)
{
	struct ataport_controller *ctl = ataport_of(pdev);

	if (!ctl)
		return;
	if (ataport_revive(ctl))
		ataport_go_online(ctl);
	else
		ataport_give_up(ctl);
}

const struct pci_error_handlers ataport_err_handler = {
	.error_detected	= ataport_error_detected,
	.mmio_enabled	= ataport_mmio_enabled,
	.slot_reset	= ataport_slot_reset,
	.resume		= ataport_error_resume,
	.reset_prepare	= ataport_reset_prepare,
	.reset_done	= ataport_reset_done,
};
