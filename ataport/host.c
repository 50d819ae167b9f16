// SPDX-License-Identifier: GPL-2.0-only
/*
 * host.c - the ops table, SCSI host templates, and the life of a channel
 *
 * ataport_port_ops is the index of the driver: every way in from libata is
 * listed there, and AtaPortCompleteRequest in complete.c is the way back.
 */
#include <linux/blkdev.h>
#include <linux/slab.h>
#include <scsi/scsi_device.h>

#include "ataport.h"

static struct ata_port_operations ataport_port_ops = {
	.inherits		= &sata_port_ops,

	/* issue.c, complete.c */
	.qc_defer		= ata_std_qc_defer,
	.qc_prep		= ataport_qc_prep,
	.qc_issue		= ataport_qc_issue,
	.qc_fill_rtf		= ataport_qc_fill_rtf,

	/* eh.c */
	.freeze			= ataport_freeze,
	.thaw			= ataport_thaw,
	.ATAPORT_OPS_HARDRESET	= ataport_reset,
	.sched_eh		= ataport_sched_eh,
	.error_handler		= ataport_error_handler,
	.lost_interrupt		= ataport_lost_interrupt,
	.post_internal_cmd	= ataport_post_internal_cmd,
	.read_id		= ataport_read_id,
	.dev_config		= ataport_dev_config,
	.set_lpm		= ataport_set_lpm,

	/* modes.c */
	.mode_filter		= ataport_mode_allowed,

	/* power.c */
	.port_suspend		= ataport_port_suspend,
	.port_resume		= ataport_port_resume,
};

/* Parallel ATA: a reset is what libata calls a soft one, and modes are chosen. */
static struct ata_port_operations ataport_pata_port_ops = {
	.inherits		= &ataport_port_ops,

	.ATAPORT_OPS_HARDRESET	= ATA_OP_NULL,
	.ATAPORT_OPS_SOFTRESET	= ataport_reset,
	.set_lpm		= ATA_OP_NULL,

	/* modes.c */
	.mode_filter		= ataport_mode_filter,
};

static ssize_t ataport_lpm_show(struct device *dev, struct device_attribute *attr,
				char *buf)
{
	return dev_attr_link_power_management_policy.show(dev, attr, buf);
}

/*
 * libata's flag for a host without link power management has it call each
 * device broken, so a miniport that does not list the setting is told here.
 */
static ssize_t ataport_lpm_store(struct device *dev, struct device_attribute *attr,
				 const char *buf, size_t count)
{
	struct ata_port *ap = ata_shost_to_port(class_to_shost(dev));

	if (ap->ops == &ataport_port_ops && !ataport_has_lpm(ap->private_data))
		return -EOPNOTSUPP;
	return dev_attr_link_power_management_policy.store(dev, attr, buf, count);
}

static struct device_attribute ataport_attr_lpm =
	__ATTR(link_power_management_policy, 0644, ataport_lpm_show, ataport_lpm_store);

static struct attribute *ataport_shost_attrs[] = {
	&ataport_attr_lpm.attr,
	NULL
};

static const struct attribute_group ataport_shost_group = {
	.attrs = ataport_shost_attrs,
};

static const struct attribute_group *ataport_shost_groups[] = {
	&ataport_shost_group,
	NULL
};

static struct ataport_channel *ataport_sdev_channel(struct scsi_device *sdev)
{
	return ata_shost_to_port(sdev->host)->private_data;
}

static unsigned int ataport_sdev_depth(struct scsi_device *sdev)
{
	return ataport_sdev_channel(sdev)->dev_depth[sdev->id % ATAPORT_MAX_TARGETS];
}

/*
 * The limits that the miniport gave reach the queue here, that of a channel of
 * the default driver, too; libata has set what follows from the device.
 */
ATAPORT_DEFINE_SDEV_CONFIGURE(ataport_sdev_configure)
{
	struct ataport_controller *ctl =
		ata_shost_to_port(sdev->host)->host->private_data;
	int rc;

	rc = ATAPORT_ATA_SDEV_CONFIGURE(sdev);
	if (rc)
		return rc;
	ATAPORT_LIMIT_SEGMENTS(sdev, ctl->max_sg);
	ATAPORT_LIMIT_ALIGNMENT(sdev, ctl->mp->iface.AlignmentMask);
	if (!ataport_is_default(ctl) && sdev->queue_depth > ataport_sdev_depth(sdev))
		scsi_change_queue_depth(sdev, ataport_sdev_depth(sdev));
	return 0;
}

