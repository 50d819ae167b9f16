// SPDX-License-Identifier: GPL-2.0-only
/*
 * pci.c - the life of a controller
 *
 * Section 2 of the interface specification, step by step: resources, adapter
 * start, channels, interrupt, channel start, libata.  Removal is the reverse,
 * once libata has let go of every request.
 *
 * Nothing here tells an IDE function in compatibility mode from another: the
 * PCI core has put the fixed port ranges of its channels where BARs 0 to 3
 * would be.
 */
#include <linux/log2.h>
#include <linux/slab.h>

#include "ataport.h"

static int ataport_map_bars(struct ataport_controller *ctl)
{
	struct pci_dev *pdev = ctl->pdev;
	unsigned int bar, nr = 0;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		IDE_ACCESS_RANGE *range = &ctl->ranges[nr];

		if (!pci_resource_len(pdev, bar))
			continue;
		if (!(pci_resource_flags(pdev, bar) & (IORESOURCE_MEM | IORESOURCE_IO)))
			continue;
		ctl->bars[bar] = pcim_iomap(pdev, bar, 0);
		if (!ctl->bars[bar]) {
			ataport_ctl_err(ctl, "BAR %u could not be mapped\n", bar);
			return -ENOMEM;
		}
		range->RangeStart.QuadPart = pci_bus_address(pdev, bar);
		range->PhysicalRangeStart = range->RangeStart;
		range->RangeLength = pci_resource_len(pdev, bar);
		range->InMemory = !!(pci_resource_flags(pdev, bar) & IORESOURCE_MEM);
		range->Bar = bar;
		nr++;
	}
	ctl->resources.NumberOfAccessRanges = nr;
	ctl->resources.IdeAccessRange = ctl->ranges;
	return 0;
}

/* What AtaAdapterControl(IdeStart) answered, checked and turned into limits. */
static int ataport_check_config(struct ataport_controller *ctl)
{
	const IDE_CONTROLLER_CONFIGURATION *cfg = &ctl->config;

	if (cfg->NumberOfChannels < 1 || cfg->NumberOfChannels > ATAPORT_MAX_CHANNELS) {
		ataport_ctl_err(ctl, "AtaAdapterControl(IdeStart) set NumberOfChannels %u; 1 to %u are possible\n",
				cfg->NumberOfChannels, ATAPORT_MAX_CHANNELS);
		return -EINVAL;
	}
	if (cfg->MaximumTransferLength < ATA_SECT_SIZE) {
		ataport_ctl_err(ctl, "AtaAdapterControl(IdeStart) set MaximumTransferLength %u, less than a sector\n",
				cfg->MaximumTransferLength);
		return -EINVAL;
	}
	WRITE_ONCE(ctl->nr_channels, cfg->NumberOfChannels);
	ctl->max_sg = min(cfg->NumberOfPhysicalBreaks + 1U, (unsigned int)ATAPORT_MAX_SG);
	ctl->max_sectors = min_t(u64, cfg->MaximumTransferLength / ATA_SECT_SIZE,
				 ATA_MAX_SECTORS_LBA48);
	/* What ataport_bounce_create() has memory for. */
	if (ataport_aligns(ctl))
		ctl->max_sectors = min_t(u32, ctl->max_sectors,
					 ATAPORT_ALIGNED_SIZE / ATA_SECT_SIZE);
	return 0;
}

static int ataport_adapter_start(struct ataport_controller *ctl)
{
	IDE_CONTROLLER_CONFIGURATION *cfg = &ctl->config;

	cfg->Version = sizeof(*cfg);
	cfg->ControllerMode = IdeModeNormal;
	cfg->ControllerResources = &ctl->resources;
	cfg->NumberOfPhysicalBreaks = (UCHAR)IDE_UNINITIALIZED_VALUE;
	cfg->MaximumTransferLength = IDE_UNINITIALIZED_VALUE;
	if (!ctl->mp->iface.AtaAdapterControl(ctl->ext.memory, IdeStart, cfg)) {
		ataport_ctl_err(ctl, "AtaAdapterControl(IdeStart) failed\n");
		return -ENODEV;
	}
	ctl->adapter_started = true;
	return ataport_check_config(ctl);
}

void ataport_adapter_stop(struct ataport_controller *ctl)
{
	if (!ctl->adapter_started)
		return;
	ctl->adapter_started = false;
	if (!ctl->mp->iface.AtaAdapterControl(ctl->ext.memory, IdeStop, NULL))
		ataport_ctl_err(ctl, "AtaAdapterControl(IdeStop) failed\n");
}

