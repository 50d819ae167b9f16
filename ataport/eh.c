// SPDX-License-Identifier: GPL-2.0-only
/*
 * eh.c - what libata's error handler asks of a miniport
 *
 * All recovery is libata's; these are the steps it calls.  The one rule of
 * our own: once libata has frozen the port, every command is libata's again,
 * and the IRBs behind them are only waited for, or taken back after a reset.
 */
#include <linux/delay.h>

#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_proto.h>

#include "ataport.h"
#include "trace.h"

/* Fixed-format sense data, as far as REQUEST SENSE of MMC devices goes. */
#define SCSI_SENSE_LEN			18

/* IDENTIFY word 77: current speed of the link in bits 3:1. */
#define ATAPORT_ID_SATA_SPEED		77
/*
 * Of a disk that has just got its power, IDENTIFY waits for the spin-up: no
 * reset does, the interface having nothing that says "ready".  The first row of
 * libata's time-outs is IDENTIFY's; its second is the ten seconds that in-tree
 * drivers give a device after their reset.  A row that were another one would
 * have that command wait a little longer.
 */
#define ATAPORT_TIMEOUTS_IDENTIFY	0
#define ATAPORT_TIMEOUT_SPIN_UP		1
/* How long a LUN reset may take before IdeHwReset follows. */
#define ATAPORT_LUN_RESET_TIMEOUT	(5 * HZ)

/*
 * The commands belong to the error handler from here on.  The interface has
 * no way to mask interrupts, so completions that still come find no command.
 */
void ataport_freeze(struct ata_port *ap)
{
	struct ataport_channel *ch = ap->private_data;
	unsigned int i;

	ataport_log(ch, ATAPORT_LOG_FREEZE, 0, 0, 0);
	ataport_drop_held(ch);
	for (i = 0; i < ch->nr_irbs; i++)
		ch->irbs[i].qc = NULL;
}

/* Does somebody reset the function?  If not, nobody begins while the channel lock is held. */
static bool ataport_away(struct ataport_controller *ctl)
{
	return READ_ONCE(ctl->offline) && !READ_ONCE(ctl->gone);
}

/*
 * The channel lock, while nobody resets the function: whoever begins to do so
 * says it before it takes that lock to freeze the port, under which it is thus
 * known.  LOCKING: process context, no lock.
 */
static unsigned long ataport_lock_online(struct ataport_channel *ch)
	__acquires(&ch->lock)
{
	unsigned long flags;

	for (;;) {
		ataport_wait_recovered(ch->ctl);
		spin_lock_irqsave(&ch->lock, flags);
		if (!ataport_away(ch->ctl))
			return flags;
		spin_unlock_irqrestore(&ch->lock, flags);
	}
}

/*
 * Nothing was masked.  Once the machine goes down, or while somebody resets the
 * function, an error handler that is at work gets no commands.
 */
void ataport_thaw(struct ata_port *ap)
{
	struct ataport_channel *ch = ap->private_data;

	lockdep_assert_held(&ch->lock);

	if (ch->down || ataport_away(ch->ctl))
		ap->pflags |= ATA_PFLAG_FROZEN;
}

/*
 * libata wants its error handler.  That waits for all commands, also for those
 * that wait for the end of a pause.
 */
void ataport_sched_eh(struct ata_port *ap)
{
	ata_std_sched_eh(ap);
	ataport_requeue_held(ap->private_data, NULL);
}

/*
 * A command has timed out.  If its interrupt was lost, the miniport's handler
 * finds it done, and neither a reset nor a retry is needed.
 */
void ataport_lost_interrupt(struct ata_port *ap)
{
	struct ataport_channel *ch = ap->private_data;
	unsigned long flags;

	lockdep_assert_held(&ch->lock);

	/*
	 * A command that libata has put off may have timed out, too, and belongs to
	 * the SCSI layer's error handler.  Where libata has not been told that errors
	 * are pending it does not let go of that command, and starts it later when
	 * it is somebody else's, or puts off all others for ever.  Not by way of
	 * ataport_sched_eh(): all that waits here has timed out.
	 */
	ata_std_sched_eh(ap);

	ataport_frame_enter(ch);
	ataport_irq_lock(ch->ctl, &flags);
	ataport_call_interrupt(ch);
	ataport_irq_unlock(ch->ctl, flags);
	ch->rescued = READ_ONCE(ch->done);
	ataport_frame_leave(ch);
}

