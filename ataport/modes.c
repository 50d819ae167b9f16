// SPDX-License-Identifier: GPL-2.0-only
/*
 * modes.c - transfer modes of parallel ATA
 *
 * libata chooses for each device the fastest mode that nobody objects to, sets
 * up the host and then the device.  Here a miniport objects: to what
 * IdeHwInitialize takes out of TransferModeSelected, and to all that is faster
 * than what AtaControllerTransferModeSelect selects.  That routine sets up the
 * host too, so libata, which does so between the choice and SET FEATURES,
 * needs no more of us.
 */
#include "ataport.h"

static u32 ataport_highest(u32 modes)
{
	return modes ? BIT(__fls(modes)) : 0;
}

/* libata's mask of transfer modes as the interface counts them. */
u32 ataport_modes_of(unsigned int xfer_mask)
{
	u32 pio = (xfer_mask & ATA_MASK_PIO) >> ATA_SHIFT_PIO;
	u32 mwdma = (xfer_mask & ATA_MASK_MWDMA) >> ATA_SHIFT_MWDMA;
	u32 udma = (xfer_mask & ATA_MASK_UDMA) >> ATA_SHIFT_UDMA;

	return (pio & PIO_SUPPORT) | ((mwdma << MWDMA0) & MWDMA_SUPPORT) |
	       ((udma << UDMA0) & UDMA_SUPPORT);
}

/* And the other way; libata knows of no single word DMA. */
static unsigned int ataport_xfer_mask(u32 modes)
{
	unsigned int mwdma = (modes & MWDMA_SUPPORT) >> MWDMA0;
	unsigned int udma = (modes & UDMA_SUPPORT) >> UDMA0;

	return (((modes & PIO_SUPPORT) << ATA_SHIFT_PIO) & ATA_MASK_PIO) |
	       ((mwdma << ATA_SHIFT_MWDMA) & ATA_MASK_MWDMA) |
	       ((udma << ATA_SHIFT_UDMA) & ATA_MASK_UDMA);
}

/* A selection and all that is slower: libata may have to step down later. */
static u32 ataport_up_to(u32 modes)
{
	u32 mask = 0, udma = modes & UDMA_SUPPORT, mwdma = modes & MWDMA_SUPPORT;

	if (modes & PIO_SUPPORT)
		mask |= PIO_SUPPORT & (2 * ataport_highest(modes & PIO_SUPPORT) - 1);
	if (udma)
		mask |= MWDMA_SUPPORT | (UDMA_SUPPORT & (2 * ataport_highest(udma) - 1));
	else if (mwdma)
		mask |= MWDMA_SUPPORT & (2 * ataport_highest(mwdma) - 1);
	return mask;
}

static struct ataport_modes *ataport_dev_modes(struct ata_device *dev)
{
	struct ata_port *ap = dev->link->ap;
	struct ataport_controller *ctl = ap->host->private_data;

	return &ctl->modes[ap->port_no][dev->devno];
}

/* Say once per channel what was wrong with a selection. */
static void ataport_modes_report(struct ata_device *dev, const char *routine,
				 u32 selected, u32 supported, u32 taken)
{
	struct ata_port *ap = dev->link->ap;
	struct ataport_controller *ctl = ap->host->private_data;

	if (ctl->modes_reported & BIT(ap->port_no))
		return;
	ctl->modes_reported |= BIT(ap->port_no);
	ataport_ctl_err(ctl, "channel %u: %s selected modes %#x for target %u, which has %#x; taken as %#x\n",
			ap->port_no, routine, selected, dev->devno, supported, taken);
}

/* Is IdeHwInitialize called for a device that has just been put into its modes? */
static bool ataport_modes_set(struct ata_device *dev)
{
	return dev->link->eh_context.i.flags & ATA_EHI_POST_SETMODE;
}

