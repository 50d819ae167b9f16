// SPDX-License-Identifier: GPL-2.0-only
/*
 * A disk that is nothing but memory, behind a controller that is never
 * touched. It moves all data by hand through mapped buffers, which the AHCI
 * sample never does, and it can be told by its registry values to answer in
 * ways that no emulated disk does:
 *
 *   Controller0\Channel<n>\Status   complete reads of sector 2048 with this
 *   Controller0\Channel<n>\Delay    microseconds until a command completes
 *   Controller0\Channel<n>\SpinUp   and until the first one does
 *   Controller0\Channel<n>\Depth    overlapped requests
 *   Controller0\Channel<n>\Sector   bytes of a sector, 512 or more
 */
#include <miniport.h>
#include <ata.h>
#include <irb.h>

#define FAKE_BYTES          (16 << 20)
#define FAKE_BAD_SECTOR     2048
#define FAKE_CHANNELS       1

typedef struct _FAKE_CHANNEL {
    UCHAR               Number;
    UCHAR               Depth;
    UCHAR               BadStatus;
    ULONG               Delay;
    ULONG               SpinUp;
    ULONG               Sector;
    PIDE_REQUEST_BLOCK  First;
    PIDE_REQUEST_BLOCK  Last;
    UCHAR               Data[FAKE_BYTES];
} FAKE_CHANNEL, *PFAKE_CHANNEL;

static VOID
FakeString(PUCHAR To, const char *From, ULONG Length)
{
    ULONG i;

    /* ATA strings have the bytes of each word swapped. */
    for (i = 0; i < Length; i++)
        To[i ^ 1] = *From ? *From++ : ' ';
}

static VOID
FakeIdentify(PFAKE_CHANNEL Channel, PUCHAR Buffer, ULONG Length)
{
    IDENTIFY_DEVICE_DATA Id;

    RtlZeroMemory(&Id, sizeof(Id));
    Id.GeneralConfiguration.FixedDevice = 1;
    Id.NumCylinders = 16383;
    Id.NumHeads = 16;
    Id.NumSectorsPerTrack = 63;
    FakeString(Id.SerialNumber, "FAKE0001", sizeof(Id.SerialNumber));
    FakeString(Id.FirmwareRevision, "1.0", sizeof(Id.FirmwareRevision));
    FakeString(Id.ModelNumber, "ataport fake disk", sizeof(Id.ModelNumber));
    Id.Capabilities.DmaSupported = 1;
    Id.Capabilities.LbaSupported = 1;
    Id.Capabilities.IordySupported = 1;
    Id.TranslationFieldsValid = 6;
    Id.UserAddressableSectors = FAKE_BYTES / Channel->Sector;
    Id.MultiWordDMASupport = 7;
    Id.AdvancedPIOModes = 3;
    Id.QueueDepth = 31;
    Id.SerialAtaCapabilities.SataGen1 = 1;
    Id.SerialAtaCapabilities.NCQ = Channel->Depth > 1;
    Id.MajorRevision = 0x01f0;
    Id.CommandSetSupport.WriteCache = 1;
    Id.CommandSetSupport.BigLba = 1;
    Id.CommandSetSupport.FlushCache = 1;
    Id.CommandSetSupport.FlushCacheExt = 1;
    Id.CommandSetSupport.WordValid83 = 1;
    Id.CommandSetSupport.WordValid = 1;
    Id.CommandSetActive.WriteCache = 1;
    Id.CommandSetActive.BigLba = 1;
    Id.CommandSetActive.FlushCache = 1;
    Id.CommandSetActive.FlushCacheExt = 1;
    Id.CommandSetActive.Reserved4 = 1;
    Id.UltraDMASupport = 0x3f;
    Id.UltraDMAActive = 0x20;
    Id.Max48BitLBA[0] = FAKE_BYTES / Channel->Sector;
    if (Channel->Sector != 512) {
        Id.PhysicalLogicalSectorSize.Reserved1 = 1;
        Id.PhysicalLogicalSectorSize.LogicalSectorLongerThan256Words = 1;
        Id.WordsPerLogicalSector[0] = (USHORT)(Channel->Sector / 2);
    }
    RtlCopyMemory(Buffer, &Id, min(Length, sizeof(Id)));
}

