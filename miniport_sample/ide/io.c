// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: one at a time, taken from step to step by the interrupt, and by a
 * timer where the protocol has no interrupt.
 */
#include "ide.h"

#define POLL_TIME               50
#define READY_LIMIT             1000000         /* for a device to become ready */
#define IDLE_SPINS              20              /* of IdeStatus, before a timer */

static const struct {
    UCHAR   Dma;
    UCHAR   Pio;
    UCHAR   Multiple;
} IdeDmaCommands[] = {
    { IDE_COMMAND_READ_DMA,             IDE_COMMAND_READ,       IDE_COMMAND_READ_MULTIPLE },
    { IDE_COMMAND_WRITE_DMA,            IDE_COMMAND_WRITE,      IDE_COMMAND_WRITE_MULTIPLE },
    { IDE_COMMAND_READ_DMA_EXT,         IDE_COMMAND_READ_EXT,   IDE_COMMAND_READ_MULTIPLE_EXT },
    { IDE_COMMAND_WRITE_DMA_EXT,        IDE_COMMAND_WRITE_EXT,  IDE_COMMAND_WRITE_MULTIPLE_EXT },
    { IDE_COMMAND_WRITE_DMA_FUA_EXT,    0,                      IDE_COMMAND_WRITE_MULTIPLE_FUA_EXT },
    { IDE_COMMAND_READ_LOG_DMA_EXT,     IDE_COMMAND_READ_LOG_EXT, 0 },
    { IDE_COMMAND_WRITE_LOG_DMA_EXT,    IDE_COMMAND_WRITE_LOG_EXT, 0 },
    { IDE_COMMAND_TRUSTED_RECEIVE_DMA,  IDE_COMMAND_TRUSTED_RECEIVE, 0 },
    { IDE_COMMAND_TRUSTED_SEND_DMA,     IDE_COMMAND_TRUSTED_SEND, 0 },
    { IDE_COMMAND_DOWNLOAD_MICROCODE_DMA, IDE_COMMAND_DOWNLOAD_MICROCODE, 0 },
    /* DATA SET MANAGEMENT has no other way. */
    { IDE_COMMAND_DATA_SET_MANAGEMENT,  0,                      0 },
};

/* Let the request go by PIO; FALSE if its command knows DMA alone. */
static BOOLEAN
IdeMakePio(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    UCHAR Multiple = Channel->Multiple[Irb->TargetId];
    UCHAR Command = Irb->IdeTaskFile.Current.bCommandReg;
    ULONG i;

    for (i = 0; IsAtaCommand(Irb) && i < ARRAYSIZE(IdeDmaCommands); i++) {
        if (IdeDmaCommands[i].Dma != Command)
            continue;
        if (Multiple != 0 && IdeDmaCommands[i].Multiple != 0) {
            Irb->IrbFlags |= IRB_FLAGS_PIO_MULTIPLE;
            Command = IdeDmaCommands[i].Multiple;
        } else {
            Command = IdeDmaCommands[i].Pio;
        }
        if (Command == 0)
            return FALSE;
        Irb->IdeTaskFile.Current.bCommandReg = Command;
    }
    MARK_IRB_FOR_PIO(Irb);
    Irb->IrbFlags |= IRB_FLAGS_MAP_BUFFERS;
    return TRUE;
}

/* Which way a request goes is decided by the command alone. */
static BOOLEAN
IdeWantsDma(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    ULONG i;

    if (!IRB_USES_DMA(Irb) || !(Channel->Dma & (1 << Irb->TargetId)))
        return FALSE;
    if (IsAtapiCommand(Irb))
        return IdePacketWantsDma(Irb);
    for (i = 0; i < ARRAYSIZE(IdeDmaCommands); i++)
        if (IdeDmaCommands[i].Dma == Irb->IdeTaskFile.Current.bCommandReg)
            return TRUE;
    return FALSE;
}

BOOLEAN
IdeHwBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    if (IsMiniportCommand(Irb) || !IRB_FOR_DATA_TRANSFER(Irb) ||
        Irb->DataTransferLength == 0 || IdeWantsDma(Channel, Irb))
        return TRUE;
    if (!IdeMakePio(Channel, Irb))
        Irb->IrbStatus = IRB_STATUS_INVALID_REQUEST;
    return TRUE;
}

VOID
IdeComplete(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR IrbStatus)
{
    Irb->IrbStatus = IrbStatus;
    AtaPortCompleteRequest(Channel, Irb);
}

