// SPDX-License-Identifier: GPL-2.0-only
/*
 * control.c - a miniport's private I/O control, from user space to IRB and back
 *
 * One such request of a channel is outstanding at a time, and no command of
 * libata beside it: new ones wait as they do for a paused device.  The buffer
 * belongs to the request and not to the caller, who may be killed: it is freed
 * when the request has come back, or when its IRB is used again after a reset
 * that the miniport did not complete it in.
 */
#include <linux/delay.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "ataport.h"
#include "uapi/ataport_ioctl.h"

static_assert(sizeof(struct ataport_io_control) == sizeof(IDE_IO_CONTROL));
static_assert(offsetof(struct ataport_io_control, data_length) ==
	      offsetof(IDE_IO_CONTROL, DataLength));

/**
 * struct ataport_control - a request of user space, owned by caller and IRB
 * @ref: one of the caller's, one of the IRB's
 * @done: the request has come back
 * @status: its IrbStatus
 * @deadline: jiffies after which it is a time-out
 * @size: bytes of @data
 * @data: header and data
 */
struct ataport_control {
	struct kref		ref;
	struct completion	done;
	u8			status;
	unsigned long		deadline;
	unsigned int		size;
	u8			data[];
};

/* Jiffies until it is a time-out, one at the least. */
static long ataport_control_left(const struct ataport_control *control)
{
	return max_t(long, control->deadline - jiffies, 1);
}

static void ataport_control_free(struct kref *ref)
{
	kfree(container_of(ref, struct ataport_control, ref));
}

/**
 * ataport_control_drop() - the IRB needs its control request no more
 * @pirb: IRB
 *
 * LOCKING: channel lock, or nobody else knows the IRB.
 */
void ataport_control_drop(struct ataport_irb *pirb)
{
	if (!pirb->control)
		return;
	kref_put(&pirb->control->ref, ataport_control_free);
	pirb->control = NULL;
}

/* The other requests of the channel go on.  LOCKING: channel lock. */
static void ataport_control_let_go(struct ataport_channel *ch)
{
	lockdep_assert_held(&ch->lock);

	ch->control = NULL;
	clear_bit(ATAPORT_PAUSED_BY_CONTROL, &ch->paused);
	/* Looked at by ataport_finish_all(), which comes next or calls us. */
	set_bit(ATAPORT_EV_RESUME, &ch->events);
	wake_up_all(&ch->control_wait);
}

/**
 * ataport_control_lost() - nobody waits for this IRB any more
 * @ch: channel
 * @pirb: IRB; what belongs to it stays, for the miniport may still have it
 *
 * LOCKING: channel lock.
 */
void ataport_control_lost(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	lockdep_assert_held(&ch->lock);

	if (!pirb->control || pirb->control != ch->control)
		return;
	pirb->control->status = IRB_STATUS_BUS_RESET;
	complete_all(&pirb->control->done);
	ataport_control_let_go(ch);
}

/**
 * ataport_control_finish() - a control request has come back
 * @ch: channel
 * @pirb: its IRB
 *
 * LOCKING: channel lock.
 */
void ataport_control_finish(struct ataport_channel *ch, struct ataport_irb *pirb)
{
	lockdep_assert_held(&ch->lock);

	if (pirb->control == ch->control) {
		pirb->control->status = pirb->irb.IrbStatus;
		complete_all(&pirb->control->done);
		ataport_control_let_go(ch);
	}
	ataport_control_drop(pirb);
	ataport_irb_put(ch, pirb);
}

/* Requests that the miniport holds.  LOCKING: channel lock. */
static unsigned int ataport_control_others(struct ataport_channel *ch)
{
	unsigned int i, nr = 0;

	for (i = 0; i < ch->nr_irbs; i++)
		if (ataport_irb_is(&ch->irbs[i], ATAPORT_IRB_ACTIVE) ||
		    ataport_irb_is(&ch->irbs[i], ATAPORT_IRB_DONE))
			nr++;
	return nr;
}

static void ataport_control_take_back(struct ataport_channel *ch)
{
	ataport_ch_err(ch, "a private I/O control did not come back; resetting the channel\n");
	ataport_ask_reset(ch);
}

/* Have libata reset the channel, and wait for that. */
static void ataport_control_reset(struct ataport_channel *ch)
{
	ataport_control_take_back(ch);
	ata_port_wait_eh(ch->ap);
}

/* The time of a request whose caller was killed is over, if it is that one still. */
static void ataport_control_late(struct work_struct *work)
{
	struct ataport_channel *ch = container_of(work, struct ataport_channel, control_late.work);
	unsigned long flags;
	bool late;

	spin_lock_irqsave(&ch->lock, flags);
	late = ch->control && time_after_eq(jiffies, ch->control->deadline);
	spin_unlock_irqrestore(&ch->lock, flags);
	if (late)
		ataport_control_take_back(ch);
}