static UCHAR
FakeReadWrite(PFAKE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDEREGISTERS Current = GET_IRB_CURRENT_REG(Irb);
    PIDEREGISTERS Previous = GET_IRB_PREVIOUS_REG(Irb);
    ULONGLONG Lba = Current->bSectorNumberReg | Current->bCylLowReg << 8 |
                    Current->bCylHighReg << 16;
    ULONG Length = Irb->DataTransferLength;
    ULONG Sectors = Length / Channel->Sector;

    if (Is48BitIrb(Irb))
        Lba |= (ULONGLONG)Previous->bSectorNumberReg << 24;
    else
        Lba |= (ULONGLONG)(Current->bDriveHeadReg & 0xf) << 24;
    if (Lba + Sectors > FAKE_BYTES / Channel->Sector) {
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_ID_NOT_FOUND;
        return IRB_STATUS_DEVICE_ERROR;
    }
    if (Irb->Function == IRB_FUNCTION_ATA_WRITE) {
        RtlCopyMemory(Channel->Data + Lba * Channel->Sector, Irb->DataBuffer, Length);
        return IRB_STATUS_SUCCESS;
    }
    RtlCopyMemory(Irb->DataBuffer, Channel->Data + Lba * Channel->Sector, Length);
    if (Channel->BadStatus && Lba <= FAKE_BAD_SECTOR &&
        Lba + Sectors > FAKE_BAD_SECTOR) {
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_DATA_ERROR;
        if (Channel->BadStatus == IRB_STATUS_DATALENGTH_MISMATCH)
            Irb->DataTransferLength = Length / 2;
        return Channel->BadStatus == 0xff ? IRB_STATUS_PENDING : Channel->BadStatus;
    }
    return IRB_STATUS_SUCCESS;
}

static VOID
FakeExecute(PFAKE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    Irb->AtaStatus = IDE_STATUS_DRDY;
    if (Irb->TargetId != 0 && !IsMiniportCommand(Irb)) {
        Irb->IrbStatus = IRB_STATUS_SELECTION_TIMEOUT;
    } else switch (Irb->Function) {
    case IRB_FUNCTION_ATA_IDENTIFY:
        if (Irb->IdeTaskFile.Current.bCommandReg != IDE_COMMAND_IDENTIFY) {
            Irb->AtaStatus |= IDE_STATUS_ERROR;
            Irb->AtaError = IDE_ERROR_COMMAND_ABORTED;
            Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
            break;
        }
        FakeIdentify(Channel, Irb->DataBuffer, Irb->DataTransferLength);
        Irb->IrbStatus = IRB_STATUS_SUCCESS;
        break;
    case IRB_FUNCTION_ATA_READ:
    case IRB_FUNCTION_ATA_WRITE:
        Irb->IrbStatus = FakeReadWrite(Channel, Irb);
        break;
    case IRB_FUNCTION_ATA_FLUSH:
    case IRB_FUNCTION_LUN_RESET:
    case IRB_FUNCTION_ADAPTER_FLUSH:
    case IRB_FUNCTION_SHUTDOWN:
    case IRB_FUNCTION_POWER_CHANGE:
        Irb->IrbStatus = IRB_STATUS_SUCCESS;
        break;
    case IRB_FUNCTION_ATA_COMMAND:
        switch (Irb->IdeTaskFile.Current.bCommandReg) {
        case IDE_COMMAND_SET_FEATURE:
        case IDE_COMMAND_STANDBY_IMMEDIATE:
        case IDE_COMMAND_IDLE_IMMEDIATE:
        case IDE_COMMAND_VERIFY:
            Irb->IrbStatus = IRB_STATUS_SUCCESS;
            break;
        default:
            Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
            break;
        }
        break;
    default:
        Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        break;
    }
    AtaPortCompleteRequest(Channel, Irb);
}

static VOID
FakeTimer(PVOID ChannelExtension)
{
    PFAKE_CHANNEL Channel = ChannelExtension;
    PIDE_REQUEST_BLOCK Irb = Channel->First;

    if (Irb == NULL)
        return;
    Channel->First = Irb->NextIrb;
    if (Channel->First == NULL)
        Channel->Last = NULL;
    else
        AtaPortRequestTimer(Channel, FakeTimer, Channel->Delay);
    FakeExecute(Channel, Irb);
}

static BOOLEAN
FakeBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    UNREFERENCED_PARAMETER(ChannelExtension);

    if (IRB_FOR_DATA_TRANSFER(Irb)) {
        MARK_IRB_FOR_PIO(Irb);
        Irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
    }
    return TRUE;
}

