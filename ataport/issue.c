// SPDX-License-Identifier: GPL-2.0-only
/*
 * issue.c - from libata's command to the miniport's IdeHwStartIo
 *
 * libata calls qc_prep and then qc_issue in one hold of the channel lock.
 * The first fills an IRB, its scatter/gather list, and runs IdeHwBuildIo; the
 * second takes the interrupt lock where the miniport wants it and runs
 * IdeHwStartIo.  Nothing is allocated: IRBs were made when the channel started.
 */
#include <linux/blk-mq.h>
#include <linux/ioprio.h>
#include <scsi/scsi_cmnd.h>

#include "ataport.h"
#include "trace.h"

/* Forced unit access, in the device register of a queued write. */
#define ATAPORT_NCQ_FUA		BIT(7)
/* What an internal command of libata says in TimeOutValue, in seconds. */
#define ATAPORT_INTERNAL_TIMEOUT	30

/*
 * What a command of libata's goes through is inline down to the miniport; the
 * rest of the driver calls the functions of the same names without a "do".
 */

static __always_inline struct ataport_irb *ataport_do_irb_get(struct ataport_channel *ch)
{
	struct ataport_irb *pirb;
	unsigned long from;
	unsigned int i;

	lockdep_assert_held(&ch->lock);

	/* In turn: the longer an IRB rests, the surer a stale use is seen. */
	from = ch->free & ATAPORT_HOT_IRBS;
	if (from & ~(BIT(ch->last + 1) - 1))
		from &= ~(BIT(ch->last + 1) - 1);
	else if (!from)
		from = ch->free;
	if (likely(from)) {
		i = __ffs(from);
		__clear_bit(i, &ch->free);
		pirb = &ch->irbs[i];
		atomic_set(&pirb->state, ATAPORT_IRB_BUILD);
	} else {
		/* What is left is lost, before a reset; a late completion may still come. */
		for (i = 0; i < ch->nr_irbs; i++)
			if (atomic_cmpxchg(&ch->irbs[i].state, ATAPORT_IRB_LOST,
					   ATAPORT_IRB_BUILD) == ATAPORT_IRB_LOST)
				break;
		if (i == ch->nr_irbs)
			return NULL;
		pirb = &ch->irbs[i];
	}
	ch->last = i;
	return pirb;
}

/* An IRB that nobody owns.  LOCKING: channel lock. */
struct ataport_irb *ataport_irb_get(struct ataport_channel *ch)
{
	return ataport_do_irb_get(ch);
}

/**
 * ataport_irb_drop() - let go of an IRB whose command libata has taken away
 * @ch: channel
 * @pirb: request that the miniport does not have
 *
 * LOCKING: channel lock.
 */
void ataport_irb_drop(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	if (pirb->mapped)
		ataport_unmap_buffer(ch, pirb, NULL);
	ataport_irb_put(ch, pirb);
}

/**
 * ataport_no_result() - what stands for registers that a miniport does not give
 * @qc: command
 *
 * A qc is used again and keeps the last result.  The address is what an error
 * is taken to be at: nothing of this command came to its end.
 *
 * LOCKING: channel lock.
 */
void ataport_no_result(struct ata_queued_cmd *qc)
{
	const struct ata_taskfile *from = &qc->tf;
	struct ata_taskfile *to = &qc->result_tf;

	to->nsect = 0;
	to->lbal = from->lbal;
	to->lbam = from->lbam;
	to->lbah = from->lbah;
	to->device = from->device;
	to->hob_nsect = 0;
	to->hob_lbal = from->hob_lbal;
	to->hob_lbam = from->hob_lbam;
	to->hob_lbah = from->hob_lbah;
}

