// SPDX-License-Identifier: GPL-2.0-only
/*
 * callback.c - the interrupt lock, and routines that a miniport asks for
 *
 * The Windows rule.  A miniport's state is split by level.  IdeHwInterrupt
 * runs at DIRQL, the level of the controller's interrupt, where nothing else
 * of the miniport runs.  Code at a lower level that wants to touch the same
 * state asks for a synchronized routine; the port driver raises to DIRQL,
 * takes the interrupt object's spin lock and calls it.
 *
 * The Linux rule.  There are no levels to raise to; there is one spin lock
 * per controller, taken with spin_lock_irqsave() by the interrupt handler and
 * by everybody else: the interrupt lock, host->lock.  "At DIRQL" therefore
 * means "holds the interrupt lock", and the promise of
 * AtaPortRequestSynchronizedRoutine is kept by the lock and by nothing else.
 *
 * Two locks.  libata calls down with ap->lock held.  If that were host->lock,
 * a miniport with SyncWithIsr FALSE could not issue on one processor while
 * its interrupt is served on another, and IdeHwBuildIo could not run without
 * the interrupt lock.  So each channel has a lock of its own, the channel
 * lock, ordered before the interrupt lock.  A completion needs the channel
 * lock, and is thus only noted under the interrupt lock and delivered once
 * that is dropped.
 *
 * Why some requests are deferred.  A caller who already holds the interrupt
 * lock, such as IdeHwInterrupt, cannot take it again, and calling the routine
 * in the middle of the asking one would let it see half-changed state that
 * the Windows rule promises to hide.  The request goes to a ring and runs
 * before the lock is dropped, after the routines of other channels that the
 * same interrupt calls.  Each hold runs at most ATAPORT_SYNC_BUDGET of
 * them, lest a routine that asks for itself keep interrupts off for ever; the
 * rest moves to a work item that gives the lock up in between.
 *
 * Who holds the lock is told by ctl->irq_owner, a task and not a processor:
 * where spin locks sleep (PREEMPT_RT) the holder may migrate and the handler
 * is a thread, and where they do not, the interrupted task that a handler
 * borrows cannot itself hold a lock that keeps interrupts off.  Only the
 * holder can find itself there, so the unlocked read is sound.
 *
 * What it costs: two stores per hold of the lock, and a test of the ring, of
 * ctl->isr_done and of ctl->pending when it is dropped.  That much is inline,
 * in ataport_irq_lock() and ataport_irq_unlock().
 */
#include <linux/interrupt.h>

#include "ataport.h"
#include "trace.h"

/*
 * Keeps a controller's memory while a caller is in here who may be a stray one,
 * of no routine that the controller's end waits for.  With preemption off,
 * which costs next to nothing, where a spin lock lets that; else with RCU.
 * Not rcu_read_lock_sched(): there, lockdep minds each spin lock that
 * would sleep on a real-time kernel.
 */
static __always_inline void ataport_stray_enter(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_lock();
	else
		preempt_disable();
}

static __always_inline void ataport_stray_leave(void)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		rcu_read_unlock();
	else
		preempt_enable();
}

/* All controllers, for the rare caller who comes from one to another. */
static LIST_HEAD(ataport_controllers);
static unsigned int ataport_nr_controllers;
static DEFINE_SPINLOCK(ataport_controllers_lock);

void ataport_controller_add(struct ataport_controller *ctl)
{
	spin_lock(&ataport_controllers_lock);
	list_add_rcu(&ctl->node, &ataport_controllers);
	WRITE_ONCE(ataport_nr_controllers, ataport_nr_controllers + 1);
	spin_unlock(&ataport_controllers_lock);
}

/* The caller waits for a grace period before it frees @ctl. */
void ataport_controller_del(struct ataport_controller *ctl)
{
	spin_lock(&ataport_controllers_lock);
	list_del_rcu(&ctl->node);
	WRITE_ONCE(ataport_nr_controllers, ataport_nr_controllers - 1);
	spin_unlock(&ataport_controllers_lock);
}

/* Of several controllers.  LOCKING: ataport_stray_enter(). */
static noinline bool ataport_holds_any_but(struct ataport_controller *ctl)
{
	struct ataport_controller *other;

	list_for_each_entry_rcu(other, &ataport_controllers, node)
		if (other != ctl && ataport_irq_held(other))
			return true;
	return false;
}

