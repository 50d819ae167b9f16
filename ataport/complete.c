// SPDX-License-Identifier: GPL-2.0-only
/*
 * complete.c - from AtaPortCompleteRequest back to libata
 *
 * A completion may come under the interrupt lock, where the channel lock must
 * not be taken, so it only sets a bit.  Whoever drops the interrupt lock, or
 * leaves a miniport routine that ran under the channel lock, collects the
 * bits and gives the commands to libata under the channel lock.  The bits of
 * completions under the interrupt lock, nearly all, are plain memory that it
 * protects; the others are set and taken by locked instructions.
 */
#include <scsi/scsi.h>
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_device.h>

#include "ataport.h"
#include "trace.h"

#define ATAPORT_STATUS_MASK	0x0f
/* Rounds of BUS_RESET without a success before a retry is counted. */
#define ATAPORT_MAX_REQUEUES	8

/* Something waits for the channel lock on @ch. */
static void ataport_mark_pending(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;

	/* What waits is seen by whoever sees this bit, and clears it. */
	smp_mb__before_atomic();
	set_bit(ch->number, &ctl->pending);
	if (ataport_irq_held(ctl) || READ_ONCE(ch->frame_owner) == current)
		return;
	/* Under that lock, a channel lock would be taken the wrong way round. */
	if (unlikely(ataport_under_other_lock(ctl)))
		irq_work_queue(&ctl->flush_work);
	else
		ataport_flush_pending(ctl);
}

/**
 * ataport_note_event() - remember something to be done under the channel lock
 * @ch: channel
 * @event: bit of &enum ataport_event
 *
 * LOCKING: any.
 */
void ataport_note_event(struct ataport_channel *ch, unsigned int event)
{
	/* Whoever sees the event sees what it is about. */
	smp_mb__before_atomic();
	set_bit(event, &ch->events);
	ataport_mark_pending(ch);
}

/* Mark @pirb completed.  LOCKING: the interrupt lock, or, without @held, any. */
static __always_inline void ataport_mark_done(struct ataport_channel *ch,
					      struct ataport_irb *pirb, bool held)
{
	if (likely(held)) {
		ch->isr_done |= BIT(pirb->index);
		ch->ctl->isr_done |= BIT(ch->number);
	} else {
		/* How it ended was stored before, and is read by whoever sees the bit. */
		smp_mb__before_atomic();
		set_bit(pirb->index, &ch->done);
	}
}

/* A completion of what the miniport does not have, or should not any more. */
static noinline void ataport_complete_stale(struct ataport_channel *ch,
					    struct ataport_irb *pirb, bool held,
					    const char *routine)
{
	int old = atomic_cmpxchg(&pirb->state, ATAPORT_IRB_LOST, ATAPORT_IRB_DONE);

	if (old == ATAPORT_IRB_LOST) {
		ataport_report_for(ch, ATAPORT_RULE_LOST, routine,
				   "IRB of function %#x completed after it was taken back; ignored\n",
				   pirb->function);
		ataport_mark_done(ch, pirb, held);
		return;
	}
	ataport_report_for(ch, ATAPORT_RULE_COMPLETED_TWICE, routine,
			   "%s of an IRB that is not outstanding (function %#x); ignored\n",
			   routine, pirb->function);
}

/* A completion that is not of the plain kind, all of it. */
static noinline void ataport_complete(void *extension, IDE_REQUEST_BLOCK *irb)
{
	const char *caller = "AtaPortCompleteRequest";
	struct ataport_channel *ch = ataport_channel_find(extension, caller);
	struct ataport_irb *pirb;
	bool held;

	if (unlikely(!ch))
		return;
	pirb = ataport_irb_find(ch, irb, false);
	if (unlikely(!pirb)) {
		ataport_report_for(ch, ATAPORT_RULE_UNKNOWN_IRB, caller,
				   "%s of an IRB that is not this channel's; ignored\n", caller);
		return;
	}
	held = ataport_irq_held(ch->ctl);
	if (unlikely(atomic_cmpxchg(&pirb->state, ATAPORT_IRB_ACTIVE,
				    ATAPORT_IRB_DONE) != ATAPORT_IRB_ACTIVE))
		ataport_complete_stale(ch, pirb, held, caller);
	else
		ataport_mark_done(ch, pirb, held);
	/* Otherwise whoever drops the lock delivers it. */
	if (unlikely(!held))
		ataport_mark_pending(ch);
}

/**
 * AtaPortCompleteRequest() - the miniport returns an IRB
 * @ChannelExtension: channel
 * @Irb: request; IrbStatus says how it ended
 *
 * See AtaPortCompleteRequest in the interface documentation.  An IRB that is
 * not outstanding is ignored and reported.
 *
 * LOCKING: any; libata hears of it when the locks allow.
 */
