// SPDX-License-Identifier: GPL-2.0-only
/*
 * regs.c - register and port accessors
 *
 * A miniport got its addresses from AtaPortGetDeviceBase and passes them back
 * as plain pointers.  Each routine is the kernel's accessor of that width and
 * no more, ordered as the READ/WRITE_REGISTER and READ/WRITE_PORT routines of
 * the interface documentation are: against each other and against memory.  One
 * port read or written again and again is ordered against other accesses only:
 * what it moves is data, of which a device hears through the port itself.
 */
#include <linux/io.h>

#include "ataport.h"

static void __iomem *ataport_io(void *address)
{
	return (void __iomem __force *)address;
}

/**
 * AtaPortReadRegisterUchar() - read 8 bits of memory space
 * @Register: mapped address
 *
 * See AtaPortReadRegisterUchar in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot UCHAR AtaPortReadRegisterUchar(PUCHAR Register)
{
	return readb(ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterUchar);

/**
 * AtaPortWriteRegisterUchar() - write 8 bits of memory space
 * @Register: mapped address
 * @Value: value
 *
 * See AtaPortWriteRegisterUchar in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWriteRegisterUchar(PUCHAR Register, UCHAR Value)
{
	writeb(Value, ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterUchar);

/**
 * AtaPortReadRegisterBufferUchar() - read registers one after the other
 * @Register: mapped address of the first
 * @Buffer: receives the values
 * @Count: number of registers of 8 bits
 *
 * See AtaPortReadRegisterBufferUchar in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReadRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer, ULONG Count)
{
	while (Count--)
		*Buffer++ = readb(ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterBufferUchar);

/**
 * AtaPortWriteRegisterBufferUchar() - write registers one after the other
 * @Register: mapped address of the first
 * @Buffer: values
 * @Count: number of registers of 8 bits
 *
 * See AtaPortWriteRegisterBufferUchar in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWriteRegisterBufferUchar(PUCHAR Register, PUCHAR Buffer, ULONG Count)
{
	while (Count--)
		writeb(*Buffer++, ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterBufferUchar);

/**
 * AtaPortReadPortUchar() - read 8 bits of port space
 * @Port: mapped address
 *
 * See AtaPortReadPortUchar in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot UCHAR AtaPortReadPortUchar(PUCHAR Port)
{
	return ioread8(ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortReadPortUchar);

/**
 * AtaPortWritePortUchar() - write 8 bits of port space
 * @Port: mapped address
 * @Value: value
 *
 * See AtaPortWritePortUchar in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWritePortUchar(PUCHAR Port, UCHAR Value)
{
	iowrite8(Value, ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortWritePortUchar);

/**
 * AtaPortReadPortBufferUchar() - read one port again and again
 * @Port: mapped address
 * @Buffer: receives the values
 * @Count: number of reads of 8 bits
 *
 * See AtaPortReadPortBufferUchar in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReadPortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
	ioread8_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortReadPortBufferUchar);

/**
 * AtaPortWritePortBufferUchar() - write one port again and again
 * @Port: mapped address
 * @Buffer: values
 * @Count: number of writes of 8 bits
 *
 * See AtaPortWritePortBufferUchar in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWritePortBufferUchar(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
	iowrite8_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortWritePortBufferUchar);

/**
 * AtaPortReadRegisterUshort() - read 16 bits of memory space
 * @Register: mapped address
 *
 * See AtaPortReadRegisterUshort in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot USHORT AtaPortReadRegisterUshort(PUSHORT Register)
{
	return readw(ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterUshort);

/**
 * AtaPortWriteRegisterUshort() - write 16 bits of memory space
 * @Register: mapped address
 * @Value: value
 *
 * See AtaPortWriteRegisterUshort in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWriteRegisterUshort(PUSHORT Register, USHORT Value)
{
	writew(Value, ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterUshort);

/**
 * AtaPortReadRegisterBufferUshort() - read registers one after the other
 * @Register: mapped address of the first
 * @Buffer: receives the values
 * @Count: number of registers of 16 bits
 *
 * See AtaPortReadRegisterBufferUshort in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReadRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer, ULONG Count)
{
	while (Count--)
		*Buffer++ = readw(ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterBufferUshort);

/**
 * AtaPortWriteRegisterBufferUshort() - write registers one after the other
 * @Register: mapped address of the first
 * @Buffer: values
 * @Count: number of registers of 16 bits
 *
 * See AtaPortWriteRegisterBufferUshort in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWriteRegisterBufferUshort(PUSHORT Register, PUSHORT Buffer, ULONG Count)
{
	while (Count--)
		writew(*Buffer++, ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterBufferUshort);

/**
 * AtaPortReadPortUshort() - read 16 bits of port space
 * @Port: mapped address
 *
 * See AtaPortReadPortUshort in the interface documentation.
 *
 * LOCKING: any.
 */
