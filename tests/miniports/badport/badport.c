// SPDX-License-Identifier: GPL-2.0-only
/*
 * A small disk in memory whose miniport is right but for one bug, which the
 * test chooses (see badport.h). It never touches the controller's registers.
 * Channel 0 has the disk, channel 1 has none. Bugs in requests wait until
 * sector BAD_SECTOR is read, so that the disk comes up and its other sectors
 * show what the bug did to the rest.
 *
 * Each call that must be refused is judged here too: a line that says
 * "badport: wrongly" is a failure whatever else is in the log.
 */
#include "badport.h"

#define BAD_SECTORS     4096
#define BAD_SECTOR      2048
#define BAD_CHANNELS    2
/* Offset in configuration space. */
#define BAD_CACHE_LINE_SIZE 0x0c

typedef struct _BAD_CONTROLLER {
    ULONG               Bug;
    ULONG               Channels;
    ULONG               Started;
    ULONG               Stopped;
    IDE_ACCESS_RANGE    Range;
} BAD_CONTROLLER, *PBAD_CONTROLLER;

typedef struct _BAD_CHANNEL {
    PBAD_CONTROLLER     Controller;
    ULONG               Bug;
    UCHAR               Number;
    UCHAR               Done;       /* the bug has had its say */
    UCHAR               Dead;
    UCHAR               Asleep;     /* was told D3 */
    UCHAR               Paused;     /* for at least as long as this is set */
    UCHAR               Late;       /* IdeHwReset has left a request */
    ULONG               Rounds;
    PIDE_REQUEST_BLOCK  Kept;
    IDE_REQUEST_BLOCK   Foreign;
    UCHAR               Data[BAD_SECTORS * 512];
} BAD_CHANNEL, *PBAD_CHANNEL;

/* The public disk power settings. */
DEFINE_GUID(BadGuidLinkPower, 0x0b2d69d7, 0xa2a1, 0x449c,
            0x96, 0x80, 0xf9, 0x1c, 0x70, 0x52, 0x1c, 0x60);
DEFINE_GUID(BadGuidAdaptive, 0xdab60367, 0x53fe, 0x4fbc,
            0x82, 0x5e, 0x52, 0x1d, 0x06, 0x9d, 0x24, 0x56);

/* Not an address of anything: following it is an oops. */
#define BAD_POINTER     ((PVOID)(ULONG_PTR)0xdead00000badf00dULL)

ULONG
BadControllerSize(VOID)
{
    return sizeof(BAD_CONTROLLER);
}

ULONG
BadChannelSize(VOID)
{
    return sizeof(BAD_CHANNEL);
}

static const char *
BadName(ULONG Bug)
{
#define BAD_CASE(Name, Number)  case Number: return #Name;
    switch (Bug) {
    BAD_BUGS(BAD_CASE)
    default: return "UNKNOWN";
    }
}

static VOID
BadExpect(BOOLEAN Refused, const char *What)
{
    if (!Refused)
        AtaPortDebugPrint(0, "badport: wrongly accepted: %s\n", What);
}

static VOID
BadString(PUCHAR To, const char *From, ULONG Length)
{
    ULONG i;

    for (i = 0; i < Length; i++)
        To[i ^ 1] = *From ? *From++ : ' ';
}

static VOID
BadIdentify(PUCHAR Buffer, ULONG Length)
{
    IDENTIFY_DEVICE_DATA Id;

    RtlZeroMemory(&Id, sizeof(Id));
    Id.GeneralConfiguration.FixedDevice = 1;
    Id.NumCylinders = 4;
    Id.NumHeads = 16;
    Id.NumSectorsPerTrack = 63;
    BadString(Id.SerialNumber, "BAD0001", sizeof(Id.SerialNumber));
    BadString(Id.FirmwareRevision, "1.0", sizeof(Id.FirmwareRevision));
    BadString(Id.ModelNumber, "disk of a bad miniport", sizeof(Id.ModelNumber));
    Id.Capabilities.DmaSupported = 1;
    Id.Capabilities.LbaSupported = 1;
    Id.Capabilities.IordySupported = 1;
    Id.TranslationFieldsValid = 6;
    Id.UserAddressableSectors = BAD_SECTORS;
    Id.MultiWordDMASupport = 7;
    Id.AdvancedPIOModes = 3;
    Id.SerialAtaCapabilities.SataGen1 = 1;
    Id.MajorRevision = 0x01f0;
    Id.CommandSetSupport.BigLba = 1;
    Id.CommandSetSupport.WordValid83 = 1;
    Id.CommandSetSupport.WordValid = 1;
    Id.CommandSetActive.BigLba = 1;
    Id.CommandSetActive.Reserved4 = 1;
    Id.UltraDMASupport = 0x3f;
    Id.UltraDMAActive = 0x20;
    Id.Max48BitLBA[0] = BAD_SECTORS;
    RtlCopyMemory(Buffer, &Id, min(Length, sizeof(Id)));
}