ataport_hot void AtaPortCompleteRequest(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
	struct ataport_channel *ch = ataport_channel_quick(ChannelExtension);
	struct ataport_irb *pirb = ch ? ataport_irb_find(ch, Irb, false) : NULL;

	if (likely(pirb && ataport_irq_held(ch->ctl) &&
		   atomic_cmpxchg(&pirb->state, ATAPORT_IRB_ACTIVE,
				  ATAPORT_IRB_DONE) == ATAPORT_IRB_ACTIVE))
		ataport_mark_done(ch, pirb, true);
	else
		ataport_complete(ChannelExtension, Irb);
}
EXPORT_SYMBOL_GPL(AtaPortCompleteRequest);

/**
 * AtaPortCompleteAllActiveRequests() - return all IRBs of a target
 * @ChannelExtension: channel
 * @Target: target, or IDE_UNTAGGED for the whole channel
 * @Lun: not looked at; only LUN 0 is exposed
 * @IrbStatus: how they all ended
 *
 * See AtaPortCompleteAllActiveRequests in the interface documentation.  The
 * LUN reset request that asks for it is left alone, but for in IdeHwReset.  A
 * request is active from right before IdeHwStartIo: with SyncWithIsr FALSE, one
 * that is in there on another processor is returned, too.
 *
 * LOCKING: any, not from IdeHwInterrupt.
 */
void AtaPortCompleteAllActiveRequests(PVOID ChannelExtension, UCHAR Target,
				      UCHAR Lun, UCHAR IrbStatus)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	unsigned int i;
	bool held;

	if (unlikely(!ch))
		return;
	if (unlikely(ataport_in_interrupt_routine(ch->ctl))) {
		ataport_report(ch, ATAPORT_RULE_LEVEL,
			       "%s called from IdeHwInterrupt; ignored\n", __func__);
		return;
	}
	held = ataport_irq_held(ch->ctl);
	for (i = 0; i < ch->nr_irbs; i++) {
		struct ataport_irb *pirb = &ch->irbs[i];

		/* Not what this IRB was before it was started. */
		if (atomic_read_acquire(&pirb->state) != ATAPORT_IRB_ACTIVE)
			continue;
		if (Target != IDE_UNTAGGED && pirb->target != Target)
			continue;
		if (pirb->function == IRB_FUNCTION_LUN_RESET && !ch->in_reset)
			continue;
		/* How it ended says who gets it; nobody reads that before the mark. */
		if (atomic_cmpxchg(&pirb->state, ATAPORT_IRB_ACTIVE,
				   ATAPORT_IRB_DONE) != ATAPORT_IRB_ACTIVE)
			continue;
		pirb->irb.IrbStatus = IrbStatus;
		ataport_mark_done(ch, pirb, held);
	}
	if (!held)
		ataport_mark_pending(ch);
}
EXPORT_SYMBOL_GPL(AtaPortCompleteAllActiveRequests);

/* The task file that the miniport left in the sense buffer. */
static void ataport_result_taskfile(struct ataport_irb *pirb,
				    struct ata_taskfile *tf)
{
	const IDEREGISTERS *cur = (const void *)pirb->sense;
	const IDEREGISTERS *prev = cur + 1;
	const REGISTER_FIS *fis = (const void *)pirb->sense;

	switch (pirb->irb.SenseInfoBufferType) {
	case SENSE_INFO_BUFFER_RETURN_TYPE_48BIT_TASKFILE:
		tf->hob_nsect = prev->bSectorCountReg;
		tf->hob_lbal = prev->bSectorNumberReg;
		tf->hob_lbam = prev->bCylLowReg;
		tf->hob_lbah = prev->bCylHighReg;
		fallthrough;
	case SENSE_INFO_BUFFER_RETURN_TYPE_28BIT_TASKFILE:
		tf->error = cur->bFeaturesReg;
		tf->nsect = cur->bSectorCountReg;
		tf->lbal = cur->bSectorNumberReg;
		tf->lbam = cur->bCylLowReg;
		tf->lbah = cur->bCylHighReg;
		tf->device = cur->bDriveHeadReg;
		tf->status = cur->bCommandReg;
		break;
	case SENSE_INFO_BUFFER_RETURN_TYPE_D2H_FIS:
		tf->status = fis->Command;
		tf->error = fis->Features;
		tf->lbal = fis->SectorNumber;
		tf->lbam = fis->CylinderLow;
		tf->lbah = fis->CylinderHigh;
		tf->device = fis->DeviceHead;
		tf->hob_lbal = fis->SectorNumberExp;
		tf->hob_lbam = fis->CylinderLowExp;
		tf->hob_lbah = fis->CylinderHighExp;
		tf->nsect = fis->SectorCount;
		tf->hob_nsect = fis->SectorCountExp;
		break;
	}
}

