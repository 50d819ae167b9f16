// SPDX-License-Identifier: GPL-2.0-only
/*
 * power.c - sleep, wake-up and shutdown of a controller
 *
 * Section 8 of the interface specification: what each device, channel and the
 * adapter are told, and in which order.
 */
#include "ataport.h"

/**
 * ataport_pci_shutdown() - leave a controller quiet for what boots next
 * @pdev: PCI function
 *
 * The disks have been flushed and stopped by their own drivers before.
 *
 * LOCKING: process context.
 */
void ataport_pci_shutdown(struct pci_dev *pdev)
{
	struct ata_host *host = pci_get_drvdata(pdev);
	struct ataport_controller *ctl = host->private_data;
	unsigned int n;

	/* Freezes the ports: no command comes down any more. */
	ata_pci_shutdown_one(pdev);
	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			flush_work(&ctl->channels[n]->worker);
	ataport_stop_channels(ctl);
	ataport_adapter_stop(ctl);
}

static void ataport_power(struct ataport_controller *ctl, IDE_CONTROL_ACTION action)
{
	unsigned long flags;
	unsigned int n;

	if (action == IdePowerUp)
		ctl->mp->iface.AtaAdapterControl(ctl->ext.memory, action, NULL);
	for (n = 0; n < ctl->nr_channels; n++) {
		struct ataport_channel *ch = ctl->channels[n];

		if (!ch)
			continue;
		spin_lock_irqsave(&ch->lock, flags);
		ataport_log(ch, ATAPORT_LOG_CONTROL, action, 0, 0);
		/* Like after the start, the first reset finds fresh hardware. */
		if (action == IdePowerUp)
			ch->ran = false;
		ataport_frame_enter(ch);
		if (!ch->iface.IdeHwControl(ch->ext.memory, action, NULL))
			ataport_report(ch, ATAPORT_RULE_PARAMETER,
				       "IdeHwControl failed for power action %d\n", action);
		ataport_frame_leave(ch);
		spin_unlock_irqrestore(&ch->lock, flags);
	}
	if (action == IdePowerDown)
		ctl->mp->iface.AtaAdapterControl(ctl->ext.memory, action, NULL);
}

static int __maybe_unused ataport_suspend(struct device *dev)
{
	struct ata_host *host = dev_get_drvdata(dev);
	struct ataport_controller *ctl = host->private_data;

	ata_host_suspend(host, PMSG_SUSPEND);
	ataport_power(ctl, IdePowerDown);
	return 0;
}

static int __maybe_unused ataport_resume(struct device *dev)
{
	struct ata_host *host = dev_get_drvdata(dev);
	struct ataport_controller *ctl = host->private_data;

	pci_set_master(ctl->pdev);
	ataport_power(ctl, IdePowerUp);
	ata_host_resume(host);
	return 0;
}

SIMPLE_DEV_PM_OPS(ataport_pm_ops, ataport_suspend, ataport_resume);