static ULONGLONG
BadLba(PIDE_REQUEST_BLOCK Irb)
{
    PIDEREGISTERS Current = GET_IRB_CURRENT_REG(Irb);
    ULONGLONG Lba = Current->bSectorNumberReg | Current->bCylLowReg << 8 |
                    Current->bCylHighReg << 16;

    if (Is48BitIrb(Irb))
        return Lba | (ULONGLONG)GET_IRB_PREVIOUS_REG(Irb)->bSectorNumberReg << 24;
    return Lba | (ULONGLONG)(Current->bDriveHeadReg & 0xf) << 24;
}

/* Is this the read that the bug waits for? */
static BOOLEAN
BadTrigger(PIDE_REQUEST_BLOCK Irb)
{
    return Irb->Function == IRB_FUNCTION_ATA_READ &&
           BadLba(Irb) <= BAD_SECTOR &&
           BadLba(Irb) + Irb->DataTransferLength / 512 > BAD_SECTOR;
}

/* What a good miniport does with a request; IrbStatus says how it ended. */
static VOID
BadServe(PBAD_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    ULONGLONG Lba;

    Irb->AtaStatus = IDE_STATUS_DRDY;
    Irb->IrbStatus = IRB_STATUS_SUCCESS;
    if (IsMiniportCommand(Irb))
        return;
    if (Irb->TargetId != 0 || Channel->Number != 0) {
        Irb->IrbStatus = IRB_STATUS_SELECTION_TIMEOUT;
        return;
    }
    switch (Irb->Function) {
    case IRB_FUNCTION_ATA_IDENTIFY:
        if (Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_IDENTIFY) {
            BadIdentify(Irb->DataBuffer, Irb->DataTransferLength);
            return;
        }
        break;
    case IRB_FUNCTION_ATA_READ:
    case IRB_FUNCTION_ATA_WRITE:
        Lba = BadLba(Irb);
        if (Lba + Irb->DataTransferLength / 512 > BAD_SECTORS)
            break;
        if (Irb->Function == IRB_FUNCTION_ATA_READ)
            RtlCopyMemory(Irb->DataBuffer, Channel->Data + Lba * 512, Irb->DataTransferLength);
        else
            RtlCopyMemory(Channel->Data + Lba * 512, Irb->DataBuffer, Irb->DataTransferLength);
        return;
    case IRB_FUNCTION_ATA_FLUSH:
        return;
    case IRB_FUNCTION_ATA_COMMAND:
        switch (Irb->IdeTaskFile.Current.bCommandReg) {
        case IDE_COMMAND_SET_FEATURE:
        case IDE_COMMAND_STANDBY_IMMEDIATE:
        case IDE_COMMAND_IDLE_IMMEDIATE:
            return;
        }
        Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        return;
    default:
        Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        return;
    }
    Irb->AtaStatus |= IDE_STATUS_ERROR;
    Irb->AtaError = IDE_ERROR_COMMAND_ABORTED;
    Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
}

static VOID
BadNothing(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
}

/* So slow that many at once cannot but wait. */
static VOID
BadSlowWorker(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    AtaPortStallExecution(1000);
}

/* Completes what IdeHwReset did not, when nobody waits for it any more. */
static VOID
BadCompleteLate(PBAD_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Kept;

    Channel->Late = FALSE;
    Channel->Kept = NULL;
    if (Irb != NULL) {
        Irb->IrbStatus = IRB_STATUS_SUCCESS;
        AtaPortCompleteRequest(Channel, Irb);
    }
}

static VOID
BadPauseEnds(PVOID ChannelExtension)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    Channel->Paused = FALSE;
}

/* Seven seconds, which is more than IDENTIFY has; it is said to be over a little before that. */
static VOID
BadPause(PBAD_CHANNEL Channel)
{
    Channel->Paused = TRUE;
    AtaPortRequestTimer(Channel, BadPauseEnds, 6900000);
    AtaPortDeviceBusy(Channel, 0, 0, 7);
}

/* All that a miniport may tell of devices, before anybody has looked for them. */
static VOID
BadNotifyEarly(PBAD_CHANNEL Channel)
{
    AtaPortBusChangeDetected(Channel);
    AtaPortDeviceArrived(Channel, 0);
    AtaPortDeviceRemoved(Channel, 0);
    AtaPortRequestPowerStateChange(Channel, 0, 0, IdePowerD0);
    AtaPortDeviceBusy(Channel, 0, 0, 1);
    AtaPortDeviceReady(Channel, 0, 0);
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
}

static VOID
BadSyncForever(PVOID ChannelExtension)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    Channel->Rounds++;
    AtaPortRequestSynchronizedRoutine(Channel, BadSyncForever);
}

static VOID
BadWildCompletions(PBAD_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    AtaPortCompleteRequest(Channel, NULL);
    AtaPortCompleteRequest(Channel, BAD_POINTER);
    AtaPortCompleteRequest(Channel, (PVOID)((PUCHAR)Irb + 8));
    AtaPortCompleteRequest(Channel, Irb + 1);
    AtaPortCompleteRequest(Channel, Irb - 100000);
    AtaPortCompleteRequest(Channel, (PVOID)Channel);
}

