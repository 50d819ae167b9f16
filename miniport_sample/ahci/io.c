// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: built without a lock, started and completed at the level of the
 * interrupt.
 */
#include "ahci.h"

static BOOLEAN
AhciQueues(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    return Channel->Ncq && Irb->QueueTag != AHCI_TAG_PLAIN &&
           (Irb->Function == IRB_FUNCTION_ATA_READ ||
            Irb->Function == IRB_FUNCTION_ATA_WRITE) &&
           (Irb->IrbFlags & (IRB_FLAGS_USE_DMA | IRB_FLAGS_48BIT |
                             IRB_FLAGS_RETURN_RESULTS)) ==
           (IRB_FLAGS_USE_DMA | IRB_FLAGS_48BIT) &&
           (Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_READ_DMA_EXT ||
            Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_WRITE_DMA_EXT ||
            Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_WRITE_DMA_FUA_EXT);
}

/* Was the command of this IRB built as a queued one? */
static BOOLEAN
AhciBuiltQueued(PAHCI_COMMAND_TABLE Table)
{
    return Table->Fis.Command == IDE_COMMAND_READ_FPDMA_QUEUED ||
           Table->Fis.Command == IDE_COMMAND_WRITE_FPDMA_QUEUED;
}

static VOID
AhciPacketFis(PIDE_REQUEST_BLOCK Irb, PAHCI_COMMAND_TABLE Table)
{
    ULONG Limit = min(Irb->DataTransferLength, 0xf800U);

    Table->Fis.Command = IDE_COMMAND_ATAPI_PACKET;
    if (IRB_FOR_DATA_TRANSFER(Irb) && (Irb->DataTransferLength & 15) == 0) {
        Table->Fis.Features = 1;
    } else {
        /*
         * Many devices get DMA of odd lengths wrong. The HBA moves the data
         * all the same; the device wants to know how much at a time.
         */
        Table->Fis.CylinderLow = (UCHAR)Limit;
        Table->Fis.CylinderHigh = (UCHAR)(Limit >> 8);
    }
    RtlCopyMemory(Table->Packet, Irb->Cdb, sizeof(Table->Packet));
}

/* The register FIS of a request, and its packet. Memory only. */
VOID
AhciBuildFis(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PAHCI_COMMAND_TABLE Table = Irb->IrbExtension;
    PIDEREGISTERS Current = GET_IRB_CURRENT_REG(Irb);
    PIDEREGISTERS Previous = GET_IRB_PREVIOUS_REG(Irb);
    PREGISTER_FIS Fis = &Table->Fis;

    RtlZeroMemory(Fis, sizeof(*Fis));
    Fis->FisType = FIS_TYPE_H2D;
    Fis->CmdReg = 1;
    if (IsAtapiCommand(Irb)) {
        AhciPacketFis(Irb, Table);
        return;
    }
    Fis->SectorNumber = Current->bSectorNumberReg;
    Fis->CylinderLow = Current->bCylLowReg;
    Fis->CylinderHigh = Current->bCylHighReg;
    Fis->SectorNumberExp = Previous->bSectorNumberReg;
    Fis->CylinderLowExp = Previous->bCylLowReg;
    Fis->CylinderHighExp = Previous->bCylHighReg;
    if (AhciQueues(Channel, Irb)) {
        Fis->Command = Irb->Function == IRB_FUNCTION_ATA_READ ?
                       IDE_COMMAND_READ_FPDMA_QUEUED : IDE_COMMAND_WRITE_FPDMA_QUEUED;
        Fis->DeviceHead = IDE_LBA_MODE;
        if (Current->bCommandReg == IDE_COMMAND_WRITE_DMA_FUA_EXT)
            Fis->DeviceHead |= 0x80;
        /* The count is in the features; the slot's number comes at the start. */
        Fis->Features = Current->bSectorCountReg;
        Fis->FeaturesExp = Previous->bSectorCountReg;
        if (Channel->NcqPriority && IsHighPriorityIrb(Irb))
            Fis->SectorCountExp = 0x80;
        return;
    }
    Fis->Command = Current->bCommandReg;
    Fis->DeviceHead = Current->bDriveHeadReg;
    Fis->Features = Current->bFeaturesReg;
    Fis->FeaturesExp = Previous->bFeaturesReg;
    Fis->SectorCount = Current->bSectorCountReg;
    Fis->SectorCountExp = Previous->bSectorCountReg;
}

