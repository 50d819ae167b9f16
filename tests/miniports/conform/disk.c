// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices, and checks of what reaches IdeHwBuildIo and IdeHwStartIo. The
 * first sector of a request says how its data is moved: odd by hand through the
 * mapped buffer; even by the addresses of the scatter/gather list, every
 * fourth of them with a mapped buffer all the same.
 */
#include "conform.h"

static ULONG ConfOutstanding[CONF_CHANNELS];

static VOID
ConfComplete(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    ConfOutstanding[Channel->Number]--;
    AtaPortCompleteRequest(Channel, Irb);
}

static VOID
ConfString(PUCHAR To, const char *From, ULONG Length)
{
    ULONG i;

    /* ATA strings have the bytes of each word swapped. */
    for (i = 0; i < Length; i++)
        To[i ^ 1] = *From ? *From++ : ' ';
}

static VOID
ConfIdentifyDisk(PCONF_CHANNEL Channel, PIDENTIFY_DEVICE_DATA Id)
{
    Id->GeneralConfiguration.FixedDevice = 1;
    Id->NumCylinders = 8;
    Id->NumHeads = 16;
    Id->NumSectorsPerTrack = 63;
    ConfString(Id->SerialNumber, Channel->Number == CONF_DISK ? "CONF0000" : "CONF0003",
               sizeof(Id->SerialNumber));
    ConfString(Id->FirmwareRevision, "1.0", sizeof(Id->FirmwareRevision));
    ConfString(Id->ModelNumber, "conformance disk", sizeof(Id->ModelNumber));
    Id->Capabilities.DmaSupported = 1;
    Id->Capabilities.LbaSupported = 1;
    Id->Capabilities.IordySupported = 1;
    Id->TranslationFieldsValid = 6;
    Id->UserAddressableSectors = CONF_SECTORS;
    Id->MultiWordDMASupport = 7;
    Id->AdvancedPIOModes = 3;
    Id->QueueDepth = 31;
    Id->SerialAtaCapabilities.SataGen1 = 1;
    Id->SerialAtaCapabilities.NCQ = 1;
    Id->MajorRevision = 0x01f0;
    Id->CommandSetSupport.WriteCache = 1;
    Id->CommandSetSupport.BigLba = 1;
    Id->CommandSetSupport.FlushCache = 1;
    Id->CommandSetSupport.FlushCacheExt = 1;
    Id->CommandSetSupport.WriteFua = 1;
    Id->CommandSetSupport.WordValid83 = 1;
    Id->CommandSetSupport.WordValid = 1;
    Id->CommandSetActive.WriteCache = 1;
    Id->CommandSetActive.BigLba = 1;
    Id->CommandSetActive.FlushCache = 1;
    Id->CommandSetActive.FlushCacheExt = 1;
    Id->CommandSetActive.Reserved4 = 1;
    Id->UltraDMASupport = 0x3f;
    Id->UltraDMAActive = 0x20;
    Id->Max48BitLBA[0] = CONF_SECTORS;
}

static VOID
ConfIdentifyCd(PUSHORT Word)
{
    Word[0] = 0x85c0;       /* packet device, CD, removable, CDB of 12 bytes */
    ConfString((PUCHAR)&Word[10], "CONF0001", 20);
    ConfString((PUCHAR)&Word[23], "1.0", 8);
    ConfString((PUCHAR)&Word[27], "conformance CD", 40);
    Word[49] = 0x0f00;
    Word[53] = 6;
    Word[63] = 7;
    Word[64] = 3;
    Word[80] = 0x01f0;
    Word[88] = 0x203f;
}

static VOID
ConfIdentify(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    UCHAR Command = Irb->IdeTaskFile.Current.bCommandReg;
    PIDE_SCATTER_GATHER_LIST List;
    IDENTIFY_DEVICE_DATA Id;
    PUCHAR Data = (PUCHAR)&Id;
    ULONG Left = sizeof(Id);
    ULONG i;

    ConfStates[CONF_STATE_IDENTIFIES]++;
    RtlZeroMemory(&Id, sizeof(Id));
    CHECK(IDENTIFY_IRB, Command == IDE_COMMAND_IDENTIFY || Command == IDE_COMMAND_ATAPI_IDENTIFY);
    if ((Command == IDE_COMMAND_IDENTIFY) != (Channel->Number != CONF_CD)) {
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_COMMAND_ABORTED;
        Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
        return;
    }
    if (Channel->Short) {
        Irb->DataTransferLength = 0;
        Irb->IrbStatus = IRB_STATUS_DATALENGTH_MISMATCH;
        return;
    }
    if (Channel->Number == CONF_CD)
        ConfIdentifyCd((PUSHORT)&Id);
    else
        ConfIdentifyDisk(Channel, &Id);
    List = AtaPortGetScatterGatherList(Channel, Irb);
    if (List == NULL)
        RtlCopyMemory(Irb->DataBuffer, &Id, min(Irb->DataTransferLength, sizeof(Id)));
    for (i = 0; List != NULL && i < List->NumberOfElements && Left; i++) {
        ULONG Length = min(Left, List->Elements[i].Length);

        conf_linux.copy(List->Elements[i].Address.QuadPart, Data, Length, 1);
        Data += Length;
        Left -= Length;
    }
    Irb->IrbStatus = IRB_STATUS_SUCCESS;
}

