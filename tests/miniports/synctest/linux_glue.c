// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of the test miniport: sees locks, contexts, processors and
 * time, has a thread on each processor that asks from process context, and
 * takes orders through module parameters:
 *
 *   load	who asks, SYNC_LOAD_* bits, from "start" on
 *   fire	start the threads with the controller, end them with it
 *   cmd	an order, see sync_orders
 *   results	counters and what the last order found
 *   levels	the table of levels; "WRONG" where a cell is not as it must be
 *   claimed	interrupts of each channel that has had any
 *   bench	reading it measures
 *
 * Parameters because they go away with the module, before anything else does.
 */
#include <linux/ata.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/libata.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "ataport_glue.h"
#include "halves.h"

#define SYNC_DRIVER	"ataport_synctest"
#define SYNC_SAMPLE	61	/* every so manieth call of a routine is looked at */
#define SYNC_FIRST	200	/* and the first ones */

static struct pci_dev *sync_pdev[SYNC_CONTROLLERS];

/* Threads */

static struct task_struct *sync_tasks[SYNC_THREADS];
static DEFINE_MUTEX(sync_tasks_lock);

static unsigned int load = 0xff & ~SYNC_LOAD_FULL;
module_param(load, uint, 0644);
MODULE_PARM_DESC(load, "who asks for callbacks");
static bool fire;
module_param(fire, bool, 0644);
MODULE_PARM_DESC(fire, "start with the controller");

/*
 * On a slow machine, with more processors than the host has for it, a round of
 * these threads takes as long as a request may, and interrupts are off for most
 * of it: there, the processor is somebody else's for as long.
 */
static int sync_thread_fn(void *data)
{
	int thread = (long)data;
	unsigned int turn = thread * 1001;
	ktime_t since = ktime_get();

	set_user_nice(current, 10);
	while (!kthread_should_stop()) {
		turn++;
		if (!(sync_load & SYNC_LOAD_THREADS) || !sync_thread(thread, turn)) {
			usleep_range(500, 1000);
		} else if (turn % 64 == 0) {
			s64 took = ktime_us_delta(ktime_get(), since);

			if (took < 1000)
				usleep_range(20, 50);
			else
				usleep_range(took / 2, took);
		} else {
			cond_resched();
			continue;
		}
		since = ktime_get();
	}
	return 0;
}

static int sync_threads_start(void)
{
	unsigned int cpu;
	long n = 0;

	mutex_lock(&sync_tasks_lock);
	sync_load = load;
	for_each_online_cpu(cpu) {
		struct task_struct *task;

		if (n == SYNC_THREADS)
			break;
		if (!sync_tasks[n]) {
			task = kthread_create_on_cpu(sync_thread_fn, (void *)n, cpu,
						     "synctest/%u");
			if (IS_ERR(task)) {
				mutex_unlock(&sync_tasks_lock);
				return PTR_ERR(task);
			}
			sync_tasks[n] = task;
			wake_up_process(task);
		}
		n++;
	}
	mutex_unlock(&sync_tasks_lock);
	return 0;
}

static void sync_threads_stop(void)
{
	unsigned int n;

	mutex_lock(&sync_tasks_lock);
	for (n = 0; n < SYNC_THREADS; n++) {
		if (sync_tasks[n])
			kthread_stop(sync_tasks[n]);
		sync_tasks[n] = NULL;
	}
	mutex_unlock(&sync_tasks_lock);
}

/* Levels */

enum sync_need { NEED_NOT, NEED, ANY };

struct sync_rule {
	enum sync_need irqs_off, irq_lock, channel_lock, may_sleep;
};

/* Where spin locks sleep, they leave interrupts on. */
#define OFF		(IS_ENABLED(CONFIG_PREEMPT_RT) ? ANY : NEED)

#define PASSIVE		{ NEED_NOT, NEED_NOT, NEED_NOT, NEED }
#define DISPATCH	{ ANY, NEED_NOT, NEED, NEED_NOT }
/* Any: who holds the channel lock may wait for the interrupt lock, which we hold. */
#define DIRQL		{ OFF, NEED, ANY, NEED_NOT }
#define DIRQL_CHANNEL	{ OFF, NEED, NEED, NEED_NOT }
#define AT_MOST_DISPATCH { ANY, NEED_NOT, ANY, ANY }