static void ataport_done_invalid(struct scsi_cmnd *cmd)
{
	/* Invalid command operation code. */
	scsi_build_sense(cmd, 0, ILLEGAL_REQUEST, 0x20, 0x00);
	scsi_done(cmd);
}

static void ataport_done_requeue(struct scsi_cmnd *cmd)
{
	set_host_byte(cmd, DID_REQUEUE);
	scsi_done(cmd);
}

static void ataport_done_no_device(struct scsi_cmnd *cmd)
{
	set_host_byte(cmd, DID_NO_CONNECT);
	scsi_done(cmd);
}

/*
 * May the device have moved less than was asked for?  Not sectors, and not what
 * libata takes for data of a device, as IDENTIFY: it does not ask how much came.
 */
static bool ataport_short_ok(struct ata_queued_cmd *qc, struct ataport_irb *pirb)
{
	if (pirb->function == IRB_FUNCTION_ATAPI_COMMAND)
		return true;
	return qc->scsicmd && pirb->function != IRB_FUNCTION_ATA_READ &&
	       pirb->function != IRB_FUNCTION_ATA_WRITE;
}

static void ataport_device_error(struct ata_queued_cmd *qc, struct ataport_irb *pirb)
{
	struct ata_taskfile *tf = &qc->result_tf;

	if (pirb->function == IRB_FUNCTION_ATAPI_COMMAND && qc->scsicmd &&
	    pirb->irb.IrbStatus & IRB_STATUS_AUTOSENSE_VALID) {
		/* The error handler would only fetch the sense again. */
		memcpy(qc->scsicmd->sense_buffer, pirb->sense,
		       min_t(size_t, sizeof(pirb->sense), SCSI_SENSE_BUFFERSIZE));
		qc->flags |= ATA_QCFLAG_SENSE_VALID;
		return;
	}
	if (!(tf->status & (ATA_ERR | ATA_DF))) {
		tf->status = ATA_DRDY | ATA_ERR;
		tf->error = ATA_ABORTED;
	}
	qc->err_mask |= AC_ERR_DEV;
	if (ata_is_ncq(qc->tf.protocol))
		qc->err_mask |= AC_ERR_NCQ;
}

/* Tell libata by the qc how the request ended: section 5 of the specification. */
static void ataport_apply_status(struct ataport_channel *ch,
				 struct ata_queued_cmd *qc,
				 struct ataport_irb *pirb)
{
	const IDE_REQUEST_BLOCK *irb = &pirb->irb;
	u8 status = irb->IrbStatus & ATAPORT_STATUS_MASK;

	ataport_no_result(qc);
	switch (status) {
	case IRB_STATUS_SUCCESS:
	case IRB_STATUS_DATALENGTH_MISMATCH:
	case IRB_STATUS_DEVICE_ERROR:
		if (irb->IrbStatus & IRB_STATUS_RETURN_TASKFILE_VALID) {
			ataport_result_taskfile(pirb, &qc->result_tf);
		} else if (irb->AtaStatus) {
			qc->result_tf.status = irb->AtaStatus;
			qc->result_tf.error = irb->AtaError;
		}
		break;
	}

	switch (status) {
	case IRB_STATUS_SUCCESS:
		break;
	case IRB_STATUS_DATALENGTH_MISMATCH:
		if (!ataport_short_ok(qc, pirb))
			qc->err_mask |= AC_ERR_HSM;
		else if (qc->scsicmd && irb->DataTransferLength < ataport_qc_length(qc))
			scsi_set_resid(qc->scsicmd,
				       ataport_qc_length(qc) - irb->DataTransferLength);
		break;
	case IRB_STATUS_DEVICE_ERROR:
		ataport_device_error(qc, pirb);
		break;
	case IRB_STATUS_INVALID_REQUEST:
		if (qc->scsicmd)
			qc->scsidone = ataport_done_invalid;
		else
			qc->err_mask |= AC_ERR_INVALID;
		break;
	case IRB_STATUS_BUS_RESET:
		/* Failed without an error: comes again and is not counted. */
		qc->flags |= ATA_QCFLAG_EH;
		ch->requeued = true;
		if (ch->requeues > ATAPORT_MAX_REQUEUES)
			qc->err_mask |= AC_ERR_OTHER;
		break;
	case IRB_STATUS_SELECTION_TIMEOUT:
		if (qc->scsicmd)
			qc->scsidone = ataport_done_no_device;
		else
			qc->err_mask |= AC_ERR_NODEV_HINT;
		break;
	case IRB_STATUS_BUSY:
		qc->err_mask |= AC_ERR_OTHER;
		break;
	default:
		ataport_report(ch, ATAPORT_RULE_BAD_STATUS,
			       "IRB of function %#x completed with status %#x, which says nothing; taken as a host error\n",
			       pirb->function, irb->IrbStatus);
		qc->err_mask |= AC_ERR_SYSTEM;
		break;
	}
}