static ULONGLONG
ConfLba(PIDE_REQUEST_BLOCK Irb)
{
    PIDEREGISTERS Current = GET_IRB_CURRENT_REG(Irb);
    ULONGLONG Lba = Current->bSectorNumberReg | Current->bCylLowReg << 8 |
                    Current->bCylHighReg << 16;

    if (Is48BitIrb(Irb))
        return Lba | (ULONGLONG)GET_IRB_PREVIOUS_REG(Irb)->bSectorNumberReg << 24;
    return Lba | (ULONGLONG)(Current->bDriveHeadReg & 0xf) << 24;
}

static ULONG
ConfCount(PIDE_REQUEST_BLOCK Irb)
{
    ULONG Count = Irb->IdeTaskFile.Current.bSectorCountReg;

    if (Is48BitIrb(Irb))
        return Count | (ULONG)Irb->IdeTaskFile.Previous.bSectorCountReg << 8;
    return Count ? Count : 256;
}

static BOOLEAN
ConfIsDisk(PIDE_REQUEST_BLOCK Irb)
{
    return Irb->Function == IRB_FUNCTION_ATA_READ || Irb->Function == IRB_FUNCTION_ATA_WRITE;
}

static BOOLEAN
ConfCovers(PIDE_REQUEST_BLOCK Irb, ULONG Sector)
{
    return Irb->Function == IRB_FUNCTION_ATA_READ && ConfLba(Irb) <= Sector &&
           ConfLba(Irb) + Irb->DataTransferLength / 512 > Sector;
}

/* Later, if you please; what else is said is not to be there then. */
static VOID
ConfBusy(PIDE_REQUEST_BLOCK Irb)
{
    Irb->AtaStatus = IDE_STATUS_BUSY | IDE_STATUS_ERROR;
    Irb->AtaError = IDE_ERROR_COMMAND_ABORTED;
    Irb->DataTransferLength = 0;
    Irb->IrbStatus = IRB_STATUS_BUSY;
}

static BOOLEAN
ConfTricked(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, ULONG Trick)
{
    return Channel->Trick == Trick && Channel->Number == CONF_DISK &&
           ConfCovers(Irb, CONF_TRICK_SECTOR);
}

/* Addresses in the IRB extension and in a mapped buffer. */
static VOID
ConfCheckAddresses(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, PIDE_SCATTER_GATHER_LIST List)
{
    IDE_PHYSICAL_ADDRESS Address;
    PIDE_REQUEST_BLOCK Other;
    UCHAR Own[16];
    ULONG Length = 99;

    CHECK(IRB_EXT_FORM, Irb->IrbExtension != NULL && ((ULONG_PTR)Irb->IrbExtension & 127) == 0);
    for (Other = Channel->Held; Other != NULL; Other = Other->NextIrb)
        CHECK(IRB_EXT_FORM, (PUCHAR)Other->IrbExtension + CONF_EXTENSION <= (PUCHAR)Irb->IrbExtension ||
              (PUCHAR)Irb->IrbExtension + CONF_EXTENSION <= (PUCHAR)Other->IrbExtension);
    RtlFillMemory(Irb->IrbExtension, CONF_EXTENSION, 0x5a);
    Address = AtaPortGetPhysicalAddress(Channel, Irb, (PUCHAR)Irb->IrbExtension + 16, &Length);
    CHECK(PHYS_IRB_EXT, Address.QuadPart != 0 && Length >= CONF_EXTENSION - 16);
    RtlZeroMemory(Own, sizeof(Own));
    conf_linux.copy(Address.QuadPart, Own, sizeof(Own), 0);
    CHECK(PHYS_IRB_EXT, Own[0] == 0x5a && Own[15] == 0x5a);

    Address = AtaPortGetPhysicalAddress(Channel, Irb, Own, &Length);
    CHECK(PHYS_OTHER, Address.QuadPart == 0 && Length == 0);
    Length = 99;
    Address = AtaPortGetPhysicalAddress(Channel, NULL, CONF_NOWHERE, &Length);
    CHECK(PHYS_OTHER, Address.QuadPart == 0 && Length == 0);

    if (List == NULL || !(Irb->IrbFlags & IRB_FLAGS_MAP_BUFFERS))
        return;
    Address = AtaPortGetPhysicalAddress(Channel, Irb, Irb->DataBuffer, &Length);
    if (List->NumberOfElements == 1)
        CHECK(PHYS_DATA, Address.QuadPart == List->Elements[0].Address.QuadPart &&
              Length == Irb->DataTransferLength);
    else
        /* A copy of the data is not where the hardware sees it. */
        CHECK(PHYS_DATA, Length == 0 ? Address.QuadPart == 0 :
              Address.QuadPart == List->Elements[0].Address.QuadPart);
}