/*
 * A command that timed out belongs to the SCSI layer's error handler, which
 * waits until all others have ended or timed out.  One that ended well in
 * between, or that libata had put off and never issued, is given back without
 * a result or with one of those below, and not to be tried again: it would
 * fail.  "Reset" makes it come again.
 */
static void ataport_retry_late(struct ata_port *ap)
{
	struct scsi_cmnd *cmd;

	list_for_each_entry(cmd, &ap->eh_done_q, eh_entry)
		if (cmd->retries >= cmd->allowed &&
		    (!cmd->result || host_byte(cmd->result) == DID_TIME_OUT ||
		     host_byte(cmd->result) == DID_SOFT_ERROR))
			set_host_byte(cmd, DID_RESET);
}

/*
 * A pause, or a private I/O control, would hold the error handler's own
 * commands, too, until they time out.  It waits for the end first.
 */
static bool ataport_wait_unpaused(struct ataport_channel *ch)
{
	unsigned long end = jiffies + (ATAPORT_MAX_PAUSE + 1) * HZ;

	might_sleep();

	while (READ_ONCE(ch->paused) & ATAPORT_PAUSES) {
		/* Does somebody want a reset, which ends all pauses, or the end? */
		if (READ_ONCE(ch->ap->link.eh_info.action) & ATA_EH_RESET ||
		    READ_ONCE(ch->ctl->leaving) || READ_ONCE(ch->ctl->gone) ||
		    time_after(jiffies, end))
			return false;
		/* Not in the way of the other channels' error handlers. */
		ata_msleep(ch->ap, 20);
	}
	return true;
}

/* While the machine goes down, the last words to devices come first; then all is given up. */
static void ataport_wait_down(struct ataport_channel *ch)
{
	might_sleep();

	while (READ_ONCE(ch->down) && !READ_ONCE(ch->ctl->gone))
		ata_msleep(ch->ap, 20);
}

/**
 * ataport_error_handler() - one round of libata's error handler
 * @ap: port
 *
 * A request that the miniport returned with BUS_RESET comes again without
 * being counted against its retries; what counts instead is how often that
 * happens before any request succeeds.
 *
 * Devices of a controller that is gone are detached, which fails their
 * commands without waiting for any.
 *
 * LOCKING: process context.
 */
void ataport_error_handler(struct ata_port *ap)
{
	struct ataport_channel *ch = ap->private_data;
	struct ata_device *dev;
	unsigned long flags;
	bool gone, reset;

	ataport_wait_recovered(ch->ctl);
	ataport_wait_down(ch);
	gone = ataport_controller_gone(ch->ctl);
	ataport_forget_deferred(ap);

	spin_lock_irqsave(&ch->lock, flags);
	if (ch->requeued)
		ch->requeues++;
	ch->requeued = false;
	/* What lost one interrupt loses the next: set the channel up anew. */
	if (ch->rescued)
		ap->link.eh_context.i.action |= ATA_EH_RESET;
	ch->rescued = false;
	/* Which ends all pauses. */
	reset = (ap->pflags & ATA_PFLAG_FROZEN ||
		 ap->link.eh_context.i.action & ATA_EH_RESET) && ch->ran && !ch->probe_only;
	if (gone)
		ata_for_each_dev(dev, &ap->link, ALL)
			dev->flags |= ATA_DFLAG_DETACH;
	spin_unlock_irqrestore(&ch->lock, flags);

	ataport_wake_devices(ch);
	if (!gone && !reset && !ataport_wait_unpaused(ch)) {
		spin_lock_irqsave(&ch->lock, flags);
		ch->probe_only = false;
		ch->ran = true;
		ap->link.eh_context.i.action |= ATA_EH_RESET;
		spin_unlock_irqrestore(&ch->lock, flags);
	}
	ata_std_error_handler(ap);
	ataport_retry_late(ap);
	ataport_sleep_devices(ch);
}

/* Targets with requests that the miniport still holds.  LOCKING: channel lock. */
unsigned int ataport_outstanding(struct ataport_channel *ch, unsigned long *targets)
{
	unsigned int i, nr = 0;

	lockdep_assert_held(&ch->lock);

	*targets = 0;
	for (i = 0; i < ch->nr_irbs; i++) {
		if (!ataport_irb_is(&ch->irbs[i], ATAPORT_IRB_ACTIVE))
			continue;
		__set_bit(ch->irbs[i].target, targets);
		nr++;
	}
	return nr;
}