/* The table of levels: SyncWithIsr FALSE, TRUE. */
static const struct sync_rule sync_rules[SYNC_NR_ROUTINES][2] = {
	[SYNC_R_DRIVER_ENTRY]		= { PASSIVE, PASSIVE },
	[SYNC_R_ADAPTER_START]		= { PASSIVE, PASSIVE },
	[SYNC_R_ADAPTER_STOP]		= { PASSIVE, PASSIVE },
	[SYNC_R_CHANNEL_ENABLED]	= { PASSIVE, PASSIVE },
	[SYNC_R_CHANNEL_INIT]		= { PASSIVE, PASSIVE },
	[SYNC_R_CONTROL_START]		= { PASSIVE, PASSIVE },
	[SYNC_R_CONTROL_STOP]		= { PASSIVE, PASSIVE },
	[SYNC_R_ADAPTER_POWER]		= { AT_MOST_DISPATCH, AT_MOST_DISPATCH },
	[SYNC_R_CONTROL_POWER]		= { AT_MOST_DISPATCH, AT_MOST_DISPATCH },
	[SYNC_R_BUILD]			= { DISPATCH, DISPATCH },
	[SYNC_R_INITIALIZE]		= { DISPATCH, DIRQL_CHANNEL },
	[SYNC_R_START]			= { DISPATCH, DIRQL_CHANNEL },
	[SYNC_R_RESET]			= { DISPATCH, DIRQL_CHANNEL },
	[SYNC_R_INTERRUPT]		= { DIRQL, DIRQL },
	[SYNC_R_SYNC]			= { DIRQL, DIRQL },
	[SYNC_R_CONTROLLER_SYNC]	= { DIRQL, DIRQL },
	[SYNC_R_TIMER]			= { DISPATCH, DIRQL },
	[SYNC_R_WORKER]			= { DISPATCH, DISPATCH },
};

#define SYNC_NAME_(name, text) text,
static const char * const sync_routine_names[] = { SYNC_ROUTINES(SYNC_NAME_) };
static const char * const sync_counter_names[] = { SYNC_COUNTERS(SYNC_NAME_) };
#undef SYNC_NAME_

/* Seen so often, on all processors at once. */
static struct sync_seen {
	atomic_t calls, looked, irqs_off, hardirq, irq_lock, channel_lock, sleep;
	atomic_t wrong;
} sync_seen[SYNC_NR_ROUTINES][2];

/*
 * Does this context hold @lock?  A lock that sleeps knows its owner; bit 0
 * says that others wait.  Elsewhere, where lockdep is not there to tell, a
 * lock that is seen free within a while is not ours, and one that is not is:
 * the others hold it for microseconds.  Free means that nobody has it, though
 * others may wait: with more processors than the host has, there may always be one.
 */
static bool sync_holds(spinlock_t *lock, enum sync_need need)
{
#ifdef CONFIG_LOCKDEP
	return lockdep_is_held(lock) != LOCK_STATE_NOT_HELD;
#elif defined(CONFIG_PREEMPT_RT)
	return ((unsigned long)READ_ONCE(lock->lock.owner) & ~1UL) == (unsigned long)current;
#else
	u64 end = ktime_get_ns() + (need == NEED ? 20 : 2000000) * 1000ULL;

	if (need == ANY)
		return spin_is_locked(lock);

	do {
		if (!READ_ONCE(lock->rlock.raw_lock.locked))
			return false;
		cpu_relax();
	} while (ktime_get_ns() < end);
	return true;
#endif
}

static bool sync_cell(enum sync_need need, bool is)
{
	return need == ANY || (need == NEED) == is;
}

/* Elsewhere spin locks sleep, or nobody counts them. */
#define SYNC_CAN_TELL_SLEEP \
	(IS_ENABLED(CONFIG_PREEMPT_COUNT) && !IS_ENABLED(CONFIG_PREEMPT_RT))