/* The request at the device is over; the next one may go. */
VOID
IdeEnd(PIDE_CHANNEL Channel, UCHAR IrbStatus)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;

    Channel->Irb = NULL;
    Channel->Polling = FALSE;
    if (Channel->State >= StateIdle)
        Channel->State = StateIdle;
    IdeComplete(Channel, Irb, IrbStatus);
    IdeStartWaiting(Channel);
}

static VOID IdeStep(PIDE_CHANNEL Channel);

static VOID
IdePollTimer(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    if (Channel->Polling)
        IdeStep(Channel);
}

VOID
IdePoll(PIDE_CHANNEL Channel)
{
    Channel->Polling = TRUE;
    Channel->Waited += POLL_TIME;
    AtaPortRequestTimer(Channel, IdePollTimer, POLL_TIME);
}

static VOID
IdeEnter(PIDE_CHANNEL Channel, IDE_STATE State)
{
    Channel->State = State;
    Channel->Waited = 0;
}

/* Wait for a moment, and without a timer, for what mostly is there at once. */
static UCHAR
IdeSpin(PIDE_CHANNEL Channel, UCHAR Mask)
{
    ULONG i;
    UCHAR Status;

    for (i = 0; i < IDLE_SPINS; i++) {
        Status = IdeStatus(Channel);
        if (!(Status & Mask))
            break;
    }
    return Status;
}

/* The registers as the command left them, for the port driver's user. */
static UCHAR
IdeReturnTaskFile(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR Status)
{
    PIDEREGISTERS Current = Irb->SenseInfoBuffer;
    PIDEREGISTERS Previous = Current + 1;

    Irb->AtaError = IdeRead(Channel, REG_ERROR);
    if (Current == NULL || Irb->SenseInfoBufferLength < sizeof(IDE_TASK_FILE))
        return 0;
    RtlZeroMemory(Current, sizeof(IDE_TASK_FILE));
    Current->bFeaturesReg = Irb->AtaError;
    Current->bSectorCountReg = IdeRead(Channel, REG_SECTOR_COUNT);
    Current->bSectorNumberReg = IdeRead(Channel, REG_SECTOR_NUMBER);
    Current->bCylLowReg = IdeRead(Channel, REG_CYLINDER_LOW);
    Current->bCylHighReg = IdeRead(Channel, REG_CYLINDER_HIGH);
    Current->bDriveHeadReg = IdeRead(Channel, REG_DRIVE_HEAD);
    Current->bCommandReg = Status;
    Irb->SenseInfoBufferType = SENSE_INFO_BUFFER_RETURN_TYPE_28BIT_TASKFILE;
    if (Is48BitIrb(Irb)) {
        AtaPortWritePortUchar(Channel->Control, CONTROL_OBSOLETE | CONTROL_HIGH_ORDER);
        Previous->bSectorCountReg = IdeRead(Channel, REG_SECTOR_COUNT);
        Previous->bSectorNumberReg = IdeRead(Channel, REG_SECTOR_NUMBER);
        Previous->bCylLowReg = IdeRead(Channel, REG_CYLINDER_LOW);
        Previous->bCylHighReg = IdeRead(Channel, REG_CYLINDER_HIGH);
        AtaPortWritePortUchar(Channel->Control, CONTROL_OBSOLETE);
        Irb->SenseInfoBufferType = SENSE_INFO_BUFFER_RETURN_TYPE_48BIT_TASKFILE;
    }
    return IRB_STATUS_RETURN_TASKFILE_VALID;
}

/* The device has failed the command, and is at rest but for what DRQ says. */
VOID
IdeFail(PIDE_CHANNEL Channel, UCHAR Status)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    UCHAR Flags = 0;

    Irb->AtaStatus = Status;
    if (IsAtapiCommand(Irb))
        Irb->AtaError = IdeRead(Channel, REG_ERROR);
    else
        Flags = IdeReturnTaskFile(Channel, Irb, Status);
    if (Status & IDE_STATUS_DRQ) {
        /* It still wants to move data. That ends with a reset alone. */
        if (!IsRequestSenseIrb(Irb)) {
            Channel->Irb = NULL;
            IdeComplete(Channel, Irb, IRB_STATUS_DEVICE_ERROR | Flags);
        }
        IdeRestart(Channel);
        return;
    }
    if (IsAtapiCommand(Irb))
        IdePacketFail(Channel);
    else
        IdeEnd(Channel, IRB_STATUS_DEVICE_ERROR | Flags);
}