static VOID
ConfCheckList(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, PIDE_SCATTER_GATHER_LIST List)
{
    ULONG Sum = 0;
    ULONG i;

    UNREFERENCED_PARAMETER(Channel);
    if (!(Irb->IrbFlags & IRB_FLAGS_USE_DMA)) {
        CHECK(SGL_NO_DMA, List == NULL);
        return;
    }
    CHECK(SGL_SUM, List != NULL && List->NumberOfElements >= 1 &&
          List->NumberOfElements <= CONF_BREAKS + 1);
    if (List == NULL)
        return;
    for (i = 0; i < List->NumberOfElements; i++) {
        Sum += List->Elements[i].Length;
        CHECK(SGL_ALIGNED, !(List->Elements[i].Address.QuadPart & CONF_ALIGNMENT));
        if ((List->Elements[i].Address.QuadPart + List->Elements[i].Length - 1) >> 32 != 0)
            ConfStates[CONF_STATE_HIGH]++;
    }
    CHECK(SGL_SUM, Sum == Irb->DataTransferLength);
}

/* Move the data by bus addresses, as a device would. */
static VOID
ConfTransfer(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PUCHAR Data = Channel->Data + ConfLba(Irb) * 512;
    PIDE_SCATTER_GATHER_LIST List;
    BOOLEAN Write = Irb->Function == IRB_FUNCTION_ATA_WRITE;
    ULONG i;

    List = AtaPortGetScatterGatherList(Channel, Irb);
    if (List == NULL) {
        ConfStates[CONF_STATE_PIO]++;
        if (Write)
            RtlCopyMemory(Data, Irb->DataBuffer, Irb->DataTransferLength);
        else
            RtlCopyMemory(Irb->DataBuffer, Data, Irb->DataTransferLength);
        return;
    }
    ConfStates[CONF_STATE_DMA]++;
    for (i = 0; i < List->NumberOfElements; i++) {
        conf_linux.copy(List->Elements[i].Address.QuadPart, Data, List->Elements[i].Length, !Write);
        Data += List->Elements[i].Length;
    }
    /* In one piece it is used in place; where the bus reaches all of it, at once. */
    if (!Write && (Irb->IrbFlags & IRB_FLAGS_MAP_BUFFERS) && List->NumberOfElements == 1 && !conf_linux.dma32)
        CHECK(MAP_BUFFERS, RtlCompareMemory(Irb->DataBuffer, Channel->Data + ConfLba(Irb) * 512,
                                            Irb->DataTransferLength) == Irb->DataTransferLength);
}

/*
 * A private I/O control: code 1 inverts the data, 2 is an error, 3 is not known
 * to say so, 5 changes as much as there is room for; 4 and 6 do not come back
 * before a reset, and 6 not even then (see ConfStartIo).
 */
static VOID
ConfIoctl(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_IO_CONTROL Head = Irb->DataBuffer;
    PUCHAR Data = (PUCHAR)(Head + 1);
    ULONG i;

    CHECK(IOCTL, (Irb->IrbFlags & IRB_FLAGS_MAP_BUFFERS) && !(Irb->IrbFlags & IRB_FLAGS_USE_DMA) &&
          Irb->DataTransferLength >= sizeof(*Head) && Head->HeaderLength == sizeof(*Head) &&
          Head->DataLength <= Irb->DataTransferLength - sizeof(*Head) &&
          Irb->TimeOutValue >= 1 && Irb->TimeOutValue <= 21);
    ConfStates[CONF_STATE_CALLS]++;
    CHECK(IOCTL_ALONE, ConfOutstanding[Channel->Number] == 1);
    Head->ReturnStatus = 0x600d0000 | Channel->Number << 8 | Irb->TargetId;
    switch (Head->ControlCode) {
    case 1:
        for (i = 0; i < Head->DataLength; i++)
            Data[i] = ~Data[i];
        break;
    case 2:
        Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
        break;
    case 5:
        for (i = 0; i < Head->DataLength; i++)
            Data[i] = (UCHAR)i;
        break;
    default:
        Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
        break;
    }
}

/*
 * A SMART command leaves a task file in the sense buffer, in the form that its
 * sector number asks for: 1 28-bit, 2 48-bit, 3 D2H FIS, else none.
 */