BOOLEAN
AhciHwBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    if (!IsMiniportCommand(Irb))
        AhciBuildFis(ChannelExtension, Irb);
    return TRUE;
}

VOID
AhciComplete(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR IrbStatus)
{
    Irb->IrbStatus = IrbStatus;
    AtaPortCompleteRequest(Channel, Irb);
}

/* Commands that the port cannot take now wait in a list by NextIrb. */
VOID
AhciWaitLast(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    Irb->NextIrb = NULL;
    if (Channel->WaitFirst == NULL)
        Channel->WaitFirst = Irb;
    else
        Channel->WaitLast->NextIrb = Irb;
    Channel->WaitLast = Irb;
}

VOID
AhciWaitFirst(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    Irb->NextIrb = Channel->WaitFirst;
    if (Channel->WaitFirst == NULL)
        Channel->WaitLast = Irb;
    Channel->WaitFirst = Irb;
}

VOID
AhciCompleteWaiting(PAHCI_CHANNEL Channel, UCHAR IrbStatus)
{
    PIDE_REQUEST_BLOCK Irb, Next;

    Irb = Channel->WaitFirst;
    Channel->WaitFirst = NULL;
    Channel->WaitLast = NULL;
    for (; Irb != NULL; Irb = Next) {
        Next = Irb->NextIrb;
        AhciComplete(Channel, Irb, IrbStatus);
    }
}

VOID
AhciCompleteIssued(PAHCI_CHANNEL Channel, UCHAR IrbStatus)
{
    ULONG Left = Channel->Busy, Slot;

    Channel->Busy = 0;
    Channel->Queued = 0;
    for (; Left != 0; Left &= Left - 1) {
        _BitScanForward(&Slot, Left);
        if (Channel->Slot[Slot] != NULL)
            AhciComplete(Channel, Channel->Slot[Slot], IrbStatus);
    }
}

/* The slots that the last set device bits FIS said are done; in memory. */
static volatile ULONG *
AhciToldDone(PAHCI_CHANNEL Channel)
{
    return (volatile ULONG *)(Channel->Shared->ReceivedFis + RFIS_SDB + 4);
}

/* 5.5.1: the header, then PxSACT for a queued command, then PxCI. */
static __inline VOID
AhciFillSlot(PAHCI_CHANNEL Channel, ULONG Slot, ULONGLONG Table, ULONG Flags,
             BOOLEAN Queued)
{
    PAHCI_COMMAND_HEADER Header = &Channel->Shared->List[Slot];

    Header->Flags = Flags | HEADER_CFL;
    Header->ByteCount = 0;
    Header->TableLow = (ULONG)Table;
    Header->TableHigh = (ULONG)(Table >> 32);
    Channel->Busy |= 1U << Slot;
    if (Queued) {
        if (Channel->Queued == 0)
            *AhciToldDone(Channel) = 0;
        Channel->Queued |= 1U << Slot;
        AhciWrite(Channel->Port, PORT_SACT, 1U << Slot);
    } else {
        /* So that their types tell which of them this command brings. */
        Channel->Shared->ReceivedFis[RFIS_D2H] = 0;
        Channel->Shared->ReceivedFis[RFIS_PIO_SETUP] = 0;
    }
    AhciWrite(Channel->Port, PORT_CI, 1U << Slot);
}

/* A command of the sample's own. */
VOID
AhciIssueSlot(PAHCI_CHANNEL Channel, ULONG Slot, ULONGLONG Table, ULONG Flags,
              BOOLEAN Queued)
{
    AhciFillSlot(Channel, Slot, Table, Flags, Queued);
}