static int ataport_change_queue_depth(struct scsi_device *sdev, int depth)
{
	return ata_scsi_change_queue_depth(sdev, min_t(int, depth, ataport_sdev_depth(sdev)));
}

#ifdef CONFIG_COMPAT
#define ATAPORT_COMPAT_IOCTL	.compat_ioctl = ataport_ioctl,
#else
#define ATAPORT_COMPAT_IOCTL
#endif

/* What channels with an extension of their own have besides. */
#define ATAPORT_SHT_CHANNEL(_proc_name)					\
	ATAPORT_SHT(_proc_name),					\
	.ioctl			= ataport_ioctl,			\
	ATAPORT_COMPAT_IOCTL						\
	.eh_timed_out		= ataport_timed_out,			\
	.sg_tablesize		= ATAPORT_MAX_SG

const struct scsi_host_template ataport_sht_pata = {
	ATAPORT_SHT_CHANNEL("pata_ataport"),
	/*
	 * Two devices share the wires.  libata would send one command back while
	 * the other device has one, and the block layer need not try that again:
	 * only a tag that both have to get makes them take turns.
	 */
	.can_queue		= ATA_DEF_QUEUE,
	.dma_boundary		= ATA_DMA_BOUNDARY,
	.sdev_groups		= ata_common_sdev_groups,
};

const struct scsi_host_template ataport_sht_sata = {
	ATAPORT_SHT_CHANNEL("sata_ataport"),
	.can_queue		= ATAPORT_MAX_DEPTH,
	.change_queue_depth	= ataport_change_queue_depth,
	.dma_boundary		= 0xffffffff,
	.sdev_groups		= ata_ncq_sdev_groups,
	.shost_groups		= ataport_shost_groups,
};

static const char *ataport_missing_routine(const IDE_CHANNEL_INTERFACE *iface)
{
	if (!iface->IdeHwInitialize)
		return "IdeHwInitialize";
	if (!iface->IdeHwStartIo)
		return "IdeHwStartIo";
	if (!iface->IdeHwInterrupt)
		return "IdeHwInterrupt";
	if (!iface->IdeHwReset)
		return "IdeHwReset";
	if (!iface->IdeHwControl)
		return "IdeHwControl";
	return NULL;
}

/**
 * ataport_small_extensions() - make the channel extensions in one piece, if they are small
 * @ctl: controller; the number of channels is known
 *
 * Each interrupt goes through the extensions of all channels, most of which
 * have nothing to say: side by side they share pages, and entries of the TLB.
 * KASAN watches the ends of single ones and gets these.
 *
 * Return: 0 or -ENOMEM; ataport_controller_destroy() frees them.
 * LOCKING: process context.
 */
int ataport_small_extensions(struct ataport_controller *ctl)
{
	u32 size = max(ctl->mp->iface.ChannelExtensionSize, 1U);

	if (IS_ENABLED(CONFIG_KASAN) || ataport_is_default(ctl) ||
	    size > ATAPORT_SMALL_EXTENSION)
		return 0;
	ctl->small_stride = ALIGN(size, SMP_CACHE_BYTES);
	ctl->small_extensions = kvcalloc(ctl->nr_channels, ctl->small_stride, GFP_KERNEL);
	return ctl->small_extensions ? 0 : -ENOMEM;
}

/* Zeroed memory for the extension of channel @n. */
static void *ataport_extension_alloc(struct ataport_controller *ctl, unsigned int n)
{
	if (ctl->small_extensions)
		return ctl->small_extensions + n * ctl->small_stride;
	return kvzalloc(max(ctl->mp->iface.ChannelExtensionSize, 1U), GFP_KERNEL);
}

static void ataport_extension_free(struct ataport_controller *ctl, void *memory)
{
	if (!ctl->small_extensions)
		kvfree(memory);
}

/**
 * ataport_channel_create() - make a channel and ask the miniport for its routines
 * @ctl: controller
 * @ap: port
 *
 * Return: the channel or an ERR_PTR(), with a message.
 * LOCKING: process context.
 */
struct ataport_channel *ataport_channel_create(struct ataport_controller *ctl,
					       struct ata_port *ap)
{
	const IDE_CONTROLLER_INTERFACE *iface = &ctl->mp->iface;
	struct ataport_channel *ch;
	const char *missing;
	bool ok;
	int rc;

