// SPDX-License-Identifier: GPL-2.0-only
/*
 * power.c - sleep, wake-up and shutdown of devices, channels and adapter
 *
 * Section 8 of the interface specification.  libata puts a port to sleep and
 * wakes it in its error handler, with no command in flight; that is where the
 * devices and the channel hear of it.  The adapter sleeps after the last of
 * its channels and wakes before the first, which the order of parent and
 * child in the driver core sees to.
 *
 * A device may also go to D3 alone, at the wish of its miniport
 * (AtaPortRequestPowerStateChange).  Its requests are then held like those of
 * a paused one; the first of them has the error handler wake it.
 */
#include "ataport.h"
#include "trace.h"

/* A spun-down disk needs this long to be ready again, and some more. */
#define ATAPORT_POWER_TIMEOUT		(10 * HZ)
/* What an adapter or a disk may take to empty its cache. */
#define ATAPORT_FLUSH_TIMEOUT		(30 * HZ)
/* And commands in flight, to end before the machine does. */
#define ATAPORT_QUIESCE_TIMEOUT		HZ

static bool ataport_own_failed(u8 status)
{
	return status != IRB_STATUS_SUCCESS && status != IRB_STATUS_INVALID_REQUEST;
}

/*
 * What did not come back in time is taken back: what follows needs a channel
 * without outstanding requests.  libata hears of the reset, to look at the
 * devices again.
 */
static void ataport_own_result(struct ataport_channel *ch, unsigned int target,
			       const struct ataport_own *own, u8 status)
{
	if (!ataport_own_failed(status))
		return;
	ataport_ch_err(ch, "request %#x for target %u %s (status %#x); going on without\n",
		       own->function, target,
		       status == IRB_STATUS_PENDING ? "did not end in time" : "failed", status);
	if (status != IRB_STATUS_PENDING)
		return;
	ataport_hw_reset_online(ch);
	ataport_ask_reset(ch);
}

/* IRB_FUNCTION_POWER_CHANGE, unless the device is in that state. */
static void ataport_device_power(struct ataport_channel *ch, unsigned int target,
				 IDE_POWER_STATE state)
{
	struct ataport_own own = {
		.function = IRB_FUNCTION_POWER_CHANGE,
		.timeout = ATAPORT_POWER_TIMEOUT,
		.power.CurrentPowerState = ch->power[target] == IdePowerD3 ?
					   IdePowerD3 : IdePowerD0,
		.power.DesiredPowerState = state,
	};

	if (own.power.CurrentPowerState == state)
		return;
	ch->power[target] = state;
	ataport_own_result(ch, target, &own, ataport_own_request(ch, target, &own));
}

/* The cache of a disk has to be on its medium before its power goes. */
static bool ataport_device_flush(struct ataport_channel *ch, struct ata_device *dev)
{
	struct ataport_own own = {
		.function = IRB_FUNCTION_ATA_FLUSH,
		.flags = IRB_FLAGS_DRDY_REQUIRED,
		.timeout = ATAPORT_FLUSH_TIMEOUT,
		.taskfile.Current.bDriveHeadReg = ATA_DEVICE_OBS | (dev->devno ? ATA_DEV1 : 0),
		.taskfile.Current.bCommandReg = ATA_CMD_FLUSH,
	};
	u8 status;

	if (dev->class != ATA_DEV_ATA || !ata_try_flush_cache(dev))
		return true;
	if (dev->flags & ATA_DFLAG_FLUSH_EXT) {
		own.taskfile.Current.bCommandReg = ATA_CMD_FLUSH_EXT;
		own.flags |= IRB_FLAGS_48BIT;
	}
	status = ataport_own_request(ch, dev->devno, &own);
	ataport_own_result(ch, dev->devno, &own, status);
	return status == IRB_STATUS_SUCCESS;
}

/**
 * ataport_channel_power() - IdeHwControl of a power action
 * @ch: channel
 * @action: IdePowerUp or IdePowerDown
 *
 * LOCKING: process context, no lock.
 */
void ataport_channel_power(struct ataport_channel *ch, IDE_CONTROL_ACTION action)
{
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&ch->lock, flags);
	/* Like after the start, the first reset finds fresh hardware. */
	if (action == IdePowerUp)
		ch->ran = false;
	ataport_frame_enter(ch);
	ok = ch->iface.IdeHwControl(ch->ext.memory, action, NULL);
	ataport_frame_leave(ch);
	trace_ataport_control(ch->ap->print_id, ch->number, action, ok);
	ataport_log(ch, ATAPORT_LOG_CONTROL, action, 0, ok);
	spin_unlock_irqrestore(&ch->lock, flags);

	if (!ok && !READ_ONCE(ch->ctl->gone))
		ataport_report(ch, ATAPORT_RULE_PARAMETER,
			       "IdeHwControl failed for power action %d\n", action);
}