static bool ataport_eh_idle(struct ata_port *ap)
{
	return !(READ_ONCE(ap->pflags) & (ATA_PFLAG_EH_PENDING | ATA_PFLAG_EH_IN_PROGRESS));
}

/* May a request be started now?  LOCKING: channel lock. */
static int ataport_control_allowed(struct ataport_channel *ch)
{
	unsigned int pflags = ch->ap->pflags;

	lockdep_assert_held(&ch->lock);

	if (ch->control_closed || !READ_ONCE(ch->accepting) || pflags & ATA_PFLAG_UNLOADING)
		return -ENODEV;
	if (pflags & (ATA_PFLAG_SUSPENDED | ATA_PFLAG_PM_PENDING | ATA_PFLAG_INITIALIZING))
		return -EBUSY;
	if (pflags & (ATA_PFLAG_FROZEN | ATA_PFLAG_EH_PENDING | ATA_PFLAG_EH_IN_PROGRESS))
		return -EAGAIN;
	return 0;
}

static int ataport_control_start(struct ataport_channel *ch, struct ataport_control *control,
				 unsigned int target)
{
	struct ataport_own own = {
		.function = IRB_FUNCTION_MINIPORT_IOCTL,
		.flags = IRB_FLAGS_MAP_BUFFERS | IRB_FLAGS_DATA_IN | IRB_FLAGS_DATA_OUT,
		.timeout = ataport_control_left(control),
	};
	struct ataport_irb *pirb;
	IDE_REQUEST_BLOCK *irb;

	lockdep_assert_held(&ch->lock);

	pirb = ataport_irb_get(ch);
	if (!pirb)
		return -EBUSY;
	ataport_irb_fill_own(ch, pirb, &own, target);
	irb = &pirb->irb;
	irb->DataBuffer = control->data;
	irb->DataTransferLength = control->size;
	kref_get(&control->ref);
	pirb->control = control;
	ch->control = control;
	ataport_irb_build(ch, pirb);
	if (irb->IrbStatus == IRB_STATUS_PENDING) {
		irb->DataBuffer = control->data;
		ataport_irb_start(ch, pirb);
	} else {
		atomic_set(&pirb->state, ATAPORT_IRB_DONE);
		ataport_irb_finish(ch, pirb);
	}
	return 0;
}