/* The IRB function of an ATA command: section 5 of the specification. */
USHORT ataport_irb_function(const struct ata_taskfile *tf)
{
	switch (tf->command) {
	case ATA_CMD_ID_ATA:
	case ATA_CMD_ID_ATAPI:
		return IRB_FUNCTION_ATA_IDENTIFY;
	case ATA_CMD_READ:
	case ATA_CMD_READ_EXT:
	case ATA_CMD_PIO_READ:
	case ATA_CMD_PIO_READ_EXT:
	case ATA_CMD_READ_MULTI:
	case ATA_CMD_READ_MULTI_EXT:
		return IRB_FUNCTION_ATA_READ;
	case ATA_CMD_WRITE:
	case ATA_CMD_WRITE_EXT:
	case ATA_CMD_WRITE_FUA_EXT:
	case ATA_CMD_PIO_WRITE:
	case ATA_CMD_PIO_WRITE_EXT:
	case ATA_CMD_WRITE_MULTI:
	case ATA_CMD_WRITE_MULTI_EXT:
	case ATA_CMD_WRITE_MULTI_FUA_EXT:
		return IRB_FUNCTION_ATA_WRITE;
	case ATA_CMD_CHK_POWER:
	case ATA_CMD_FLUSH:
	case ATA_CMD_FLUSH_EXT:
		return IRB_FUNCTION_ATA_FLUSH;
	case ATA_CMD_SMART:
		return IRB_FUNCTION_ATA_SMART;
	case ATA_CMD_READ_LOG_EXT:
	case ATA_CMD_READ_LOG_DMA_EXT:
	case ATA_CMD_WRITE_LOG_EXT:
	case ATA_CMD_WRITE_LOG_DMA_EXT:
		return IRB_FUNCTION_ATA_GPLOG;
	default:
		return IRB_FUNCTION_ATA_COMMAND;
	}
}

/* What is not written here is zero already. */
static void ataport_fill_taskfile(IDE_TASK_FILE *to, const struct ata_taskfile *tf)
{
	to->Current.bFeaturesReg = tf->feature;
	to->Current.bSectorCountReg = tf->nsect;
	to->Current.bSectorNumberReg = tf->lbal;
	to->Current.bCylLowReg = tf->lbam;
	to->Current.bCylHighReg = tf->lbah;
	to->Current.bDriveHeadReg = tf->device;
	to->Current.bCommandReg = tf->command;
	to->Previous.bFeaturesReg = tf->hob_feature;
	to->Previous.bSectorCountReg = tf->hob_nsect;
	to->Previous.bSectorNumberReg = tf->hob_lbal;
	to->Previous.bCylLowReg = tf->hob_lbam;
	to->Previous.bCylHighReg = tf->hob_lbah;
}

/*
 * The interface has no NCQ command.  A queued read or write becomes the plain
 * 48-bit one, whose count is where a plain command has it; whether and how to
 * queue it is the miniport's business.
 */
static bool ataport_fill_queued(IDE_REQUEST_BLOCK *irb, const struct ata_taskfile *ncq)
{
	IDE_TASK_FILE *to = &irb->IdeTaskFile;

	to->Current.bSectorCountReg = ncq->feature;
	to->Current.bSectorNumberReg = ncq->lbal;
	to->Current.bCylLowReg = ncq->lbam;
	to->Current.bCylHighReg = ncq->lbah;
	to->Current.bDriveHeadReg = ATA_LBA;
	to->Previous.bSectorCountReg = ncq->hob_feature;
	to->Previous.bSectorNumberReg = ncq->hob_lbal;
	to->Previous.bCylLowReg = ncq->hob_lbam;
	to->Previous.bCylHighReg = ncq->hob_lbah;
	switch (ncq->command) {
	case ATA_CMD_FPDMA_READ:
		irb->Function = IRB_FUNCTION_ATA_READ;
		to->Current.bCommandReg = ATA_CMD_READ_EXT;
		return true;
	case ATA_CMD_FPDMA_WRITE:
		irb->Function = IRB_FUNCTION_ATA_WRITE;
		to->Current.bCommandReg = ncq->device & ATAPORT_NCQ_FUA ?
					  ATA_CMD_WRITE_FUA_EXT : ATA_CMD_WRITE_EXT;
		return true;
	default:
		return false;
	}
}

/* What for_each_sg() does, without a call for each element. */
static struct scatterlist *ataport_sg_next(struct scatterlist *sg)
{
	return unlikely(sg_is_chain(sg + 1)) ? sg_chain_ptr(sg + 1) : sg + 1;
}

/*
 * Scatter/gather list of a mapped command.  libata may have padded the last
 * elements, or added one to drain what a device sends too much; the list ends
 * where the request does.
 */
static bool ataport_fill_sgl(struct ataport_channel *ch, struct ataport_irb *pirb,
			     struct ata_queued_cmd *qc)
{
	IDE_SCATTER_GATHER_ELEMENT *el;
	u32 left = pirb->irb.DataTransferLength;
	u64 low = 0;
	struct scatterlist *sg = qc->sg;
	unsigned int most = min(qc->n_elem, ch->max_sg);
	unsigned int n = most;