/*
 * Does this task hold another controller's interrupt lock?  Who does is counted:
 * that was added before its first routine ran.  LOCKING: ataport_stray_enter().
 */
static inline bool ataport_holds_other(struct ataport_controller *ctl)
{
	return READ_ONCE(ataport_nr_controllers) > 1 && ataport_holds_any_but(ctl);
}

/* The same, of whoever else takes the interrupt lock for a miniport.  LOCKING: any. */
bool ataport_under_other_lock(struct ataport_controller *ctl)
{
	bool other;

	ataport_stray_enter();
	other = ataport_holds_other(ctl);
	ataport_stray_leave();
	return other;
}

static bool ataport_has_frame(struct ataport_controller *ctl)
{
	unsigned int i, nr = READ_ONCE(ctl->nr_channels);

	for (i = 0; i < nr; i++) {
		/* Of another controller, which may be making its channels. */
		struct ataport_channel *ch = smp_load_acquire(&ctl->channels[i]);

		if (ch && READ_ONCE(ch->frame_owner) == current)
			return true;
	}
	return false;
}

/* Does it run a routine under a channel lock, of @ctl or of any other?  LOCKING: any. */
bool ataport_in_frame(struct ataport_controller *ctl)
{
	struct ataport_controller *other;
	bool found = ataport_has_frame(ctl);

	if (found || READ_ONCE(ataport_nr_controllers) <= 1)
		return found;
	ataport_stray_enter();
	list_for_each_entry_rcu(other, &ataport_controllers, node) {
		found = other != ctl && ataport_has_frame(other);
		if (found)
			break;
	}
	ataport_stray_leave();
	return found;
}

/* And then it is told.  LOCKING: any. */
bool ataport_refused_under_other_lock(struct ataport_channel *ch, const char *caller)
{
	if (likely(!ataport_under_other_lock(ch->ctl)))
		return false;
	/* The other way round on another processor would be a deadlock. */
	ataport_report_for(ch, ATAPORT_RULE_LEVEL, caller,
			   "%s called under the interrupt lock of another controller; ignored\n",
			   caller);
	return true;
}

/* Run what was deferred, oldest first.  LOCKING: interrupt lock. */
static void ataport_run_sync(struct ataport_controller *ctl)
{
	unsigned int budget = ATAPORT_SYNC_BUDGET;

	lockdep_assert_held(&ctl->host->lock);

	while (ctl->sync_head != ctl->sync_tail) {
		struct ataport_sync_request *req;

		if (!budget--) {
			queue_work(ataport_wq, &ctl->sync_work);
			break;
		}
		req = &ctl->sync_ring[ctl->sync_tail++ & (ctl->sync_size - 1)];
		req->ch->nr_sync--;
		trace_ataport_callback_run(req->ch, req->type, 0);
		req->routine(req->ch->ext.memory);
	}
}

/*
 * Take what was completed under the interrupt lock.  Usually that is of one
 * channel, which is returned; what others have is left to be flushed.
 */
static __always_inline struct ataport_channel *
ataport_isr_take(struct ataport_controller *ctl, unsigned long *done)
{
	unsigned long channels = ctl->isr_done;
	struct ataport_channel *ch, *other;

	lockdep_assert_held(&ctl->host->lock);

	if (!channels)
		return NULL;
	ctl->isr_done = 0;
	ch = ctl->channels[__ffs(channels)];
	*done = ch->isr_done;
	ch->isr_done = 0;
	for (channels &= channels - 1; unlikely(channels); channels &= channels - 1) {
		other = ctl->channels[__ffs(channels)];
		ataport_stash_done(other, other->isr_done);
		other->isr_done = 0;
	}
	return ch;
}

/*
 * The end of a hold: deferred routines, the lock, completions.  A handler never
 * interrupts a holder of a channel lock, and need not ask whether it did.
 */
static __always_inline void
ataport_irq_release(struct ataport_controller *ctl, unsigned long flags, bool in_handler)
	__releases(&ctl->host->lock)
{
	struct ataport_channel *ch;
	unsigned long done;

	if (unlikely(ctl->sync_head != ctl->sync_tail))
		ataport_run_sync(ctl);
	ch = ataport_isr_take(ctl, &done);
	WRITE_ONCE(ctl->irq_owner, NULL);
	spin_unlock_irqrestore(&ctl->host->lock, flags);

	if (ch && !in_handler && ataport_in_frame(ctl))
		ataport_stash_done(ch, done);
	else if (likely(ch))
		ataport_deliver(ch, done);
	if (unlikely(READ_ONCE(ctl->pending)))
		ataport_flush_pending(ctl);
}