static VOID
ConfSmart(PIDE_REQUEST_BLOCK Irb)
{
    PIDEREGISTERS Current = (PIDEREGISTERS)Irb->SenseInfoBuffer;
    PREGISTER_FIS Fis = (PREGISTER_FIS)Irb->SenseInfoBuffer;
    UCHAR Form = Irb->IdeTaskFile.Current.bSectorNumberReg;

    if (Form < 1 || Form > 3)
        return;
    RtlZeroMemory(Irb->SenseInfoBuffer, 2 * sizeof(*Current));
    Irb->SenseInfoBufferType = Form;
    Irb->IrbStatus |= IRB_STATUS_RETURN_TASKFILE_VALID;
    if (Form == 3) {
        Fis->Command = IDE_STATUS_DRDY;
        Fis->SectorCount = 0x31;
        Fis->SectorCountExp = 0x32;
        Fis->SectorNumber = 0x33;
        Fis->SectorNumberExp = 0x34;
        Fis->CylinderLow = 0x35;
        Fis->CylinderLowExp = 0x36;
        Fis->CylinderHigh = 0x37;
        Fis->CylinderHighExp = 0x38;
        return;
    }
    Current[0].bCommandReg = IDE_STATUS_DRDY;
    Current[0].bSectorCountReg = 0x31;
    Current[0].bSectorNumberReg = 0x33;
    Current[0].bCylLowReg = 0x35;
    Current[0].bCylHighReg = 0x37;
    Current[1].bSectorCountReg = 0x32;
    Current[1].bSectorNumberReg = 0x34;
    Current[1].bCylLowReg = 0x36;
    Current[1].bCylHighReg = 0x38;
}

/* READ and WRITE commands of 48 bits. */
static BOOLEAN
ConfIsExt(UCHAR Command)
{
    switch (Command) {
    case IDE_COMMAND_READ_EXT:
    case IDE_COMMAND_READ_DMA_EXT:
    case IDE_COMMAND_READ_MULTIPLE_EXT:
    case IDE_COMMAND_WRITE_EXT:
    case IDE_COMMAND_WRITE_DMA_EXT:
    case IDE_COMMAND_WRITE_DMA_FUA_EXT:
    case IDE_COMMAND_WRITE_MULTIPLE_EXT:
    case IDE_COMMAND_WRITE_MULTIPLE_FUA_EXT:
        return TRUE;
    default:
        return FALSE;
    }
}