/* Every routine that is given an extension gets ones that it never handed out. */
static VOID
BadStrayExtension(PVOID Stray, PIDE_REQUEST_BLOCK Irb)
{
    IDE_ERROR_LOG_ENTRY Entry;
    IDE_PHYSICAL_ADDRESS Address;
    ULONG Length = 1234;
    ULONG Buffer = 0;

    RtlZeroMemory(&Entry, sizeof(Entry));
    BadExpect(!AtaPortRequestSynchronizedRoutine(Stray, BadNothing), "synchronized routine");
    BadExpect(!AtaPortControllerSyncRoutine(Stray, BadNothing), "controller sync routine");
    BadExpect(!AtaPortRequestWorkerRoutine(Stray, BadNothing), "worker routine");
    BadExpect(!AtaPortRequestTimer(Stray, BadNothing, 1000), "timer");
    AtaPortCompleteRequest(Stray, Irb);
    AtaPortCompleteAllActiveRequests(Stray, IDE_UNTAGGED, 0, IRB_STATUS_SUCCESS);
    BadExpect(AtaPortGetScatterGatherList(Stray, Irb) == NULL, "scatter/gather list");
    Address = AtaPortGetPhysicalAddress(Stray, Irb, &Length, &Length);
    BadExpect(Address.QuadPart == 0 && Length == 0, "physical address");
    BadExpect(AtaPortBuildRequestSenseIrb(Stray, Irb) == NULL, "request sense");
    AtaPortReleaseRequestSenseIrb(Stray, Irb);
    AtaPortDeviceBusy(Stray, 0, 0, 1);
    AtaPortDeviceReady(Stray, 0, 0);
    BadExpect(!AtaPortInitializeQueueTag(Stray, 0, 0, 4), "tag initialization");
    BadExpect(AtaPortAllocateQueueTag(Stray, 0, 0) == 0, "tag");
    AtaPortReleaseQueueTag(Stray, 0, 0, 1);
    AtaPortBusChangeDetected(Stray);
    AtaPortDeviceRemoved(Stray, 0);
    AtaPortLogError(Stray, &Entry);
    AtaPortTraceNotification(1, Stray);
    BadExpect(AtaPortGetUnCachedExtension(Stray, 4096, 128) == NULL, "uncached extension");
    BadExpect(AtaPortRegistryAllocateBuffer(Stray, 16) == NULL, "registry buffer");
    AtaPortRegistryFreeBuffer(Stray, &Buffer);
    Length = sizeof(Buffer);
    BadExpect(!AtaPortRegistryControllerKeyRead(Stray, 0, "Name", IDE_REG_DWORD,
                                                (PUCHAR)&Buffer, &Length), "registry read");
    BadExpect(!AtaPortRegistryControllerKeyWrite(Stray, 0, "Name", IDE_REG_DWORD,
                                                 (PUCHAR)&Buffer, &Length), "registry write");
    BadExpect(!AtaPortRegistryControllerKeyWriteDeferred(Stray, 0, "Name", IDE_REG_DWORD,
                                                         (PUCHAR)&Buffer, &Length),
              "deferred registry write");
    BadExpect(AtaPortGetBusData(Stray, &Buffer, 0, 4) == 0, "configuration read");
    BadExpect(AtaPortSetBusData(Stray, &Buffer, 0, 4) == 0, "configuration write");
    Address.QuadPart = 0;
    BadExpect(AtaPortGetDeviceBase(Stray, Address, 4) == NULL, "device base");
}

static VOID
BadCallbacks(PBAD_CHANNEL Channel)
{
    ULONG i;

    BadExpect(!AtaPortRequestSynchronizedRoutine(Channel, NULL), "NULL synchronized routine");
    BadExpect(!AtaPortRequestTimer(Channel, NULL, 5), "NULL timer");
    BadExpect(!AtaPortRequestWorkerRoutine(Channel, NULL), "NULL worker");
    BadExpect(!AtaPortRequestCallback((IDE_CALLBACK_TYPE)77, Channel, BadNothing, 0),
              "callback of type 77");
    /* Many at once: refused when the queue is full, and never lost in silence. */
    for (i = 0; i < 100000; i++)
        if (!AtaPortRequestWorkerRoutine(Channel, BadSlowWorker))
            break;
    AtaPortDebugPrint(0, "badport: worker queue %s\n", i < 100000 ? "is bounded" : "took all");
}