static void sync_level(int controller, int channel, int routine, int mode)
{
	const struct sync_rule *rule = &sync_rules[routine][!!mode];
	struct sync_seen *seen = &sync_seen[routine][!!mode];
	struct pci_dev *pdev = sync_pdev[controller];
	struct ata_host *host = pdev ? pci_get_drvdata(pdev) : NULL;
	bool irq_lock = false, channel_lock = false, sleep, off;
	unsigned int calls = atomic_inc_return(&seen->calls);

	if (calls > SYNC_FIRST && calls % SYNC_SAMPLE)
		return;
	/* Before anything else, for the checks below change it. */
	sleep = preemptible();
	off = irqs_disabled();
	if (host)
		irq_lock = sync_holds(&host->lock, rule->irq_lock);
	if (host && channel >= 0)
		channel_lock = sync_holds(host->ports[channel]->lock, rule->channel_lock);
	/* The cells first: a reader who comes in between has more of them than calls. */
	atomic_add(off, &seen->irqs_off);
	atomic_add(!!in_hardirq(), &seen->hardirq);
	atomic_add(sleep, &seen->sleep);
	atomic_add(irq_lock, &seen->irq_lock);
	atomic_add(channel_lock, &seen->channel_lock);
	atomic_inc(&seen->looked);
	if (!sync_cell(rule->irqs_off, off) ||
	    !sync_cell(rule->irq_lock, irq_lock) ||
	    !sync_cell(rule->channel_lock, channel_lock) ||
	    (SYNC_CAN_TELL_SLEEP && !sync_cell(rule->may_sleep, sleep))) {
		atomic_inc(&seen->wrong);
		sync_wrong(SYNC_W_LEVEL);
	}
}

static const char *sync_word(const atomic_t *some, int all)
{
	int n = atomic_read(some);

	return !n ? "no" : n >= all ? "yes" : "some";
}

static int levels_get(char *buf, const struct kernel_param *kp)
{
	static const char * const need[] = { "no", "yes", "any" };
	int n, mode, len = 0;

	len += scnprintf(buf + len, PAGE_SIZE - len, "%-22s%-6s%6s %-9s%-10s%-10s%-10s%-10s\n",
			 "routine", "Sync", "seen", "hardirq", "irqs-off", "irq-lock", "ch-lock",
			 "may-sleep");
	for (n = 0; n < SYNC_NR_ROUTINES; n++) {
		for (mode = 1; mode >= 0; mode--) {
			const struct sync_rule *rule = &sync_rules[n][mode];
			struct sync_seen *s = &sync_seen[n][mode];
			int all = atomic_read(&s->looked);
			char cell[4][16];

			if (!all)
				continue;
			scnprintf(cell[0], 16, "%s/%s", sync_word(&s->irqs_off, all),
				  need[rule->irqs_off]);
			scnprintf(cell[1], 16, "%s/%s", sync_word(&s->irq_lock, all),
				  need[rule->irq_lock]);
			scnprintf(cell[2], 16, "%s/%s", sync_word(&s->channel_lock, all),
				  need[rule->channel_lock]);
			scnprintf(cell[3], 16, "%s/%s", sync_word(&s->sleep, all),
				  need[rule->may_sleep]);
			len += scnprintf(buf + len, PAGE_SIZE - len,
					 "%-22s%-6s%6d %-9s%-10s%-10s%-10s%-10s%s\n",
					 sync_routine_names[n], mode ? "TRUE" : "FALSE", all,
					 sync_word(&s->hardirq, all), cell[0], cell[1],
					 cell[2], cell[3],
					 atomic_read(&s->wrong) ? "WRONG" : "ok");
		}
	}
	return len;
}

static const struct kernel_param_ops levels_ops = { .get = levels_get };
module_param_cb(levels, &levels_ops, NULL, 0444);
MODULE_PARM_DESC(levels, "cells are seen/wanted");

/* What the miniport asks of us */

static unsigned long long sync_now(void)
{
	return ktime_get_ns();
}

static void *sync_task(void)
{
	return current;
}

static void sync_sleep(void)
{
	usleep_range(1000, 1200);
}

/* Runs as soon as this processor has interrupts on. */
static DEFINE_PER_CPU(u64, sync_generations);
static DEFINE_PER_CPU(struct irq_work, sync_irq_work);

static void sync_generation_fn(struct irq_work *work)
{
	this_cpu_inc(sync_generations);
}

static unsigned long long sync_generation(void)
{
	irq_work_queue(this_cpu_ptr(&sync_irq_work));
	return this_cpu_read(sync_generations) << 16 | smp_processor_id();
}

static void sync_print_wrong(const char *what)
{
	pr_err("synctest: %s\n", what);
}

