// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq.c - which interrupt is whose
 *
 * A PCI function has one interrupt, which calls every channel.  A channel of
 * an IDE function that is in compatibility mode has one of its own instead,
 * where a PC/AT had it, and that calls no other.
 */
#include <linux/interrupt.h>

#include "ataport.h"

/* Programming interface of an IDE function: the channel is in native mode. */
static const u8 ataport_native_bit[ATAPORT_COMPAT_CHANNELS] = { BIT(0), BIT(2) };

/* Is channel @n, enabled or not, in compatibility mode? */
bool ataport_compat_channel(struct ataport_controller *ctl, unsigned int n)
{
	u32 class = ctl->pdev->class;

	return class >> 8 == PCI_CLASS_STORAGE_IDE && n < ATAPORT_COMPAT_CHANNELS &&
	       !(class & ataport_native_bit[n]);
}

static int ataport_request_irq(struct ataport_controller *ctl, unsigned int irq,
			       irq_handler_t handler, unsigned long flags, void *data)
{
	int rc;

	if (ataport_is_default(ctl)) {
		data = ctl->host;
		rc = ataport_default_request_irq(ctl, irq, flags);
	} else {
		rc = request_irq(irq, handler, flags, ctl->mp->name, data);
	}
	if (rc) {
		ataport_ctl_err(ctl, "interrupt %u could not be connected (%d)\n", irq, rc);
		return rc;
	}
	ctl->irqs[ctl->nr_irqs++] = (struct ataport_irq) { irq, data };
	return 0;
}

static int ataport_connect_shared(struct ataport_controller *ctl)
{
	struct pci_dev *pdev = ctl->pdev;
	int rc;

	rc = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_ALL_TYPES);
	if (rc < 0) {
		ataport_ctl_err(ctl, "no interrupt vector (%d)\n", rc);
		return rc;
	}
	ctl->vectors = true;
	return ataport_request_irq(ctl, pci_irq_vector(pdev, 0), ataport_interrupt,
				   pci_dev_msi_enabled(pdev) ? 0 : IRQF_SHARED, ctl);
}

/**
 * ataport_connect_interrupts() - connect what the enabled channels need
 * @ctl: controller with channels, none of them started
 *
 * Return: 0 or a negative errno, with a message;
 * ataport_disconnect_interrupts() then undoes what was done.
 * LOCKING: process context.
 */
int ataport_connect_interrupts(struct ataport_controller *ctl)
{
	bool shared = false;
	unsigned int n;
	int rc;

	for (n = 0; n < ctl->nr_channels; n++) {
		if (ata_port_is_dummy(ctl->host->ports[n]))
			continue;
		if (!ataport_compat_channel(ctl, n)) {
			shared = true;
			continue;
		}
		rc = ataport_request_irq(ctl, n ? ATA_SECONDARY_IRQ(ctl->pdev) :
						  ATA_PRIMARY_IRQ(ctl->pdev),
					 ataport_channel_interrupt, IRQF_SHARED,
					 ctl->channels[n]);
		if (rc)
			return rc;
	}
	return shared ? ataport_connect_shared(ctl) : 0;
}

/* Undo ataport_connect_interrupts(), as far as that came.  LOCKING: process context. */
void ataport_disconnect_interrupts(struct ataport_controller *ctl)
{
	while (ctl->nr_irqs) {
		struct ataport_irq *irq = &ctl->irqs[--ctl->nr_irqs];

		free_irq(irq->number, irq->data);
	}
	if (ctl->vectors)
		pci_free_irq_vectors(ctl->pdev);
	ctl->vectors = false;
}

/**
 * ataport_synchronize_interrupts() - wait for handlers that run now
 * @ctl: controller
 *
 * LOCKING: process context.
 */
void ataport_synchronize_interrupts(struct ataport_controller *ctl)
{
	unsigned int i;

	for (i = 0; i < ctl->nr_irqs; i++)
		synchronize_irq(ctl->irqs[i].number);
}