static VOID
BadTags(PBAD_CHANNEL Channel)
{
    UCHAR Tag;

    AtaPortInitializeQueueTag(Channel, 0, 0, 4);
    Tag = AtaPortAllocateQueueTag(Channel, 0, 0);
    AtaPortReleaseQueueTag(Channel, 0, 0, Tag);
    AtaPortReleaseQueueTag(Channel, 0, 0, Tag);
    AtaPortReleaseQueueTag(Channel, 0, 0, 0);
    AtaPortReleaseQueueTag(Channel, 0, 0, 200);
    AtaPortReleaseQueueTag(Channel, 1, 0, 1);
    BadExpect(AtaPortAllocateQueueTag(Channel, 1, 0) == 0, "tag before initialization");
    BadExpect(!AtaPortInitializeQueueTag(Channel, 7, 0, 4), "tags of target 7");
    BadExpect(AtaPortAllocateQueueTag(Channel, 7, 0) == 0, "tag of target 7");
}

static VOID
BadDeviceBase(PBAD_CHANNEL Channel)
{
    PIDE_ACCESS_RANGE Range = &Channel->Controller->Range;
    IDE_PHYSICAL_ADDRESS Address = Range->RangeStart;

    BadExpect(AtaPortGetDeviceBase(Channel, Address, Range->RangeLength + 1) == NULL,
              "a byte more than the range");
    Address.QuadPart = Range->RangeStart.QuadPart + Range->RangeLength;
    BadExpect(AtaPortGetDeviceBase(Channel, Address, 1) == NULL, "a byte after the range");
    Address.QuadPart = Range->RangeStart.QuadPart - 1;
    BadExpect(AtaPortGetDeviceBase(Channel, Address, 4) == NULL, "a byte before the range");
    Address.QuadPart = Range->RangeStart.QuadPart + 16;
    BadExpect(AtaPortGetDeviceBase(Channel, Address, 0xfffffff8) == NULL, "an address that wraps");
    Address.QuadPart = 0xfffffffffffffff0LL;
    BadExpect(AtaPortGetDeviceBase(Channel, Address, 32) == NULL, "the end of all addresses");
    BadExpect(AtaPortGetDeviceBase(Channel, Range->RangeStart, 0) == NULL, "no bytes");
}

static VOID
BadConfigSpace(PBAD_CHANNEL Channel)
{
    UCHAR Buffer[16];

    BadExpect(AtaPortGetBusData(Channel, Buffer, 0x100000, 4) == 0, "offset 1 MiB");
    BadExpect(AtaPortGetBusData(Channel, Buffer, 0xfffffffc, 8) == 0, "an offset that wraps");
    BadExpect(AtaPortGetBusData(Channel, Buffer, 0xff8, 0xffffffff) == 0, "a length that wraps");
    BadExpect(AtaPortGetBusData(Channel, Buffer, 0, 0) == 0, "no bytes");
    BadExpect(AtaPortGetBusData(Channel, NULL, 0, 4) == 0, "no buffer");
    BadExpect(AtaPortSetBusData(Channel, Buffer, 0x100000, 4) == 0, "write at 1 MiB");
    BadExpect(AtaPortSetBusData(Channel, Buffer, 0xfffe, 4) == 0, "write across the end");
}

static VOID
BadRegistryArguments(PBAD_CHANNEL Channel)
{
    static CHAR Long[] = "0123456789012345678901234567890123456789"
                         "0123456789012345678901234567890123456789";
    PUCHAR Buffer;
    ULONG Length;
    ULONG Local = 0;

    BadExpect(AtaPortRegistryAllocateBuffer(Channel, 0) == NULL, "a buffer of nothing");
    BadExpect(AtaPortRegistryAllocateBuffer(Channel, 0xffffffff) == NULL, "a buffer of 4 GiB");
    Length = sizeof(Local);
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, "Name", IDE_REG_DWORD,
                                                (PUCHAR)&Local, &Length),
              "a buffer of the miniport's own");
    Buffer = AtaPortRegistryAllocateBuffer(Channel, 64);
    if (Buffer == NULL)
        return;
    BadExpect(AtaPortRegistryAllocateBuffer(Channel, 64) == NULL, "a second buffer");
    Length = 64;
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, NULL, IDE_REG_DWORD, Buffer, &Length),
              "no name");
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, Long, IDE_REG_DWORD, Buffer, &Length),
              "a long name");
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, "a\\b", IDE_REG_DWORD, Buffer, &Length),
              "a name with a path");
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, "Name", IDE_REG_DWORD, Buffer, NULL),
              "no length");
    Length = 65;
    BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, "Name", IDE_REG_BINARY, Buffer, &Length),
              "a length beyond the buffer");
    Length = 0xfffffff0;
    BadExpect(!AtaPortRegistryControllerKeyWrite(Channel, 0, "Name", IDE_REG_BINARY, Buffer + 32,
                                                 &Length), "a length that wraps");
    Length = 1;
    BadExpect(!AtaPortRegistryControllerKeyWrite(Channel, 0, "Name", IDE_REG_BINARY, Buffer + 64,
                                                 &Length), "the byte after the buffer");
    BadExpect(!AtaPortRegistryControllerKeyWrite(Channel, 0, "Name", IDE_REG_BINARY, Buffer - 1,
                                                 &Length), "the byte before the buffer");
    AtaPortRegistryFreeBuffer(Channel, Buffer + 1);
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    AtaPortRegistryFreeBuffer(Channel, Buffer);
}