static bool ataport_channel_wanted(struct ataport_controller *ctl, unsigned int n)
{
	const IDE_CONTROLLER_INTERFACE *iface = &ctl->mp->iface;

	return !iface->AtaControllerChannelEnabled ||
	       iface->AtaControllerChannelEnabled(ctl->ext.memory, n) == ChannelStateEnabled;
}

/* Make the enabled channels; the others become libata's dummies. */
static int ataport_create_channels(struct ataport_controller *ctl)
{
	struct ataport_channel *ch;
	unsigned long wanted = 0;
	unsigned int n;

	/* All are asked for before any is initialized. */
	for (n = 0; n < ctl->nr_channels; n++) {
		ctl->host->ports[n]->ops = &ata_dummy_port_ops;
		if (ataport_channel_wanted(ctl, n))
			__set_bit(n, &wanted);
	}
	if (!wanted) {
		ataport_ctl_err(ctl, "no channel is enabled\n");
		return -ENODEV;
	}
	for_each_set_bit(n, &wanted, ctl->nr_channels) {
		if (ataport_is_default(ctl)) {
			int rc = ataport_default_create(ctl, ctl->host->ports[n]);

			if (rc)
				return rc;
			continue;
		}
		ch = ataport_channel_create(ctl, ctl->host->ports[n]);
		if (IS_ERR(ch))
			return PTR_ERR(ch);
		/* Routines of other controllers may look for a frame in it. */
		smp_store_release(&ctl->channels[n], ch);
	}
	return 0;
}

void ataport_stop_channels(struct ataport_controller *ctl)
{
	unsigned int n = ctl->nr_channels;

	while (n--)
		if (ctl->channels[n] && ctl->started & BIT(n))
			ataport_channel_stop(ctl->channels[n]);
}

static int ataport_start_channels(struct ataport_controller *ctl)
{
	unsigned int n;
	int rc;

	for (n = 0; n < ctl->nr_channels; n++) {
		if (!ctl->channels[n])
			continue;
		rc = ataport_channel_start(ctl->channels[n]);
		if (rc)
			return rc;
	}
	return 0;
}

/*
 * Nothing asks for an error handler any more, but what was asked for last may still
 * run, as late as the SCSI host is removed, and libata's lock is in our memory.
 */
static void ataport_wait_error_handlers(struct ataport_controller *ctl)
{
	unsigned int n;

	might_sleep();

	for (n = 0; n < ctl->nr_channels; n++)
		while (ctl->channels[n] &&
		       scsi_host_in_recovery(ctl->channels[n]->ap->scsi_host))
			msleep(20);
}

/* Nothing of a controller, maybe a half-made one, runs any more but what libata has. */
static void ataport_controller_stop(struct ataport_controller *ctl)
{
	ataport_node_remove(ctl);
	ataport_debugfs_remove(ctl);
	ataport_stop_channels(ctl);
	ataport_disconnect_interrupts(ctl);
	ataport_adapter_stop(ctl);
	cancel_work_sync(&ctl->sync_work);
	irq_work_sync(&ctl->flush_work);
}

/* The memory of a controller that is stopped. */
static void ataport_controller_free(struct ataport_controller *ctl)
{
	unsigned int n;

	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			ataport_extension_del(&ctl->channels[n]->ext);
	ataport_extension_del(&ctl->ext);
	ataport_controller_del(ctl);
	synchronize_rcu();

	for (n = 0; n < ctl->nr_channels; n++)
		if (ctl->channels[n])
			ataport_channel_destroy(ctl->channels[n]);
	kvfree(ctl->small_extensions);
	kvfree(ctl->sync_ring);
	kfree(ctl->saved);
	kvfree(ctl->ext.memory);
	kfree(ctl);
}

static struct ataport_controller *ataport_controller_alloc(struct ataport_miniport *mp,
							   struct pci_dev *pdev)
{
	struct ataport_controller *ctl = kzalloc(sizeof(*ctl), GFP_KERNEL);

	if (!ctl)
		return NULL;
	ctl->ext.memory = kvzalloc(max(mp->iface.ControllerExtensionSize, 1U), GFP_KERNEL);
	if (!ctl->ext.memory) {
		kfree(ctl);
		return NULL;
	}
	ctl->mp = mp;
	ctl->pdev = pdev;
	INIT_WORK(&ctl->sync_work, ataport_sync_work);
	init_irq_work(&ctl->flush_work, ataport_flush_irq_work);
	init_waitqueue_head(&ctl->recovered);
	ctl->ext.ctl = ctl;
	ataport_extension_add(&ctl->ext);
	ataport_controller_add(ctl);
	return ctl;
}