USHORT AtaPortReadPortUshort(PUSHORT Port)
{
	return ioread16(ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortReadPortUshort);

/**
 * AtaPortWritePortUshort() - write 16 bits of port space
 * @Port: mapped address
 * @Value: value
 *
 * See AtaPortWritePortUshort in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWritePortUshort(PUSHORT Port, USHORT Value)
{
	iowrite16(Value, ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortWritePortUshort);

/**
 * AtaPortReadPortBufferUshort() - read one port again and again
 * @Port: mapped address
 * @Buffer: receives the values
 * @Count: number of reads of 16 bits
 *
 * See AtaPortReadPortBufferUshort in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortReadPortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
	ioread16_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortReadPortBufferUshort);

/**
 * AtaPortWritePortBufferUshort() - write one port again and again
 * @Port: mapped address
 * @Buffer: values
 * @Count: number of writes of 16 bits
 *
 * See AtaPortWritePortBufferUshort in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWritePortBufferUshort(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
	iowrite16_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortWritePortBufferUshort);

/**
 * AtaPortReadRegisterUlong() - read 32 bits of memory space
 * @Register: mapped address
 *
 * See AtaPortReadRegisterUlong in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot ULONG AtaPortReadRegisterUlong(PULONG Register)
{
	return readl(ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterUlong);

/**
 * AtaPortWriteRegisterUlong() - write 32 bits of memory space
 * @Register: mapped address
 * @Value: value
 *
 * See AtaPortWriteRegisterUlong in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWriteRegisterUlong(PULONG Register, ULONG Value)
{
	writel(Value, ataport_io(Register));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterUlong);

/**
 * AtaPortReadRegisterBufferUlong() - read registers one after the other
 * @Register: mapped address of the first
 * @Buffer: receives the values
 * @Count: number of registers of 32 bits
 *
 * See AtaPortReadRegisterBufferUlong in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReadRegisterBufferUlong(PULONG Register, PULONG Buffer, ULONG Count)
{
	while (Count--)
		*Buffer++ = readl(ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortReadRegisterBufferUlong);

/**
 * AtaPortWriteRegisterBufferUlong() - write registers one after the other
 * @Register: mapped address of the first
 * @Buffer: values
 * @Count: number of registers of 32 bits
 *
 * See AtaPortWriteRegisterBufferUlong in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWriteRegisterBufferUlong(PULONG Register, PULONG Buffer, ULONG Count)
{
	while (Count--)
		writel(*Buffer++, ataport_io(Register++));
}
EXPORT_SYMBOL_GPL(AtaPortWriteRegisterBufferUlong);

/**
 * AtaPortReadPortUlong() - read 32 bits of port space
 * @Port: mapped address
 *
 * See AtaPortReadPortUlong in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot ULONG AtaPortReadPortUlong(PULONG Port)
{
	return ioread32(ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortReadPortUlong);

/**
 * AtaPortWritePortUlong() - write 32 bits of port space
 * @Port: mapped address
 * @Value: value
 *
 * See AtaPortWritePortUlong in the interface documentation.
 *
 * LOCKING: any.
 */
ataport_hot void AtaPortWritePortUlong(PULONG Port, ULONG Value)
{
	iowrite32(Value, ataport_io(Port));
}
EXPORT_SYMBOL_GPL(AtaPortWritePortUlong);

/**
 * AtaPortReadPortBufferUlong() - read one port again and again
 * @Port: mapped address
 * @Buffer: receives the values
 * @Count: number of reads of 32 bits
 *
 * See AtaPortReadPortBufferUlong in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortReadPortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count)
{
	ioread32_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortReadPortBufferUlong);

/**
 * AtaPortWritePortBufferUlong() - write one port again and again
 * @Port: mapped address
 * @Buffer: values
 * @Count: number of writes of 32 bits
 *
 * See AtaPortWritePortBufferUlong in the interface documentation.
 *
 * LOCKING: any.
 */
void AtaPortWritePortBufferUlong(PULONG Port, PULONG Buffer, ULONG Count)
{
	iowrite32_rep(ataport_io(Port), Buffer, Count);
}
EXPORT_SYMBOL_GPL(AtaPortWritePortBufferUlong);

/**
 * AtaPortGetDeviceBase() - mapped address of a range of the controller
 * @ChannelExtension: channel or controller extension
 * @IoAddress: bus address, from the access ranges
 * @NumberOfBytes: length of the range
 *
 * See AtaPortGetDeviceBase in the interface documentation.  The ranges are
 * mapped as long as the controller lives, so the same range always gives the
 * same address.
 *
 * Return: the address to use with the accessors of the range's space, or NULL
 * for a range that is not wholly the controller's.
 * LOCKING: any.
 */
PVOID AtaPortGetDeviceBase(PVOID ChannelExtension, IDE_PHYSICAL_ADDRESS IoAddress,
			   ULONG NumberOfBytes)
{
	u64 address = IoAddress.QuadPart;
	struct ataport_controller *ctl = ataport_controller_find(ChannelExtension, __func__);
	unsigned int i;

	if (!ctl)
		return NULL;
	/* Not from the access ranges: those are the miniport's to write on. */
	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		u64 start = pci_bus_address(ctl->pdev, i);
		u64 length = pci_resource_len(ctl->pdev, i);

		if (ctl->bars[i] && NumberOfBytes && address >= start &&
		    address - start < length && NumberOfBytes <= length - (address - start))
			return (void __force *)ctl->bars[i] + (address - start);
	}
	if (ataport_first_report(&ctl->reports, ATAPORT_RULE_PARAMETER, __func__))
		ataport_ctl_err(ctl, "%s: range %#llx+%#x is not one of the controller's; refused\n",
				__func__, address, NumberOfBytes);
	return NULL;
}
EXPORT_SYMBOL_GPL(AtaPortGetDeviceBase);
