// SPDX-License-Identifier: GPL-2.0-only
/*
 * queue.c - pauses, queue tags and trace notifications
 *
 * A paused target takes no new request.  What libata issues meanwhile is
 * prepared and then waits here, under the channel lock, so that libata never
 * learns of the pause and nothing is failed by it.
 */
#include <scsi/scsi_cmnd.h>
#include <scsi/scsi_device.h>
#include <scsi/scsi_host.h>

#include "ataport.h"
#include "trace.h"

/* It was never issued, and comes again.  LOCKING: channel lock. */
static void ataport_requeue(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	pirb->requeue = true;
	atomic_set(&pirb->state, ATAPORT_IRB_DONE);
	ataport_irb_finish(ch, pirb);
}

/* Let @pirb wait for its target.  LOCKING: channel lock. */
void ataport_hold(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	struct ata_port *ap = ch->ap;

	lockdep_assert_held(&ch->lock);

	/* Not when the error handler waits for all that is under way. */
	if (pirb->qc && pirb->qc->scsicmd &&
	    (ap->pflags & ATA_PFLAG_EH_PENDING || scsi_host_in_recovery(ap->scsi_host))) {
		ataport_requeue(ch, pirb);
		return;
	}
	list_add_tail(&pirb->held, &ch->held);
	if (ataport_asleep(ch, pirb->target)) {
		set_bit(ATAPORT_EV_WAKE, &ch->events);
		set_bit(ch->number, &ch->ctl->pending);
		irq_work_queue(&ch->ctl->flush_work);
	}
}

/**
 * ataport_start_held() - start what waits and need not wait any more
 * @ch: channel
 *
 * LOCKING: channel lock.
 */
void ataport_start_held(struct ataport_channel *ch)
{
	struct ataport_irb *pirb, *next;
	LIST_HEAD(ready);

	lockdep_assert_held(&ch->lock);

	/* A started request may pause its target again: look at each anew. */
	list_splice_init(&ch->held, &ready);
	list_for_each_entry_safe(pirb, next, &ready, held) {
		list_del_init(&pirb->held);
		if (ataport_paused(ch, pirb->target))
			ataport_hold(ch, pirb);
		else
			ataport_irb_start(ch, pirb);
	}
}

/*
 * The error handler owns the commands: those that wait were never issued.
 * Pauses last until they are over, or there is a reset.
 * LOCKING: channel lock.
 */
void ataport_drop_held(struct ataport_channel *ch)
{
	struct ataport_irb *pirb, *next;

	lockdep_assert_held(&ch->lock);

	list_for_each_entry_safe(pirb, next, &ch->held, held) {
		list_del_init(&pirb->held);
		ataport_irb_drop(ch, pirb);
	}
}

/**
 * ataport_requeue_held() - give what waits for the end of a pause back to the block layer
 * @ch: channel
 * @but: a command that is not to be given back, or NULL
 *
 * The error handler waits for all commands, and counts those against their
 * retries that do not come within three seconds, with a reset.  These were
 * never issued, and come again after it.
 *
 * LOCKING: channel lock.
 */
void ataport_requeue_held(struct ataport_channel *ch, const struct scsi_cmnd *but)
{
	struct ataport_irb *pirb;

	lockdep_assert_held(&ch->lock);

again:
	list_for_each_entry(pirb, &ch->held, held) {
		struct scsi_cmnd *cmd = pirb->qc ? pirb->qc->scsicmd : NULL;

		/* One that has timed out belongs to the SCSI layer's error handler. */
		if (!cmd || cmd == but || test_bit(SCMD_STATE_COMPLETE, &cmd->state))
			continue;
		list_del_init(&pirb->held);
		ataport_requeue(ch, pirb);
		/* libata may have asked for its error handler, and we for all that is held. */
		goto again;
	}
}