/* The command has ended well. */
static VOID
IdeFinish(PIDE_CHANNEL Channel, UCHAR Status)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    UCHAR IrbStatus = IRB_STATUS_SUCCESS;

    Irb->AtaStatus = Status;
    if (IsRequestSenseIrb(Irb)) {
        IdeSenseEnd(Channel, Channel->UseDma || Channel->Done != 0);
        return;
    }
    if (IRB_FOR_DATA_TRANSFER(Irb) && !Channel->UseDma &&
        Channel->Done < Irb->DataTransferLength) {
        IrbStatus = IRB_STATUS_DATALENGTH_MISMATCH;
        Irb->DataTransferLength = Channel->Done;
    }
    if (IsReturnResults(Irb) && IsAtaCommand(Irb))
        IrbStatus |= IdeReturnTaskFile(Channel, Irb, Status);
    /* What the device says it now moves in a block is what it does. */
    if (IsAtaCommand(Irb) &&
        Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_SET_MULTIPLE)
        Channel->Multiple[Irb->TargetId] = Irb->IdeTaskFile.Current.bSectorCountReg;
    IdeEnd(Channel, IrbStatus);
}

/* Move bytes between the data register and the buffer; the caller knows of Done. */
VOID
IdeMove(PIDE_CHANNEL Channel, ULONG Length)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    PUCHAR Buffer = (PUCHAR)Irb->DataBuffer + Channel->Done;
    PUSHORT Data = (PUSHORT)(Channel->Command + REG_DATA);
    USHORT Odd = 0;

    if (Irb->IrbFlags & IRB_FLAGS_DATA_IN) {
        AtaPortReadPortBufferUlong((PULONG)Data, (PULONG)Buffer, Length / 4);
        if (Length & 2)
            AtaPortReadPortBufferUshort(Data, (PUSHORT)(Buffer + (Length & ~3U)), 1);
        if (Length & 1)
            Buffer[Length - 1] = (UCHAR)AtaPortReadPortUshort(Data);
    } else {
        AtaPortWritePortBufferUlong((PULONG)Data, (PULONG)Buffer, Length / 4);
        if (Length & 2)
            AtaPortWritePortBufferUshort(Data, (PUSHORT)(Buffer + (Length & ~3U)), 1);
        if (Length & 1) {
            Odd = Buffer[Length - 1];
            AtaPortWritePortUshort(Data, Odd);
        }
    }
    Channel->Done += Length;
}

static VOID
IdeWriteTaskFile(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDEREGISTERS Current = GET_IRB_CURRENT_REG(Irb);
    PIDEREGISTERS Previous = GET_IRB_PREVIOUS_REG(Irb);

    if (Is48BitIrb(Irb)) {
        IdeWrite(Channel, REG_FEATURES, Previous->bFeaturesReg);
        IdeWrite(Channel, REG_SECTOR_COUNT, Previous->bSectorCountReg);
        IdeWrite(Channel, REG_SECTOR_NUMBER, Previous->bSectorNumberReg);
        IdeWrite(Channel, REG_CYLINDER_LOW, Previous->bCylLowReg);
        IdeWrite(Channel, REG_CYLINDER_HIGH, Previous->bCylHighReg);
    }
    IdeWrite(Channel, REG_FEATURES, Current->bFeaturesReg);
    IdeWrite(Channel, REG_SECTOR_COUNT, Current->bSectorCountReg);
    IdeWrite(Channel, REG_SECTOR_NUMBER, Current->bSectorNumberReg);
    IdeWrite(Channel, REG_CYLINDER_LOW, Current->bCylLowReg);
    IdeWrite(Channel, REG_CYLINDER_HIGH, Current->bCylHighReg);
}

/* The device takes commands. */
static VOID
IdeIssue(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;

    if (Channel->UseDma && !IdeDmaPrepare(Channel, Irb)) {
        IdeEnd(Channel, IRB_STATUS_INVALID_REQUEST);
        return;
    }
    if (IsAtapiCommand(Irb)) {
        IdePacketBegin(Channel);
        IdeEnter(Channel, StatePacket);
        if (!(Channel->Interrupting & (1 << Irb->TargetId)))
            IdeStep(Channel);
        return;
    }
    IdeWriteTaskFile(Channel, Irb);
    IdeWrite(Channel, REG_COMMAND, Irb->IdeTaskFile.Current.bCommandReg);
    if (Channel->UseDma) {
        IdeDmaStart(Channel);
        IdeEnter(Channel, StateDma);
        return;
    }
    /* The device has 400 ns to become busy, and is not to be asked before. */
    IdeStatus(Channel);
    if (Irb->IrbFlags & IRB_FLAGS_DATA_OUT) {
        IdeEnter(Channel, StateFirstData);
        IdeStep(Channel);
    } else {
        IdeEnter(Channel, StateData);
    }
}