/* A mode as SET FEATURES counts them, as a bit of the interface; none for 0xff. */
static u32 ataport_mode_bit(u8 xfer_mode)
{
	/* libata's mask has all that is slower too. */
	return xfer_mode == 0xff ? 0 :
	       ataport_highest(ataport_modes_of(ata_xfer_mode2mask(xfer_mode)));
}

/**
 * ataport_modes_selected() - what IdeHwInitialize is to find in TransferModeSelected
 * @dev: device
 * @supported: modes that it has
 *
 * Return: the modes that were programmed, or all before that.
 * LOCKING: process context, in the error handler.
 */
u32 ataport_modes_selected(struct ata_device *dev, u32 supported)
{
	if (!ataport_modes_set(dev))
		return supported;
	return ataport_mode_bit(dev->pio_mode) | ataport_mode_bit(dev->dma_mode);
}

/**
 * ataport_modes_allow() - note what IdeHwInitialize left of the modes
 * @dev: device
 * @supported: modes that it has
 * @selected: what the miniport made of TransferModeSelected
 *
 * LOCKING: process context, in the error handler.
 */
void ataport_modes_allow(struct ata_device *dev, u32 supported, u32 selected)
{
	struct ataport_modes *modes = ataport_dev_modes(dev);
	u32 removed = ataport_modes_selected(dev, supported) & ~selected;
	u32 before = ataport_modes_set(dev) ? modes->allowed : supported;
	u32 allowed = before & ~removed;

	/* There is no device without PIO. */
	if (!(allowed & PIO_SUPPORT))
		allowed |= before & PIO_SUPPORT;
	if (selected & ~supported || !(selected & PIO_SUPPORT))
		ataport_modes_report(dev, "IdeHwInitialize", selected, supported, allowed);
	modes->allowed = allowed;
}

/* IdeHwInitialize has failed: what it left for a device before this one counts no more. */
void ataport_modes_forget(struct ata_device *dev)
{
	ataport_dev_modes(dev)->allowed = 0;
}

/* Modes that device and libata agree on, before the miniport is asked. */
static u32 ataport_modes_offered(struct ata_device *dev)
{
	const struct ataport_modes *modes = ataport_dev_modes(dev);
	struct ata_port *ap = dev->link->ap;
	u32 host = (ap->pio_mask << ATA_SHIFT_PIO & ATA_MASK_PIO) |
		   (ap->mwdma_mask << ATA_SHIFT_MWDMA & ATA_MASK_MWDMA) |
		   (ap->udma_mask << ATA_SHIFT_UDMA & ATA_MASK_UDMA);
	u32 device = (dev->pio_mask << ATA_SHIFT_PIO & ATA_MASK_PIO) |
		     (dev->mwdma_mask << ATA_SHIFT_MWDMA & ATA_MASK_MWDMA) |
		     (dev->udma_mask << ATA_SHIFT_UDMA & ATA_MASK_UDMA);
	u32 offered = ataport_modes_of(host & device & ata_id_xfermask(dev->id));

	if (modes->allowed)
		offered &= modes->allowed;
	/* libata's cable rule comes after the filter; the host is set up before. */
	if (ata_drive_40wire(dev->id))
		offered &= ~(u32)UDMA_SUPPORT | (8 * (1U << UDMA0) - 1);
	return offered;
}

/* The modes that the device is in now, as far as IDENTIFY tells. */
static u32 ataport_modes_current(struct ata_device *dev)
{
	const u16 *id = dev->id;
	u32 modes = ((id[ATA_ID_MWDMA_MODES] >> 8 & 7) << MWDMA0) & MWDMA_SUPPORT;

	if (id[ATA_ID_FIELD_VALID] & 4)
		modes |= ((u32)(id[ATA_ID_UDMA_MODES] >> 8) << UDMA0) & UDMA_SUPPORT;
	/* PIO leaves no trace but in what libata has set before. */
	if (dev->pio_mode >= XFER_PIO_0 && dev->pio_mode <= XFER_PIO_4)
		modes |= BIT(dev->pio_mode - XFER_PIO_0);
	return modes;
}