/* The region table of a request with data; how many entries, 0 on failure. */
static ULONG
AhciFillRegions(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb,
                PAHCI_COMMAND_TABLE Table)
{
    PIDE_SCATTER_GATHER_LIST List = AtaPortGetScatterGatherList(Channel, Irb);
    PIDE_SCATTER_GATHER_ELEMENT Element, Last;
    PAHCI_PRD Prd;

    if (List == NULL || List->NumberOfElements > AHCI_MAX_PRD)
        return 0;
    Element = List->Elements;
    Last = Element + List->NumberOfElements;
    for (Prd = Table->Prd; Element != Last; Element++, Prd++) {
        Prd->Address = Element->Address.QuadPart;
        Prd->Reserved = 0;
        /* 4.2.3.3: an even number of bytes, less one. */
        Prd->ByteCount = (Element->Length - 1) | 1;
    }
    return List->NumberOfElements;
}

/* Issue a command that the port can take. */
static VOID
AhciIssue(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PAHCI_COMMAND_TABLE Table = Irb->IrbExtension;
    BOOLEAN Queued = AhciBuiltQueued(Table);
    ULONG Slot, Regions, Flags = 0;
    ULONGLONG Address;

    if (IRB_FOR_DATA_TRANSFER(Irb) && Irb->DataTransferLength != 0) {
        Regions = AhciFillRegions(Channel, Irb, Table);
        if (Regions == 0) {
            AhciComplete(Channel, Irb, IRB_STATUS_INVALID_REQUEST);
            return;
        }
        Flags |= Regions << HEADER_PRDTL_SHIFT;
    }
    if (Irb->IrbFlags & IRB_FLAGS_DATA_OUT)
        Flags |= HEADER_WRITE;
    if (IsAtapiCommand(Irb))
        Flags |= HEADER_ATAPI;

    _BitScanForward(&Slot, ~Channel->Busy);
    if (Queued)
        Table->Fis.SectorCount = (UCHAR)(Slot << 3);
    Channel->Slot[Slot] = Irb;
    Address = AtaPortGetPhysicalAddress(Channel, Irb, Table,
                                        &Channel->TableLength).QuadPart;
    AhciFillSlot(Channel, Slot, Address, Flags, Queued);
}

/* 5.6.3: queued and other commands must not be mixed. */
static BOOLEAN
AhciCanIssue(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    ULONG Slots = (ULONG)((1ULL << Channel->Slots) - 1);

    if (Channel->State != PortReady)
        return FALSE;
    if (Channel->Busy == 0)
        return TRUE;
    return AhciBuiltQueued(Irb->IrbExtension) && Channel->Queued == Channel->Busy &&
           (Channel->Busy & Slots) != Slots;
}

VOID
AhciStartWaiting(PAHCI_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb;

    while ((Irb = Channel->WaitFirst) != NULL && AhciCanIssue(Channel, Irb)) {
        Channel->WaitFirst = Irb->NextIrb;
        if (Channel->WaitFirst == NULL)
            Channel->WaitLast = NULL;
        AhciIssue(Channel, Irb);
    }
}

/* A request of the port driver's that is not for the device. */
static VOID
AhciStartMiniport(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    switch (Irb->Function) {
    case IRB_FUNCTION_LUN_RESET:
        AhciCompleteWaiting(Channel, IRB_STATUS_BUS_RESET);
        Channel->ResetIrb = Irb;
        AhciPortRestart(Channel);
        break;
    case IRB_FUNCTION_ADAPTER_FLUSH:
    case IRB_FUNCTION_SHUTDOWN:
    case IRB_FUNCTION_POWER_REBOOT:
    case IRB_FUNCTION_POWER_CHANGE:
        /* The HBA keeps nothing back. */
        AhciComplete(Channel, Irb, IRB_STATUS_SUCCESS);
        break;
    default:
        AhciComplete(Channel, Irb, IRB_STATUS_INVALID_REQUEST);
        break;
    }
}

/* Start a request, at the level of the interrupt. */
VOID
AhciStart(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    if (IsMiniportCommand(Irb))
        AhciStartMiniport(Channel, Irb);
    else if (Irb->TargetId != 0 || Channel->State == PortEmpty)
        AhciComplete(Channel, Irb, IRB_STATUS_SELECTION_TIMEOUT);
    else if (Channel->WaitFirst == NULL && AhciCanIssue(Channel, Irb))
        AhciIssue(Channel, Irb);
    else
        AhciWaitLast(Channel, Irb);
}

static VOID
AhciStartSynchronized(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    AhciStart(Channel, Channel->Starting);
}