/**
 * ataport_adapter_power() - AtaAdapterControl of a power action
 * @ctl: controller
 * @action: IdePowerUp or IdePowerDown
 *
 * LOCKING: process context, no lock.
 */
bool ataport_adapter_power(struct ataport_controller *ctl, IDE_CONTROL_ACTION action)
{
	bool ok = ctl->mp->iface.AtaAdapterControl(ctl->ext.memory, action, NULL);

	trace_ataport_control(0, ATAPORT_MAX_CHANNELS, action, ok);
	if (!ok && !READ_ONCE(ctl->gone))
		ataport_ctl_err(ctl, "AtaAdapterControl failed for power action %d\n", action);
	return ok;
}

/**
 * ataport_port_suspend() - libata's step to put a port to sleep
 * @ap: port, frozen
 * @mesg: why
 *
 * A freeze for a snapshot leaves the devices powered.
 *
 * LOCKING: process context, in the error handler.
 */
int ataport_port_suspend(struct ata_port *ap, pm_message_t mesg)
{
	struct ataport_channel *ch = ap->private_data;
	struct ata_device *dev;

	ataport_wait_recovered(ch->ctl);
	if (!ataport_controller_gone(ch->ctl) && mesg.event != PM_EVENT_FREEZE)
		ata_for_each_dev(dev, &ap->link, ENABLED)
			ataport_device_power(ch, dev->devno, IdePowerD3);
	ataport_channel_power(ch, IdePowerDown);
	return 0;
}

/**
 * ataport_port_resume() - libata's step to wake a port
 * @ap: port; its devices are revalidated next
 *
 * LOCKING: process context, in the error handler.
 */
int ataport_port_resume(struct ata_port *ap)
{
	struct ataport_channel *ch = ap->private_data;

	ataport_wait_recovered(ch->ctl);
	ataport_channel_power(ch, IdePowerUp);
	ataport_wake_devices(ch);
	return 0;
}

/**
 * ataport_wake_devices() - bring every device of a channel to D0
 * @ch: channel, running
 *
 * The commands that come next go to all of them.
 *
 * LOCKING: process context, in the error handler.
 */