/* The function that is being probed is the one that has no place yet. */
static void sync_attach(int controller)
{
	struct pci_dev *pdev = NULL;
	int n;

	for_each_pci_dev(pdev) {
		if (!pdev->dev.driver || strcmp(pdev->dev.driver->name, SYNC_DRIVER))
			continue;
		for (n = 0; n < SYNC_CONTROLLERS; n++)
			if (sync_pdev[n] == pdev)
				break;
		if (n == SYNC_CONTROLLERS) {
			sync_pdev[controller] = pdev;
			pci_dev_put(pdev);
			return;
		}
	}
}

static void sync_fire(struct work_struct *work)
{
	sync_threads_start();
}

static DECLARE_WORK(sync_fire_work, sync_fire);

/* Comes from a routine that may not sleep. */
static void sync_started(void)
{
	if (fire)
		schedule_work(&sync_fire_work);
}

static void sync_detach(int controller)
{
	cancel_work_sync(&sync_fire_work);
	sync_threads_stop();
	sync_pdev[controller] = NULL;
}

ULONG DriverEntry(void *driver_object, void *registry_path)
{
	unsigned int cpu;

	BUILD_BUG_ON(ARRAY_SIZE(sync_routine_names) != SYNC_NR_ROUTINES);
	BUILD_BUG_ON(ARRAY_SIZE(sync_counter_names) != SYNC_NR_COUNTERS);

	sync_linux = (struct sync_linux) {
		.now		= sync_now,
		.task		= sync_task,
		.generation	= sync_generation,
		.level		= sync_level,
		.wrong		= sync_print_wrong,
		.attach		= sync_attach,
		.detach		= sync_detach,
		.started	= sync_started,
		.sleep		= sync_sleep,
	};
	for_each_possible_cpu(cpu)
		*per_cpu_ptr(&sync_irq_work, cpu) = IRQ_WORK_INIT_HARD(sync_generation_fn);
	return sync_entry(driver_object, registry_path);
}

/* Orders */

static char sync_report[2048];
static int sync_report_len;

static __printf(1, 2) void sync_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	sync_report_len += vscnprintf(sync_report + sync_report_len,
				      sizeof(sync_report) - sync_report_len, fmt, args);
	va_end(args);
}

static int sync_live_channel(void)
{
	int n;

	for (n = 0; n < SYNC_CHANNELS; n++)
		if (sync_channel_live(n))
			return n;
	return -ENODEV;
}

static int sync_order_start(unsigned int arg)
{
	return sync_threads_start();
}

static int sync_order_stop(unsigned int arg)
{
	int tries = 400;

	sync_load = 0;
	sync_self_asking = 0;
	sync_threads_stop();
	while (sync_check(false) && tries--)
		usleep_range(5000, 6000);
	sync_check(true);
	return 0;
}

static int sync_settle(int channel)
{
	int tries = 400;

	while (!sync_test_settled(channel)) {
		if (!tries--) {
			sync_wrong(SYNC_W_DROPPED);
			return -ETIMEDOUT;
		}
		usleep_range(5000, 6000);
	}
	return 0;
}

/* One by one, in process context. */
static int sync_order_order(unsigned int arg)
{
	unsigned int accepted, refused;
	int channel = sync_live_channel();
	u64 before;

	if (channel < 0)
		return channel;
	/* The port driver's least and the test's most. */
	sync_test_full(channel, &accepted, &refused);
	sync_say("queue: %u accepted, %u refused\n", accepted, refused);
	if (!sync_test_settled(channel) || accepted < 16 || !refused)
		sync_wrong(SYNC_W_REFUSED);
	sync_test_mixed(channel);
	if (!sync_test_settled(channel))
		sync_wrong(SYNC_W_DROPPED);
	before = sync_counter(SYNC_DEFERRED);
	sync_test_chain(channel, 10);
	if (!sync_test_settled(channel) || sync_counter(SYNC_DEFERRED) != before + 10)
		sync_wrong(SYNC_W_DROPPED);
	/* More than one hold may run; all the same each runs once. */
	before = sync_counter(SYNC_DEFERRED);
	sync_test_chain(channel, 1000);
	if (sync_settle(channel))
		return 0;
	sync_say("chain of 1000: %llu runs\n", sync_counter(SYNC_DEFERRED) - before);
	if (sync_counter(SYNC_DEFERRED) != before + 1000)
		sync_wrong(SYNC_W_TWICE);
	sync_test_workers(channel, &accepted);
	sync_say("workers: %u accepted\n", accepted);
	if (accepted < 16 || accepted >= 64)
		sync_wrong(SYNC_W_REFUSED);
	return 0;
}

