// SPDX-License-Identifier: GPL-2.0-only
/*
 * debugfs.c - what a channel is doing, for a person who looks at it
 *
 * /sys/kernel/debug/ataport/<PCI function>/channel<N>, root only.  The last
 * events are kept whether anybody looks or not, so that they tell what led to
 * a hang; that is why noting one costs no more than a few stores and takes
 * its time from jiffies.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "ataport.h"

static struct dentry *ataport_debugfs_root;

static const char * const ataport_event_names[] = {
	[ATAPORT_LOG_ISSUE]	= "issue",
	[ATAPORT_LOG_COMPLETE]	= "complete",
	[ATAPORT_LOG_RESET]	= "reset",
	[ATAPORT_LOG_NOTIFY]	= "notify",
	[ATAPORT_LOG_FREEZE]	= "freeze",
	[ATAPORT_LOG_CONTROL]	= "control",
};

static unsigned int ataport_held_count(struct ataport_channel *ch)
{
	struct ataport_irb *pirb;
	unsigned int nr = 0;

	list_for_each_entry(pirb, &ch->held, held)
		nr++;
	return nr;
}

static void ataport_show_irbs(struct seq_file *m, struct ataport_channel *ch)
{
	static const char * const states[] = { "free", "build", "active", "done", "lost" };
	unsigned int i;

	for (i = 0; i < ch->nr_irbs; i++) {
		struct ataport_irb *pirb = &ch->irbs[i];
		unsigned int state = atomic_read(&pirb->state);

		if (state == ATAPORT_IRB_FREE)
			continue;
		if (state == ATAPORT_IRB_BUILD) {
			/* Its age would be that of the one before. */
			seq_printf(m, "irb %u: waits function %#x target %u flags %#x length %u\n",
				   i, pirb->function, pirb->target, pirb->irb.IrbFlags,
				   pirb->irb.DataTransferLength);
			continue;
		}
		seq_printf(m, "irb %u: %s function %#x target %u flags %#x length %u age %u ms\n",
			   i, states[state], pirb->function, pirb->target,
			   pirb->irb.IrbFlags, pirb->irb.DataTransferLength,
			   jiffies_to_msecs((u32)jiffies - pirb->started));
	}
}

static void ataport_show_log(struct seq_file *m, struct ataport_channel *ch)
{
	unsigned int head = READ_ONCE(ch->log_head), i;

	for (i = 1; i <= ATAPORT_LOG_SIZE; i++) {
		struct ataport_log_entry *e = &ch->log[(head + i) % ATAPORT_LOG_SIZE];

		if (e->what)
			seq_printf(m, "%8u ms ago: %s %u function %#x status %#x\n",
				   jiffies_to_msecs((u32)jiffies - e->when),
				   ataport_event_names[e->what], e->a, e->b, e->c);
	}
}

static void ataport_show_state(struct seq_file *m, struct ataport_channel *ch)
{
	unsigned int pflags = ch->ap->pflags;

	seq_printf(m, "accepting %d synchronized with the interrupt %d\n",
		   READ_ONCE(ch->accepting), ch->sync_with_isr);
	seq_printf(m, "state%s%s%s%s\n",
		   pflags & (ATA_PFLAG_EH_PENDING | ATA_PFLAG_EH_IN_PROGRESS) ?
		   " error-handling" : "",
		   pflags & ATA_PFLAG_FROZEN ? " frozen" : "",
		   pflags & ATA_PFLAG_SUSPENDED ? " suspended" : "",
		   pflags & (ATA_PFLAG_EH_PENDING | ATA_PFLAG_EH_IN_PROGRESS |
			     ATA_PFLAG_FROZEN | ATA_PFLAG_SUSPENDED) ? "" : " running");
	seq_printf(m, "depth %u devices %u %u elements %u\n", ch->depth,
		   ch->dev_depth[0], ch->dev_depth[1], ch->max_sg);
}

static int ataport_channel_show(struct seq_file *m, void *unused)
{
	struct ataport_channel *ch = m->private;
	unsigned long flags, paused;
	unsigned int i;

	spin_lock_irqsave(&ch->lock, flags);
	paused = READ_ONCE(ch->paused);
	seq_printf(m, "miniport %s channel %u port ata%u\n", ch->ctl->mp->name,
		   ch->number, ch->ap->print_id);
	ataport_show_state(m, ch);
	seq_printf(m, "paused targets %#lx waiting %u\n", paused & ATAPORT_PAUSES,
		   ataport_held_count(ch));
	if (paused & ATAPORT_ASLEEP)
		seq_printf(m, "targets asleep %#lx\n", paused >> ATAPORT_PAUSED_ASLEEP(0));
	for (i = 0; i <= ATAPORT_MAX_TARGETS; i++)
		if (ch->tags[i].max)
			seq_printf(m, "tags of %s%u: %u of %u taken\n",
				   i == ATAPORT_MAX_TARGETS ? "channel " : "target ",
				   i == ATAPORT_MAX_TARGETS ? ch->number : i,
				   bitmap_weight(ch->tags[i].used, ATAPORT_MAX_TAG + 1) - 1,
				   ch->tags[i].max);
	for (i = 0; i < ATAPORT_TIMERS; i++)
		if (READ_ONCE(ch->timers[i].armed))
			seq_printf(m, "timer %ps\n", ch->timers[i].routine);
	ataport_show_irbs(m, ch);
	ataport_show_log(m, ch);
	spin_unlock_irqrestore(&ch->lock, flags);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ataport_channel);

void ataport_debugfs_add(struct ataport_controller *ctl)
{
	char name[16];
	unsigned int n;

	ctl->debugfs = debugfs_create_dir(pci_name(ctl->pdev), ataport_debugfs_root);
	for (n = 0; n < ctl->nr_channels; n++) {
		if (!ctl->channels[n])
			continue;
		snprintf(name, sizeof(name), "channel%u", n);
		debugfs_create_file(name, 0400, ctl->debugfs, ctl->channels[n],
				    &ataport_channel_fops);
	}
}

/* Returns once nobody reads a file of @ctl any more. */
void ataport_debugfs_remove(struct ataport_controller *ctl)
{
	debugfs_remove_recursive(ctl->debugfs);
}

void __init ataport_debugfs_init(void)
{
	ataport_debugfs_root = debugfs_create_dir("ataport", NULL);
}

void ataport_debugfs_exit(void)
{
	debugfs_remove_recursive(ataport_debugfs_root);
}