/* Keep new requests back, wait for those outstanding, start ours. */
static int ataport_control_issue(struct ataport_channel *ch, struct ataport_control *control,
				 unsigned int target)
{
	unsigned long flags;
	bool quiet;
	long left;
	int rc;

	for (;;) {
		spin_lock_irqsave(&ch->lock, flags);
		rc = ataport_control_allowed(ch);
		quiet = !rc;
		if (quiet) {
			set_bit(ATAPORT_PAUSED_BY_CONTROL, &ch->paused);
			if (ataport_control_others(ch) || ataport_asleep(ch, target) ||
			    READ_ONCE(ch->paused) & BIT(target))
				rc = -EAGAIN;
			/*
			 * A device in D3 sleeps until somebody wants it.  What wakes
			 * it would abort what the other one is still at.
			 */
			if (ataport_asleep(ch, target) && !ataport_control_others(ch))
				set_bit(ATAPORT_EV_WAKE, &ch->events);
			if (!rc)
				rc = ataport_control_start(ch, control, target);
		}
		/* The error handler's commands must not wait for us. */
		if (rc && !(quiet && rc == -EAGAIN))
			ataport_control_let_go(ch);
		ataport_channel_flush(ch);
		spin_unlock_irqrestore(&ch->lock, flags);
		if (rc != -EAGAIN)
			return rc;
		if (!quiet) {
			/* Not with anybody held back, who may be what it waits for. */
			left = ataport_control_left(control);
			left = wait_event_interruptible_timeout(ch->ap->eh_wait_q,
								ataport_eh_idle(ch->ap), left);
			if (left < 0)
				rc = -EINTR;
		}
		if (rc == -EAGAIN && msleep_interruptible(1))
			rc = -EINTR;
		else if (time_after(jiffies, control->deadline))
			rc = -EBUSY;
		if (rc != -EAGAIN)
			break;
	}
	spin_lock_irqsave(&ch->lock, flags);
	ataport_control_let_go(ch);
	ataport_channel_flush(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return rc;
}

static int ataport_control_errno(u8 status)
{
	switch (status & 0xf) {
	case IRB_STATUS_SUCCESS:
	case IRB_STATUS_DATALENGTH_MISMATCH:
		return 0;
	case IRB_STATUS_INVALID_REQUEST:
		return -EOPNOTSUPP;
	case IRB_STATUS_BUSY:
		return -EBUSY;
	case IRB_STATUS_SELECTION_TIMEOUT:
		return -ENODEV;
	default:
		return -EIO;
	}
}

/* LOCKING: process context, ch->control_mutex. */
static int ataport_control_run(struct ataport_channel *ch, struct ataport_control *control,
			       unsigned int target, struct ataport_ioctl *arg)
{
	struct ataport_control *earlier = READ_ONCE(ch->control);
	unsigned long flags;
	long left;
	int rc;

	/* Its caller was killed. The mutex keeps another one from starting. */
	if (earlier) {
		spin_lock_irqsave(&ch->lock, flags);
		rc = ch->control && time_before(jiffies, ch->control->deadline) ? -EBUSY : 0;
		spin_unlock_irqrestore(&ch->lock, flags);
		if (rc)
			return rc;
		ataport_control_reset(ch);
		if (READ_ONCE(ch->control))
			return -EBUSY;
	}
	rc = ataport_control_issue(ch, control, target);
	if (rc)
		return rc;
	left = wait_for_completion_interruptible_timeout(&control->done,
							 ataport_control_left(control));
	if (left < 0) {
		/* All others wait for it, and nobody for its time-out. */
		mod_delayed_work(ataport_wq, &ch->control_late, ataport_control_left(control));
		return -EINTR;
	}
	if (!left) {
		ataport_control_reset(ch);
		return -ETIMEDOUT;
	}
	arg->status = control->status;
	if (copy_to_user(u64_to_user_ptr(arg->data), control->data, control->size))
		return -EFAULT;
	return ataport_control_errno(control->status);
}

/* Bring in header and data, look at their sizes. */
static struct ataport_control *ataport_control_get(const struct ataport_ioctl *arg)
{
	const struct ataport_io_control *head;
	struct ataport_control *control;

	if (arg->size < sizeof(*head) || arg->size > ATAPORT_IOCTL_MAX_SIZE)
		return ERR_PTR(-EINVAL);
	control = kmalloc(struct_size(control, data, arg->size), GFP_KERNEL);
	if (!control)
		return ERR_PTR(-ENOMEM);
	kref_init(&control->ref);
	init_completion(&control->done);
	control->size = arg->size;
	control->status = IRB_STATUS_PENDING;
	if (copy_from_user(control->data, u64_to_user_ptr(arg->data), arg->size)) {
		kfree(control);
		return ERR_PTR(-EFAULT);
	}
	head = (const void *)control->data;
	if (head->header_length != sizeof(*head) ||
	    head->data_length > arg->size - sizeof(*head) ||
	    !head->timeout || head->timeout > ATAPORT_IOCTL_MAX_TIME) {
		kfree(control);
		return ERR_PTR(-EINVAL);
	}
	control->deadline = jiffies + head->timeout * HZ;
	return control;
}

/**
 * ataport_control_ioctl() - hand a request of user space to a channel
 * @ch: channel
 * @target: target
 * @arg: its argument
 *
 * LOCKING: process context; the caller keeps the controller.
 */
int ataport_control_ioctl(struct ataport_channel *ch, unsigned int target,
			  struct ataport_ioctl *arg)
{
	struct ataport_control *control;
	int rc;

	might_sleep();

	control = ataport_control_get(arg);
	if (IS_ERR(control))
		return PTR_ERR(control);
	rc = mutex_lock_interruptible(&ch->control_mutex);
	if (!rc) {
		rc = ataport_control_run(ch, control, target, arg);
		mutex_unlock(&ch->control_mutex);
	}
	kref_put(&control->ref, ataport_control_free);
	return rc;
}

/**
 * ataport_control_init() - what a channel needs for control requests
 * @ch: channel
 *
 * LOCKING: process context.
 */
void ataport_control_init(struct ataport_channel *ch)
{
	mutex_init(&ch->control_mutex);
	init_waitqueue_head(&ch->control_wait);
	INIT_DELAYED_WORK(&ch->control_late, ataport_control_late);
}

/**
 * ataport_control_close() - accept no new request, see the last one out
 * @ch: channel
 *
 * The one that is out comes back, or is reset away.
 *
 * LOCKING: process context.
 */
void ataport_control_close(struct ataport_channel *ch)
{
	unsigned long flags;

	spin_lock_irqsave(&ch->lock, flags);
	ch->control_closed = true;
	spin_unlock_irqrestore(&ch->lock, flags);
	if (!wait_event_timeout(ch->control_wait, !READ_ONCE(ch->control), HZ))
		ataport_control_reset(ch);
}

/**
 * ataport_control_exit() - the last caller has gone
 * @ch: channel, closed
 *
 * LOCKING: process context.
 */
void ataport_control_exit(struct ataport_channel *ch)
{
	cancel_delayed_work_sync(&ch->control_late);
}