/**
 * ataport_irq_unlock_busy() - ataport_irq_unlock() where there is more to do
 * @ctl: controller
 * @flags: from ataport_irq_lock()
 *
 * LOCKING: interrupt lock, which is dropped.
 */
ataport_hot void ataport_irq_unlock_busy(struct ataport_controller *ctl, unsigned long flags)
	__releases(&ctl->host->lock)
{
	ataport_irq_release(ctl, flags, false);
}

/* What a single hold left over, one hold at a time. */
void ataport_sync_work(struct work_struct *work)
{
	struct ataport_controller *ctl =
		container_of(work, struct ataport_controller, sync_work);
	unsigned long flags;

	/* ataport_irq_unlock() runs a budget's worth and queues us again. */
	ataport_irq_lock(ctl, &flags);
	ataport_irq_unlock(ctl, flags);
}

/* Does this task run IdeHwInterrupt of a channel of @ctl? */
bool ataport_in_interrupt_routine(struct ataport_controller *ctl)
{
	return ataport_irq_held(ctl) && ctl->in_interrupt;
}

/**
 * ataport_started_set() - which channels take IdeHwInterrupt
 * @ctl: controller
 * @started: their bits
 *
 * LOCKING: interrupt lock.
 */
void ataport_started_set(struct ataport_controller *ctl, unsigned long started)
{
	struct ataport_isr *isr = ctl->isrs;
	unsigned int n;

	lockdep_assert_held(&ctl->host->lock);

	ctl->started = started;
	for_each_set_bit(n, &started, ATAPORT_MAX_CHANNELS) {
		struct ataport_channel *ch = ctl->channels[n];

		*isr++ = (struct ataport_isr) { ch->iface.IdeHwInterrupt, ch->ext.memory };
	}
	isr->routine = NULL;
}

/**
 * ataport_call_interrupt() - IdeHwInterrupt of one channel, if it has started
 * @ch: channel
 *
 * Return: true if it found its interrupt.
 * LOCKING: interrupt lock; what it asked for runs when that is dropped.
 */
bool ataport_call_interrupt(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;
	bool handled;

	lockdep_assert_held(&ctl->host->lock);

	if (!(ctl->started & BIT(ch->number)))
		return false;
	ctl->in_interrupt = true;
	handled = ch->iface.IdeHwInterrupt(ch->ext.memory);
	ctl->in_interrupt = false;
	return handled;
}

/**
 * ataport_interrupt() - the controller's interrupt handler
 * @irq: interrupt number
 * @data: controller
 *
 * Calls IdeHwInterrupt of every started channel, in ascending order.
 *
 * LOCKING: takes the interrupt lock.
 */
ataport_hot irqreturn_t ataport_interrupt(int irq, void *data)
{
	struct ataport_controller *ctl = data;
	const struct ataport_isr *isr;
	BOOLEAN handled = FALSE;
	unsigned long flags;

	ataport_irq_lock(ctl, &flags);
	ctl->in_interrupt = true;
	for (isr = ctl->isrs; isr->routine; isr++)
		handled |= isr->routine(isr->extension);
	ctl->in_interrupt = false;
	ataport_irq_release(ctl, flags, true);

	return IRQ_RETVAL(handled);
}

/**
 * ataport_channel_interrupt() - handler of an interrupt that is one channel's
 * @irq: interrupt number
 * @data: channel, in compatibility mode
 *
 * LOCKING: takes the interrupt lock.
 */
ataport_hot irqreturn_t ataport_channel_interrupt(int irq, void *data)
{
	struct ataport_channel *ch = data;
	unsigned long flags;
	bool handled;

	ataport_irq_lock(ch->ctl, &flags);
	handled = ataport_call_interrupt(ch);
	ataport_irq_release(ch->ctl, flags, true);

	return IRQ_RETVAL(handled);
}