static VOID
ConfServe(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    Irb->AtaStatus = IDE_STATUS_DRDY;
    Irb->IrbStatus = IRB_STATUS_SUCCESS;
    if (IsMiniportCommand(Irb)) {
        if (Irb->Function == IRB_FUNCTION_MINIPORT_IOCTL)
            ConfIoctl(Channel, Irb);
        if (Irb->Function == IRB_FUNCTION_POWER_CHANGE && Channel->Number == CONF_DISK) {
            ConfStates[CONF_STATE_POWER] = ConfStates[CONF_STATE_POWER] * 10 +
                                           Irb->PowerChange.DesiredPowerState;
            ConfSleep(Irb->PowerChange.DesiredPowerState == IdePowerD3 ? 1 : 6);
        }
        if (Irb->Function == IRB_FUNCTION_LUN_RESET) {
            if (Channel->Number == CONF_DISK)
                ConfStates[CONF_STATE_LUN_RESETS]++;
            Channel->Stale = Channel->Held;
            Channel->Held = NULL;
            Channel->Kept = NULL;
            Channel->Early = NULL;
            if (Channel->Deaf) {
                Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
                return;
            }
            /* This one is still to be completed. */
            ConfOutstanding[Channel->Number] = 1;
            AtaPortCompleteAllActiveRequests(Channel, Irb->TargetId, 0, IRB_STATUS_BUS_RESET);
        }
        return;
    }
    if (Irb->TargetId != 0 || !Channel->Present) {
        if (Irb->Function == IRB_FUNCTION_ATA_IDENTIFY)
            ConfStates[CONF_STATE_IDENTIFIES_EMPTY]++;
        Irb->IrbStatus = IRB_STATUS_SELECTION_TIMEOUT;
        return;
    }
    switch (Irb->Function) {
    case IRB_FUNCTION_ATA_IDENTIFY:
        ConfIdentify(Channel, Irb);
        return;
    case IRB_FUNCTION_ATA_READ:
    case IRB_FUNCTION_ATA_WRITE:
        CHECK(IRB_TASKFILE, ConfCount(Irb) * 512 == Irb->DataTransferLength &&
              IdeMapAtaCommandToIrbFunction(Irb->IdeTaskFile.Current.bCommandReg) ==
              Irb->Function);
        CHECK(IRB_48BIT, (ConfIsExt(Irb->IdeTaskFile.Current.bCommandReg) != 0) == (Is48BitIrb(Irb) != 0));
        CHECK(NCQ_PLAIN, Irb->IdeTaskFile.Current.bCommandReg != 0x60 &&
              Irb->IdeTaskFile.Current.bCommandReg != 0x61);
        if (ConfLba(Irb) + Irb->DataTransferLength / 512 > CONF_SECTORS)
            break;
        ConfTransfer(Channel, Irb);
        return;
    case IRB_FUNCTION_ATA_FLUSH:
        CHECK(IRB_FLUSH, Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_FLUSH_CACHE_EXT ||
              Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_FLUSH_CACHE ||
              Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_CHECK_POWER);
        return;
    case IRB_FUNCTION_ATA_SMART:
        ConfSmart(Irb);
        return;
    case IRB_FUNCTION_ATA_COMMAND:
        CHECK(IRB_FLUSH, Irb->IdeTaskFile.Current.bCommandReg != IDE_COMMAND_FLUSH_CACHE_EXT);
        switch (Irb->IdeTaskFile.Current.bCommandReg) {
        case IDE_COMMAND_SET_FEATURE:
        case IDE_COMMAND_STANDBY_IMMEDIATE:
        case IDE_COMMAND_IDLE_IMMEDIATE:
        case IDE_COMMAND_VERIFY:
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
ConfSenseData(PUCHAR Buffer, UCHAR Key, UCHAR Code)
{
    RtlZeroMemory(Buffer, 18);
    Buffer[0] = 0x70;
    Buffer[2] = Key;
    Buffer[7] = 10;
    Buffer[12] = Code;
}

/* The packet command has failed: fetch the sense data, as old hardware wants it. */
static VOID
ConfFetchSense(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR Key, UCHAR Code)
{
    PIDE_REQUEST_BLOCK Sense = AtaPortBuildRequestSenseIrb(Channel, Irb);
    PIDE_SCATTER_GATHER_LIST List;
    IDE_PHYSICAL_ADDRESS Address;
    UCHAR Data[18];
    ULONG Length;

    Irb->AtaStatus |= IDE_STATUS_ERROR;
    Irb->AtaError = Key << 4;
    Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    CHECK(SENSE_BUILD, Sense != NULL);
    if (Sense == NULL)
        return;
    CHECK(SENSE_BUILD, Sense->Function == IRB_FUNCTION_REQUEST_SENSE && Sense->Cdb[0] == 3 &&
          Sense->Cdb[4] == Sense->DataTransferLength && Sense->DataTransferLength >= 18 &&
          Sense->DataBuffer != NULL && Sense->CdbLength == Irb->CdbLength &&
          Sense->TargetId == Irb->TargetId && Sense->Channel == Channel->Number &&
          (Sense->IrbFlags & IRB_FLAGS_DATA_IN));
    CHECK(SENSE_ONE, AtaPortBuildRequestSenseIrb(Channel, Irb) == NULL);

    Address = AtaPortGetPhysicalAddress(Channel, Sense, Sense->DataBuffer, &Length);
    CHECK(PHYS_SENSE, Address.QuadPart != 0 && Length >= Sense->DataTransferLength);
    List = AtaPortGetScatterGatherList(Channel, Sense);
    CHECK(PHYS_SENSE, List != NULL && List->NumberOfElements == 1 &&
          List->Elements[0].Address.QuadPart == Address.QuadPart);
    ConfSenseData(Data, Key, Code);
    conf_linux.copy(Address.QuadPart, Data, sizeof(Data), 1);

    AtaPortReleaseRequestSenseIrb(Channel, Sense);
    CHECK(SENSE_RELEASE, RtlCompareMemory(Irb->SenseInfoBuffer, Data, sizeof(Data)) == sizeof(Data));
    Irb->IrbStatus |= IRB_STATUS_AUTOSENSE_VALID;
    Sense = AtaPortBuildRequestSenseIrb(Channel, Irb);
    CHECK(SENSE_AGAIN, Sense != NULL);
    if (Sense != NULL) {
        RtlCopyMemory(Sense->DataBuffer, Data, sizeof(Data));
        AtaPortReleaseRequestSenseIrb(Channel, Sense);
    }
}

static VOID
ConfPacket(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    UCHAR Inquiry[36];

    CHECK(IRB_PACKET, Irb->Function == IRB_FUNCTION_ATAPI_COMMAND && Irb->CdbLength == 12);
    Irb->AtaStatus = IDE_STATUS_DRDY;
    Irb->IrbStatus = IRB_STATUS_SUCCESS;
    switch (Irb->Cdb[0]) {
    case 0x12:
        RtlZeroMemory(Inquiry, sizeof(Inquiry));
        Inquiry[0] = 5;
        Inquiry[1] = 0x80;
        Inquiry[3] = 0x21;
        Inquiry[4] = 31;
        RtlCopyMemory(Inquiry + 8, "ATAPORT conformance CD  1.0 ", 28);
        if (Irb->DataTransferLength > sizeof(Inquiry)) {
            Irb->DataTransferLength = sizeof(Inquiry);
            Irb->IrbStatus = IRB_STATUS_DATALENGTH_MISMATCH;
        }
        RtlCopyMemory(Irb->DataBuffer, Inquiry, Irb->DataTransferLength);
        break;
    case 0x00:
    case 0x25:
        ConfFetchSense(Channel, Irb, 2, 0x3a);
        break;
    default:
        ConfFetchSense(Channel, Irb, 5, 0x20);
        break;
    }
}

/* What nobody looks at: every other time FALSE. */
static BOOLEAN
ConfReturn(VOID)
{
    static ULONG Count;

    if (Count++ & 1)
        return TRUE;
    ConfStates[CONF_STATE_FALSES]++;
    return FALSE;
}

BOOLEAN
ConfBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    ConfRandomSee(Irb);
    ConfRandom(Channel, 2, FALSE);
    CHECK(BUILD_FIRST, ConfStalling || !conf_linux.locked(500));
    if (IRB_FOR_DATA_TRANSFER(Irb) && !IsMiniportCommand(Irb)) {
        CHECK(IRB_FLAGS, Irb->IrbFlags & IRB_FLAGS_USE_DMA);
        if (!ConfIsDisk(Irb) || ConfLba(Irb) & 1) {
            MARK_IRB_FOR_PIO(Irb);
            Irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
        } else if (ConfLba(Irb) % 4 == 2) {
            Irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
        }
    }
    /* The tag is the miniport's to use: it tells IdeHwStartIo who was here. */
    CHECK(IRB_FIELDS, Irb->QueueTag == 0 && Irb->IrbStatus == IRB_STATUS_PENDING);
    if (ConfTricked(Channel, Irb, TRICK_BUILD_BUSY)) {
        Channel->Trick = TRICK_NONE;
        Irb->QueueTag = CONF_BUILT;
        ConfBusy(Irb);
        return ConfReturn();
    }
    Irb->QueueTag = CONF_BUILT;
    if (ConfTricked(Channel, Irb, TRICK_BUILD_ENDS)) {
        Irb->AtaStatus = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Irb->AtaError = IDE_ERROR_DATA_ERROR;
        Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    }
    if (ConfTricked(Channel, Irb, TRICK_BUILD_CALLS)) {
        ConfBuildSync(Channel);
        AtaPortAllocateQueueTag(Channel, 0, 0);
    }
    return ConfReturn();
}

static VOID
ConfCheckIrb(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_SCATTER_GATHER_LIST List;

    if (Channel->Number == CONF_PLUG)
        CHECK(BUILD_OPTIONAL, Irb->QueueTag == 0);
    else
        CHECK(BUILD_FIRST, Irb->QueueTag == CONF_BUILT);
    CHECK(IRB_FIELDS, Irb->IrbStatus == IRB_STATUS_PENDING && Irb->Channel == Channel->Number &&
          Irb->TargetId < 2 && Irb->Lun == 0 && Irb->TimeOutValue >= 1 &&
          Irb->NextIrb == NULL && Irb->SenseInfoBuffer != NULL && Irb->SenseInfoBufferLength >= 18);
    if (IsMiniportCommand(Irb))
        return;
    CHECK(IRB_FLAGS, (Irb->IrbFlags & (IRB_FLAGS_DATA_IN | IRB_FLAGS_DATA_OUT)) !=
          (IRB_FLAGS_DATA_IN | IRB_FLAGS_DATA_OUT));
    if (Irb->Function == IRB_FUNCTION_ATA_READ || Irb->Function == IRB_FUNCTION_ATA_IDENTIFY)
        CHECK(IRB_FLAGS, Irb->IrbFlags & IRB_FLAGS_DATA_IN);
    if (Irb->Function == IRB_FUNCTION_ATA_WRITE)
        CHECK(IRB_FLAGS, Irb->IrbFlags & IRB_FLAGS_DATA_OUT);
    List = AtaPortGetScatterGatherList(Channel, Irb);
    ConfCheckList(Channel, Irb, List);
    ConfCheckAddresses(Channel, Irb, List);
    if (!IsAtapiCommand(Irb))
        CHECK(SENSE_NOT_PACKET, Channel->SenseReady ||
              AtaPortBuildRequestSenseIrb(Channel, Irb) == NULL);
    Channel->SenseReady = TRUE;
}

/* TRUE if the trick has dealt with the request. */
static BOOLEAN
ConfTrick(PCONF_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    ULONG Trick = Channel->Trick;

    ConfStates[CONF_STATE_STARTED_TRICKS]++;
    if (Trick != TRICK_PENDING && Trick != TRICK_BUSY_ALWAYS)
        Channel->Trick = TRICK_NONE;
    switch (Trick) {
    case TRICK_TWICE:
        ConfServe(Channel, Irb);
        ConfComplete(Channel, Irb);
        AtaPortCompleteRequest(Channel, Irb);
        AtaPortCompleteRequest(Channel, Irb);
        return TRUE;
    case TRICK_PENDING:
        Irb->IrbStatus = IRB_STATUS_PENDING;
        ConfComplete(Channel, Irb);
        return TRUE;
    case TRICK_BUSY:
    case TRICK_BUSY_ALWAYS:
        ConfBusy(Irb);
        ConfComplete(Channel, Irb);
        return TRUE;
    case TRICK_SHORT:
        Irb->DataTransferLength -= 1;
        Irb->IrbStatus = IRB_STATUS_DATALENGTH_MISMATCH;
        ConfComplete(Channel, Irb);
        return TRUE;
    case TRICK_FOREIGN:
        Channel->Foreign = *Irb;
        Channel->Foreign.IrbStatus = IRB_STATUS_SUCCESS;
        AtaPortCompleteRequest(Channel, &Channel->Foreign);
        AtaPortCompleteRequest(Channel, CONF_NOWHERE);
        CHECK(SGL_NO_DMA, AtaPortGetScatterGatherList(Channel, &Channel->Foreign) == NULL);
        return FALSE;
    case TRICK_INTERRUPT:
        Channel->Kept = Irb;
        return TRUE;
    case TRICK_LATE:
        ConfRegistryElsewhere(Channel);
        CHECK(UNCACHED_PLACE, AtaPortGetUnCachedExtension(Channel, 4096, 0) == NULL);
        return FALSE;
    default:
        return FALSE;
    }
}

BOOLEAN
ConfStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    ConfCheckIrb(Channel, Irb);
    ConfOutstanding[Channel->Number]++;
    if (Channel->Number == CONF_DISK) {
        ConfStates[CONF_STATE_STARTS]++;
        ConfStates[CONF_STATE_FUNCTION] = Irb->Function;
        ConfStates[CONF_STATE_FLAGS] = Irb->IrbFlags;
        ConfStates[CONF_STATE_TIMEOUT] = Irb->TimeOutValue;
        ConfStates[CONF_STATE_COMMAND] = Irb->IdeTaskFile.Current.bCommandReg;
        if (Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_WRITE_DMA_FUA_EXT)
            ConfStates[CONF_STATE_FUAS]++;
    }
    CHECK(NCQ_DEPTH, ConfOutstanding[Channel->Number] <=
          (Channel->Number == CONF_DISK ? CONF_DEPTH : 1) || IsMiniportCommand(Irb));
    if (Channel->Busy) {
        Irb->NextIrb = Channel->Early;
        Channel->Early = Irb;
        ConfStates[CONF_STATE_EARLY]++;
        return ConfReturn();
    }
    if (Irb->Function == IRB_FUNCTION_LUN_RESET && Channel->Deaf == DEAF_SILENT) {
        ConfStates[CONF_STATE_LUN_RESETS]++;
        return ConfReturn();
    }
    if (Irb->Function == IRB_FUNCTION_MINIPORT_IOCTL) {
        ULONG Code = ((PIDE_IO_CONTROL)Irb->DataBuffer)->ControlCode;

        if (Code == 4 || Code == 6) {
            if (Code == 6)
                Channel->Deaf = DEAF_FAILS;
            ConfStates[CONF_STATE_HUNG]++;
            return ConfReturn();
        }
    }
    if (Channel->Trick != TRICK_NONE && ConfTricked(Channel, Irb, Channel->Trick) &&
        ConfTrick(Channel, Irb))
        return ConfReturn();
    if (Channel->Holding && Irb->Function == IRB_FUNCTION_ATA_READ &&
        ConfLba(Irb) >= CONF_HOLD_SECTOR) {
        Irb->NextIrb = Channel->Held;
        Channel->Held = Irb;
        return ConfReturn();
    }
    if (IsAtapiCommand(Irb))
        ConfPacket(Channel, Irb);
    else
        ConfServe(Channel, Irb);
    ConfRandom(Channel, 4, ConfController->SyncWithIsr);
    ConfComplete(Channel, Irb);
    return ConfReturn();
}

/* A timer routine: the channel has started at last. */
VOID
ConfServeEarly(PVOID ChannelExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    /* Other channels may be looked at first, for longer than the drive needs. */
    if (Channel->Busy && Channel->Early == NULL) {
        AtaPortRequestTimer(Channel, ConfServeEarly, 100000);
        return;
    }
    Channel->Busy = FALSE;
    while (Channel->Early != NULL) {
        PIDE_REQUEST_BLOCK Irb = Channel->Early;

        Channel->Early = Irb->NextIrb;
        if (IsAtapiCommand(Irb))
            ConfPacket(Channel, Irb);
        else
            ConfServe(Channel, Irb);
        ConfComplete(Channel, Irb);
    }
}

/* For the orders: what the port driver has taken back comes all the same. */
VOID
ConfCompleteStale(PCONF_CHANNEL Channel)
{
    CHECK(COMPLETE_LATE, Channel->Stale != NULL);
    if (Channel->Stale == NULL)
        return;
    Channel->Stale->IrbStatus = IRB_STATUS_SUCCESS;
    AtaPortCompleteRequest(Channel, Channel->Stale);
    Channel->Stale = NULL;
}

/* All of them are about to be completed at once. */
VOID
ConfForget(PCONF_CHANNEL Channel)
{
    Channel->Held = NULL;
    ConfOutstanding[Channel->Number] = 0;
}

/* A synchronized routine, for the orders: serves what is held, or ends it with a status. */
VOID
ConfEndHeld(PVOID ChannelExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    Channel->Holding = 0;
    while (Channel->Held != NULL) {
        PIDE_REQUEST_BLOCK Irb = Channel->Held;

        Channel->Held = Irb->NextIrb;
        if (Channel->EndStatus == IRB_STATUS_PENDING)
            ConfServe(Channel, Irb);
        else
            Irb->IrbStatus = Channel->EndStatus;
        ConfComplete(Channel, Irb);
    }
}

BOOLEAN
ConfInterrupt(PVOID ChannelExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;
    PIDE_REQUEST_BLOCK Irb = Channel->Kept;

    ConfRandom(Channel, 10, TRUE);
    ConfStates[CONF_STATE_INTERRUPTS]++;
    CHECK(NO_EARLY_INTERRUPT, Channel->Started);
    if (Channel->ReadyInInterrupt) {
        Channel->ReadyInInterrupt = FALSE;
        AtaPortDeviceReady(Channel, 0, 0);
    }
    if (Irb == NULL)
        return TRUE;
    Channel->Kept = NULL;
    AtaPortDeviceBusy(Channel, 0, 0, 30);
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_DEVICE_ERROR);
    ConfServe(Channel, Irb);
    ConfComplete(Channel, Irb);
    return TRUE;
}