/**
 * ataport_own_request() - issue a request of the port driver's and wait
 * @ch: channel
 * @target: target
 * @own: what to ask for, and how long to wait
 *
 * Return: the IrbStatus that the miniport gave, or IRB_STATUS_PENDING when
 * there was none in time; the request is then outstanding like any other.
 * LOCKING: process context, no lock; no command of libata is active, or the
 * error handler owns them.
 */
u8 ataport_own_request(struct ataport_channel *ch, unsigned int target,
		       const struct ataport_own *own)
{
	struct ataport_irb *pirb;
	unsigned long flags;
	u8 status;

	might_sleep();

	mutex_lock(&ch->own_mutex);
	flags = ataport_lock_online(ch);
	pirb = ataport_irb_get(ch);
	if (!pirb) {
		spin_unlock_irqrestore(&ch->lock, flags);
		mutex_unlock(&ch->own_mutex);
		return IRB_STATUS_PENDING;
	}
	ataport_irb_fill_own(ch, pirb, own, target);
	reinit_completion(&ch->own_done);
	ch->own_wait = pirb;
	ch->own_status = IRB_STATUS_PENDING;
	ataport_irb_build(ch, pirb);
	if (pirb->irb.IrbStatus == IRB_STATUS_PENDING) {
		ataport_irb_start(ch, pirb);
	} else {
		atomic_set(&pirb->state, ATAPORT_IRB_DONE);
		ataport_irb_finish(ch, pirb);
	}
	spin_unlock_irqrestore(&ch->lock, flags);

	wait_for_completion_timeout(&ch->own_done, own->timeout);

	spin_lock_irqsave(&ch->lock, flags);
	ch->own_wait = NULL;
	status = ch->own_status;
	spin_unlock_irqrestore(&ch->lock, flags);
	mutex_unlock(&ch->own_mutex);
	return status;
}

/* A LUN reset of each target that holds requests; true if none is left. */
static bool ataport_lun_reset(struct ataport_channel *ch)
{
	const struct ataport_own own = {
		.function = IRB_FUNCTION_LUN_RESET,
		.timeout = ATAPORT_LUN_RESET_TIMEOUT,
	};
	unsigned long flags, targets;
	unsigned int target, left;

	spin_lock_irqsave(&ch->lock, flags);
	ataport_outstanding(ch, &targets);
	spin_unlock_irqrestore(&ch->lock, flags);

	for_each_set_bit(target, &targets, ATAPORT_MAX_TARGETS)
		if (ataport_own_request(ch, target, &own) != IRB_STATUS_SUCCESS)
			return false;

	spin_lock_irqsave(&ch->lock, flags);
	left = ataport_outstanding(ch, &targets);
	spin_unlock_irqrestore(&ch->lock, flags);
	return !left;
}

/* LOCKING: channel lock. */
static bool ataport_do_hw_reset(struct ataport_channel *ch)
{
	unsigned int i, lost = 0;
	unsigned long flags;
	u16 function = 0;
	bool ok;

	lockdep_assert_held(&ch->lock);

	ch->in_reset = true;
	ataport_frame_enter(ch);
	if (ch->sync_with_isr) {
		ataport_irq_lock(ch->ctl, &flags);
		ok = ch->iface.IdeHwReset(ch->ext.memory);
		ataport_irq_unlock(ch->ctl, flags);
	} else {
		ok = ch->iface.IdeHwReset(ch->ext.memory);
	}
	ataport_frame_leave(ch);
	ch->in_reset = false;

	for (i = 0; i < ch->nr_irbs; i++) {
		struct ataport_irb *pirb = &ch->irbs[i];

		if (atomic_cmpxchg(&pirb->state, ATAPORT_IRB_ACTIVE,
				   ATAPORT_IRB_LOST) != ATAPORT_IRB_ACTIVE)
			continue;
		if (pirb->mapped)
			ataport_unmap_buffer(ch, pirb, NULL);
		ataport_control_lost(ch, pirb);
		function = pirb->function;
		lost++;
	}
	if (lost)
		ataport_ch_err(ch, "IdeHwReset left %u IRBs outstanding (the last of function %#x); taken back\n",
			       lost, function);
	if (!ok && !READ_ONCE(ch->ctl->gone))
		ataport_ch_err(ch, "IdeHwReset failed\n");
	return ok;
}