/* The end of a request that is no command of libata's, or no longer.  LOCKING: channel lock. */
static void ataport_finish_other(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	if (pirb == ch->own_wait) {
		ch->own_wait = NULL;
		ch->own_status = pirb->irb.IrbStatus & ATAPORT_STATUS_MASK;
		ataport_irb_put(ch, pirb);
		complete(&ch->own_done);
		return;
	}
	if (pirb->control) {
		ataport_control_finish(ch, pirb);
		return;
	}
	ataport_irb_drop(ch, pirb);
}

/* The end of a command that there is more to say about than success.  LOCKING: channel lock. */
static void ataport_finish_qc(struct ataport_channel *ch, struct ataport_irb *pirb,
			      struct ata_queued_cmd *qc)
{
	void (*scsidone)(struct scsi_cmnd *) = qc->scsidone;
	bool requeue = pirb->requeue;

	if ((pirb->irb.IrbStatus & ATAPORT_STATUS_MASK) == IRB_STATUS_BUSY && !pirb->retried) {
		ataport_irb_again(ch, pirb);
		return;
	}
	if (pirb->mapped)
		ataport_unmap_buffer(ch, pirb, qc);

	if (requeue && qc->scsicmd)
		qc->scsidone = ataport_done_requeue;
	else if (requeue)
		qc->err_mask |= AC_ERR_SYSTEM;	/* libata's own: no queue to go back to */
	else
		ataport_apply_status(ch, qc, pirb);
	ataport_irb_put(ch, pirb);

	if (qc->err_mask || qc->flags & ATA_QCFLAG_EH)
		ataport_requeue_held(ch, NULL);
	/* It did not get there: for libata the device would sleep, to be woken by a reset. */
	if (qc->scsidone != scsidone && qc->tf.command == ATA_CMD_SLEEP)
		qc->tf.command = ATA_CMD_NOP;
	if (qc->err_mask && qc == ch->issuing) {
		/* libata is in ata_qc_issue() and completes it from there. */
		ch->issue_error = qc->err_mask;
		return;
	}
	if (!(qc->flags & ATA_QCFLAG_EH) && !qc->err_mask && !requeue)
		ch->requeues = 0;
	ata_qc_complete(qc);
}

/* What ataport_irb_finish() does, for the loop over what an interrupt ended. */
static __always_inline void ataport_finish(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	struct ata_queued_cmd *qc = pirb->qc;

	lockdep_assert_held(&ch->lock);

	trace_ataport_irb_complete(ch, pirb);
	ataport_log(ch, ATAPORT_LOG_COMPLETE, pirb->index, pirb->function,
		    pirb->irb.IrbStatus);
	/* Has libata taken the command away, by a time-out or an abort? */
	if (unlikely(!qc || qc->tag != pirb->tag ||
		     (qc->flags & (ATA_QCFLAG_ACTIVE | ATA_QCFLAG_EH)) != ATA_QCFLAG_ACTIVE)) {
		ataport_finish_other(ch, pirb);
		return;
	}
	if (unlikely(pirb->irb.IrbStatus != IRB_STATUS_SUCCESS || pirb->irb.AtaStatus ||
		     pirb->unusual)) {
		ataport_finish_qc(ch, pirb, qc);
		return;
	}
	ataport_irb_put(ch, pirb);
	ch->requeues = 0;
	ata_qc_complete(qc);
}

/**
 * ataport_irb_finish() - give a completed request back to who it came from
 * @ch: channel
 * @pirb: request in state DONE
 *
 * LOCKING: channel lock.
 */
void ataport_irb_finish(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	ataport_finish(ch, pirb);
}

/* libata wants the result, and has it: ataport_apply_status() left it there. */
ATAPORT_FILL_RTF_TYPE ataport_qc_fill_rtf(struct ata_queued_cmd *qc)
{
	return ATAPORT_FILL_RTF_VALUE;
}