/* Overwrite all that is not the miniport's to change, and then some. */
static VOID
BadScribble(PIDE_REQUEST_BLOCK Irb, PIDE_SCATTER_GATHER_LIST List)
{
    UCHAR Status = Irb->IrbStatus;

    if (List != NULL)
        List->NumberOfElements = 0xffffffff;
    RtlFillMemory(Irb, sizeof(*Irb), 0xa5);
    Irb->IrbStatus = Status;
    Irb->DataBuffer = BAD_POINTER;
    Irb->SenseInfoBuffer = BAD_POINTER;
    Irb->IrbExtension = BAD_POINTER;
    Irb->NextIrb = BAD_POINTER;
}

static BOOLEAN
BadBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    if (IRB_FOR_DATA_TRANSFER(Irb)) {
        MARK_IRB_FOR_PIO(Irb);
        Irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
    }
    if (Channel->Bug == BUG_BUILD_ENDS && BadTrigger(Irb)) {
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_DATA_ERROR;
        Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    }
    return TRUE;
}

/* TRUE if the bug has dealt with the request. */
static BOOLEAN
BadStart(PBAD_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    BOOLEAN First = !Channel->Done;
    UCHAR Buffer[16];
    ULONG Length = sizeof(Buffer);

    Channel->Done = TRUE;
    switch (Channel->Bug) {
    case BUG_COMPLETE_TWICE:
        BadServe(Channel, Irb);
        AtaPortCompleteRequest(Channel, Irb);
        AtaPortCompleteRequest(Channel, Irb);
        AtaPortCompleteRequest(Channel, Irb);
        return TRUE;
    case BUG_COMPLETE_PENDING:
        Irb->IrbStatus = IRB_STATUS_PENDING;
        break;
    case BUG_COMPLETE_UNDEFINED:
        Irb->IrbStatus = 0xe;
        break;
    case BUG_COMPLETE_FOREIGN:
        Channel->Foreign = *Irb;
        Channel->Foreign.IrbStatus = IRB_STATUS_SUCCESS;
        AtaPortCompleteRequest(Channel, &Channel->Foreign);
        return FALSE;
    case BUG_COMPLETE_WILD:
        BadWildCompletions(Channel, Irb);
        return FALSE;
    case BUG_BUSY_FOREVER:
        Irb->IrbStatus = IRB_STATUS_BUSY;
        break;
    case BUG_BUS_RESET_FOREVER:
        Irb->IrbStatus = IRB_STATUS_BUS_RESET;
        break;
    case BUG_BUILD_ENDS:
        AtaPortDebugPrint(0, "badport: wrongly started: an IRB that IdeHwBuildIo ended\n");
        return FALSE;
    case BUG_UNCACHED_LATE:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 4096, 0) == NULL,
                  "AtaPortGetUnCachedExtension from IdeHwStartIo");
        return FALSE;
    case BUG_REGISTRY_LATE:
        BadExpect(AtaPortRegistryAllocateBuffer(Channel, 16) == NULL, "a buffer from IdeHwStartIo");
        BadExpect(!AtaPortRegistryControllerKeyRead(Channel, 0, "Name", IDE_REG_BINARY, Buffer,
                                                    &Length), "a read from IdeHwStartIo");
        BadExpect(!AtaPortRegistryControllerKeyWrite(Channel, 0, "Name", IDE_REG_BINARY, Buffer,
                                                     &Length), "a write from IdeHwStartIo");
        AtaPortRegistryFreeBuffer(Channel, Buffer);
        return FALSE;
    case BUG_SENSE_FOR_DISK:
        BadExpect(AtaPortBuildRequestSenseIrb(Channel, Irb) == NULL, "sense for a disk");
        BadExpect(AtaPortBuildRequestSenseIrb(Channel, BAD_POINTER) == NULL, "sense for nothing");
        AtaPortReleaseRequestSenseIrb(Channel, Irb);
        return FALSE;
    case BUG_SCRIBBLE:
        BadServe(Channel, Irb);
        BadScribble(Irb, AtaPortGetScatterGatherList(Channel, Irb));
        AtaPortCompleteRequest(Channel, Irb);
        return TRUE;
    case BUG_SYNC_FOREVER:
        if (First)
            AtaPortRequestSynchronizedRoutine(Channel, BadSyncForever);
        return FALSE;
    case BUG_COMPLETE_ALL_PENDING:
        if (!First)
            return FALSE;
        AtaPortCompleteAllActiveRequests(Channel, 77, 0, IRB_STATUS_SUCCESS);
        AtaPortCompleteAllActiveRequests(Channel, 0, 0, IRB_STATUS_PENDING);
        return TRUE;
    case BUG_FROM_INTERRUPT:
        if (!First)
            return FALSE;
        Channel->Kept = Irb;
        return TRUE;
    case BUG_LATE_COMPLETION:
        if (!First)
            return FALSE;
        Channel->Kept = Irb;
        return TRUE;
    case BUG_HANG:
        return TRUE;
    case BUG_DEAD:
    case BUG_RESET_FALSE:
        Channel->Dead = TRUE;
        return TRUE;
    case BUG_POWER_REQUEST:
    case BUG_PAUSE_ASLEEP:
        AtaPortRequestPowerStateChange(Channel, 0, 0, IdePowerD3);
        return FALSE;
    case BUG_PAUSE_AFTER_ERROR:
        if (!First)
            return FALSE;
        BadPause(Channel);
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_COMMAND_ABORTED;
        Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
        break;
    case BUG_PAUSE_AFTER_RESET:
        /* The first times out, which has IdeHwReset called. */
        return First;
    case BUG_POWER_NONSENSE:
        AtaPortRequestPowerStateChange(Channel, 0, 0, (IDE_POWER_STATE)77);
        AtaPortRequestPowerStateChange(Channel, 9, 0, IdePowerD3);
        return FALSE;
    default:
        return FALSE;
    }
    AtaPortCompleteRequest(Channel, Irb);
    return TRUE;
}