/* Of a caller who does not hold the lock: all that a synchronized routine costs. */
static __always_inline BOOLEAN ataport_sync_now(struct ataport_channel *ch,
						void *extension, IDE_CALLBACK_TYPE type,
						IDE_HW_DPC routine)
{
	struct ataport_controller *ctl = ch->ctl;
	BOOLEAN ok = FALSE;
	unsigned long flags;

	ataport_irq_lock(ctl, &flags);
	/* For a stray caller, the slot may have become another's as it was read. */
	if (likely(ch->accepting && ch->ext.memory == extension)) {
		trace_ataport_callback_request(ch, type, 0);
		trace_ataport_callback_run(ch, type, 0);
		routine(extension);
		ok = TRUE;
	}
	ataport_irq_unlock(ctl, flags);
	return ok;
}

/* Of a caller who holds it: before the lock is dropped.  LOCKING: interrupt lock. */
static BOOLEAN ataport_sync_later(struct ataport_channel *ch, IDE_CALLBACK_TYPE type,
				  IDE_HW_DPC routine)
{
	struct ataport_controller *ctl = ch->ctl;

	lockdep_assert_held(&ctl->host->lock);

	if (unlikely(!ch->accepting))
		return FALSE;
	trace_ataport_callback_request(ch, type, 0);
	if (unlikely(ch->nr_sync == ATAPORT_QUEUE_DEPTH))
		return FALSE;
	ch->nr_sync++;
	ctl->sync_ring[ctl->sync_head++ & (ctl->sync_size - 1)] =
		(struct ataport_sync_request) { ch, routine, type };
	return TRUE;
}

static BOOLEAN ataport_request_worker(struct ataport_channel *ch,
				      IDE_HW_DPC routine)
{
	lockdep_assert_held(&ch->ctl->host->lock);

	if (ch->worker_head - ch->worker_tail == ATAPORT_QUEUE_DEPTH)
		return FALSE;
	ch->workers[ch->worker_head++ % ATAPORT_QUEUE_DEPTH] = routine;
	queue_work(ataport_wq, &ch->worker);
	return TRUE;
}

static BOOLEAN ataport_request_timer(struct ataport_channel *ch,
				     IDE_HW_DPC routine, ULONG us)
{
	struct ataport_timer *slot = NULL;
	unsigned int i;

	lockdep_assert_held(&ch->ctl->host->lock);

	for (i = 0; i < ATAPORT_TIMERS; i++) {
		struct ataport_timer *t = &ch->timers[i];

		if (t->armed && t->routine == routine) {
			slot = t;
			break;
		}
		if (!t->armed && !slot)
			slot = t;
	}
	if (!us) {
		/* The callback, if it waits for the lock, finds it disarmed. */
		if (slot && slot->armed) {
			slot->armed = false;
			hrtimer_try_to_cancel(&slot->hrtimer);
		}
		return TRUE;
	}
	if (!slot)
		return FALSE;

	slot->routine = routine;
	slot->armed = true;
	slot->expires = ktime_add_us(ktime_get(), us);
	/* While IdeStart runs, it is not known under which lock they are to run. */
	if (!ch->starting)
		hrtimer_start(&slot->hrtimer, slot->expires, HRTIMER_MODE_ABS);
	return TRUE;
}

/* Workers and timers.  LOCKING: interrupt lock. */
static BOOLEAN ataport_request_held(struct ataport_channel *ch, PVOID extension,
				    IDE_CALLBACK_TYPE type, IDE_HW_DPC routine, ULONG us)
{
	lockdep_assert_held(&ch->ctl->host->lock);

	if (unlikely(!ch->accepting || ch->ext.memory != extension))
		return FALSE;
	trace_ataport_callback_request(ch, type, us);
	if (unlikely(READ_ONCE(ch->building) == current))
		ataport_report(ch, ATAPORT_RULE_BUILD,
			       "callback of type %d requested from IdeHwBuildIo\n", type);
	switch (type) {
	case IdeWorkerRoutine:
		return ataport_request_worker(ch, routine);
	case IdeTimerRoutine:
		return ataport_request_timer(ch, routine, us);
	default:
		ataport_report(ch, ATAPORT_RULE_PARAMETER, "unknown callback type %d\n", type);
		return FALSE;
	}
}

static bool ataport_is_sync(IDE_CALLBACK_TYPE type)
{
	return type == IdeSynchronizedRoutine || type == IdeControllerSyncRoutine;
}