BOOLEAN
AhciHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    if (Channel->Sync) {
        AhciStart(Channel, Irb);
    } else {
        /* The routine has run when the request returns: one IRB at a time. */
        Channel->Starting = Irb;
        if (!AhciSynchronized(Channel, AhciStartSynchronized))
            AhciComplete(Channel, Irb, IRB_STATUS_BUS_RESET);
    }
    return TRUE;
}

/* The registers after a command, as the port driver's user wants them. */
VOID
AhciReturnTaskFile(PIDE_REQUEST_BLOCK Irb, PREGISTER_FIS Fis)
{
    Irb->AtaStatus = Fis->Command;
    Irb->AtaError = Fis->Features;
    if (Irb->SenseInfoBuffer == NULL || IsAtapiCommand(Irb) ||
        Irb->SenseInfoBufferLength < sizeof(*Fis))
        return;
    RtlCopyMemory(Irb->SenseInfoBuffer, Fis, sizeof(*Fis));
    Irb->SenseInfoBufferType = SENSE_INFO_BUFFER_RETURN_TYPE_D2H_FIS;
    Irb->IrbStatus |= IRB_STATUS_RETURN_TASKFILE_VALID;
}

/* A command that was not queued has ended well. */
static DECLSPEC_NOINLINE VOID
AhciFinishPlain(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, ULONG Slot)
{
    PUCHAR Received = Channel->Shared->ReceivedFis;
    ULONG Moved = Channel->Shared->List[Slot].ByteCount;
    UCHAR Status = IRB_STATUS_SUCCESS;
    REGISTER_FIS Fis;

    if (IRB_FOR_DATA_TRANSFER(Irb) && Moved < Irb->DataTransferLength) {
        Status = IRB_STATUS_DATALENGTH_MISMATCH;
        Irb->DataTransferLength = Moved;
    }
    Irb->IrbStatus = Status;
    if ((Irb->IrbFlags & IRB_FLAGS_DATA_IN) && !IsAtapiCommand(Irb) &&
        Received[RFIS_PIO_SETUP] == FIS_TYPE_PIO_SETUP) {
        /* PIO data in ends without a register FIS. */
        RtlCopyMemory(&Fis, Received + RFIS_PIO_SETUP, sizeof(Fis));
        Fis.Command = Received[RFIS_PIO_SETUP + PIO_SETUP_E_STATUS];
    } else {
        RtlCopyMemory(&Fis, Received + RFIS_D2H, sizeof(Fis));
    }
    if (IsReturnResults(Irb))
        AhciReturnTaskFile(Irb, &Fis);
    else
        Irb->AtaStatus = Fis.Command;
    AtaPortCompleteRequest(Channel, Irb);
}

/*
 * Have these slots really ended? A list that somebody has stopped reads as
 * empty, but for what was issued since, and so may a function without memory
 * decoding. What is done has left a FIS in memory that says so, but for what a
 * later FIS has covered and for PIO; then another register tells.
 */
static BOOLEAN
AhciEnded(PAHCI_CHANNEL Channel, ULONG Done)
{
    if (Channel->Queued != 0) {
        if ((Done & ~*AhciToldDone(Channel)) == 0)
            return TRUE;
    } else if (Channel->Shared->ReceivedFis[RFIS_D2H] == FIS_TYPE_D2H) {
        return TRUE;
    }
    return (AhciRead(Channel->Port, PORT_CMD) & CMD_ST) != 0;
}

/* Complete what the hardware has finished; was there anything? */
BOOLEAN
AhciFinish(PAHCI_CHANNEL Channel)
{
    ULONG Done, Slot;
    ULONG Queued = Channel->Queued;

    if (Channel->Busy == 0)
        return FALSE;
    Done = Channel->Busy & ~AhciRead(Channel->Port, Queued ? PORT_SACT : PORT_CI);
    if (Done == 0 || !AhciEnded(Channel, Done))
        return FALSE;
    /* Slots are used again: what was told of them is over. */
    if (Queued)
        *AhciToldDone(Channel) = 0;
    Channel->Busy &= ~Done;
    Channel->Queued &= ~Done;
    for (; Done != 0; Done &= Done - 1) {
        _BitScanForward(&Slot, Done);
        if (Queued)
            AhciComplete(Channel, Channel->Slot[Slot], IRB_STATUS_SUCCESS);
        else if (Channel->ReadingLog)
            AhciLogRead(Channel, TRUE);
        else if (Channel->SenseIrb != NULL && Channel->Slot[Slot] == Channel->SenseIrb)
            AhciSenseRead(Channel, TRUE);
        else
            AhciFinishPlain(Channel, Channel->Slot[Slot], Slot);
    }
    return TRUE;
}