/**
 * ataport_timed_out() - has a command that is taking long taken too long?
 * @cmd: command
 *
 * Not while it waits for the end of a pause, or in libata for one that does:
 * it has not been issued, and no reset would help.  However often a miniport
 * pauses its device anew, that ends.  What libata gives to the error handler
 * comes here, too, and must go there.  The error handler then waits for all that
 * are under way, and those that wait here would have to end their pause first.
 *
 * Return: whether the command gets its time again.
 * LOCKING: process context, no lock.
 */
ATAPORT_TIMED_OUT_TYPE ataport_timed_out(struct scsi_cmnd *cmd)
{
	struct ata_port *ap = ata_shost_to_port(cmd->device->host);
	struct ataport_channel *ch = ap->private_data;
	struct ata_queued_cmd *qc;
	struct ataport_irb *pirb;
	unsigned long flags;
	unsigned int tag;
	bool waits;
	bool late = time_after(jiffies, cmd->jiffies_at_alloc + scsi_cmd_to_rq(cmd)->timeout +
					ATAPORT_MAX_PAUSE * HZ);

	spin_lock_irqsave(&ch->lock, flags);
	waits = !list_empty(&ch->held) && !(ap->pflags & ATA_PFLAG_EH_PENDING);
	ata_qc_for_each_raw(ap, qc, tag) {
		if (!(qc->flags & ATA_QCFLAG_ACTIVE) || qc->scsicmd != cmd)
			continue;
		pirb = qc->lldd_task;
		waits = !(qc->flags & ATA_QCFLAG_EH) && pirb && pirb->qc == qc &&
			!list_empty(&pirb->held);
	}
	waits = waits && !late;
	if (!waits)
		ataport_requeue_held(ch, cmd);
	spin_unlock_irqrestore(&ch->lock, flags);
	return waits ? ATAPORT_TIMER_RESET : ATAPORT_TIMED_OUT(cmd);
}

static enum hrtimer_restart ataport_pause_over(struct hrtimer *timer)
{
	struct ataport_pause *pause = container_of(timer, struct ataport_pause, timer);
	struct ataport_channel *ch = pause->ch;
	unsigned long flags;
	bool over;

	ataport_irq_lock(ch->ctl, &flags);
	/* It may have been prolonged, or ended, while we waited for the lock. */
	over = ktime_compare(ktime_get(), pause->until) >= 0;
	if (over)
		clear_bit(pause->target, &ch->paused);
	ataport_irq_unlock(ch->ctl, flags);
	if (over)
		ataport_note_event(ch, ATAPORT_EV_RESUME);
	return HRTIMER_NORESTART;
}

