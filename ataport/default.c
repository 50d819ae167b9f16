// SPDX-License-Identifier: GPL-2.0-only
/*
 * default.c - the channels of a miniport that only manages the controller
 *
 * A miniport without AtaChannelInitRoutine names channels and picks transfer
 * modes; libata's engine for task files and bus masters does the I/O, under
 * the interrupt lock alone.  There is no struct ataport_channel behind such a
 * port, for there is no channel extension to ask for anything with.
 */
#include <linux/interrupt.h>

#include "ataport.h"

#define ATAPORT_BM_BAR		4
#define ATAPORT_BM_SIMPLEX	BIT(7)

static void ataport_default_dev_config(struct ata_device *dev)
{
	struct ataport_controller *ctl = dev->link->ap->host->private_data;

	dev->max_sectors = min(dev->max_sectors, ctl->max_sectors);
}

static struct ata_port_operations ataport_default_ops = {
	.inherits	= &ata_bmdma32_port_ops,

	/* The interface does not tell: the drives do. */
	.cable_detect	= ata_cable_unknown,
	.mode_filter	= ataport_mode_filter,
	.dev_config	= ataport_default_dev_config,
};

const struct scsi_host_template ataport_sht_default = {
	ATAPORT_SHT("pata_ataport"),
	.ioctl			= ata_scsi_ioctl,
	ATA_SCSI_COMPAT_IOCTL
	ATAPORT_SHT_TIMED_OUT
	.can_queue		= ATA_DEF_QUEUE,
	.sg_tablesize		= LIBATA_MAX_PRD,
	.dma_boundary		= ATA_DMA_BOUNDARY,
	.sdev_groups		= ata_common_sdev_groups,
};

/**
 * ataport_default_create() - make a port of libata's own kind
 * @ctl: controller
 * @ap: port
 *
 * Return: 0 or a negative errno, with a message.
 * LOCKING: process context.
 */
int ataport_default_create(struct ataport_controller *ctl, struct ata_port *ap)
{
	const IDE_CONTROLLER_CONFIGURATION *cfg = &ctl->config;
	struct ata_ioports *io = &ap->ioaddr;
	unsigned int n = ap->port_no;
	void __iomem *bm = NULL;

	if (n >= ATAPORT_COMPAT_CHANNELS || !ctl->bars[2 * n] || !ctl->bars[2 * n + 1] ||
	    pci_resource_len(ctl->pdev, 2 * n) < 8) {
		ataport_ctl_err(ctl, "channel %u has no command and control block for the default channel driver\n",
				n);
		return -ENODEV;
	}
	io->cmd_addr = ctl->bars[2 * n];
	/* One register in compatibility mode, the third of four in native mode. */
	io->ctl_addr = ctl->bars[2 * n + 1] +
		       (pci_resource_len(ctl->pdev, 2 * n + 1) > 2 ? 2 : 0);
	io->altstatus_addr = io->ctl_addr;
	ata_sff_std_ports(io);

	ap->ops = &ataport_default_ops;
	ap->flags |= ATA_FLAG_SLAVE_POSS;
	ap->pio_mask = ATA_PIO4;
	if (cfg->BusMaster && pci_resource_len(ctl->pdev, ATAPORT_BM_BAR) >= 16)
		bm = ctl->bars[ATAPORT_BM_BAR];
	if (bm) {
		io->bmdma_addr = bm + 8 * n;
		if (ioread8(io->bmdma_addr + 2) & ATAPORT_BM_SIMPLEX)
			ctl->host->flags |= ATA_HOST_SIMPLEX;
		ap->mwdma_mask = ATA_MWDMA2;
		ap->udma_mask = ATA_UDMA6;
	}
	ata_port_desc(ap, "%s channel %u", ctl->mp->name, n);
	ata_port_pbar_desc(ap, 2 * n, -1, "cmd");
	ata_port_pbar_desc(ap, 2 * n + 1, -1, "ctl");
	if (bm)
		ata_port_pbar_desc(ap, ATAPORT_BM_BAR, 8 * n, "bmdma");
	return 0;
}

/* Connect an interrupt to libata's handler.  LOCKING: process context. */
int ataport_default_request_irq(struct ataport_controller *ctl, unsigned int irq,
				unsigned long flags)
{
	return request_irq(irq, ata_bmdma_interrupt, flags, ctl->mp->name, ctl->host);
}