/* TRUE if a change of power is never completed. */
static BOOLEAN
BadPowerChange(PBAD_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    if (Channel->Bug != BUG_POWER_REQUEST && Channel->Bug != BUG_POWER_HANGS &&
        Channel->Bug != BUG_PAUSE_ASLEEP)
        return FALSE;
    AtaPortDebugPrint(0, "badport: target %u goes from %u to %u\n", Irb->TargetId,
                      Irb->PowerChange.CurrentPowerState, Irb->PowerChange.DesiredPowerState);
    if (Channel->Bug == BUG_POWER_HANGS)
        return TRUE;
    Channel->Asleep = Irb->PowerChange.DesiredPowerState == IdePowerD3;
    if (Channel->Asleep && Channel->Bug == BUG_PAUSE_ASLEEP)
        BadPause(Channel);
    return FALSE;
}

static BOOLEAN
BadStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    if (Channel->Dead)
        return TRUE;
    /* The first request after IdeHwReset: what that left was taken back before. */
    if (Channel->Late)
        BadCompleteLate(Channel);
    if (Channel->Bug == BUG_IDENTIFY_HANGS && Irb->Function == IRB_FUNCTION_ATA_IDENTIFY)
        return TRUE;
    if (Irb->Function == IRB_FUNCTION_POWER_CHANGE && BadPowerChange(Channel, Irb))
        return TRUE;
    BadExpect(!Channel->Asleep || IsMiniportCommand(Irb), "(started:) a request of a device in D3");
    BadExpect(!Channel->Paused || IsMiniportCommand(Irb), "(started:) a request of a paused device");
    /* Nothing of what BadScribble() wrote may come back. */
    BadExpect(Irb->IrbExtension != BAD_POINTER && Irb->SenseInfoBuffer != BAD_POINTER &&
              Irb->NextIrb == NULL && Irb->QueueTag == 0, "(came back:) scribbled members");
    if (BadTrigger(Irb) && BadStart(Channel, Irb))
        return TRUE;
    BadServe(Channel, Irb);
    AtaPortCompleteRequest(Channel, Irb);
    return TRUE;
}

/* Nothing interrupts here: the port driver asks after a time-out. */
static BOOLEAN
BadInterrupt(PVOID ChannelExtension)
{
    PBAD_CHANNEL Channel = ChannelExtension;
    PIDE_REQUEST_BLOCK Irb = Channel->Kept;

    if (Channel->Bug != BUG_FROM_INTERRUPT || Irb == NULL)
        return FALSE;
    Channel->Kept = NULL;
    AtaPortDeviceBusy(Channel, 0, 0, 30);
    AtaPortDeviceBusy(Channel, IDE_UNTAGGED, 0, 30);
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_SUCCESS);
    BadServe(Channel, Irb);
    AtaPortCompleteRequest(Channel, Irb);
    AtaPortDebugPrint(0, "badport: IdeHwInterrupt completed the request\n");
    return TRUE;
}

static BOOLEAN
BadReset(PVOID ChannelExtension)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    switch (Channel->Bug) {
    case BUG_RESET_FALSE:
        return FALSE;
    case BUG_LATE_COMPLETION:
        Channel->Late = TRUE;
        return TRUE;
    case BUG_HANG:
    case BUG_DEAD:
    case BUG_IDENTIFY_HANGS:
        return TRUE;
    default:
        if (Channel->Bug == BUG_PAUSE_AFTER_RESET)
            BadPause(Channel);
        AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
        return TRUE;
    }
}

static BOOLEAN
BadInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
              PIDENTIFY_DEVICE_DATA Identify)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    switch (Channel->Bug) {
    case BUG_INITIALIZE_FALSE:
        RtlFillMemory(Parameters, sizeof(*Parameters), 0xa5);
        RtlFillMemory(Identify, sizeof(*Identify), 0xa5);
        return FALSE;
    case BUG_INITIALIZE_RAISES:
        RtlFillMemory(Parameters, sizeof(*Parameters), 0xa5);
        RtlFillMemory(Identify, sizeof(*Identify), 0xa5);
        Parameters->NumberOfOverlappedRequests = 99;
        break;
    }
    return TRUE;
}