/* Wait until the device takes commands. */
static VOID
IdeSelectStep(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    UCHAR Status = IdeStatus(Channel);
    /* A packet device answers IDENTIFY DEVICE without being ready. */
    BOOLEAN Ready = (Irb->IrbFlags & IRB_FLAGS_DRDY_REQUIRED) &&
                    Irb->Function != IRB_FUNCTION_ATA_IDENTIFY &&
                    Channel->Waited < READY_LIMIT;

    if (Status & (IDE_STATUS_BUSY | IDE_STATUS_DRQ) ||
        (Ready && !(Status & IDE_STATUS_DRDY)))
        IdePoll(Channel);
    else
        IdeIssue(Channel);
}

/* A block of data may move, or the command is over. */
static VOID
IdeDataStep(PIDE_CHANNEL Channel, UCHAR Status)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    BOOLEAN In = (Irb->IrbFlags & IRB_FLAGS_DATA_IN) != 0;
    ULONG Left = IRB_FOR_DATA_TRANSFER(Irb) ?
                 Irb->DataTransferLength - Channel->Done : 0;

    if (Status & (IDE_STATUS_ERROR | IDE_STATUS_DEVICE_FAULT)) {
        IdeFail(Channel, Status);
    } else if (!(Status & IDE_STATUS_DRQ)) {
        if (Channel->State == StateFirstData)
            IdePoll(Channel);
        else
            IdeFinish(Channel, Status);
    } else if (Left == 0) {
        /* More than was asked for: there is no telling what it would be. */
        AtaPortDebugPrint(1, "ide: channel %d: command %x moves more than %d bytes\n",
                          Channel->Number, Irb->IdeTaskFile.Current.bCommandReg, Channel->Done);
        IdeRestart(Channel);
    } else {
        IdeMove(Channel, min(Left, Channel->Block));
        if (In && Channel->Done == Irb->DataTransferLength) {
            IdeEnter(Channel, StateLast);
            IdeStep(Channel);
        } else {
            IdeEnter(Channel, StateData);
            /* So that an interrupt of before finds the device busy. */
            IdeStatus(Channel);
        }
    }
}

static VOID
IdeDmaStep(PIDE_CHANNEL Channel, UCHAR Status, BOOLEAN Good)
{
    if (Status & (IDE_STATUS_ERROR | IDE_STATUS_DEVICE_FAULT))
        IdeFail(Channel, Status);
    else if (!Good || Status & (IDE_STATUS_BUSY | IDE_STATUS_DRQ))
        IdeRestart(Channel);
    else
        IdeFinish(Channel, Status);
}

/* Take the next step of the command at the device, if that is not busy. */
static VOID
IdeStep(PIDE_CHANNEL Channel)
{
    UCHAR Status;
    BOOLEAN Good;

    Channel->Polling = FALSE;
    switch (Channel->State) {
    case StateSelect:
        IdeSelectStep(Channel);
        return;
    case StateDma:
        Good = IdeDmaStop(Channel);
        IdeDmaStep(Channel, IdeRead(Channel, REG_STATUS), Good);
        return;
    case StateFirstData:
    case StatePacket:
        if (IdeSpin(Channel, IDE_STATUS_BUSY) & IDE_STATUS_BUSY) {
            IdePoll(Channel);
            return;
        }
        break;
    case StateLast:
        if (IdeSpin(Channel, IDE_STATUS_BUSY | IDE_STATUS_DRQ) &
            (IDE_STATUS_BUSY | IDE_STATUS_DRQ)) {
            if (Channel->Waited < READY_LIMIT)
                IdePoll(Channel);
            else
                IdeRestart(Channel);
            return;
        }
        break;
    case StateData:
    case StatePacketData:
        break;
    default:
        return;
    }

    /* Reading the status takes the device's interrupt back. */
    Status = IdeRead(Channel, REG_STATUS);
    IdeDmaAcknowledge(Channel);
    switch (Channel->State) {
    case StatePacket:
        IdePacketSend(Channel, Status);
        break;
    case StatePacketData:
        if (!(Status & (IDE_STATUS_ERROR | IDE_STATUS_DEVICE_FAULT | IDE_STATUS_DRQ)))
            IdeFinish(Channel, Status);
        else
            IdePacketData(Channel, Status);
        break;
    case StateLast:
        if (Status & (IDE_STATUS_ERROR | IDE_STATUS_DEVICE_FAULT))
            IdeFail(Channel, Status);
        else
            IdeFinish(Channel, Status);
        break;
    default:
        IdeDataStep(Channel, Status);
        break;
    }
}