static BOOLEAN
FakeStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PFAKE_CHANNEL Channel = ChannelExtension;
    ULONG Delay = Channel->Delay + Channel->SpinUp;

    Channel->SpinUp = 0;
    if (Delay == 0 && Channel->First == NULL) {
        FakeExecute(Channel, Irb);
        return TRUE;
    }
    Irb->NextIrb = NULL;
    if (Channel->Last != NULL) {
        Channel->Last->NextIrb = Irb;
    } else {
        Channel->First = Irb;
        AtaPortRequestTimer(Channel, FakeTimer, Delay);
    }
    Channel->Last = Irb;
    return TRUE;
}

static BOOLEAN
FakeInterrupt(PVOID ChannelExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    return FALSE;
}

static BOOLEAN
FakeReset(PVOID ChannelExtension)
{
    PFAKE_CHANNEL Channel = ChannelExtension;

    Channel->First = NULL;
    Channel->Last = NULL;
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
    return TRUE;
}

static BOOLEAN
FakeInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
               PIDENTIFY_DEVICE_DATA Identify)
{
    PFAKE_CHANNEL Channel = ChannelExtension;

    UNREFERENCED_PARAMETER(Identify);
    Parameters->NumberOfOverlappedRequests = Channel->Depth;
    return TRUE;
}

static ULONG
FakeSetting(PFAKE_CHANNEL Channel, PULONG Buffer, PCHAR Name, ULONG Default)
{
    ULONG Length = sizeof(*Buffer);

    if (!AtaPortRegistryChannelSubkeyRead(Channel, 0, Name, IDE_REG_DWORD,
                                          (PUCHAR)Buffer, &Length))
        return Default;
    return *Buffer;
}

static BOOLEAN
FakeStart(PFAKE_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    PULONG Buffer = AtaPortRegistryAllocateBuffer(Channel, sizeof(*Buffer));

    if (Buffer == NULL)
        return FALSE;
    Channel->Number = Configuration->ChannelNumber;
    Channel->Depth = (UCHAR)FakeSetting(Channel, Buffer, "Depth", 1);
    Channel->Delay = FakeSetting(Channel, Buffer, "Delay", 0);
    Channel->SpinUp = FakeSetting(Channel, Buffer, "SpinUp", 0);
    Channel->BadStatus = (UCHAR)FakeSetting(Channel, Buffer, "Status", 0);
    Channel->Sector = FakeSetting(Channel, Buffer, "Sector", 512);
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    Configuration->NumberOfOverlappedRequests = Channel->Depth;
    Configuration->MaxTargetId = 0;
    return TRUE;
}

static BOOLEAN
FakeControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    if (Action == IdeStart)
        return FakeStart(ChannelExtension, Parameters);
    return Action != IdeVendorDefined;
}

static BOOLEAN
FakeChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                PVOID ControllerExtension)
{
    UNREFERENCED_PARAMETER(ChannelExtension);
    UNREFERENCED_PARAMETER(ControllerExtension);

    Interface->IdeHwInitialize = FakeInitialize;
    Interface->IdeHwBuildIo = FakeBuildIo;
    Interface->IdeHwStartIo = FakeStartIo;
    Interface->IdeHwInterrupt = FakeInterrupt;
    Interface->IdeHwReset = FakeReset;
    Interface->IdeHwControl = FakeControl;
    return TRUE;
}

static BOOLEAN
FakeAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action,
                   PVOID Parameters)
{
    PIDE_CONTROLLER_CONFIGURATION Configuration = Parameters;

    UNREFERENCED_PARAMETER(ControllerExtension);
    if (Action == IdeStart) {
        Configuration->NumberOfChannels = FAKE_CHANNELS;
        Configuration->NumberOfPhysicalBreaks = 31;
        Configuration->MaximumTransferLength = 128 * 1024;
        Configuration->BusMaster = TRUE;
        Configuration->AtaBusType = IdeBusSata;
    }
    return TRUE;
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    IDE_CONTROLLER_INTERFACE Interface;

    RtlZeroMemory(&Interface, sizeof(Interface));
    Interface.Version = sizeof(Interface);
    Interface.ChannelExtensionSize = sizeof(FAKE_CHANNEL);
    Interface.AtaChannelInitRoutine = FakeChannelInit;
    Interface.AtaAdapterControl = FakeAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &Interface);
}