/* The answer for one device: one PIO mode, and at most one of DMA. */
static u32 ataport_modes_check(struct ata_device *dev, u32 selected, u32 offered)
{
	u32 taken = ataport_highest(selected & offered & PIO_SUPPORT) |
		    ataport_highest(selected & offered & DMA_SUPPORT);

	/* Nothing that can be: the slowest, which every host is set up for. */
	if (!(taken & PIO_SUPPORT))
		taken |= offered & PIO_SUPPORT & -(offered & PIO_SUPPORT);
	if (selected & ~offered || !(selected & PIO_SUPPORT))
		ataport_modes_report(dev, "AtaControllerTransferModeSelect",
				     selected, offered, taken);
	return taken;
}

static void ataport_modes_select(struct ata_link *link)
{
	struct ataport_controller *ctl = link->ap->host->private_data;
	IDE_TRANSFER_MODE_PARAMETERS params = {
		.ChannelNumber	= link->ap->port_no,
		.DeviceType	= { DeviceNotExist, DeviceNotExist },
	};
	u32 offered[MAX_IDE_DEVICE] = { 0 };
	struct ata_device *dev;

	might_sleep();
	/* Channels share timing registers: one error handler at a time. */
	lockdep_assert_held(&link->ap->host->eh_mutex);

	ata_for_each_dev(dev, link, ENABLED) {
		unsigned int i = dev->devno;

		offered[i] = ataport_modes_offered(dev);
		params.DeviceType[i] = dev->class == ATA_DEV_ATAPI ? DeviceIsAtapi : DeviceIsAta;
		/* There is no PIO 3 without IORDY, whatever the device forgets to say. */
		params.IoReadySupported[i] = ata_id_has_iordy(dev->id) ||
					     offered[i] & (PIO_MODE3 | PIO_MODE4);
		params.DeviceTransferModeSupported[i] = offered[i];
		params.DeviceTransferModeCurrent[i] = ataport_modes_current(dev);
	}
	ctl->mp->iface.AtaControllerTransferModeSelect(ctl->ext.memory, &params);
	ata_for_each_dev(dev, link, ENABLED)
		ataport_dev_modes(dev)->selected =
			ataport_modes_check(dev, params.DeviceTransferModeSelected[dev->devno],
					    offered[dev->devno]);
}

/**
 * ataport_mode_allowed() - leave out modes that IdeHwInitialize did not select
 * @dev: device
 * @xfer_mask: modes that libata would take
 *
 * Return: what is left of @xfer_mask.
 * LOCKING: process context, in the error handler.
 */
unsigned int ataport_mode_allowed(struct ata_device *dev, unsigned int xfer_mask)
{
	u32 allowed = ataport_dev_modes(dev)->allowed;

	return allowed ? xfer_mask & ataport_xfer_mask(allowed) : xfer_mask;
}

/**
 * ataport_mode_filter() - let the miniport choose transfer modes
 * @dev: device
 * @xfer_mask: modes that libata would take
 *
 * libata asks for one device after the other, and then sets up all of them:
 * the first of a channel is when the miniport is asked for both.
 *
 * Return: what is left of @xfer_mask.
 * LOCKING: process context, in the error handler.
 */
unsigned int ataport_mode_filter(struct ata_device *dev, unsigned int xfer_mask)
{
	struct ataport_controller *ctl = dev->link->ap->host->private_data;
	const struct ataport_modes *modes = ataport_dev_modes(dev);
	struct ata_device *first;

	if (ctl->mp->iface.AtaControllerTransferModeSelect) {
		ata_for_each_dev(first, dev->link, ENABLED)
			break;
		if (first == dev)
			ataport_modes_select(dev->link);
		xfer_mask &= ataport_xfer_mask(ataport_up_to(modes->selected));
	}
	return ataport_mode_allowed(dev, xfer_mask);
}