static int ataport_make_host(struct ataport_controller *ctl)
{
	/* Room for what each channel may have outstanding. */
	ctl->sync_size = roundup_pow_of_two(ctl->nr_channels * ATAPORT_QUEUE_DEPTH);
	ctl->sync_ring = kvcalloc(ctl->sync_size, sizeof(*ctl->sync_ring), GFP_KERNEL);
	if (!ctl->sync_ring || ataport_small_extensions(ctl))
		return -ENOMEM;
	ctl->host = ata_host_alloc(&ctl->pdev->dev, ctl->nr_channels);
	if (!ctl->host)
		return -ENOMEM;
	ctl->host->private_data = ctl;
	return 0;
}

static struct scsi_host_template *ataport_host_template(struct ataport_controller *ctl)
{
	if (ataport_is_default(ctl))
		return &ctl->mp->sht[2];
	return &ctl->mp->sht[ctl->config.AtaBusType == IdeBusSata];
}

/**
 * ataport_pci_probe() - start a controller
 * @pdev: PCI function
 * @id: the entry of the miniport's table that matched
 *
 * LOCKING: process context.
 */
int ataport_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ataport_miniport *mp =
		container_of(to_pci_driver(pdev->dev.driver), struct ataport_miniport, pci);
	struct ataport_controller *ctl;
	const char *step;
	int rc;

	step = "enabling the PCI function";
	rc = pcim_enable_device(pdev);
	if (rc)
		goto out;
	step = "requesting the BARs";
	rc = pcim_request_all_regions(pdev, mp->name);
	if (rc)
		goto out;
	pci_set_master(pdev);

	step = "allocating the controller";
	ctl = ataport_controller_alloc(mp, pdev);
	if (!ctl) {
		rc = -ENOMEM;
		goto out;
	}
	step = "mapping the BARs";
	rc = ataport_map_bars(ctl);
	if (rc)
		goto destroy;
	step = "starting the adapter";
	rc = ataport_adapter_start(ctl);
	if (rc)
		goto destroy;
	step = "setting the DMA mask";
	/* Tables of libata's engine for bus masters hold addresses of 32 bits. */
	rc = dma_set_mask_and_coherent(&pdev->dev, ctl->config.Dma64BitAddress &&
				       !ataport_is_default(ctl) ?
				       DMA_BIT_MASK(64) : DMA_BIT_MASK(32));
	if (rc)
		goto destroy;
	step = "allocating the host";
	rc = ataport_make_host(ctl);
	if (rc)
		goto destroy;
	step = "initializing the channels";
	rc = ataport_create_channels(ctl);
	if (rc)
		goto destroy;
	step = "connecting the interrupt";
	rc = ataport_connect_interrupts(ctl);
	if (rc)
		goto destroy;
	step = "starting the channels";
	rc = ataport_start_channels(ctl);
	if (rc)
		goto destroy;
	step = "starting the host";
	rc = ata_host_start(ctl->host);
	if (rc)
		goto destroy;
	ataport_debugfs_add(ctl);
	step = "keeping the configuration space";
	rc = ataport_recovery_init(ctl);
	if (rc)
		goto destroy;
	step = "making the control node";
	rc = ataport_node_add(ctl);
	if (rc)
		goto destroy;
	step = "registering the host";
	rc = ata_host_register(ctl->host, ataport_host_template(ctl));
	if (rc)
		goto destroy;
	return 0;

destroy:
	ataport_controller_stop(ctl);
	ataport_controller_free(ctl);
out:
	dev_err(&pdev->dev, "%s: probe failed while %s (%d)\n", mp->name, step, rc);
	return rc;
}

/**
 * ataport_pci_remove() - stop a controller
 * @pdev: PCI function
 *
 * LOCKING: process context.
 */
void ataport_pci_remove(struct pci_dev *pdev)
{
	struct ata_host *host = pci_get_drvdata(pdev);
	struct ataport_controller *ctl = host->private_data;

	ataport_recovery_abandon(ctl);
	ataport_node_remove(ctl);
	/* Returns once no request is outstanding and no disk is left. */
	ata_host_detach(host);
	ataport_controller_stop(ctl);
	ataport_wait_error_handlers(ctl);
	ataport_controller_free(ctl);
}
