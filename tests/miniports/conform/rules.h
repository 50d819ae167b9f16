/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules that are checked: name, the routine that each is about (one of the
 * port driver's or of the miniport's), section of the specification, what must hold.
 * A row that no check has looked at is a failure, and tests/contract/check-rules
 * sees to it that each routine of the interface has a row and each row a check.
 */
#ifndef CONFORM_RULES_H
#define CONFORM_RULES_H

#define CONF_RULES(X) \
	X(INIT_ACCEPTED, AtaPortInitializeEx, "2.1", "a right interface is accepted with STATUS_SUCCESS") \
	X(INIT_VERSION, AtaPortInitializeEx, "2.1", "a larger or smaller Version is refused") \
	X(INIT_NO_CONTROL, AtaPortInitializeEx, "2.1", "a missing AtaAdapterControl is refused") \
	X(INIT_TWICE, AtaPortInitializeEx, "2.1", "a second call is refused") \
	X(INIT_LATE, AtaPortInitializeEx, "2.1", "a call outside DriverEntry is refused") \
	X(INIT_COPIED, AtaPortInitializeEx, "2.1", "the interface is copied") \
	X(INIT_IDS, AtaPortInitializeEx, "2.1", "the driver takes the functions whose ids came with the miniport") \
	X(ADAPTER_ZEROED, AtaAdapterControl, "2.2", "the controller extension is zeroed") \
	X(ADAPTER_DEFAULTS, AtaAdapterControl, "2.2", "Version, ControllerMode and the limits have their defaults") \
	X(ADAPTER_RESOURCES, AtaAdapterControl, "2.2", "one access range per BAR, as the PCI core knows it") \
	X(ENABLED_ASKED, AtaControllerChannelEnabled, "2.2", "every channel is asked for, before any is initialized") \
	X(ENABLED_SPARSE, AtaControllerChannelEnabled, "2.2", "a disabled channel is skipped, the others keep their numbers") \
	X(CHANNEL_INIT, AtaChannelInitRoutine, "2.2", "Version and ChannelNumber are set, the extension is zeroed") \
	X(START_DEFAULTS, IdeHwControl, "2.2", "the channel configuration has its defaults") \
	X(START_LATER, IdeHwControl, "2.2", "a start may end in a timer routine, commands wait until then") \
	X(NO_EARLY_INTERRUPT, IdeHwInterrupt, "2.2", "no call before the channel has started") \
	X(IDENTIFY_IRB, IdeHwStartIo, "2.2", "IDENTIFY (PACKET) DEVICE is IRB_FUNCTION_ATA_IDENTIFY") \
	X(NO_DEVICE_QUIET, IdeHwStartIo, "2.2", "IRB_STATUS_SELECTION_TIMEOUT makes no noise and no retry") \
	X(INITIALIZE_PARAMETERS, IdeHwInitialize, "2.2", "the parameters tell what IDENTIFY says") \
	X(DEPTH, IdeHwInitialize, "2.2", "NumberOfOverlappedRequests becomes the queue depth") \
	X(DEPTH_LATER, IdeHwInitialize, "2.2", "NumberOfOverlappedRequests of a later call becomes the queue depth, too") \
	X(MODES_SELECTED, IdeHwInitialize, "2.2", "TransferModeSelected is taken over") \
	X(DEVICE_FLAGS, IdeHwInitialize, "2.2", "DeviceCharacteristics are taken over: FUA, removable media") \
	X(LIMITS, AtaAdapterControl, "2.2", "transfer and scatter/gather limits reach the block queue") \
	X(STOP_ORDER, AtaAdapterControl, "2.3", "channels stop first, with no request outstanding, then the adapter") \
	X(UNCACHED_STOP, AtaPortGetUnCachedExtension, "2.3", "is there until IdeHwControl(IdeStop) has returned") \
	X(CB_UNKNOWN, AtaPortRequestCallback, "4", "an unknown kind is refused") \
	X(CB_FOREIGN, AtaPortRequestCallback, "4", "a pointer that is no extension is refused") \
	X(CB_TYPES, AtaPortRequestCallback, "4", "each kind runs its routine with the channel extension") \
	X(SYNC_BEFORE_RETURN, AtaPortRequestSynchronizedRoutine, "4", "without the interrupt lock: has run once when the call returns") \
	X(SYNC_LOCKED, AtaPortRequestSynchronizedRoutine, "4", "runs under the interrupt lock") \
	X(SYNC_DEFERRED, AtaPortRequestSynchronizedRoutine, "4", "at DIRQL: runs after the routine that asked, in request order") \
	X(SYNC_FULL, AtaPortRequestSynchronizedRoutine, "4", "at least 16 may wait, more are refused, TRUE is one run") \
	X(SYNC_NULL, AtaPortRequestSynchronizedRoutine, "4", "no routine: FALSE") \
	X(SYNC_STOPPED, AtaPortRequestSynchronizedRoutine, "4", "a channel that is being stopped: FALSE") \
	X(SYNC_FROM_BUILD, AtaPortRequestSynchronizedRoutine, "9", "may be called from IdeHwBuildIo") \
	X(CSYNC_RUNS, AtaPortControllerSyncRoutine, "4", "runs once before the call returns, under the interrupt lock") \
	X(CSYNC_DEFERRED, AtaPortControllerSyncRoutine, "4", "at DIRQL: after the routine that asked") \
	X(CSYNC_NULL, AtaPortControllerSyncRoutine, "4", "no routine: FALSE") \
	X(WORKER_LATER, AtaPortRequestWorkerRoutine, "4", "runs soon, once, and never inside the caller") \
	X(WORKER_UNLOCKED, AtaPortRequestWorkerRoutine, "4", "may ask for a synchronized routine and see it run") \
	X(WORKER_NULL, AtaPortRequestWorkerRoutine, "4", "no routine: FALSE") \
	X(TIMER_NOT_EARLY, AtaPortRequestTimer, "4", "one shot, not before its time") \
	X(TIMER_REARM, AtaPortRequestTimer, "4", "the same routine again re-arms it") \
	X(TIMER_CANCEL, AtaPortRequestTimer, "4", "a time of 0 cancels it") \
	X(TIMER_SEVERAL, AtaPortRequestTimer, "4", "timers of different routines may be pending together") \
	X(TIMER_NULL, AtaPortRequestTimer, "4", "no routine: FALSE") \
	X(IRB_FIELDS, IdeHwStartIo, "5", "status, ids, time-out and sense buffer are filled, tag and link are 0") \
	X(IRB_TIMEOUT, IdeHwStartIo, "5", "the time-out is the block layer's") \
	X(IRB_FUNCTION, IdeHwStartIo, "5", "every command of ATA pass-through has the function of its kind") \
	X(IRB_PACKET, IdeHwStartIo, "5", "PACKET is IRB_FUNCTION_ATAPI_COMMAND with CDB and length") \
	X(IRB_48BIT, IdeHwStartIo, "5", "48BIT is there for commands of 48 bits and for no others") \
	X(IRB_RESULTS, IdeHwStartIo, "5", "RETURN_RESULTS is there where the result is wanted") \
	X(IRB_MULTIPLE, IdeHwStartIo, "5", "PIO_MULTIPLE is there for READ and WRITE MULTIPLE") \
	X(IRB_PRIORITY, IdeHwStartIo, "5", "HIGH_PRIORITY is there for requests of the real-time class") \
	X(START_RETURN, IdeHwStartIo, "5", "what it returns does not matter") \
	X(NCQ_PLAIN, IdeHwStartIo, "5", "queued commands of libata come as plain ones, several at a time") \
	X(NCQ_DEPTH, IdeHwStartIo, "5", "never more at a time than channel and device take") \
	X(NCQ_OFF, IdeHwInitialize, "5", "a device that takes one request gets no NCQ from libata") \
	X(FUA, IdeHwStartIo, "5", "a forced write is WRITE DMA FUA EXT") \
	X(IRB_TASKFILE, IdeHwStartIo, "5", "reads and writes carry function, LBA and count") \
	X(IRB_FLAGS, IdeHwStartIo, "5", "direction, USE_DMA and 48BIT flags") \
	X(IRB_FLUSH, IdeHwStartIo, "5", "FLUSH CACHE is IRB_FUNCTION_ATA_FLUSH") \
	X(BUILD_FIRST, IdeHwBuildIo, "5", "comes before IdeHwStartIo, without the interrupt lock") \
	X(BUILD_OPTIONAL, IdeHwBuildIo, "2.2", "a channel may go without") \
	X(BUILD_ENDS, IdeHwBuildIo, "5", "a request that it ends is not started") \
	X(BUILD_AGAIN, IdeHwBuildIo, "5", "a request that it puts off comes to it again before it is started") \
	X(BUILD_RETURN, IdeHwBuildIo, "5", "what it returns does not matter") \
	X(MAP_BUFFERS, IdeHwBuildIo, "5", "MAP_BUFFERS makes DataBuffer valid: data by PIO is right") \
	X(COMPLETE_DATA, AtaPortCompleteRequest, "5", "data of completed requests is right") \
	X(COMPLETE_TWICE, AtaPortCompleteRequest, "5", "a second completion is ignored and told once") \
	X(COMPLETE_PENDING, AtaPortCompleteRequest, "5", "IRB_STATUS_PENDING is told and taken for a host error") \
	X(COMPLETE_FOREIGN, AtaPortCompleteRequest, "5", "a pointer that is no IRB is ignored and told") \
	X(COMPLETE_LATE, AtaPortCompleteRequest, "5", "a request that was taken back is ignored and told") \
	X(BUSY_RETRIED, AtaPortCompleteRequest, "5", "IRB_STATUS_BUSY: once more, without a word; then it is an error") \
	X(SHORT_READ, AtaPortCompleteRequest, "5", "IRB_STATUS_DATALENGTH_MISMATCH fails a sector read") \
	X(SHORT_IDENTIFY, AtaPortCompleteRequest, "5", "IRB_STATUS_DATALENGTH_MISMATCH of an IDENTIFY is no device") \
	X(SHORT_PACKET, AtaPortCompleteRequest, "5", "IRB_STATUS_DATALENGTH_MISMATCH is the residual of a packet command") \
	X(DEVICE_ERROR, AtaPortCompleteRequest, "5", "IRB_STATUS_DEVICE_ERROR: AtaStatus and AtaError are the result") \
	X(INVALID_REQUEST, AtaPortCompleteRequest, "5", "IRB_STATUS_INVALID_REQUEST: ILLEGAL REQUEST at once, no retry") \
	X(RETURN_TASKFILE, AtaPortCompleteRequest, "5", "a task file in the sense buffer, in each form, reaches pass-through") \
	X(SGL_SUM, AtaPortGetScatterGatherList, "5", "never more elements than allowed, their sum is the request") \
	X(SGL_ALIGNED, AtaPortGetScatterGatherList, "2", "elements begin where AlignmentMask wants them to") \
	X(SGL_DATA, AtaPortGetScatterGatherList, "5", "the addresses are where the data is") \
	X(SGL_NO_DMA, AtaPortGetScatterGatherList, "5", "NULL for a request without USE_DMA, or for no request") \
	X(PHYS_UNCACHED, AtaPortGetPhysicalAddress, "5", "uncached extension: address and what is left of it") \
	X(PHYS_IRB_EXT, AtaPortGetPhysicalAddress, "5", "IRB extension: address and length") \
	X(PHYS_DATA, AtaPortGetPhysicalAddress, "5", "mapped data buffer of a DMA request") \
	X(PHYS_SENSE, AtaPortGetPhysicalAddress, "6", "buffer of a request-sense IRB") \
	X(PHYS_OTHER, AtaPortGetPhysicalAddress, "5", "any other address: 0, and length 0") \
	X(UNCACHED_FORM, AtaPortGetUnCachedExtension, "5", "zeroed and page aligned") \
	X(UNCACHED_TWICE, AtaPortGetUnCachedExtension, "5", "a second call gives NULL") \
	X(UNCACHED_PLACE, AtaPortGetUnCachedExtension, "5", "outside IdeHwControl(IdeStart) it gives NULL") \
	X(IRB_EXT_FORM, AtaPortGetUnCachedExtension, "5", "IRB extensions: aligned to 128 bytes, one for each request") \
	X(ALL_TARGET, AtaPortCompleteAllActiveRequests, "6", "returns all requests of the target with the status") \
	X(ALL_OTHER_TARGET, AtaPortCompleteAllActiveRequests, "6", "leaves those of other targets alone") \
	X(ALL_NOT_STARTED, AtaPortCompleteAllActiveRequests, "6", "leaves what IdeHwStartIo has not seen yet alone") \
	X(ALL_CHANNEL, AtaPortCompleteAllActiveRequests, "6", "IDE_UNTAGGED: all of the channel") \
	X(SENSE_BUILD, AtaPortBuildRequestSenseIrb, "6", "an IRB for the failed packet command, buffer and CDB filled") \
	X(SENSE_ONE, AtaPortBuildRequestSenseIrb, "6", "a second one for the target is NULL") \
	X(SENSE_NOT_PACKET, AtaPortBuildRequestSenseIrb, "6", "NULL for what is no outstanding packet command") \
	X(SENSE_RELEASE, AtaPortReleaseRequestSenseIrb, "6", "copies the sense data to the failed IRB, user space sees it") \
	X(SENSE_AGAIN, AtaPortReleaseRequestSenseIrb, "6", "afterwards there can be one again") \
	X(RESET_INITIALIZE, IdeHwReset, "6", "afterwards devices are identified and initialized again") \
	X(LUN_RESET_FIRST, IdeHwStartIo, "6", "a time-out brings IRB_FUNCTION_LUN_RESET, and no IdeHwReset where that helps") \
	X(LUN_RESET_BOUNDED, IdeHwReset, "6", "comes when a LUN reset does not come back") \
	X(LUN_RESET_FAILS, IdeHwReset, "6", "comes when a LUN reset fails") \
	X(TAKEN_BACK, IdeHwReset, "6", "what it leaves is taken back, told by name, and issued again") \
	X(BUSY_TIME, AtaPortDeviceBusy, "7", "pauses a device, which goes on by itself after the time") \
	X(BUSY_CHANNEL, AtaPortDeviceBusy, "7", "IDE_UNTAGGED pauses the channel") \
	X(BUSY_EARLIER, AtaPortDeviceBusy, "7", "requests issued before are not affected") \
	X(BUSY_NONE_LOST, AtaPortDeviceBusy, "7", "no request is lost or failed by a pause") \
	X(BUSY_RESET, AtaPortDeviceBusy, "7", "a reset ends the pause") \
	X(READY, AtaPortDeviceReady, "7", "ends the pause at once") \
	X(READY_INTERRUPT, AtaPortDeviceReady, "7", "from IdeHwInterrupt, too") \
	X(STATE_CHANGE, AtaPortDeviceStateChange, "7", "pauses with a time, ends the pause with 0") \
	X(STATE_BAD, AtaPortDeviceStateChange, "7", "a target that cannot exist, an absurd time: ignored and told") \
	X(TAG_INIT, AtaPortInitializeQueueTag, "7", "per device and per channel; no tags or no such target: FALSE") \
	X(TAG_RANGE, AtaPortAllocateQueueTag, "7", "1 to max, each once, then 0") \
	X(TAG_UNINITIALIZED, AtaPortAllocateQueueTag, "7", "0 before the initialization") \
	X(TAG_RELEASE, AtaPortReleaseQueueTag, "7", "gives the tag back") \
	X(TAG_TWICE, AtaPortReleaseQueueTag, "7", "a tag that is not taken: ignored and told") \
	X(NOTIFY_UNKNOWN, AtaPortNotification, "8", "an unknown notification is told and does nothing") \
	X(NOTIFY_ARRIVAL, AtaPortNotification, "8", "an arrival is the same as by the wrappers") \
	X(BUS_CHANGE, AtaPortBusChangeDetected, "8", "a device that came is found") \
	X(BUS_CHANGE_GENTLE, AtaPortBusChangeDetected, "8", "devices that were there are not disturbed") \
	X(ARRIVED, AtaPortDeviceArrived, "8", "a device that came is found") \
	X(REMOVED, AtaPortDeviceRemoved, "8", "the device goes away, its block device vanishes") \
	X(REMOVED_BAD, AtaPortDeviceRemoved, "8", "a target that cannot exist is told") \
	X(REMOVED_REQUESTS, AtaPortDeviceRemoved, "8", "requests of the device fail") \
	X(POWER_REQUEST, AtaPortRequestPowerStateChange, "8", "a device goes to D3, and back to D0 for its next request") \
	X(SLEEP, IdeHwControl, "8", "sleep: device to D3, then the channel, then the adapter; up in reverse") \
	X(LPM, IdeHwControl, "8", "each link power policy comes as IdeVendorDefined with the setting's value") \
	X(REG_CTL_READ, AtaPortRegistryControllerKeyRead, "9", "a value of user space, of each type, without case") \
	X(REG_CTL_WRITE, AtaPortRegistryControllerKeyWrite, "9", "reads back, in user space too, and is announced") \
	X(REG_CTL_DEFERRED, AtaPortRegistryControllerKeyWriteDeferred, "9", "is written by AtaPortRegistryFreeBuffer, not before") \
	X(REG_CH_READ, AtaPortRegistryChannelSubkeyRead, "9", "a value of user space, of each type, without case") \
	X(REG_CH_WRITE, AtaPortRegistryChannelSubkeyWrite, "9", "reads back, in user space too, and is announced") \
	X(REG_CH_DEFERRED, AtaPortRegistryChannelSubkeyWriteDeferred, "9", "is written by AtaPortRegistryFreeBuffer, not before") \
	X(REG_READ_SMALL, AtaPortRegistryRead, "9", "a buffer too small: FALSE and the needed length") \
	X(REG_READ_TYPE, AtaPortRegistryRead, "9", "another type or no such value: FALSE") \
	X(REG_READ_PLACE, AtaPortRegistryRead, "9", "from another routine, or without the buffer: FALSE") \
	X(REG_WRITE_PLACE, AtaPortRegistryWrite, "9", "from another routine, or without the buffer: FALSE") \
	X(REG_WRITE_BIG, AtaPortRegistryWrite, "9", "more than 1 KiB: FALSE") \
	X(REG_WRITE_TYPE, AtaPortRegistryWrite, "9", "a DWORD of another length than 4, an unknown type: FALSE") \
	X(REG_DEFERRED_ANY, AtaPortRegistryWriteDeferred, "9", "from any routine of the channel") \
	X(REG_ALLOC, AtaPortRegistryAllocateBuffer, "9", "zeroed; one at a time") \
	X(REG_ALLOC_PLACE, AtaPortRegistryAllocateBuffer, "9", "from another routine: NULL") \
	X(REG_FREE, AtaPortRegistryFreeBuffer, "9", "afterwards there can be one again") \
	X(REG_DEFAULTS, AtaPortRegistryRead, "9", "defaults that came with the miniport's build, which parameters override") \
	X(REG_LIFE, AtaPortRegistryWrite, "9", "values outlive the miniport's module, and not the port driver's") \
	X(BUS_GET, AtaPortGetBusData, "9", "any offset and length that exist, as the PCI core reads them") \
	X(BUS_GET_END, AtaPortGetBusData, "9", "past the end: 0 bytes, and told") \
	X(BUS_SET, AtaPortSetBusData, "9", "writes bytes, words and more; reads back") \
	X(BUS_SET_END, AtaPortSetBusData, "9", "past the end: 0 bytes, and told") \
	X(BASE_BOTH, AtaPortGetDeviceBase, "9", "memory and port ranges, by either extension") \
	X(BASE_SAME, AtaPortGetDeviceBase, "9", "the same range twice gives the same mapping") \
	X(BASE_REFUSED, AtaPortGetDeviceBase, "9", "anything outside the resources: NULL, and told") \
	X(READ_PORT_UCHAR, AtaPortReadPortUchar, "9", "one access, of its width, counted by the machine") \
	X(READ_PORT_UCHAR_V, AtaPortReadPortUchar, "9", "values go through unchanged") \
	X(READ_PORT_USHORT, AtaPortReadPortUshort, "9", "one access, of its width, counted by the machine") \
	X(READ_PORT_USHORT_V, AtaPortReadPortUshort, "9", "values go through unchanged") \
	X(READ_PORT_ULONG, AtaPortReadPortUlong, "9", "one access, of its width, counted by the machine") \
	X(READ_PORT_ULONG_V, AtaPortReadPortUlong, "9", "values go through unchanged") \
	X(READ_PORT_BUF_UCHAR, AtaPortReadPortBufferUchar, "9", "one port again and again, of its width, counted by the machine") \
	X(READ_PORT_BUF_UCHAR_V, AtaPortReadPortBufferUchar, "9", "values go through unchanged") \
	X(READ_PORT_BUF_USHORT, AtaPortReadPortBufferUshort, "9", "one port again and again, of its width, counted by the machine") \
	X(READ_PORT_BUF_USHORT_V, AtaPortReadPortBufferUshort, "9", "values go through unchanged") \
	X(READ_PORT_BUF_ULONG, AtaPortReadPortBufferUlong, "9", "one port again and again, of its width, counted by the machine") \
	X(READ_PORT_BUF_ULONG_V, AtaPortReadPortBufferUlong, "9", "values go through unchanged") \
	X(WRITE_PORT_UCHAR, AtaPortWritePortUchar, "9", "one access, of its width, counted by the machine") \
	X(WRITE_PORT_UCHAR_V, AtaPortWritePortUchar, "9", "values go through unchanged") \
	X(WRITE_PORT_USHORT, AtaPortWritePortUshort, "9", "one access, of its width, counted by the machine") \
	X(WRITE_PORT_USHORT_V, AtaPortWritePortUshort, "9", "values go through unchanged") \
	X(WRITE_PORT_ULONG, AtaPortWritePortUlong, "9", "one access, of its width, counted by the machine") \
	X(WRITE_PORT_ULONG_V, AtaPortWritePortUlong, "9", "values go through unchanged") \
	X(WRITE_PORT_BUF_UCHAR, AtaPortWritePortBufferUchar, "9", "one port again and again, of its width, counted by the machine") \
	X(WRITE_PORT_BUF_UCHAR_V, AtaPortWritePortBufferUchar, "9", "values go through unchanged") \
	X(WRITE_PORT_BUF_USHORT, AtaPortWritePortBufferUshort, "9", "one port again and again, of its width, counted by the machine") \
	X(WRITE_PORT_BUF_USHORT_V, AtaPortWritePortBufferUshort, "9", "values go through unchanged") \
	X(WRITE_PORT_BUF_ULONG, AtaPortWritePortBufferUlong, "9", "one port again and again, of its width, counted by the machine") \
	X(WRITE_PORT_BUF_ULONG_V, AtaPortWritePortBufferUlong, "9", "values go through unchanged") \
	X(READ_REGISTER_UCHAR, AtaPortReadRegisterUchar, "9", "one access, of its width, counted by the machine") \
	X(READ_REGISTER_UCHAR_V, AtaPortReadRegisterUchar, "9", "values go through unchanged") \
	X(READ_REGISTER_USHORT, AtaPortReadRegisterUshort, "9", "one access, of its width, counted by the machine") \
	X(READ_REGISTER_USHORT_V, AtaPortReadRegisterUshort, "9", "values go through unchanged") \
	X(READ_REGISTER_ULONG, AtaPortReadRegisterUlong, "9", "one access, of its width, counted by the machine") \
	X(READ_REGISTER_ULONG_V, AtaPortReadRegisterUlong, "9", "values go through unchanged") \
	X(READ_REGISTER_BUF_UCHAR, AtaPortReadRegisterBufferUchar, "9", "registers one after the other, of its width, counted by the machine") \
	X(READ_REGISTER_BUF_UCHAR_V, AtaPortReadRegisterBufferUchar, "9", "values go through unchanged") \
	X(READ_REGISTER_BUF_USHORT, AtaPortReadRegisterBufferUshort, "9", "registers one after the other, of its width, counted by the machine") \
	X(READ_REGISTER_BUF_USHORT_V, AtaPortReadRegisterBufferUshort, "9", "values go through unchanged") \
	X(READ_REGISTER_BUF_ULONG, AtaPortReadRegisterBufferUlong, "9", "registers one after the other, of its width, counted by the machine") \
	X(READ_REGISTER_BUF_ULONG_V, AtaPortReadRegisterBufferUlong, "9", "values go through unchanged") \
	X(WRITE_REGISTER_UCHAR, AtaPortWriteRegisterUchar, "9", "one access, of its width, counted by the machine") \
	X(WRITE_REGISTER_UCHAR_V, AtaPortWriteRegisterUchar, "9", "values go through unchanged") \
	X(WRITE_REGISTER_USHORT, AtaPortWriteRegisterUshort, "9", "one access, of its width, counted by the machine") \
	X(WRITE_REGISTER_USHORT_V, AtaPortWriteRegisterUshort, "9", "values go through unchanged") \
	X(WRITE_REGISTER_ULONG, AtaPortWriteRegisterUlong, "9", "one access, of its width, counted by the machine") \
	X(WRITE_REGISTER_ULONG_V, AtaPortWriteRegisterUlong, "9", "values go through unchanged") \
	X(WRITE_REGISTER_BUF_UCHAR, AtaPortWriteRegisterBufferUchar, "9", "registers one after the other, of its width, counted by the machine") \
	X(WRITE_REGISTER_BUF_UCHAR_V, AtaPortWriteRegisterBufferUchar, "9", "values go through unchanged") \
	X(WRITE_REGISTER_BUF_USHORT, AtaPortWriteRegisterBufferUshort, "9", "registers one after the other, of its width, counted by the machine") \
	X(WRITE_REGISTER_BUF_USHORT_V, AtaPortWriteRegisterBufferUshort, "9", "values go through unchanged") \
	X(WRITE_REGISTER_BUF_ULONG, AtaPortWriteRegisterBufferUlong, "9", "registers one after the other, of its width, counted by the machine") \
	X(WRITE_REGISTER_BUF_ULONG_V, AtaPortWriteRegisterBufferUlong, "9", "values go through unchanged") \
	X(STALL, AtaPortStallExecution, "9", "waits at least so many microseconds") \
	X(COPY, AtaPortCopyMemory, "9", "copies") \
	X(MOVE, AtaPortMoveMemory, "9", "copies what overlaps, both ways") \
	X(TO_PHYSICAL, AtaPortConvertUlongToPhysicalAddress, "9", "widens an address") \
	X(TO_ULONG, AtaPortConvertPhysicalAddressToUlong, "9", "low 32 bits of an address") \
	X(SYSTEM_TIME, AtaPortQuerySystemTime, "9", "100 ns since 1601-01-01 UTC, and goes on") \
	X(PRINT_LEVEL, AtaPortDebugPrint, "9", "filtered by a level that changes at run time") \
	X(PRINT_FORMATS, AtaPortDebugPrint, "9", "Windows formats: I64, ws, S, Z, wZ, p, widths") \
	X(PRINT_BAD, AtaPortDebugPrint, "9", "an unknown conversion ends the line and harms nothing") \
	X(LOG_ERROR, AtaPortLogError, "9", "what the entry says is in the kernel log") \
	X(TRACE_NOTIFICATION, AtaPortTraceNotification, "9", "is a trace event with its arguments") \
	X(DEBUG_BREAK, AtaPortDebugBreak, "9", "names the place and the machine goes on") \
	X(BUILD_RULE, IdeHwBuildIo, "9", "another AtaPort routine from IdeHwBuildIo is told") \
	X(INTERRUPT_RULE, IdeHwInterrupt, "9", "CompleteAllActiveRequests and DeviceBusy from there are told and ignored") \
	X(IOCTL, IdeHwStartIo, "5", "a private I/O control arrives as IRB_FUNCTION_MINIPORT_IOCTL, its answer goes back") \
	X(IOCTL_ALONE, IdeHwStartIo, "5", "a private I/O control comes alone, and on time or not at all")

#define CONF_ENUM(Name, Routine, Section, Text)	CONF_##Name,
enum { CONF_RULES(CONF_ENUM) CONF_NR_RULES };

#endif