	pirb->sgl = n <= ATAPORT_SMALL_SG ? (void *)pirb->small_sgl :
						ataport_large_sgl(ch, pirb->index);
	el = pirb->sgl->Elements;
	while (n && left) {
		u32 len = min_t(u32, left, sg_dma_len(sg));

		/* Reserved members are zero since the list was made. */
		el->Address.QuadPart = sg_dma_address(sg);
		low |= el->Address.QuadPart;
		el->Length = len;
		el++;
		left -= len;
		if (--n)
			sg = ataport_sg_next(sg);
	}
	pirb->sgl->NumberOfElements = most - n;
	if (unlikely(left)) {
		ataport_report(ch, ATAPORT_RULE_SG,
			       "request with %u elements, the miniport takes %u\n",
			       qc->n_elem, ch->max_sg);
		return false;
	}
	if (unlikely(low & ch->unaligned))
		return ataport_align_buffer(ch, pirb);
	return true;
}

static u32 ataport_priority_flag(struct ata_queued_cmd *qc)
{
	struct request *rq = scsi_cmd_to_rq(qc->scsicmd);

	return IOPRIO_PRIO_CLASS(req_get_ioprio(rq)) == IOPRIO_CLASS_RT ?
		IRB_FLAGS_HIGH_PRIORITY : 0;
}

/* Everything of the IRB but the task file or CDB and the flags of data. */
static __always_inline void ataport_irb_reset(struct ataport_channel *ch,
					      struct ataport_irb *pirb, unsigned int target)
{
	IDE_REQUEST_BLOCK *irb = &pirb->irb;

	/* Of a lost request, which the miniport may have had until now. */
	if (unlikely(pirb->control))
		ataport_control_drop(pirb);
	/* Member by member: a string instruction takes longer than all of them. */
	irb->Function = 0;
	irb->IrbStatus = IRB_STATUS_PENDING;
	irb->AtaStatus = 0;
	irb->AtaError = 0;
	irb->Channel = ch->number;
	irb->TargetId = target;
	irb->Lun = 0;
	irb->CdbLength = 0;
	irb->SenseInfoBufferLength = sizeof(pirb->sense);
	irb->SenseInfoBufferType = 0;
	irb->QueueTag = 0;
	irb->ReservedAsUlong = 0;
	irb->IrbFlags = 0;
	irb->TimeOutValue = 0;
	irb->DataTransferLength = 0;
	irb->IrbExtension = pirb->ext;
	irb->DataBuffer = NULL;
	irb->SenseInfoBuffer = pirb->sense;
	irb->NextIrb = NULL;
	irb->Reserved = NULL;
	memset(irb->AsUChar, 0, sizeof(irb->AsUChar));
	pirb->target = target;
	pirb->retried = false;
	pirb->unbuilt = false;
	pirb->unusual = 0;
	pirb->tag = ATAPORT_NO_TAG;
}

static bool ataport_irb_fill(struct ataport_channel *ch, struct ataport_irb *pirb,
			     struct ata_queued_cmd *qc)
{
	IDE_REQUEST_BLOCK *irb = &pirb->irb;
	const struct ata_taskfile *tf = &qc->tf;
	u32 flags = 0;

	ataport_irb_reset(ch, pirb, qc->dev->devno);
	pirb->qc = qc;
	pirb->tag = qc->tag;

	if (ata_is_data(tf->protocol)) {
		irb->DataTransferLength = ataport_qc_length(qc);
		flags |= qc->dma_dir == DMA_TO_DEVICE ? IRB_FLAGS_DATA_OUT :
							IRB_FLAGS_DATA_IN;
		if (qc->flags & ATA_QCFLAG_DMAMAP) {
			if (!ataport_fill_sgl(ch, pirb, qc))
				return false;
			flags |= IRB_FLAGS_USE_DMA;
		}
	}

	if (qc->scsicmd) {
		irb->TimeOutValue = DIV_ROUND_UP(scsi_cmd_to_rq(qc->scsicmd)->timeout, HZ);
		flags |= ataport_priority_flag(qc);
	} else {
		/* libata bounds its internal commands by itself. */
		irb->TimeOutValue = ATAPORT_INTERNAL_TIMEOUT;
		flags |= IRB_FLAGS_RETURN_RESULTS;
	}
	irb->TimeOutValue = max(irb->TimeOutValue, 1U);
	if (qc->flags & ATA_QCFLAG_RESULT_TF) {
		flags |= IRB_FLAGS_RETURN_RESULTS;
		ataport_no_result(qc);
	}