static int sync_wait_timers(int channel, unsigned int ms)
{
	int n;

	while (ms--) {
		for (n = 0; n < SYNC_NR_TIMERS; n++)
			if (sync_timer_pending(channel, n))
				break;
		if (n == SYNC_NR_TIMERS)
			return 0;
		usleep_range(1000, 1100);
	}
	sync_wrong(SYNC_W_DROPPED);
	return -ETIMEDOUT;
}

static void sync_measure_timer(int channel, int us, unsigned int rounds)
{
	struct sync_lateness *late = sync_lateness_of(channel, 0);
	int wanted[SYNC_NR_TIMERS] = { us, -1, -1, -1 };

	memset(late, 0, sizeof(*late));
	while (rounds--) {
		sync_test_timers(channel, wanted);
		if (sync_wait_timers(channel, 10000))
			return;
	}
	sync_say("timer of %d us: %u runs, late by %llu us on average, %llu us at most\n",
		 us, late->count, div_u64(late->sum, max(late->count, 1U) * 1000),
		 div_u64(late->max, 1000));
}

static int sync_order_timers(unsigned int rounds)
{
	/* Long enough for a host that is busy elsewhere between two orders. */
	static const int downward[] = { 800000, 600000, 400000, 200000 };
	static const int rearm[] = { -1, -1, 1000000, -1 };
	static const int later[] = { -1, -1, 1500000, -1 };
	static const int sooner[] = { 1000000, -1, -1, 1000000 };
	static const int cancel[] = { 1000, -1, -1, 0 };
	int channel = sync_live_channel();
	u64 before;

	if (channel < 0)
		return channel;
	sync_measure_timer(channel, 20, rounds);
	sync_measure_timer(channel, 1000, rounds);
	sync_measure_timer(channel, 10000, DIV_ROUND_UP(rounds, 4));

	/* Several at once, in the order of their times. */
	sync_timer_order();
	sync_test_timers(channel, downward);
	sync_wait_timers(channel, 10000);
	if (sync_timer_order() != 0x4321)
		sync_wrong(SYNC_W_ORDER);

	/* Armed anew: once, by the later time; SYNC_W_EARLY tells the rest. */
	before = sync_counter(SYNC_TIMERS);
	sync_test_timers(channel, rearm);
	sync_test_timers(channel, later);
	sync_wait_timers(channel, 10000);
	if (sync_counter(SYNC_TIMERS) != before + 1)
		sync_wrong(SYNC_W_TWICE);

	/* Cancelled by 0, another one's run unharmed; sooner than before. */
	before = sync_counter(SYNC_TIMERS);
	sync_test_timers(channel, sooner);
	sync_test_timers(channel, cancel);
	sync_wait_timers(channel, 500);
	msleep(1200);
	if (sync_counter(SYNC_TIMERS) != before + 1)
		sync_wrong(SYNC_W_TIMER);
	return 0;
}

static int sync_order_self(unsigned int on)
{
	int channel = sync_live_channel();

	if (channel < 0)
		return channel;
	if (on)
		sync_self_asking_start(channel);
	else
		sync_self_asking = 0;
	return 0;
}

static void sync_bad(int type, void *extension, IDE_HW_DPC routine)
{
	if (AtaPortRequestCallback(type, extension, routine, 1000))
		sync_wrong(SYNC_W_ACCEPTED);
	else
		sync_count(SYNC_BAD_REFUSED);
}

static void *sync_stale[SYNC_CHANNELS];

static int sync_order_bad(unsigned int arg)
{
	int channel = sync_live_channel(), type;
	void *extension, *freed;
	u64 before;

	if (channel < 0)
		return channel;
	extension = sync_extension(channel);
	freed = kmalloc(4096, GFP_KERNEL);
	kfree(freed);
	for (type = IdeTimerRoutine; type < IdeMaxCallbackType; type++) {
		sync_bad(type, extension, NULL);
		sync_bad(type, NULL, sync_nop);
		sync_bad(type, (void *)1, sync_nop);
		sync_bad(type, (void *)0xdead00000badf00dUL, sync_nop);
		sync_bad(type, &before, sync_nop);
		sync_bad(type, freed, sync_nop);
		sync_bad(type, extension + 8, sync_nop);
		sync_bad(type, sync_controller_extension(channel / SYNC_PORTS), sync_nop);
	}
	sync_bad(IdeMaxCallbackType, extension, sync_nop);
	sync_bad(-1, extension, sync_nop);
	for (channel = 0; channel < SYNC_CHANNELS; channel++)
		sync_stale[channel] = sync_extension(channel);
	return 0;
}

