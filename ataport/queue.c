// SPDX-License-Identifier: GPL-2.0-only
/*
 * queue.c - queue tags, pauses and trace notifications
 *
 * None of these does its work yet.  Each fails in the way that the interface
 * gives it, and names itself once.
 */
#include "ataport.h"

/**
 * AtaPortDeviceStateChange() - pause or resume a device
 * @ChannelExtension: channel
 * @TargetId: target
 * @Lun: LUN
 * @BusyTimeout: seconds, 0 to resume
 *
 * See AtaPortDeviceStateChange in the interface documentation.
 * Not implemented: fails.
 *
 * LOCKING: any.
 */
void AtaPortDeviceStateChange(PVOID ChannelExtension, UCHAR TargetId, UCHAR Lun,
			      ULONG BusyTimeout)
{
	static unsigned long said;

	ataport_unimplemented(__func__, &said);
}
EXPORT_SYMBOL_GPL(AtaPortDeviceStateChange);

/**
 * AtaPortInitializeQueueTag() - make a tag allocator
 * @DeviceExtension: channel
 * @TargetId: target
 * @Lun: LUN
 * @MaxQueueTag: highest tag
 *
 * See AtaPortInitializeQueueTag in the interface documentation.
 * Not implemented: fails.
 *
 * LOCKING: any.
 */
BOOLEAN AtaPortInitializeQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun,
				  UCHAR MaxQueueTag)
{
	static unsigned long said;

	ataport_unimplemented(__func__, &said);
	return FALSE;
}
EXPORT_SYMBOL_GPL(AtaPortInitializeQueueTag);

/**
 * AtaPortAllocateQueueTag() - take a tag
 * @DeviceExtension: channel
 * @TargetId: target
 * @Lun: LUN
 *
 * See AtaPortAllocateQueueTag in the interface documentation.
 * Not implemented: fails.
 *
 * LOCKING: any.
 */
UCHAR AtaPortAllocateQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun)
{
	static unsigned long said;

	ataport_unimplemented(__func__, &said);
	return 0;
}
EXPORT_SYMBOL_GPL(AtaPortAllocateQueueTag);

/**
 * AtaPortReleaseQueueTag() - give a tag back
 * @DeviceExtension: channel
 * @TargetId: target
 * @Lun: LUN
 * @QueueTag: tag
 *
 * See AtaPortReleaseQueueTag in the interface documentation.
 * Not implemented: fails.
 *
 * LOCKING: any.
 */
void AtaPortReleaseQueueTag(PVOID DeviceExtension, UCHAR TargetId, UCHAR Lun,
			    UCHAR QueueTag)
{
	static unsigned long said;

	ataport_unimplemented(__func__, &said);
}
EXPORT_SYMBOL_GPL(AtaPortReleaseQueueTag);

/**
 * AtaPortTraceNotification() - an event for the trace
 * @NotificationType: what
 * @HwDeviceExtension: channel
 *
 * See AtaPortTraceNotification in the interface documentation.
 * Not implemented: fails.
 *
 * LOCKING: any.
 */
void AtaPortTraceNotification(ULONG NotificationType, PVOID HwDeviceExtension, ...)
{
	static unsigned long said;

	ataport_unimplemented(__func__, &said);
}
EXPORT_SYMBOL_GPL(AtaPortTraceNotification);