void ataport_pauses_init(struct ataport_channel *ch)
{
	unsigned int i;

	INIT_LIST_HEAD(&ch->held);
	for (i = 0; i < ATAPORT_MAX_TARGETS; i++) {
		ch->pauses[i].ch = ch;
		ch->pauses[i].target = i;
		hrtimer_setup(&ch->pauses[i].timer, ataport_pause_over,
			      CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
}

/* No pause ends any more by itself.  LOCKING: process context. */
void ataport_pauses_stop(struct ataport_channel *ch)
{
	unsigned int i;

	for (i = 0; i < ATAPORT_MAX_TARGETS; i++)
		hrtimer_cancel(&ch->pauses[i].timer);
}

/* LOCKING: interrupt lock. */
static void ataport_pause_one(struct ataport_channel *ch, unsigned int target,
			      unsigned int seconds)
{
	struct ataport_pause *pause = &ch->pauses[target];

	lockdep_assert_held(&ch->ctl->host->lock);

	if (!seconds) {
		pause->until = KTIME_MAX;
		hrtimer_try_to_cancel(&pause->timer);
		clear_bit(target, &ch->paused);
		return;
	}
	set_bit(target, &ch->paused);
	pause->until = ktime_add(ktime_get(), ktime_set(seconds, 0));
	/* Nothing is armed any more once the channel stops. */
	if (ch->accepting)
		hrtimer_start(&pause->timer, pause->until, HRTIMER_MODE_ABS);
}

/* Of a target, or of all with IDE_UNTAGGED.  LOCKING: interrupt lock. */
static void ataport_pause(struct ataport_channel *ch, unsigned int target, unsigned int seconds)
{
	unsigned int i;

	lockdep_assert_held(&ch->ctl->host->lock);

	for (i = 0; i < ATAPORT_MAX_TARGETS; i++)
		if (target == IDE_UNTAGGED || target == i)
			ataport_pause_one(ch, i, seconds);
}

/**
 * AtaPortDeviceStateChange() - pause a device, or let it go on
 * @ChannelExtension: channel
 * @TargetId: target, or IDE_UNTAGGED for all of the channel
 * @Lun: not looked at; only LUN 0 is exposed
 * @BusyTimeout: seconds to pause, at most a minute; 0 ends the pause
 *
 * See AtaPortDeviceBusy and AtaPortDeviceReady in the interface
 * documentation.  A pause also ends at a reset.
 *
 * LOCKING: any; from IdeHwInterrupt only to end a pause.
 */
void AtaPortDeviceStateChange(PVOID ChannelExtension, UCHAR TargetId, UCHAR Lun,
			      ULONG BusyTimeout)
{
	struct ataport_channel *ch = ataport_channel_find(ChannelExtension, __func__);
	unsigned long flags;

	if (unlikely(!ch))
		return;
	if ((TargetId >= ATAPORT_MAX_TARGETS && TargetId != IDE_UNTAGGED) ||
	    BusyTimeout > ATAPORT_MAX_PAUSE) {
		ataport_report(ch, ATAPORT_RULE_PARAMETER,
			       "%s of target %u for %u seconds; ignored\n",
			       __func__, TargetId, BusyTimeout);
		return;
	}
	if (BusyTimeout && ataport_in_interrupt_routine(ch->ctl)) {
		ataport_report(ch, ATAPORT_RULE_LEVEL,
			       "%s called from IdeHwInterrupt; ignored\n", __func__);
		return;
	}
	if (ataport_refused_under_other_lock(ch, __func__))
		return;
	if (ataport_irq_held(ch->ctl)) {
		ataport_pause(ch, TargetId, BusyTimeout);
	} else {
		ataport_irq_lock(ch->ctl, &flags);
		ataport_pause(ch, TargetId, BusyTimeout);
		ataport_irq_unlock(ch->ctl, flags);
	}
	if (!BusyTimeout)
		ataport_note_event(ch, ATAPORT_EV_RESUME);
}
EXPORT_SYMBOL_GPL(AtaPortDeviceStateChange);

/* The tags of a target, or of the channel; NULL with a message. */
static struct ataport_tags *ataport_tags_find(struct ataport_channel *ch,
					      unsigned int target, const char *caller)
{
	if (target == IDE_UNTAGGED)
		return &ch->tags[ATAPORT_MAX_TARGETS];
	if (target < ATAPORT_MAX_TARGETS)
		return &ch->tags[target];
	ataport_report_for(ch, ATAPORT_RULE_PARAMETER, caller,
			   "%s for target %u, which cannot exist\n", caller, target);
	return NULL;
}

/**
 * AtaPortInitializeQueueTag() - make a tag allocator
 * @DeviceExtension: channel
 * @TargetId: target, or IDE_UNTAGGED for one of the channel
 * @Lun: not looked at
 * @MaxQueueTag: highest tag; tags are 1 to this
 *
 * See AtaPortInitializeQueueTag in the interface documentation.  All tags are
 * free afterwards, also those of an earlier initialization.
 *
 * Return: FALSE for no tags at all or a target that cannot exist.
 * LOCKING: any; the caller sees to it that no tag is in use.
 */
BOOLEAN AtaPortInitializeQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun,
				  UCHAR MaxQueueTag)
{
	struct ataport_channel *ch = ataport_channel_find(DeviceExtension, __func__);
	struct ataport_tags *tags;

	if (!ch)
		return FALSE;
	tags = ataport_tags_find(ch, TargetId, __func__);
	if (!tags || !MaxQueueTag)
		return FALSE;
	bitmap_zero(tags->used, ATAPORT_MAX_TAG + 1);
	/* Tag 0 says "none". */
	__set_bit(0, tags->used);
	WRITE_ONCE(tags->max, MaxQueueTag);
	return TRUE;
}
EXPORT_SYMBOL_GPL(AtaPortInitializeQueueTag);

/**
 * AtaPortAllocateQueueTag() - take a tag
 * @DeviceExtension: channel
 * @TargetId: as for AtaPortInitializeQueueTag()
 * @Lun: not looked at
 *
 * See AtaPortAllocateQueueTag in the interface documentation.
 *
 * Return: a tag, or 0 when none is free.
 * LOCKING: any.
 */
UCHAR AtaPortAllocateQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun)
{
	struct ataport_channel *ch = ataport_channel_find(DeviceExtension, __func__);
	struct ataport_tags *tags;
	unsigned int tag;

	if (!ch)
		return 0;
	tags = ataport_tags_find(ch, TargetId, __func__);
	if (!tags)
		return 0;
	for (;;) {
		tag = find_first_zero_bit(tags->used, tags->max + 1);
		if (tag > tags->max)
			return 0;
		if (tag && !test_and_set_bit(tag, tags->used))
			return tag;
		if (!tag)
			return 0;	/* never initialized */
	}
}
EXPORT_SYMBOL_GPL(AtaPortAllocateQueueTag);