	ch = kzalloc(sizeof(*ch), GFP_KERNEL);
	if (!ch)
		return ERR_PTR(-ENOMEM);
	ch->ext.memory = ataport_extension_alloc(ctl, ap->port_no);
	if (!ch->ext.memory) {
		rc = -ENOMEM;
		goto free_channel;
	}
	ch->ctl = ctl;
	ch->ap = ap;
	ch->number = ap->port_no;
	spin_lock_init(&ch->lock);
	mutex_init(&ch->own_mutex);
	init_completion(&ch->own_done);
	INIT_WORK(&ch->bounce_work, ataport_bounce_work);
	ataport_control_init(ch);
	ataport_callbacks_init(ch);

	ch->ext.ctl = ctl;
	ch->ext.ch = ch;
	ataport_extension_add(&ch->ext);

	ch->iface.Version = sizeof(ch->iface);
	ch->iface.ChannelNumber = ch->number;
	ch->passive = current;
	ok = iface->AtaChannelInitRoutine(ch->ext.memory, &ch->iface, ctl->ext.memory);
	ch->passive = NULL;
	if (!ok) {
		ataport_ch_err(ch, "AtaChannelInitRoutine failed\n");
		rc = -ENODEV;
		goto del_extension;
	}
	missing = ataport_missing_routine(&ch->iface);
	if (missing) {
		ataport_ch_err(ch, "AtaChannelInitRoutine left %s NULL\n", missing);
		rc = -EINVAL;
		goto del_extension;
	}

	ap->lock = &ch->lock;
	ap->private_data = ch;
	ap->ops = ctl->config.AtaBusType == IdeBusSata ?
		  &ataport_port_ops : &ataport_pata_port_ops;
	return ch;

del_extension:
	ataport_extension_del(&ch->ext);
	synchronize_rcu();
	ataport_channel_destroy(ch);
	return ERR_PTR(rc);
free_channel:
	kfree(ch);
	return ERR_PTR(rc);
}

static void ataport_port_setup(struct ataport_channel *ch)
{
	const IDE_CONTROLLER_CONFIGURATION *cfg = &ch->ctl->config;
	struct ata_port *ap = ch->ap;

	if (cfg->AtaBusType == IdeBusSata)
		ap->flags |= ATA_FLAG_SATA;
	else if (ch->config.MaxTargetId >= 1)
		ap->flags |= ATA_FLAG_SLAVE_POSS;
	if (cfg->BusMaster)
		ap->flags |= ATA_FLAG_PIO_DMA;
	if (cfg->AtaBusType == IdeBusSata && ch->depth > 1)
		ap->flags |= ATA_FLAG_NCQ;
	ap->pio_mask = ATA_PIO4;
	if (cfg->BusMaster) {
		ap->mwdma_mask = cfg->AtaBusType == IdeBusSata ? 0 : ATA_MWDMA2;
		ap->udma_mask = ATA_UDMA6;
	}
	if (cfg->AtaBusType != IdeBusSata)
		ap->cbl = ATA_CBL_PATA_UNK;
	ata_port_desc(ap, "%s channel %u", ch->ctl->mp->name, ch->number);
}

static void ataport_hw_stop(struct ataport_channel *ch)
{
	bool ok;

	ch->passive = current;
	ok = ch->iface.IdeHwControl(ch->ext.memory, IdeStop, NULL);
	ch->passive = NULL;
	if (!ok)
		ataport_ch_err(ch, "IdeHwControl(IdeStop) failed; its memory is freed all the same\n");
}

/**
 * ataport_channel_start() - IdeHwControl(IdeStart)
 * @ch: channel
 *
 * LOCKING: process context; the interrupt is connected.
 */