/* Something of the link or of a command went wrong. */
static VOID
AhciHandleEvent(PAHCI_CHANNEL Channel, ULONG Status)
{
    if (Status & IS_CHANGE) {
        /*
         * A device came, went, or only lost the link for a moment: start from
         * the beginning, and tell only when another is there afterwards.
         */
        AhciWrite(Channel->Port, PORT_SERR, 0xffffffff);
        AhciPortRestart(Channel);
        return;
    }
    if (Status & (IS_DEVICE_ERROR | IS_FATAL)) {
        Channel->ErrorStatus |= Status;
        AhciSynchronized(Channel, AhciRecover);
    }
}

static DECLSPEC_NOINLINE BOOLEAN
AhciInterrupt(PAHCI_CHANNEL Channel)
{
    ULONG Status;

    /*
     * While commands are queued, the end of one is what an interrupt nearly
     * always tells. Its causes are cleared unseen, which saves a read. Any other
     * cause stays and raises the interrupt again (3.1.3: the port's bit in the HBA
     * follows a level), and with no command ended it is looked for below.
     */
    if (Channel->Queued != 0 && Channel->State == PortReady) {
        AhciWrite(Channel->Port, PORT_IS, IS_ROUTINE);
        AhciWrite(Channel->Controller->Abar, HBA_IS, Channel->Bit);
        if (AhciFinish(Channel)) {
            if (Channel->WaitFirst != NULL)
                AhciStartWaiting(Channel);
            return TRUE;
        }
    }

    /* 5.5.3: first the cause in the port, then the port's bit in the HBA. */
    Status = AhciRead(Channel->Port, PORT_IS);
    if (Status == 0xffffffff)
        return FALSE;           /* no interrupt: there is nobody any more */
    if (Channel->LinkPower != LINK_POWER_ACTIVE && (Status & IS_CHANGE) == IS_PRCS) {
        /* The link has slept and woken up, which is not what it looks like. */
        AhciWrite(Channel->Port, PORT_SERR, SERR_PHY_READY_CHANGE);
        Status &= ~IS_PRCS;
    }
    AhciWrite(Channel->Port, PORT_IS, Status);
    AhciWrite(Channel->Controller->Abar, HBA_IS, Channel->Bit);

    if (Channel->State != PortReady) {
        if (Channel->State == PortEmpty && (Status & IS_CHANGE))
            AhciHandleEvent(Channel, Status);
        return TRUE;
    }
    if (Status & (IS_CHANGE | IS_DEVICE_ERROR | IS_FATAL))
        AhciHandleEvent(Channel, Status);
    else
        AhciFinish(Channel);
    if (Channel->WaitFirst != NULL)
        AhciStartWaiting(Channel);
    return TRUE;
}

static DECLSPEC_NOINLINE BOOLEAN
AhciBeginPass(PAHCI_CHANNEL Channel)
{
    PAHCI_CONTROLLER Controller = Channel->Controller;

    Controller->LastAsked = Channel->Number;
    Controller->Snapshot = AhciRead(Controller->Abar, HBA_IS);
    return Controller->Snapshot & Channel->Bit ? AhciInterrupt(Channel) : FALSE;
}

/*
 * All channels of a controller share one interrupt and are asked one after the
 * other, in ascending order. Only the first of such a pass reads the status of
 * the HBA; the others use what it has read. A channel that is not above the last
 * one asked begins a new pass. Most have nothing to say, and cost no more than this.
 */
BOOLEAN
AhciHwInterrupt(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    PAHCI_CONTROLLER Controller = Channel->Controller;

    if (Channel->Number <= Controller->LastAsked)
        return AhciBeginPass(Channel);
    Controller->LastAsked = Channel->Number;
    return Controller->Snapshot & Channel->Bit ? AhciInterrupt(Channel) : FALSE;
}