/**
 * AtaPortReleaseQueueTag() - give a tag back
 * @DeviceExtension: channel
 * @TargetId: as for AtaPortInitializeQueueTag()
 * @Lun: not looked at
 * @QueueTag: tag; one that is not taken is ignored and reported
 *
 * See AtaPortReleaseQueueTag in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReleaseQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun,
			    UCHAR QueueTag)
{
	struct ataport_channel *ch = ataport_channel_find(DeviceExtension, __func__);
	struct ataport_tags *tags;

	if (!ch)
		return;
	tags = ataport_tags_find(ch, TargetId, __func__);
	if (!tags)
		return;
	if (!QueueTag || QueueTag > tags->max || !test_and_clear_bit(QueueTag, tags->used))
		ataport_report(ch, ATAPORT_RULE_TAG,
			       "%s of tag %u, which is not taken; ignored\n",
			       __func__, QueueTag);
}
EXPORT_SYMBOL_GPL(AtaPortReleaseQueueTag);

/**
 * AtaPortTraceNotification() - an event for the trace
 * @NotificationType: what
 * @HwDeviceExtension: channel
 *
 * See AtaPortTraceNotification in the interface documentation.  The event
 * goes to the tracepoint ataport_trace_notification.  How many arguments
 * follow and of which size is not known here: as many as calls pass in
 * registers are recorded as numbers, and those that were not given are
 * whatever was there.
 *
 * LOCKING: any.
 */
void AtaPortTraceNotification(ULONG NotificationType, PVOID HwDeviceExtension, ...)
{
	struct ataport_channel *ch = ataport_channel_find(HwDeviceExtension, __func__);
	unsigned long value[ATAPORT_TRACE_VALUES];
	unsigned int i;
	va_list args;

	if (!ch || !trace_ataport_trace_notification_enabled())
		return;
	va_start(args, HwDeviceExtension);
	for (i = 0; i < ATAPORT_TRACE_VALUES; i++)
		value[i] = va_arg(args, unsigned long);
	va_end(args);
	trace_ataport_trace_notification(ch, NotificationType, value);
}
EXPORT_SYMBOL_GPL(AtaPortTraceNotification);