/* All memory that a start routine can ask for; without it the start fails. */
static BOOLEAN
BadAllMemory(PBAD_CHANNEL Channel)
{
    static WCHAR Text[] = { 't', 'e', 'x', 't', 0 };
    PUCHAR Buffer;
    ULONG Length = sizeof(Text);
    BOOLEAN Written;

    if (AtaPortGetUnCachedExtension(Channel, 8192, 1024) == NULL)
        return FALSE;
    Buffer = AtaPortRegistryAllocateBuffer(Channel, 256);
    if (Buffer == NULL)
        return FALSE;
    RtlCopyMemory(Buffer, Text, sizeof(Text));
    Written = AtaPortRegistryChannelSubkeyWrite(Channel, 0, "Text", IDE_REG_SZ, Buffer, &Length);
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    return Written;
}

static BOOLEAN
BadChannelStart(PBAD_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    static ULONG Stray[64];

    Configuration->NumberOfOverlappedRequests = 4;
    Configuration->MaxTargetId = 0;
    switch (Channel->Bug) {
    case BUG_START_FALSE:
        return FALSE;
    case BUG_SECOND_START_FALSE:
        if (Channel->Number == 1)
            return FALSE;
        break;
    case BUG_OVERLAPPED_0:
        Configuration->NumberOfOverlappedRequests = 0;
        break;
    case BUG_OVERLAPPED_200:
        Configuration->NumberOfOverlappedRequests = 200;
        break;
    case BUG_OVERLAPPED_LATE:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 4096, 128) != NULL,
                  "(refused:) the right call");
        Configuration->NumberOfOverlappedRequests = 32;
        break;
    case BUG_UNCACHED_TWICE:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 100, 0) != NULL, "(refused:) the first call");
        BadExpect(AtaPortGetUnCachedExtension(Channel, 100, 0) == NULL, "a second call");
        break;
    case BUG_UNCACHED_ABSURD:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 0xffffffff, 0) == NULL, "4 GiB");
        BadExpect(AtaPortGetUnCachedExtension(Channel, 0x40000000, 0) == NULL, "1 GiB");
        return FALSE;
    case BUG_UNCACHED_ABSURD_IRB:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 4096, 0xffffffff) == NULL, "4 GiB each");
        BadExpect(AtaPortGetUnCachedExtension(Channel, 4096, 0x10000000) == NULL, "256 MiB each");
        return FALSE;
    case BUG_NONE_MEMORY:
        return BadAllMemory(Channel);
    case BUG_LINK_POWER:
        Configuration->AdvancedChannelConfiguration->VendorDefinedPower.ValidGuids = 2;
        Configuration->AdvancedChannelConfiguration->VendorDefinedPower.Guid[0] = BadGuidAdaptive;
        Configuration->AdvancedChannelConfiguration->VendorDefinedPower.Guid[1] = BadGuidLinkPower;
        break;
    case BUG_DEVICE_BASE:
        BadDeviceBase(Channel);
        break;
    case BUG_CONFIG_SPACE:
        BadConfigSpace(Channel);
        break;
    case BUG_TAG_TWICE:
        BadTags(Channel);
        break;
    case BUG_STRAY_EXTENSION:
        if (Channel->Number != 0)
            break;
        BadStrayExtension(Stray, NULL);
        BadStrayExtension(NULL, NULL);
        BadStrayExtension(BAD_POINTER, BAD_POINTER);
        BadStrayExtension((PUCHAR)Channel + 8, NULL);
        break;
    case BUG_BAD_CALLBACKS:
        BadCallbacks(Channel);
        break;
    case BUG_EARLY_NOTIFICATIONS:
        BadNotifyEarly(Channel);
        break;
    case BUG_BAD_NOTIFICATIONS:
        AtaPortNotification((IDE_NOTIFICATION_TYPE)77, Channel);
        AtaPortDeviceRemoved(Channel, 9);
        break;
    case BUG_BAD_PAUSES:
        AtaPortDeviceBusy(Channel, 9, 0, 1);
        AtaPortDeviceBusy(Channel, 0, 0, 0x7fffffff);
        break;
    }
    return TRUE;
}

static BOOLEAN
BadControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PBAD_CHANNEL Channel = ChannelExtension;
    PIDE_VENDOR_DEFINED_POWER_INFO Setting;
    BOOLEAN Result;

    switch (Action) {
    case IdeStart:
        Result = BadChannelStart(Channel, Parameters);
        if (Result)
            Channel->Controller->Started++;
        return Result;
    case IdeStop:
        Channel->Controller->Stopped++;
        return Channel->Bug != BUG_STOP_FALSE;
    case IdeVendorDefined:
        if (Channel->Bug != BUG_LINK_POWER)
            return FALSE;
        Setting = Parameters;
        AtaPortDebugPrint(0, "badport: setting %08x is %u\n", Setting->SettingGuid.Data1,
                          *(PULONG)Setting->Value);
        return Setting->ValueLength == sizeof(ULONG);
    default:
        return TRUE;
    }
}