static BOOLEAN ataport_request_checked(struct ataport_channel *ch, PVOID extension,
				       IDE_CALLBACK_TYPE type, IDE_HW_DPC routine, ULONG us)
{
	const char *caller = "AtaPortRequestCallback";
	bool held = ataport_irq_held(ch->ctl);
	unsigned long flags;
	BOOLEAN ok;

	if (unlikely(!routine)) {
		ataport_report_for(ch, ATAPORT_RULE_NULL_ROUTINE, caller,
				   "callback of type %d with a NULL routine\n", type);
		return FALSE;
	}
	if (unlikely(ataport_holds_other(ch->ctl))) {
		/* The other way round on another processor would be a deadlock. */
		ataport_report_for(ch, ATAPORT_RULE_LEVEL, caller,
				   "callback requested under the interrupt lock of another controller; refused\n");
		return FALSE;
	}
	if (ataport_is_sync(type))
		return held ? ataport_sync_later(ch, type, routine) :
			      ataport_sync_now(ch, extension, type, routine);
	if (held)
		return ataport_request_held(ch, extension, type, routine, us);

	ataport_irq_lock(ch->ctl, &flags);
	ok = ataport_request_held(ch, extension, type, routine, us);
	ataport_irq_unlock(ch->ctl, flags);
	return ok;
}

/* Any request but the plain one that AtaPortRequestCallback() sees to. */
static noinline BOOLEAN ataport_request(IDE_CALLBACK_TYPE type, PVOID extension,
					IDE_HW_DPC routine, ULONG us)
{
	struct ataport_channel *ch;
	BOOLEAN ok = FALSE;

	ataport_stray_enter();
	ch = ataport_channel_in_slot(extension);
	if (unlikely(!ch))
		ch = ataport_channel_listed(extension);
	if (likely(ch))
		ok = ataport_request_checked(ch, extension, type, routine, us);
	else
		ataport_extension_bad(extension, "AtaPortRequestCallback");
	ataport_stray_leave();
	return ok;
}

/**
 * AtaPortRequestCallback() - ask for a routine to be run
 * @CallbackType: IdeSynchronizedRoutine, IdeControllerSyncRoutine,
 *	IdeWorkerRoutine or IdeTimerRoutine
 * @ChannelExtension: channel that the routine gets
 * @CallBackRoutine: routine
 * @TimerValue: microseconds, for a timer; 0 cancels it
 *
 * See AtaPortRequestSynchronizedRoutine, AtaPortControllerSyncRoutine,
 * AtaPortRequestWorkerRoutine and AtaPortRequestTimer in the interface
 * documentation.  A synchronized routine runs before the call returns, unless
 * the caller holds the interrupt lock: then it runs before that is dropped.
 * One lock serves all channels of a controller, which makes the controller
 * kind the same as the channel kind.
 *
 * Return: TRUE when the routine runs exactly once, FALSE when it does not
 * run: no routine, no such channel, channel stopped, queue full.
 * LOCKING: any context but under the interrupt lock of another controller.
 */
ataport_hot
BOOLEAN AtaPortRequestCallback(IDE_CALLBACK_TYPE CallbackType,
			       PVOID ChannelExtension,
			       IDE_HW_DPC CallBackRoutine, ULONG TimerValue)
{
	struct ataport_channel *ch;
	BOOLEAN ok;

	ataport_stray_enter();
	ch = ataport_channel_in_slot(ChannelExtension);
	if (likely(ch && CallBackRoutine && ataport_is_sync(CallbackType) &&
		   !ataport_irq_held(ch->ctl) && !ataport_holds_other(ch->ctl))) {
		ok = ataport_sync_now(ch, ChannelExtension, CallbackType, CallBackRoutine);
		ataport_stray_leave();
		return ok;
	}
	ataport_stray_leave();

	return ataport_request(CallbackType, ChannelExtension, CallBackRoutine, TimerValue);
}
EXPORT_SYMBOL_GPL(AtaPortRequestCallback);