	if (likely(ata_is_ncq(tf->protocol))) {
		flags |= IRB_FLAGS_48BIT | IRB_FLAGS_DRDY_REQUIRED;
		if (!ataport_fill_queued(irb, tf))
			return false;
	} else if (ata_is_atapi(tf->protocol)) {
		irb->Function = IRB_FUNCTION_ATAPI_COMMAND;
		irb->CdbLength = qc->dev->cdb_len;
		memcpy(irb->Cdb, qc->cdb, sizeof(irb->Cdb));
	} else {
		irb->Function = ataport_irb_function(tf);
		if (tf->flags & ATA_TFLAG_LBA48)
			flags |= IRB_FLAGS_48BIT;
		if (is_multi_taskfile((struct ata_taskfile *)tf))
			flags |= IRB_FLAGS_PIO_MULTIPLE;
		if (tf->command != ATA_CMD_ID_ATAPI)
			flags |= IRB_FLAGS_DRDY_REQUIRED;
		ataport_fill_taskfile(&irb->IdeTaskFile, tf);
	}
	irb->IrbFlags = flags;
	pirb->function = irb->Function;
	return true;
}

static __always_inline void ataport_do_irb_build(struct ataport_channel *ch,
						 struct ataport_irb *pirb)
{
	lockdep_assert_held(&ch->lock);

	if (!ch->iface.IdeHwBuildIo)
		return;
	ataport_frame_enter(ch);
	WRITE_ONCE(ch->building, current);
	ch->iface.IdeHwBuildIo(ch->ext.memory, &pirb->irb);
	WRITE_ONCE(ch->building, NULL);
	ataport_frame_leave(ch);
}

/**
 * ataport_irb_build() - let the miniport look at an IRB before it is started
 * @ch: channel
 * @pirb: request in state BUILD
 *
 * LOCKING: channel lock; the interrupt lock is not held.
 */
void ataport_irb_build(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	ataport_do_irb_build(ch, pirb);
}

/* What comes between a filled IRB and IdeHwStartIo. */
static __always_inline void ataport_do_irb_prepare(struct ataport_channel *ch,
						   struct ataport_irb *pirb)
{
	ataport_do_irb_build(ch, pirb);
	/* Unless what came up meanwhile has had the port frozen. */
	if (unlikely(pirb->irb.IrbFlags & IRB_FLAGS_MAP_BUFFERS) &&
	    pirb->irb.IrbStatus == IRB_STATUS_PENDING && pirb->qc)
		ataport_map_buffer(ch, pirb);
}

/**
 * ataport_qc_prep() - fill an IRB for a command and let the miniport build it
 * @qc: command; mapped for DMA where the controller is a bus master
 *
 * LOCKING: channel lock; the interrupt lock is not held.
 */
ataport_hot enum ata_completion_errors ataport_qc_prep(struct ata_queued_cmd *qc)
{
	struct ataport_channel *ch = qc->ap->private_data;
	struct ataport_irb *pirb;

	lockdep_assert_held(&ch->lock);

	pirb = ataport_do_irb_get(ch);
	qc->lldd_task = pirb;
	if (unlikely(!pirb)) {
		ataport_report(ch, ATAPORT_RULE_LOST,
			       "the miniport holds all %u IRBs\n", ch->nr_irbs);
		return AC_ERR_SYSTEM;
	}
	if (unlikely(!ataport_irb_fill(ch, pirb, qc))) {
		pirb->irb.IrbStatus = IRB_STATUS_INVALID_REQUEST;
		return AC_ERR_OK;
	}
	ataport_do_irb_prepare(ch, pirb);
	return AC_ERR_OK;
}

static __always_inline void ataport_do_irb_start(struct ataport_channel *ch,
						 struct ataport_irb *pirb)
{
	unsigned long flags;

	lockdep_assert_held(&ch->lock);