/* Once the controller is gone: the extensions that "bad" has kept. */
static int sync_order_stale(unsigned int arg)
{
	int channel, type;

	for (channel = 0; channel < SYNC_CHANNELS; channel++)
		for (type = 0; sync_stale[channel] && type < IdeMaxCallbackType; type++)
			sync_bad(type, sync_stale[channel], sync_nop);
	return 0;
}

/* The next IdeHwBuildIo asks for what it must not. */
static int sync_order_build(unsigned int arg)
{
	sync_bad_build = 1;
	return 0;
}

static int sync_order_cross(unsigned int arg)
{
	int got;

	if (!sync_channel_live(0) || !sync_channel_live(SYNC_PORTS))
		return -ENODEV;
	got = sync_test_cross(0, SYNC_PORTS);
	sync_say("under the lock of another controller: %d\n", got);
	if (got)
		sync_wrong(SYNC_W_ACCEPTED);
	else
		sync_count(SYNC_BAD_REFUSED);
	return 0;
}

static long sync_beside_on(void *side)
{
	sync_beside_start((long)side);
	return 0;
}

/* One side on this processor, but first the other on another one: it waits there with interrupts off. */
static int sync_order_beside(unsigned int arg)
{
	unsigned int here = raw_smp_processor_id(), cpu = cpumask_any_but(cpu_online_mask, here);

	if (cpu >= nr_cpu_ids || !sync_channel_live(0) || !sync_channel_live(SYNC_PORTS))
		return -ENODEV;
	work_on_cpu(cpu, sync_beside_on, (void *)0);
	work_on_cpu(here, sync_beside_on, (void *)1);
	return sync_beside_met() ? 0 : -EIO;
}

static const struct {
	const char *name;
	int (*order)(unsigned int arg);
} sync_orders[] = {
	{ "start", sync_order_start },	/* the load */
	{ "stop", sync_order_stop },	/* and see that all adds up */
	{ "order", sync_order_order },
	{ "timers", sync_order_timers },	/* rounds */
	{ "self", sync_order_self },	/* 1 on, 0 off */
	{ "bad", sync_order_bad },
	{ "stale", sync_order_stale },
	{ "build", sync_order_build },
	{ "cross", sync_order_cross },
	{ "beside", sync_order_beside },
};

static int cmd_set(const char *val, const struct kernel_param *kp)
{
	char name[16];
	unsigned int arg = 0, n;

	if (sscanf(val, "%15s %u", name, &arg) < 1)
		return -EINVAL;
	sync_report_len = 0;
	for (n = 0; n < ARRAY_SIZE(sync_orders); n++)
		if (!strcmp(name, sync_orders[n].name))
			return sync_orders[n].order(arg);
	return -EINVAL;
}

static const struct kernel_param_ops cmd_ops = { .set = cmd_set };
module_param_cb(cmd, &cmd_ops, NULL, 0200);
MODULE_PARM_DESC(cmd, "an order");

static int results_get(char *buf, const struct kernel_param *kp)
{
	int n, len = 0;

	for (n = 0; n < SYNC_NR_COUNTERS; n++)
		len += scnprintf(buf + len, PAGE_SIZE - len, "%s %llu\n", sync_counter_names[n],
				 sync_counter(n));
	return len + scnprintf(buf + len, PAGE_SIZE - len, "%.*s", sync_report_len, sync_report);
}

static const struct kernel_param_ops results_ops = { .get = results_get };
module_param_cb(results, &results_ops, NULL, 0444);
MODULE_PARM_DESC(results, "counters, and what the last order found");

static int claimed_get(char *buf, const struct kernel_param *kp)
{
	int n, len = 0;

	for (n = 0; n < SYNC_CHANNELS; n++)
		if (sync_claimed(n))
			len += scnprintf(buf + len, PAGE_SIZE - len, "%d %u\n", n, sync_claimed(n));
	return len;
}

static const struct kernel_param_ops claimed_ops = { .get = claimed_get };
module_param_cb(claimed, &claimed_ops, NULL, 0444);
MODULE_PARM_DESC(claimed, "interrupts by channel");

/* Benchmark: rounds of both in turn, the median of the rounds' ratios. */

#define BENCH_ROUNDS	101
#define BENCH_CALLS	2000
#define BENCH_DEFERRED	24	/* in one hold */