BOOLEAN
BadChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
               PVOID ControllerExtension)
{
    PBAD_CHANNEL Channel = ChannelExtension;

    Channel->Controller = ControllerExtension;
    Channel->Bug = Channel->Controller->Bug;
    Channel->Number = Interface->ChannelNumber;

    Interface->IdeHwInitialize = BadInitialize;
    Interface->IdeHwBuildIo = BadBuildIo;
    Interface->IdeHwStartIo = BadStartIo;
    Interface->IdeHwInterrupt = BadInterrupt;
    Interface->IdeHwReset = BadReset;
    Interface->IdeHwControl = BadControl;
    switch (Channel->Bug) {
    case BUG_INIT_FALSE:
        return FALSE;
    case BUG_SECOND_INIT_FALSE:
        return Channel->Number == 0;
    case BUG_NULL_INITIALIZE:
        Interface->IdeHwInitialize = NULL;
        break;
    case BUG_NULL_STARTIO:
        Interface->IdeHwStartIo = NULL;
        break;
    case BUG_NULL_INTERRUPT:
        Interface->IdeHwInterrupt = NULL;
        break;
    case BUG_NULL_RESET:
        Interface->IdeHwReset = NULL;
        break;
    case BUG_NULL_CONTROL:
        Interface->IdeHwControl = NULL;
        break;
    case BUG_EARLY_NOTIFICATIONS:
        BadNotifyEarly(Channel);
        break;
    case BUG_UNCACHED_EARLY:
        BadExpect(AtaPortGetUnCachedExtension(Channel, 4096, 128) == NULL,
                  "AtaPortGetUnCachedExtension from AtaChannelInitRoutine");
        break;
    case BUG_REGISTRY_KEPT:
        BadExpect(AtaPortRegistryAllocateBuffer(Channel, 4096) != NULL, "(refused:) a buffer");
        break;
    case BUG_REGISTRY_ARGUMENTS:
        BadRegistryArguments(Channel);
        break;
    }
    return TRUE;
}

IDE_CHANNEL_STATE
BadChannelEnabled(PVOID ControllerExtension, ULONG Channel)
{
    PBAD_CONTROLLER Controller = ControllerExtension;

    UNREFERENCED_PARAMETER(Channel);
    return Controller->Bug == BUG_NO_CHANNEL ? ChannelStateDisabled : ChannelStateEnabled;
}

static BOOLEAN
BadAdapterStart(PBAD_CONTROLLER Controller, PIDE_CONTROLLER_CONFIGURATION Configuration)
{
    UCHAR Bug = 0;
    ULONG i;

    if (AtaPortGetBusData(Controller, &Bug, BAD_CACHE_LINE_SIZE, 1) != 1)
        return FALSE;
    Controller->Bug = Bug;
    AtaPortDebugPrint(0, "badport: bug %u, %s\n", Controller->Bug, BadName(Controller->Bug));
    for (i = 0; i < Configuration->ControllerResources->NumberOfAccessRanges; i++)
        Controller->Range = Configuration->ControllerResources->IdeAccessRange[i];

    Configuration->NumberOfChannels = BAD_CHANNELS;
    Configuration->NumberOfPhysicalBreaks = 31;
    Configuration->MaximumTransferLength = 128 * 1024;
    Configuration->BusMaster = TRUE;
    Configuration->AtaBusType = IdeBusSata;
    switch (Controller->Bug) {
    case BUG_ZERO_CHANNELS:
        Configuration->NumberOfChannels = 0;
        break;
    case BUG_MANY_CHANNELS:
        Configuration->NumberOfChannels = 33;
        break;
    case BUG_ZERO_TRANSFER:
        Configuration->MaximumTransferLength = 0;
        break;
    case BUG_SHORT_TRANSFER:
        Configuration->MaximumTransferLength = 511;
        break;
    case BUG_ADAPTER_FALSE:
        return FALSE;
    case BUG_LATE_INITIALIZE:
        BadExpect(AtaPortInitializeEx(BadDriverObject, BadRegistryPath, &BadInterface) != STATUS_SUCCESS,
                  "AtaPortInitializeEx from AtaAdapterControl");
        break;
    }
    return TRUE;
}

BOOLEAN
BadAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PBAD_CONTROLLER Controller = ControllerExtension;

    switch (Action) {
    case IdeStart:
        return BadAdapterStart(Controller, Parameters);
    case IdeStop:
        AtaPortDebugPrint(0, "badport: stopped, %u channels were started and %u stopped\n",
                          Controller->Started, Controller->Stopped);
        return Controller->Bug != BUG_ADAPTER_STOP_FALSE;
    default:
        return TRUE;
    }
}