/* Bytes that the device moves between two interrupts. */
static ULONG
IdeBlock(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    if (IsPioMultipleIrb(Irb) && Channel->Multiple[Irb->TargetId] != 0)
        return Channel->Multiple[Irb->TargetId] * 512;
    return 512;
}

/* Bring a request to its device, which has nothing to do. */
VOID
IdeBegin(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    UCHAR Head = DRIVE_OBSOLETE | DRIVE_TARGET(Irb->TargetId);

    if (IsAtaCommand(Irb))
        Head |= Irb->IdeTaskFile.Current.bDriveHeadReg & ~DRIVE_TARGET(1);
    Channel->Irb = Irb;
    Channel->UseDma = IRB_FOR_DATA_TRANSFER(Irb) && Irb->DataTransferLength != 0 &&
                      IRB_USES_DMA(Irb);
    Channel->Block = IdeBlock(Channel, Irb);
    Channel->Done = 0;
    IdeWrite(Channel, REG_DRIVE_HEAD, Head);
    IdeEnter(Channel, StateSelect);
    IdeStep(Channel);
}

VOID
IdeStartWaiting(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb;

    while (Channel->State == StateIdle && (Irb = Channel->WaitFirst) != NULL) {
        Channel->WaitFirst = Irb->NextIrb;
        if (Channel->WaitFirst == NULL)
            Channel->WaitLast = NULL;
        if (Channel->Present & (1 << Irb->TargetId))
            IdeBegin(Channel, Irb);
        else
            IdeComplete(Channel, Irb, IRB_STATUS_SELECTION_TIMEOUT);
    }
}

/* A request of the port driver's that is not for the device. */
static VOID
IdeStartMiniport(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_REQUEST_BLOCK Waiting, Next;

    switch (Irb->Function) {
    case IRB_FUNCTION_LUN_RESET:
        Waiting = Channel->WaitFirst;
        Channel->WaitFirst = NULL;
        Channel->WaitLast = NULL;
        for (; Waiting != NULL; Waiting = Next) {
            Next = Waiting->NextIrb;
            IdeComplete(Channel, Waiting, IRB_STATUS_BUS_RESET);
        }
        Channel->ResetIrb = Irb;
        IdeRestart(Channel);
        break;
    case IRB_FUNCTION_ADAPTER_FLUSH:
    case IRB_FUNCTION_SHUTDOWN:
    case IRB_FUNCTION_POWER_REBOOT:
    case IRB_FUNCTION_POWER_CHANGE:
        /* The controller keeps nothing back. */
        IdeComplete(Channel, Irb, IRB_STATUS_SUCCESS);
        break;
    default:
        IdeComplete(Channel, Irb, IRB_STATUS_INVALID_REQUEST);
        break;
    }
}

BOOLEAN
IdeHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    if (IsMiniportCommand(Irb)) {
        IdeStartMiniport(Channel, Irb);
        return TRUE;
    }
    Irb->NextIrb = NULL;
    if (Channel->WaitFirst == NULL)
        Channel->WaitFirst = Irb;
    else
        Channel->WaitLast->NextIrb = Irb;
    Channel->WaitLast = Irb;
    IdeStartWaiting(Channel);
    return TRUE;
}

BOOLEAN
IdeHwInterrupt(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    if (Channel->Irb == NULL) {
        /* Nobody is expected; the line may be another function's too. */
        if (Channel->BusMaster == NULL) {
            IdeRead(Channel, REG_STATUS);
            return FALSE;
        }
        if (!IdeDmaInterrupt(Channel))
            return FALSE;
        IdeRead(Channel, REG_STATUS);
        IdeDmaAcknowledge(Channel);
        return TRUE;
    }
    if (Channel->State == StateDma) {
        if (!IdeDmaInterrupt(Channel))
            return FALSE;
    } else if (AtaPortReadPortUchar(Channel->Control) & IDE_STATUS_BUSY) {
        return FALSE;
    }
    IdeStep(Channel);
    return TRUE;
}
