// SPDX-License-Identifier: GPL-2.0-only
/*
 * busywork - keep a processor from its urgent work items
 *
 * Work items of system_highpri_wq on one processor run one after the other as
 * long as none of them sleeps.  This one runs until it is told to end, so that
 * what others queue behind it waits, while all else goes on.
 *
 *	parameters/cpu		the processor; -1 lets it go on
 *
 * For tests only.
 */
#include <linux/cpu.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

static int busywork_cpu = -1;

static void busywork_run(struct work_struct *work)
{
	/* cond_resched() is no sleep: no other worker is started for it. */
	while (READ_ONCE(busywork_cpu) >= 0) {
		cpu_relax();
		cond_resched();
	}
}

static DECLARE_WORK(busywork, busywork_run);

static int busywork_cpu_set(const char *text, const struct kernel_param *kp)
{
	int cpu, rc;

	rc = kstrtoint(text, 0, &cpu);
	if (rc)
		return rc;
	if (cpu >= 0 && !cpu_online(cpu))
		return -ENODEV;
	WRITE_ONCE(busywork_cpu, -1);
	flush_work(&busywork);
	WRITE_ONCE(busywork_cpu, cpu);
	if (cpu >= 0)
		queue_work_on(cpu, system_highpri_wq, &busywork);
	return 0;
}

static const struct kernel_param_ops busywork_cpu_ops = {
	.set = busywork_cpu_set,
	.get = param_get_int,
};
module_param_cb(cpu, &busywork_cpu_ops, &busywork_cpu, 0644);
MODULE_PARM_DESC(cpu, "the processor to keep busy, -1 for none");

static int __init busywork_init(void)
{
	return 0;
}

static void __exit busywork_exit(void)
{
	WRITE_ONCE(busywork_cpu, -1);
	flush_work(&busywork);
}

module_init(busywork_init);
module_exit(busywork_exit);

MODULE_DESCRIPTION("keeps a processor from its urgent work items, for tests of ataport");
MODULE_LICENSE("GPL");