	trace_ataport_irb_issue(ch, pirb);
	ataport_log(ch, ATAPORT_LOG_ISSUE, pirb->index, pirb->function, 0);
	pirb->started = (u32)jiffies;
	ataport_frame_enter(ch);
	/*
	 * The miniport's from here on, and not while it may still return all that it
	 * has, under the interrupt lock, before it has heard of this one.
	 */
	if (ch->sync_with_isr) {
		ataport_irq_lock(ch->ctl, &flags);
		atomic_set_release(&pirb->state, ATAPORT_IRB_ACTIVE);
		ch->iface.IdeHwStartIo(ch->ext.memory, &pirb->irb);
		ataport_irq_unlock(ch->ctl, flags);
	} else {
		atomic_set_release(&pirb->state, ATAPORT_IRB_ACTIVE);
		ch->iface.IdeHwStartIo(ch->ext.memory, &pirb->irb);
	}
	ataport_frame_leave(ch);
}

/**
 * ataport_irb_start() - hand an IRB to the miniport
 * @ch: channel
 * @pirb: request in state BUILD
 *
 * LOCKING: channel lock; takes the interrupt lock with SyncWithIsr TRUE.
 */
void ataport_irb_start(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	ataport_do_irb_start(ch, pirb);
}

/* A command that is prepared goes to the miniport, or back. */
static __always_inline void ataport_do_irb_go(struct ataport_channel *ch,
					      struct ataport_irb *pirb)
{
	if (unlikely(!pirb->qc)) {
		/* Aborted by a freeze while it was prepared: the error handler has it. */
		ataport_irb_drop(ch, pirb);
	} else if (likely(pirb->irb.IrbStatus == IRB_STATUS_PENDING && !pirb->requeue)) {
		if (ataport_paused(ch, pirb->target))
			ataport_hold(ch, pirb);
		else
			ataport_do_irb_start(ch, pirb);
	} else {
		/* Ended in IdeHwBuildIo, or has no place in the interface. */
		pirb->unbuilt = true;
		atomic_set(&pirb->state, ATAPORT_IRB_DONE);
		ataport_irb_finish(ch, pirb);
	}
}

/**
 * ataport_irb_again() - try a command once more
 * @ch: channel
 * @pirb: request in state DONE
 *
 * What the miniport may have told by it the first time is as before that.
 * What IdeHwBuildIo has put off is to be built first.
 *
 * LOCKING: channel lock.
 */
void ataport_irb_again(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	IDE_REQUEST_BLOCK *irb = &pirb->irb;

	pirb->retried = true;
	irb->IrbStatus = IRB_STATUS_PENDING;
	irb->AtaStatus = 0;
	irb->AtaError = 0;
	irb->DataTransferLength = ata_is_data(pirb->qc->tf.protocol) ?
				  ataport_qc_length(pirb->qc) : 0;
	atomic_set(&pirb->state, ATAPORT_IRB_BUILD);
	if (pirb->unbuilt) {
		irb->QueueTag = 0;
		irb->NextIrb = NULL;
		ataport_do_irb_prepare(ch, pirb);
	}
	ataport_do_irb_go(ch, pirb);
}

/**
 * ataport_irb_fill_own() - prepare a request of the port driver's own
 * @ch: channel
 * @pirb: request in state BUILD
 * @own: what it asks for
 * @target: target
 *
 * LOCKING: channel lock.
 */
void ataport_irb_fill_own(struct ataport_channel *ch, struct ataport_irb *pirb,
			  const struct ataport_own *own, unsigned int target)
{
	IDE_REQUEST_BLOCK *irb = &pirb->irb;

	lockdep_assert_held(&ch->lock);

	ataport_irb_reset(ch, pirb, target);
	irb->Function = own->function;
	irb->IrbFlags = own->flags;
	irb->TimeOutValue = DIV_ROUND_UP(own->timeout, HZ);
	if (IsAtaCommand(irb))
		irb->IdeTaskFile = own->taskfile;
	else if (own->function == IRB_FUNCTION_POWER_CHANGE)
		irb->PowerChange = own->power;
	pirb->function = own->function;
	pirb->qc = NULL;
}

/**
 * ataport_qc_issue() - start a prepared command
 * @qc: command
 *
 * Return: the error mask when the command failed on the spot; libata then
 * completes it.  Otherwise 0, and it completes, or has, by ata_qc_complete().
 * LOCKING: channel lock.
 */
ataport_hot unsigned int ataport_qc_issue(struct ata_queued_cmd *qc)
{
	struct ataport_channel *ch = qc->ap->private_data;
	struct ataport_irb *pirb = qc->lldd_task;

	lockdep_assert_held(&ch->lock);

	ch->issuing = qc;
	ch->issue_error = 0;
	ataport_do_irb_go(ch, pirb);
	ch->issuing = NULL;
	return ch->issue_error;
}