static void ataport_worker(struct work_struct *work)
{
	struct ataport_channel *ch =
		container_of(work, struct ataport_channel, worker);
	struct ataport_controller *ctl = ch->ctl;
	unsigned long flags, irq_flags;
	unsigned int i;

	spin_lock_irqsave(&ch->lock, flags);
	ataport_frame_enter(ch);
	/* One queue's worth; what asks for itself for ever waits its turn. */
	for (i = 0; i < ATAPORT_QUEUE_DEPTH; i++) {
		IDE_HW_DPC routine = NULL;

		ataport_irq_lock(ctl, &irq_flags);
		if (ch->worker_head != ch->worker_tail)
			routine = ch->workers[ch->worker_tail++ % ATAPORT_QUEUE_DEPTH];
		ataport_irq_unlock(ctl, irq_flags);
		if (!routine)
			break;
		trace_ataport_callback_run(ch, IdeWorkerRoutine, 0);
		routine(ch->ext.memory);
	}
	ataport_frame_leave(ch);
	spin_unlock_irqrestore(&ch->lock, flags);

	if (READ_ONCE(ch->worker_head) != READ_ONCE(ch->worker_tail))
		queue_work(ataport_wq, &ch->worker);
}

/*
 * The routine to run, if the timer is still armed and due: a timer that was
 * armed anew while this callback waited for the lock expires later, again.
 */
static IDE_HW_DPC ataport_timer_take(struct ataport_timer *t)
{
	lockdep_assert_held(&t->ch->ctl->host->lock);

	if (!t->armed || ktime_before(ktime_get(), t->expires))
		return NULL;
	t->armed = false;
	trace_ataport_callback_run(t->ch, IdeTimerRoutine, 0);
	return t->routine;
}

static enum hrtimer_restart ataport_timer_fn(struct hrtimer *hrtimer)
{
	struct ataport_timer *t = container_of(hrtimer, struct ataport_timer, hrtimer);
	struct ataport_channel *ch = t->ch;
	struct ataport_controller *ctl = ch->ctl;
	unsigned long flags, irq_flags;
	IDE_HW_DPC routine;

	if (ch->sync_with_isr) {
		ataport_irq_lock(ctl, &irq_flags);
		routine = ataport_timer_take(t);
		if (routine)
			routine(ch->ext.memory);
		ataport_irq_unlock(ctl, irq_flags);
		return HRTIMER_NORESTART;
	}

	spin_lock_irqsave(&ch->lock, flags);
	ataport_frame_enter(ch);
	ataport_irq_lock(ctl, &irq_flags);
	routine = ataport_timer_take(t);
	ataport_irq_unlock(ctl, irq_flags);
	if (routine)
		routine(ch->ext.memory);
	ataport_frame_leave(ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return HRTIMER_NORESTART;
}

void ataport_callbacks_init(struct ataport_channel *ch)
{
	unsigned int i;

	INIT_WORK(&ch->worker, ataport_worker);
	ataport_pauses_init(ch);
	for (i = 0; i < ATAPORT_TIMERS; i++) {
		ch->timers[i].ch = ch;
		hrtimer_setup(&ch->timers[i].hrtimer, ataport_timer_fn,
			      CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
}

/* IdeStart is over: timers that it asked for may expire.  LOCKING: interrupt lock. */
void ataport_timers_release(struct ataport_channel *ch)
{
	unsigned int i;

	lockdep_assert_held(&ch->ctl->host->lock);

	for (i = 0; i < ATAPORT_TIMERS; i++)
		if (ch->timers[i].armed)
			hrtimer_start(&ch->timers[i].hrtimer, ch->timers[i].expires,
				      HRTIMER_MODE_ABS);
}

/**
 * ataport_callbacks_stop() - accept no more callbacks and outwait the rest
 * @ch: channel
 *
 * What was accepted and is not a timer runs; timers are cancelled.
 *
 * LOCKING: process context, no lock.
 */
void ataport_callbacks_stop(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;
	unsigned long flags;
	bool left;
	unsigned int i;

	might_sleep();

	ataport_irq_lock(ctl, &flags);
	ch->accepting = false;
	for (i = 0; i < ATAPORT_TIMERS; i++)
		ch->timers[i].armed = false;
	ataport_irq_unlock(ctl, flags);

	for (i = 0; i < ATAPORT_TIMERS; i++)
		hrtimer_cancel(&ch->timers[i].hrtimer);
	do {
		flush_work(&ch->worker);
		flush_work(&ctl->sync_work);
		ataport_irq_lock(ctl, &flags);
		left = ch->nr_sync || ch->worker_head != ch->worker_tail;
		ataport_irq_unlock(ctl, flags);
	} while (left);
	ataport_pauses_stop(ch);
	irq_work_sync(&ctl->flush_work);
}