/* Act upon what AtaPortNotification reported. */
static void ataport_channel_events(struct ataport_channel *ch)
{
	unsigned long events = xchg(&ch->events, 0);
	struct ata_eh_info *ehi = &ch->ap->link.eh_info;
	struct ata_device *dev;

	lockdep_assert_held(&ch->lock);

	if (events & BIT(ATAPORT_EV_RESUME))
		ataport_start_held(ch);
	/* libata has not looked for devices yet, and cannot be asked to before it has. */
	if (ch->ap->pflags & ATA_PFLAG_INITIALIZING)
		return;
	if (events & BIT(ATAPORT_EV_WAKE)) {
		/* The device need not be reset for that; its requests come again. */
		ch->probe_only = true;
		ehi->flags |= ATA_EHI_QUIET;
		ata_port_freeze(ch->ap);
	}
	if (!(events & ~(BIT(ATAPORT_EV_RESUME) | BIT(ATAPORT_EV_WAKE))))
		return;
	ata_for_each_dev(dev, &ch->ap->link, ALL)
		if (events & BIT(ATAPORT_EV_REMOVED + dev->devno))
			dev->flags |= ATA_DFLAG_DETACH;
	if (events & BIT(ATAPORT_EV_BUS_CHANGE)) {
		unsigned int err_mask = ehi->err_mask;

		ata_ehi_hotplugged(ehi);
		/* It counts as a bus error there; the fourth slows the disk down. */
		ehi->err_mask = err_mask;
		ch->probe_only = true;
	}
	ata_port_schedule_eh(ch->ap);
}

/* Requests that have come back, and what they or anybody else left to do. */
static __always_inline void ataport_finish_all(struct ataport_channel *ch, unsigned long done)
{
	for (; done; done &= done - 1)
		ataport_finish(ch, &ch->irbs[__ffs(done)]);
	if (unlikely(READ_ONCE(ch->events)))
		ataport_channel_events(ch);
}

/**
 * ataport_channel_flush() - deliver what the miniport completed
 * @ch: channel
 *
 * LOCKING: channel lock; not under the interrupt lock.
 */
void ataport_channel_flush(struct ataport_channel *ch)
{
	lockdep_assert_held(&ch->lock);

	clear_bit(ch->number, &ch->ctl->pending);
	/* The bit goes first, so that what comes after the xchg sets it anew. */
	smp_mb__after_atomic();
	ataport_finish_all(ch, xchg(&ch->done, 0));
}

/**
 * ataport_stash_done() - leave completed requests for ataport_flush_pending()
 * @ch: channel
 * @done: indices of the requests
 *
 * LOCKING: any.
 */
void ataport_stash_done(struct ataport_channel *ch, unsigned long done)
{
	/* As in ataport_mark_done(). */
	smp_mb__before_atomic();
	for (; done; done &= done - 1)
		set_bit(__ffs(done), &ch->done);
	/* As in ataport_mark_pending(). */
	smp_mb__before_atomic();
	set_bit(ch->number, &ch->ctl->pending);
}

/**
 * ataport_deliver() - give completed requests to libata
 * @ch: channel
 * @done: indices of requests that were completed under the interrupt lock
 *
 * LOCKING: neither the interrupt lock nor a channel lock is held.
 */
ataport_hot void ataport_deliver(struct ataport_channel *ch, unsigned long done)
{
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	ataport_finish_all(ch, done);
	spin_unlock_irqrestore(&ch->lock, flags);
}

/**
 * ataport_flush_pending() - deliver completions of every channel
 * @ctl: controller
 *
 * A caller who is inside a miniport routine under one channel's lock must not
 * take another's; that is left to an irq_work.
 *
 * LOCKING: any but the interrupt lock.
 */
void ataport_flush_pending(struct ataport_controller *ctl)
{
	unsigned long left = READ_ONCE(ctl->pending);
	bool in_frame = ataport_in_frame(ctl);
	unsigned long flags;

	for (; left; left &= left - 1) {
		struct ataport_channel *ch = READ_ONCE(ctl->channels[__ffs(left)]);

		/* In AtaChannelInitRoutine; whoever comes by next does it. */
		if (!ch)
			continue;
		/* ataport_frame_leave() does it. */
		if (READ_ONCE(ch->frame_owner) == current)
			continue;
		if (in_frame) {
			irq_work_queue(&ctl->flush_work);
			continue;
		}
		spin_lock_irqsave(&ch->lock, flags);
		ataport_channel_flush(ch);
		spin_unlock_irqrestore(&ch->lock, flags);
	}
}

void ataport_flush_irq_work(struct irq_work *work)
{
	ataport_flush_pending(container_of(work, struct ataport_controller, flush_work));
}