BOOLEAN
ConfReset(PVOID ChannelExtension)
{
    PCONF_CHANNEL Channel = ChannelExtension;

    ConfStates[CONF_STATE_RESETS]++;
    ConfRandom(Channel, 10, ConfController->SyncWithIsr);
    Channel->Held = NULL;
    Channel->Kept = NULL;
    Channel->Early = NULL;
    ConfOutstanding[Channel->Number] = 0;
    if (Channel->Deaf != DEAF_FAILS)
        AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
    Channel->Deaf = DEAF_NOT;
    return TRUE;
}

BOOLEAN
ConfInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
               PIDENTIFY_DEVICE_DATA Identify)
{
    PCONF_CHANNEL Channel = ChannelExtension;
    BOOLEAN Cd = Channel->Number == CONF_CD;

    ConfStates[CONF_STATE_INITIALIZES]++;
    ConfRandom(Channel, 5, ConfController->SyncWithIsr);
    CHECK(INITIALIZE_PARAMETERS, Parameters->Version == sizeof(*Parameters) &&
          Parameters->TargetId == 0 &&
          Parameters->IdeDeviceType == (Cd ? DeviceIsAtapi : DeviceIsAta) &&
          Parameters->NumberOfOverlappedRequests == 1 &&
          Parameters->BytesPerLogicalSector == (Cd ? 2048 : 512) &&
          (Parameters->TransferModeSupported & (PIO_MODE4 | UDMA_MODE5 | MWDMA_MODE2)) ==
          (PIO_MODE4 | UDMA_MODE5 | MWDMA_MODE2));
    CHECK(INITIALIZE_PARAMETERS, Cd ? (Parameters->DeviceCharacteristics & DFLAGS_REMOVABLE_MEDIA) :
          Parameters->AddressTranslation == Lba48BitMode &&
          Parameters->MaxLba.QuadPart == CONF_SECTORS - 1 &&
          Identify->UserAddressableSectors == CONF_SECTORS);
    CHECK(INITIALIZE_PARAMETERS, Cd || (Parameters->DeviceCharacteristics &
          (DFLAGS_FUA_SUPPORT | DFLAGS_REMOVABLE_MEDIA)) == DFLAGS_FUA_SUPPORT);
    if (Channel->Number == CONF_DISK)
        Parameters->NumberOfOverlappedRequests = Channel->Depth ? Channel->Depth : CONF_DEPTH;
    else if (!Cd)
        Parameters->DeviceCharacteristics ^= DFLAGS_FUA_SUPPORT | DFLAGS_REMOVABLE_MEDIA;
    if (Channel->Modes)
        Parameters->TransferModeSelected &= Channel->Modes;
    return TRUE;
}