void ataport_wake_devices(struct ataport_channel *ch)
{
	unsigned int target;
	unsigned long flags;

	if (ataport_controller_gone(ch->ctl))
		return;
	for (target = 0; target < ATAPORT_MAX_TARGETS; target++)
		ataport_device_power(ch, target, IdePowerD0);
	spin_lock_irqsave(&ch->lock, flags);
	set_mask_bits(&ch->paused, ATAPORT_ASLEEP, 0);
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * ataport_sleep_devices() - bring those devices to D3 whose miniport asked for it
 * @ch: channel
 *
 * A disk whose cache cannot be flushed stays awake.
 *
 * LOCKING: process context, at the end of the error handler: no command is
 * active, and none comes before that has returned.
 */
void ataport_sleep_devices(struct ataport_channel *ch)
{
	struct ata_device *dev;
	unsigned long flags;

	ata_for_each_dev(dev, &ch->ap->link, ENABLED) {
		unsigned int target = dev->devno;

		if (xchg(&ch->power_wanted[target], IdePowerUnSpecified) != IdePowerD3)
			continue;
		if (ch->ap->pflags & ATA_PFLAG_FROZEN || !ataport_device_flush(ch, dev))
			continue;
		ataport_device_power(ch, target, IdePowerD3);
		spin_lock_irqsave(&ch->lock, flags);
		set_bit(ATAPORT_PAUSED_ASLEEP(target), &ch->paused);
		spin_unlock_irqrestore(&ch->lock, flags);
	}
}

/**
 * ataport_power_request() - AtaPortRequestPowerStateChange
 * @ch: channel
 * @target: target
 * @state: IdePowerD0 or IdePowerD3
 *
 * LOCKING: any.
 */
void ataport_power_request(struct ataport_channel *ch, unsigned int target,
			   unsigned int state)
{
	if (target >= ATAPORT_MAX_TARGETS || (state != IdePowerD0 && state != IdePowerD3)) {
		ataport_report(ch, ATAPORT_RULE_PARAMETER,
			       "power state %u requested for target %u; there is no such\n",
			       state, target);
		return;
	}
	WRITE_ONCE(ch->power_wanted[target], state);
	ataport_note_event(ch, ATAPORT_EV_POWER);
}

/*
 * No command comes down any more, and none is under way.  libata's own way
 * does not take the lock, which suits registers, not lists.  A command that
 * does not end in time is nobody's: who wrote it is not told that it is done.
 */
static void ataport_quiesce(struct ataport_channel *ch)
{
	unsigned long flags, targets, end = jiffies + ATAPORT_QUIESCE_TIMEOUT;
	unsigned int held;

	spin_lock_irqsave(&ch->lock, flags);
	WRITE_ONCE(ch->down, true);
	ch->ap->pflags |= ATA_PFLAG_FROZEN;
	ataport_freeze(ch->ap);
	spin_unlock_irqrestore(&ch->lock, flags);
	/* What libata had put off is issued without a look at that flag, now or never. */
	ataport_forget_deferred(ch->ap);
	spin_lock_irqsave(&ch->lock, flags);
	ataport_freeze(ch->ap);
	spin_unlock_irqrestore(&ch->lock, flags);

	for (;;) {
		spin_lock_irqsave(&ch->lock, flags);
		held = ataport_outstanding(ch, &targets);
		spin_unlock_irqrestore(&ch->lock, flags);
		if (!held || time_after(jiffies, end))
			break;
		msleep(20);
	}
	if (held && !ataport_controller_gone(ch->ctl) && !READ_ONCE(ch->ctl->offline))
		ataport_hw_reset_online(ch);
}

/* The last words to a device: section 8. */
static void ataport_device_shutdown(struct ataport_channel *ch, unsigned int target)
{
	struct ataport_own own = {
		.function = IRB_FUNCTION_ADAPTER_FLUSH,
		.timeout = ATAPORT_FLUSH_TIMEOUT,
	};

	ataport_own_result(ch, target, &own, ataport_own_request(ch, target, &own));
	own.function = system_state == SYSTEM_RESTART ? IRB_FUNCTION_POWER_REBOOT :
							IRB_FUNCTION_SHUTDOWN;
	own.timeout = ATAPORT_POWER_TIMEOUT;
	ataport_own_result(ch, target, &own, ataport_own_request(ch, target, &own));
}

/*
 * An error handler that is still at work must not meet a stopped channel.  It
 * finds that there is nothing to recover any more and ends soon.
 */
static bool ataport_eh_ended(struct ataport_channel *ch)
{
	struct ata_port *ap = ch->ap;

	return wait_event_timeout(ap->eh_wait_q,
				  !(READ_ONCE(ap->pflags) & ATA_PFLAG_EH_IN_PROGRESS),
				  ATAPORT_POWER_TIMEOUT);
}

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
	struct ata_device *dev;
	unsigned int n;

	if (ataport_is_default(ctl))
		ata_pci_shutdown_one(pdev);
	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			ataport_quiesce(ctl->channels[n]);
	for (n = 0; n < ctl->nr_channels; n++) {
		struct ataport_channel *ch = ctl->channels[n];

		if (!ch)
			continue;
		flush_work(&ch->worker);
		if (ataport_controller_gone(ctl) || READ_ONCE(ctl->offline))
			continue;
		/* They were flushed on their way to sleep. */
		if (ch->ap->pflags & ATA_PFLAG_SUSPENDED)
			continue;
		ata_for_each_dev(dev, &ch->ap->link, ENABLED)
			ataport_device_shutdown(ch, dev->devno);
	}
	ataport_give_up(ctl);
	for (n = 0; n < ctl->nr_channels; n++) {
		if (ctl->channels[n] && !ataport_eh_ended(ctl->channels[n])) {
			ataport_ch_err(ctl->channels[n],
				       "the error handler does not end; the controller is left running\n");
			return;
		}
	}
	ataport_stop_channels(ctl);
	ataport_adapter_stop(ctl);
}

static int __maybe_unused ataport_suspend(struct device *dev)
{
	struct ata_host *host = dev_get_drvdata(dev);
	struct ataport_controller *ctl = host->private_data;

	ata_host_suspend(host, PMSG_SUSPEND);
	ataport_adapter_power(ctl, IdePowerDown);
	return 0;
}

/* An adapter that does not wake up lets its channels fail, each with its error. */
static int __maybe_unused ataport_resume(struct device *dev)
{
	struct ata_host *host = dev_get_drvdata(dev);
	struct ataport_controller *ctl = host->private_data;

	pci_set_master(ctl->pdev);
	if (!ataport_controller_gone(ctl))
		ataport_adapter_power(ctl, IdePowerUp);
	ata_host_resume(host);
	return 0;
}

SIMPLE_DEV_PM_OPS(ataport_pm_ops, ataport_suspend, ataport_resume);