static int bench_compare(const void *a, const void *b)
{
	const u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return x < y ? -1 : x > y;
}

static u64 bench_bare(spinlock_t *lock, IDE_HW_DPC volatile *routine, void *extension)
{
	u64 start = ktime_get_ns();
	unsigned long flags;
	unsigned int n;

	for (n = 0; n < BENCH_CALLS; n++) {
		spin_lock_irqsave(lock, flags);
		(*routine)(extension);
		spin_unlock_irqrestore(lock, flags);
	}
	return ktime_get_ns() - start;
}

static u64 bench_sync(void *extension)
{
	u64 start = ktime_get_ns();
	unsigned int n;

	for (n = 0; n < BENCH_CALLS; n++)
		AtaPortRequestSynchronizedRoutine(extension, sync_nop);
	return ktime_get_ns() - start;
}

/* As many deferred ones, and the requests around them taken off. */
static u64 bench_deferred(int channel)
{
	unsigned int n, holds = BENCH_CALLS / BENCH_DEFERRED;
	u64 start = ktime_get_ns(), with, without;

	for (n = 0; n < holds; n++)
		sync_bench_deferred(channel, BENCH_DEFERRED);
	with = ktime_get_ns() - start;
	start = ktime_get_ns();
	for (n = 0; n < holds; n++)
		sync_bench_deferred(channel, 0);
	without = ktime_get_ns() - start;
	with = with > without ? with - without : 0;
	return div_u64(with * BENCH_CALLS, holds * BENCH_DEFERRED);
}

static int bench_line(char *buf, size_t size, const char *name, u32 *ns, u32 *ratio)
{
	const int q1 = BENCH_ROUNDS / 4, mid = BENCH_ROUNDS / 2, q3 = BENCH_ROUNDS * 3 / 4;

	sort(ns, BENCH_ROUNDS, sizeof(*ns), bench_compare, NULL);
	sort(ratio, BENCH_ROUNDS, sizeof(*ratio), bench_compare, NULL);
	return scnprintf(buf, size, "%s ns=%u ratio=%u.%03u q1=%u.%03u q3=%u.%03u\n", name,
			 ns[mid] / BENCH_CALLS, ratio[mid] / 1000, ratio[mid] % 1000,
			 ratio[q1] / 1000, ratio[q1] % 1000, ratio[q3] / 1000, ratio[q3] % 1000);
}

static int bench_get(char *buf, const struct kernel_param *kp)
{
	static u32 bare[BENCH_ROUNDS], sync[BENCH_ROUNDS], deferred[BENCH_ROUNDS];
	static u32 sync_ratio[BENCH_ROUNDS], deferred_ratio[BENCH_ROUNDS];
	IDE_HW_DPC volatile routine = sync_nop;
	int channel = sync_live_channel(), n;
	const int mid = BENCH_ROUNDS / 2;
	struct ata_host *host;
	void *extension;

	if (channel < 0)
		return channel;
	extension = sync_extension(channel);
	host = pci_get_drvdata(sync_pdev[channel / SYNC_PORTS]);
	for (n = 0; n < BENCH_ROUNDS; n++) {
		/* Each goes first in turn. */
		if (n % 2)
			sync[n] = bench_sync(extension);
		bare[n] = bench_bare(&host->lock, &routine, extension);
		if (!(n % 2))
			sync[n] = bench_sync(extension);
		deferred[n] = bench_deferred(channel);
		sync_ratio[n] = div_u64(sync[n] * 1000ULL, max(bare[n], 1U));
		deferred_ratio[n] = div_u64(deferred[n] * 1000ULL, max(bare[n], 1U));
		cond_resched();
	}
	sort(bare, BENCH_ROUNDS, sizeof(u32), bench_compare, NULL);
	n = scnprintf(buf, PAGE_SIZE, "lock-call-unlock ns=%u\n", bare[mid] / BENCH_CALLS);
	n += bench_line(buf + n, PAGE_SIZE - n, "synchronized", sync, sync_ratio);
	n += bench_line(buf + n, PAGE_SIZE - n, "deferred", deferred, deferred_ratio);
	return n;
}

static const struct kernel_param_ops bench_ops = { .get = bench_get };
module_param_cb(bench, &bench_ops, NULL, 0444);
MODULE_PARM_DESC(bench, "cost of callbacks against the bare lock");