/**
 * ataport_hw_reset() - IdeHwReset
 * @ch: channel
 *
 * Whatever it does not complete is taken back.
 *
 * LOCKING: process context, no lock.
 */
bool ataport_hw_reset(struct ataport_channel *ch)
{
	unsigned long flags;
	bool ok;

	spin_lock_irqsave(&ch->lock, flags);
	ok = ataport_do_hw_reset(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return ok;
}

/**
 * ataport_hw_reset_online() - IdeHwReset, after a reset of the PCI function
 * @ch: channel
 *
 * Return: what IdeHwReset returns.
 * LOCKING: process context, no lock, in the error handler.
 */
bool ataport_hw_reset_online(struct ataport_channel *ch)
{
	unsigned long flags;
	bool ok;

	flags = ataport_lock_online(ch);
	ok = ataport_do_hw_reset(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return ok;
}

/**
 * ataport_ask_reset() - have libata reset a channel
 * @ch: channel
 *
 * A frozen port is reset anyway, or stays as it is because the machine goes
 * down.
 *
 * LOCKING: process context, no lock.
 */
void ataport_ask_reset(struct ataport_channel *ch)
{
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	if (!(ch->ap->pflags & ATA_PFLAG_FROZEN)) {
		ch->ap->link.eh_info.action |= ATA_EH_RESET;
		ata_port_schedule_eh(ch->ap);
	}
	spin_unlock_irqrestore(&ch->lock, flags);
}

/*
 * An internal command has ended.  If libata gave up on it, the hardware must
 * let go of its memory, which is used again soon.
 */
void ataport_post_internal_cmd(struct ata_queued_cmd *qc)
{
	struct ataport_channel *ch = qc->ap->private_data;
	struct ataport_irb *pirb = qc->lldd_task;
	unsigned long flags, targets;
	unsigned int held;

	spin_lock_irqsave(&ch->lock, flags);
	if (pirb && pirb->qc == qc)
		pirb->qc = NULL;
	held = ataport_outstanding(ch, &targets);
	spin_unlock_irqrestore(&ch->lock, flags);
	if (held)
		ataport_hw_reset_online(ch);
}

/**
 * ataport_reset() - reset the channel, as far as that is needed
 * @link: the port's link
 * @classes: filled with what to identify
 * @deadline: jiffies by which libata wants us back
 *
 * The first reset after the start finds hardware that has just been started
 * and leaves it alone; so does one that only a bus change asked for.  Which
 * devices there are is for IDENTIFY to find out: the interface has no
 * signatures.
 *
 * LOCKING: process context, in the error handler.
 */
int ataport_reset(struct ata_link *link, unsigned int *classes,
		  unsigned long deadline)
{
	struct ataport_channel *ch = link->ap->private_data;
	unsigned long flags, targets;
	unsigned int held;
	struct ata_device *dev;
	bool needed, fresh, ok = true;

	spin_lock_irqsave(&ch->lock, flags);
	held = ataport_outstanding(ch, &targets);
	needed = held || (ch->ran && !ch->probe_only);
	if (needed)
		set_mask_bits(&ch->paused, ATAPORT_PAUSES, 0);
	fresh = !ch->ran;
	ch->ran = true;
	ch->probe_only = false;
	spin_unlock_irqrestore(&ch->lock, flags);

	if (ataport_controller_gone(ch->ctl)) {
		if (held)
			ataport_hw_reset(ch);
		ata_for_each_dev(dev, link, ALL)
			classes[dev->devno] = ATA_DEV_NONE;
		return 0;
	}
	if (needed)
		ataport_repair_config(ch);
	/* Somebody may have begun to reset the function meanwhile. */
	if (needed && !(held && ataport_lun_reset(ch)))
		ok = ataport_hw_reset_online(ch);
	trace_ataport_reset(ch, held, needed, ok);
	ataport_log(ch, ATAPORT_LOG_RESET, held, needed, ok);
	if (!ok)
		return -EIO;
	/* A pause that began in there would hold the commands that identify the devices. */
	ataport_wait_unpaused(ch);
	ataport_wait_down(ch);

	ata_for_each_dev(dev, link, ALL) {
		classes[dev->devno] = ata_dev_enabled(dev) ? dev->class : ATA_DEV_ATA;
		if (fresh)
			link->eh_context.cmd_timeout_idx[dev->devno][ATAPORT_TIMEOUTS_IDENTIFY] =
				ATAPORT_TIMEOUT_SPIN_UP;
	}
	return 0;
}

/*
 * IDENTIFY.  A device that was there and is gone now need not be looked for
 * three times with a reset in between; nor need one that has failed once and
 * whose controller is being given up.
 */
unsigned int ataport_read_id(struct ata_device *dev, struct ata_taskfile *tf,
			     __le16 *id)
{
	struct ataport_channel *ch = dev->link->ap->private_data;
	unsigned int err_mask = AC_ERR_NODEV_HINT;
	bool given_up = READ_ONCE(ch->ctl->leaving) &&
			dev->link->eh_context.tries[dev->devno] < ATA_EH_DEV_TRIES;

	if (!given_up && !ataport_controller_gone(ch->ctl))
		err_mask = ata_do_dev_read_id(dev, tf, id);
	if ((err_mask & AC_ERR_NODEV_HINT) && ata_dev_enabled(dev))
		dev->link->eh_context.tries[dev->devno] = 1;
	return err_mask;
}

static void ataport_fill_parameters(struct ata_device *dev, IDE_DEVICE_PARAMETERS *p)
{
	const u16 *id = dev->id;

	memset(p, 0, sizeof(*p));
	p->Version = sizeof(*p);
	p->IdeDeviceType = dev->class == ATA_DEV_ATAPI ? DeviceIsAtapi : DeviceIsAta;
	p->TargetId = dev->devno;
	p->NumberOfOverlappedRequests = 1;
	p->MaxBlockXfer = id[ATA_ID_MAX_MULTSECT] & 0xff;
	if (ata_id_removable(id))
		p->DeviceCharacteristics |= DFLAGS_REMOVABLE_MEDIA;
	if (dev->flags & ATA_DFLAG_CDB_INTR)
		p->DeviceCharacteristics |= DFLAGS_INT_DRQ;
	if (ata_id_has_fua(id))
		p->DeviceCharacteristics |= DFLAGS_FUA_SUPPORT;
	if (dev->flags & ATA_DFLAG_LBA) {
		p->AddressTranslation = dev->flags & ATA_DFLAG_LBA48 ?
					Lba48BitMode : LbaMode;
		p->MaxLba.QuadPart = dev->n_sectors ? dev->n_sectors - 1 : 0;
	} else if (dev->class == ATA_DEV_ATA) {
		p->AddressTranslation = ChsMode;
		p->Chs.NumCylinders = dev->cylinders;
		p->Chs.NumHeads = dev->heads;
		p->Chs.NumSectorsPerTrack = dev->sectors;
	}
	p->BytesPerLogicalSector = dev->class == ATA_DEV_ATAPI ? 2048 :
				   ata_id_logical_sector_size(id);
	p->BytesPerPhysicalSector = p->BytesPerLogicalSector <<
				    (dev->class == ATA_DEV_ATAPI ? 0 :
				     ata_id_log2_per_physical_sector(id));
	if (dev->class != ATA_DEV_ATAPI)
		p->BytesOffsetForSectorAlignment =
			ata_id_logical_sector_offset(id, ata_id_log2_per_physical_sector(id)) *
			p->BytesPerLogicalSector;

	p->TransferModeSupported = ataport_modes_of(ata_id_xfermask(id));
	p->TransferModeSelected = ataport_modes_selected(dev, p->TransferModeSupported);
}

/*
 * What IdeHwInitialize left of DeviceCharacteristics. libata has these two of
 * IDENTIFY and looks there again and again, so its copy is where they go.
 */
static void ataport_take_characteristics(struct ata_device *dev, USHORT characteristics)
{
	if (!(characteristics & DFLAGS_FUA_SUPPORT))
		ATAPORT_NO_FUA(dev);
	if (dev->class != ATA_DEV_ATA)
		return;
	if (characteristics & DFLAGS_REMOVABLE_MEDIA)
		dev->id[ATA_ID_CONFIG] |= BIT(7);
	else
		dev->id[ATA_ID_CONFIG] &= ~BIT(7);
}

/*
 * What the miniport allows from now on.  A queue that is there already, and as
 * deep as was allowed, follows; one that the user made shallower stays.
 */
static void ataport_take_depth(struct ataport_channel *ch, struct ata_device *dev,
			       unsigned int depth)
{
	unsigned int before = ch->dev_depth[dev->devno];
	/* Where it was not for the depth, libata has turned queuing off after errors. */
	bool off = dev->flags & ATA_DFLAG_NCQ_OFF && before > 1;
	struct scsi_device *sdev;
	unsigned long flags;
	bool known;

	ch->dev_depth[dev->devno] = depth;
	spin_lock_irqsave(&ch->lock, flags);
	sdev = dev->sdev;
	known = sdev;
	if (sdev && scsi_device_get(sdev))
		sdev = NULL;
	spin_unlock_irqrestore(&ch->lock, flags);
	if (sdev && depth != before &&
	    (sdev->queue_depth > depth || sdev->queue_depth == before))
		ata_scsi_change_queue_depth(sdev, depth);
	if (depth == 1 || (known && off))
		dev->flags |= ATA_DFLAG_NCQ_OFF;
	else if (!known)
		dev->flags &= ~ATA_DFLAG_NCQ_OFF;
	if (sdev)
		scsi_device_put(sdev);
}

/**
 * ataport_dev_config() - IdeHwInitialize of a device that was identified
 * @dev: device
 *
 * LOCKING: process context, in the error handler.
 */
void ataport_dev_config(struct ata_device *dev)
{
	struct ataport_channel *ch = dev->link->ap->private_data;
	IDE_DEVICE_PARAMETERS params;
	unsigned long flags, irq_flags;
	IDENTIFY_DEVICE_DATA *id = &ch->identify;
	unsigned int depth;
	bool ok;

	might_sleep();

	ataport_fill_parameters(dev, &params);
	/* A copy: what libata knows of the device is not the miniport's. */
	memcpy(id, dev->id, sizeof(*id));

	spin_lock_irqsave(&ch->lock, flags);
	/* The error handler comes again after the reset of the function, and so do we. */
	if (ataport_away(ch->ctl)) {
		spin_unlock_irqrestore(&ch->lock, flags);
		return;
	}
	ataport_frame_enter(ch);
	if (ch->sync_with_isr) {
		ataport_irq_lock(ch->ctl, &irq_flags);
		ok = ch->iface.IdeHwInitialize(ch->ext.memory, &params, id);
		ataport_irq_unlock(ch->ctl, irq_flags);
	} else {
		ok = ch->iface.IdeHwInitialize(ch->ext.memory, &params, id);
	}
	ataport_frame_leave(ch);
	spin_unlock_irqrestore(&ch->lock, flags);

	if (!ok)
		ataport_ch_err(ch, "IdeHwInitialize failed for target %u; going on with the defaults\n",
			       dev->devno);
	depth = ok ? params.NumberOfOverlappedRequests : 1;
	if (depth < 1 || depth > ch->depth) {
		ataport_report(ch, ATAPORT_RULE_PARAMETER,
			       "IdeHwInitialize set NumberOfOverlappedRequests %u, the channel has %u\n",
			       depth, ch->depth);
		depth = clamp(depth, 1U, ch->depth);
	}
	ataport_take_depth(ch, dev, depth);
	if (ok)
		ataport_take_characteristics(dev, params.DeviceCharacteristics);
	if (ok)
		ataport_modes_allow(dev, ataport_modes_of(ata_id_xfermask(dev->id)),
				    params.TransferModeSelected);
	else
		ataport_modes_forget(dev);
	/* The interface has no link registers; a device may tell its speed. */
	if (dev->link->ap->flags & ATA_FLAG_SATA && !dev->link->sata_spd)
		dev->link->sata_spd = (dev->id[ATAPORT_ID_SATA_SPEED] >> 1) & 7;
	dev->max_sectors = min(dev->max_sectors, ch->ctl->max_sectors);
	/* As after a reset: libata goes on with commands of its own. */
	ataport_wait_unpaused(ch);
}

/* The public setting of host and device initiated link power management. */
static const GUID ataport_guid_lpm = {
	0x0b2d69d7, 0xa2a1, 0x449c,
	{ 0x96, 0x80, 0xf9, 0x1c, 0x70, 0x52, 0x1c, 0x60 },
};

/* And how long, in milliseconds, a link stays in Partial before Slumber. */
static const GUID ataport_guid_adaptive = {
	0xdab60367, 0x53fe, 0x4fbc,
	{ 0x82, 0x5e, 0x52, 0x1d, 0x06, 0x9d, 0x24, 0x56 },
};

#define ATAPORT_PARTIAL_MS		100

static bool ataport_lists_setting(struct ataport_channel *ch, const GUID *guid)
{
	const IDE_VENDOR_DEFINED_POWER *power = &ch->advanced.VendorDefinedPower;
	unsigned int i, nr = min_t(unsigned int, power->ValidGuids, ARRAY_SIZE(power->Guid));

	for (i = 0; i < nr; i++)
		if (!memcmp(&power->Guid[i], guid, sizeof(*guid)))
			return true;
	return false;
}

/* Does the miniport take the link's power policy at all? */
bool ataport_has_lpm(struct ataport_channel *ch)
{
	return ataport_lists_setting(ch, &ataport_guid_lpm);
}

static bool ataport_power_setting(struct ataport_channel *ch, const GUID *guid, ULONG value)
{
	IDE_VENDOR_DEFINED_POWER_INFO info = {
		.SettingGuid = *guid,
		.Value = &value,
		.ValueLength = sizeof(value),
	};
	unsigned long flags;
	bool ok;

	flags = ataport_lock_online(ch);
	ataport_frame_enter(ch);
	ok = ch->iface.IdeHwControl(ch->ext.memory, IdeVendorDefined, &info);
	ataport_frame_leave(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return ok;
}

/**
 * ataport_set_lpm() - bring the link power policy to the miniport
 * @link: link
 * @policy: libata's policy
 * @hints: not used
 *
 * Return: -EOPNOTSUPP when the miniport did not list the setting.
 * LOCKING: process context, in the error handler.
 */
int ataport_set_lpm(struct ata_link *link, enum ata_lpm_policy policy,
		    unsigned int hints)
{
	struct ataport_channel *ch = link->ap->private_data;
	bool partial = policy == ATA_LPM_MIN_POWER_WITH_PARTIAL;
	ULONG value;

	if (!ataport_has_lpm(ch))
		return -EOPNOTSUPP;

	switch (policy) {
	case ATA_LPM_MAX_POWER:
		value = 0;
		break;
	case ATA_LPM_MED_POWER:
		value = 1;
		break;
	case ATA_LPM_MED_POWER_WITH_DIPM:
		value = 2;
		break;
	default:
		value = 4;
		break;
	}
	if (!ataport_power_setting(ch, &ataport_guid_lpm, value))
		return -EOPNOTSUPP;
	/* Of the lowest policies, one goes by way of Partial. */
	if (value == 4 && ataport_lists_setting(ch, &ataport_guid_adaptive))
		ataport_power_setting(ch, &ataport_guid_adaptive,
				      partial ? ATAPORT_PARTIAL_MS : 0);
	return 0;
}

/**
 * AtaPortNotification() - report a change that the hardware told of
 * @NotificationType: IdeDeviceArrival, IdeDeviceRemoval or IdePowerStateChange
 * @ChannelExtension: channel
 *
 * The arguments that follow are those of AtaPortBusChangeDetected,
 * AtaPortDeviceArrived, AtaPortDeviceRemoved and
 * AtaPortRequestPowerStateChange in the interface documentation.  An arrival
 * identifies the channel's devices anew and resets none.
 *
 * LOCKING: any; libata's error handler acts on it.
 */
void AtaPortNotification(IDE_NOTIFICATION_TYPE NotificationType,
			 PVOID ChannelExtension, ...)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	unsigned int target = IDE_UNTAGGED;
	va_list args;

	if (unlikely(!ch))
		return;
	va_start(args, ChannelExtension);
	switch (NotificationType) {
	case IdeDeviceArrival:
		ataport_note_event(ch, ATAPORT_EV_BUS_CHANGE);
		break;
	case IdeDeviceRemoval:
		target = va_arg(args, int) & 0xff;
		if (target < ATAPORT_MAX_TARGETS)
			ataport_note_event(ch, ATAPORT_EV_REMOVED + target);
		else
			ataport_report(ch, ATAPORT_RULE_PARAMETER,
				       "removal of target %u, which cannot exist\n", target);
		break;
	case IdePowerStateChange:
		target = va_arg(args, int) & 0xff;
		/* The LUN: only 0 is exposed. */
		(void)va_arg(args, int);
		ataport_power_request(ch, target, va_arg(args, int));
		break;
	default:
		ataport_report(ch, ATAPORT_RULE_PARAMETER,
			       "unknown notification %d\n", NotificationType);
		break;
	}
	va_end(args);
	trace_ataport_notification(ch, NotificationType, target);
	ataport_log(ch, ATAPORT_LOG_NOTIFY, target, NotificationType, 0);
}
EXPORT_SYMBOL_GPL(AtaPortNotification);

/**
 * AtaPortBuildRequestSenseIrb() - a REQUEST SENSE for a failed packet command
 * @ChannelExtension: channel
 * @Irb: the failed request, outstanding
 *
 * See AtaPortBuildRequestSenseIrb in the interface documentation.  The
 * miniport issues the IRB by itself and never completes it.
 *
 * Return: the IRB; NULL while one is given out for the target, or for @Irb
 * that is no outstanding packet command.
 * LOCKING: any.
 */
PIDE_REQUEST_BLOCK AtaPortBuildRequestSenseIrb(PVOID ChannelExtension,
					       PIDE_REQUEST_BLOCK Irb)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	struct ataport_irb *failed, *pirb;
	IDE_REQUEST_BLOCK *irb;
	unsigned int target;

	if (unlikely(!ch))
		return NULL;
	failed = ataport_irb_find(ch, Irb, false);
	if (!failed || !ataport_irb_is(failed, ATAPORT_IRB_ACTIVE) ||
	    failed->function != IRB_FUNCTION_ATAPI_COMMAND) {
		ataport_report(ch, ATAPORT_RULE_UNKNOWN_IRB,
			       "%s for an IRB that is no outstanding packet command; refused\n",
			       __func__);
		return NULL;
	}
	target = failed->target;
	if (test_and_set_bit(target, &ch->sense_busy))
		return NULL;

	pirb = &ch->sense_irb[target];
	irb = &pirb->irb;
	memset(irb, 0, sizeof(*irb));
	irb->IrbExtension = pirb->ext;
	irb->Function = IRB_FUNCTION_REQUEST_SENSE;
	irb->Channel = ch->number;
	irb->TargetId = target;
	irb->IrbFlags = IRB_FLAGS_DATA_IN | IRB_FLAGS_MAP_BUFFERS |
			(ch->ctl->config.BusMaster ? IRB_FLAGS_USE_DMA : 0);
	irb->TimeOutValue = failed->irb.TimeOutValue;
	irb->DataTransferLength = SCSI_SENSE_LEN;
	irb->DataBuffer = ch->sense_buf + target * ATAPORT_SENSE_STRIDE;
	irb->CdbLength = failed->irb.CdbLength;
	irb->Cdb[0] = REQUEST_SENSE;
	irb->Cdb[4] = SCSI_SENSE_LEN;
	pirb->sgl->NumberOfElements = 1;
	pirb->sgl->Elements[0].Address.QuadPart = ch->sense_dma + target * ATAPORT_SENSE_STRIDE;
	pirb->sgl->Elements[0].Length = SCSI_SENSE_LEN;
	memset(irb->DataBuffer, 0, SCSI_SENSE_LEN);
	ch->sense_for[target] = failed;
	return irb;
}
EXPORT_SYMBOL_GPL(AtaPortBuildRequestSenseIrb);

/**
 * AtaPortReleaseRequestSenseIrb() - hand back a request-sense IRB
 * @ChannelExtension: channel
 * @Irb: from AtaPortBuildRequestSenseIrb()
 *
 * See AtaPortReleaseRequestSenseIrb in the interface documentation.  Copies
 * the sense data into the failed request's sense buffer; the miniport then
 * completes that with IRB_STATUS_AUTOSENSE_VALID.
 *
 * LOCKING: any.
 */
void AtaPortReleaseRequestSenseIrb(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	unsigned int target;

	if (unlikely(!ch))
		return;
	for (target = 0; target < ATAPORT_MAX_TARGETS; target++)
		if (ch->sense_irb && Irb == &ch->sense_irb[target].irb)
			break;
	if (target == ATAPORT_MAX_TARGETS || !test_bit(target, &ch->sense_busy)) {
		ataport_report(ch, ATAPORT_RULE_UNKNOWN_IRB,
			       "%s of an IRB that is not given out; ignored\n",
			       __func__);
		return;
	}
	/* A reset may have taken the failed request back meanwhile. */
	if (ataport_irb_is(ch->sense_for[target], ATAPORT_IRB_ACTIVE))
		memcpy(ch->sense_for[target]->sense,
		       ch->sense_buf + target * ATAPORT_SENSE_STRIDE, SCSI_SENSE_LEN);
	clear_bit_unlock(target, &ch->sense_busy);
}
EXPORT_SYMBOL_GPL(AtaPortReleaseRequestSenseIrb);