int ataport_channel_start(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;
	IDE_CHANNEL_CONFIGURATION *cfg = &ch->config;
	unsigned int depth;
	unsigned long flags;
	bool ok;
	int rc;

	might_sleep();

	cfg->Version = sizeof(*cfg);
	cfg->ChannelNumber = ch->number;
	cfg->ChannelMode = IdeModeNormal;
	cfg->ChannelResources = &ctl->resources;
	cfg->NumberOfOverlappedRequests = 1;
	cfg->MaxTargetId = ATAPORT_MAX_TARGETS - 1;
	cfg->SyncWithIsr = TRUE;
	cfg->SupportsWmi = TRUE;
	cfg->SupportedAdvances.AdvancedChannelConfigurationSupported = 1;
	cfg->AdvancedChannelConfiguration = &ch->advanced;
	ch->advanced.Length = sizeof(ch->advanced);
	ch->advanced.Present.VendorDefinedPower = 1;
	ch->sync_with_isr = true;
	ch->max_sg = ctl->max_sg;

	ataport_irq_lock(ctl, &flags);
	ch->accepting = true;
	ataport_irq_unlock(ctl, flags);

	ch->starting = current;
	ch->passive = current;
	ok = ch->iface.IdeHwControl(ch->ext.memory, IdeStart, cfg);
	ch->passive = NULL;
	ataport_log(ch, ATAPORT_LOG_CONTROL, IdeStart, 0, ok);
	ch->sync_with_isr = cfg->SyncWithIsr;
	if (!ok) {
		ataport_ch_err(ch, "IdeHwControl(IdeStart) failed\n");
		rc = -ENODEV;
		goto stop_callbacks;
	}

	depth = cfg->NumberOfOverlappedRequests;
	if (depth < 1 || depth > ATAPORT_MAX_DEPTH) {
		ataport_ch_err(ch, "IdeHwControl(IdeStart) set NumberOfOverlappedRequests %u; 1 to %u are possible\n",
			       depth, ATAPORT_MAX_DEPTH);
		depth = clamp(depth, 1U, (unsigned int)ATAPORT_MAX_DEPTH);
	}
	if (!ch->irbs) {
		rc = ataport_irbs_create(ch, depth, 0);
		if (rc) {
			ataport_ch_err(ch, "no memory for %u requests\n", depth);
			goto stop_channel;
		}
	} else if (depth > ch->depth) {
		ataport_ch_err(ch, "NumberOfOverlappedRequests raised to %u after AtaPortGetUnCachedExtension made %u\n",
			       depth, ch->depth);
		depth = ch->depth;
	}
	rc = ataport_bounce_create(ch);
	if (rc) {
		ataport_ch_err(ch, "no memory for requests that are not aligned\n");
		goto stop_channel;
	}
	ch->depth = depth;
	ch->dev_depth[0] = 1;
	ch->dev_depth[1] = 1;
	ataport_port_setup(ch);

	/* What a timer has the hardware do finds the interrupt handler there. */
	ataport_irq_lock(ctl, &flags);
	ataport_started_set(ctl, ctl->started | BIT(ch->number));
	ch->starting = NULL;
	ataport_timers_release(ch);
	ataport_irq_unlock(ctl, flags);
	return 0;

stop_channel:
	ataport_callbacks_stop(ch);
	ch->starting = NULL;
	ataport_hw_stop(ch);
	ataport_memory_free(ch);
	return rc;
stop_callbacks:
	ch->starting = NULL;
	ataport_callbacks_stop(ch);
	ataport_memory_free(ch);
	return rc;
}

/**
 * ataport_channel_stop() - IdeHwControl(IdeStop)
 * @ch: started channel without outstanding requests
 *
 * LOCKING: process context.
 */
void ataport_channel_stop(struct ataport_channel *ch)
{
	struct ataport_controller *ctl = ch->ctl;
	unsigned long flags;
	unsigned int i, held = 0;

	might_sleep();

	ataport_callbacks_stop(ch);
	cancel_work_sync(&ch->bounce_work);

	ataport_irq_lock(ctl, &flags);
	ataport_started_set(ctl, ctl->started & ~BIT(ch->number));
	ataport_irq_unlock(ctl, flags);
	/* A handler that has dropped the lock may still deliver what it found. */
	ataport_synchronize_interrupts(ctl);

	ataport_hw_stop(ch);
	for (i = 0; i < ch->nr_irbs; i++)
		if (ataport_irb_is(&ch->irbs[i], ATAPORT_IRB_ACTIVE))
			held++;
	if (held)
		ataport_ch_err(ch, "stopped with %u IRBs outstanding\n", held);
}

/* Forget a channel that is stopped.  The caller has waited for RCU. */
void ataport_channel_destroy(struct ataport_channel *ch)
{
	if (ch->registry_buffer) {
		ataport_ch_err(ch, "the miniport did not free its registry buffer\n");
		ataport_registry_release(ch);
	}
	/* Not sooner: when the machine goes down, libata may look at what a stopped channel has. */
	ataport_memory_free(ch);
	ataport_extension_free(ch->ctl, ch->ext.memory);
	kfree(ch);
}
