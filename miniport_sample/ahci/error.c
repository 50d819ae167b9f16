// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors, resets and hot plug of the AHCI miniport (6.2).
 *
 * The interrupt routine records an error and disables the port's interrupts.
 * AhciRecover then decides what is to be done and stops the engine; the walk in
 * port.c calls back here when the engine has stopped, when a COMRESET was sent,
 * and when the engine runs again.  In short:
 *
 *   error of a plain command    it fails, a packet command with its sense data
 *   error of a queued command   READ LOG EXT says which one fails; the device
 *                               has dropped the others, and they are sent again
 *     ... and it does not say   COMRESET, and all are sent again one by one, so
 *                               that the bad one fails as a plain command
 *   fatal error (bus, link)     COMRESET, then as above; a plain command fails
 *   PhyRdy or connect change    COMRESET, all go back with BUS_RESET
 *
 * Every way ends: each round fails at least one command, or a reset does.
 */
#include "ahci.h"

/* Slot of our own commands, which have the port for themselves */
#define OWN_SLOT                    0

static PIDE_REQUEST_BLOCK AhciTakeSlot(PULONG Mask, PIDE_REQUEST_BLOCK *Slots)
{
    ULONG Slot;

    if (!_BitScanForward(&Slot, *Mask)) {
        return NULL;
    }
    *Mask &= *Mask - 1;
    return Slots[Slot];
}

/* Give back whatever has been issued */
static VOID AhciCompleteIssued(PAHCI_CHANNEL Channel, UCHAR IrbStatus)
{
    ULONG Mask = Channel->QueuedMask | Channel->PlainMask | Channel->DroppedMask;
    PIDE_REQUEST_BLOCK Irb;

    Channel->QueuedMask = 0;
    Channel->PlainMask = 0;
    Channel->DroppedMask = 0;
    while ((Irb = AhciTakeSlot(&Mask, Channel->Slot)) != NULL) {
        AhciComplete(Channel, Irb, IrbStatus);
    }
    if (Channel->SenseIrb != NULL) {
        AtaPortReleaseRequestSenseIrb(Channel, Channel->SenseIrb);
        Channel->SenseIrb = NULL;
    }
    if (Channel->FailedIrb != NULL) {
        AhciComplete(Channel, Channel->FailedIrb, IrbStatus);
        Channel->FailedIrb = NULL;
    }
}

static VOID AhciCompleteList(PAHCI_CHANNEL Channel, PAHCI_IRB_LIST List, UCHAR IrbStatus)
{
    PIDE_REQUEST_BLOCK Irb;

    while ((Irb = AhciTakeFirst(List)) != NULL) {
        AhciComplete(Channel, Irb, IrbStatus);
    }
}

static VOID AhciCompleteResetIrb(PAHCI_CHANNEL Channel, UCHAR IrbStatus)
{
    PIDE_REQUEST_BLOCK Irb = Channel->ResetIrb;

    Channel->ResetIrb = NULL;
    if (Irb != NULL) {
        AhciComplete(Channel, Irb, IrbStatus);
    }
}

/* Send the dropped commands again, before all others; Plain: not queued */
static VOID AhciRepeatDropped(PAHCI_CHANNEL Channel, BOOLEAN Plain)
{
    AHCI_IRB_LIST List = { NULL, NULL };
    PIDE_REQUEST_BLOCK Irb;

    while ((Irb = AhciTakeSlot(&Channel->DroppedMask, Channel->Slot)) != NULL) {
        PAHCI_IRB_EXTENSION Extension = Irb->IrbExtension;

        AhciBuildCommand(Channel, Irb);
        if (Plain) {
            Extension->Queueable = FALSE;
        }
        AhciAppendIrb(&List, Irb);
    }
    if (List.First != NULL) {
        List.Last->NextIrb = Channel->Pending.First;
        if (Channel->Pending.First != NULL) {
            List.Last = Channel->Pending.Last;
        }
        Channel->Pending = List;
    }
}

/* How a plain command failed: the register FIS, or else the task file */
static VOID AhciReadError(PAHCI_CHANNEL Channel, PREGISTER_FIS Fis)
{
    ULONG Tfd = AhciRead(Channel->Port->Tfd);

    *Fis = Channel->Uncached->ReceivedFis.Register;
    if (Channel->ErrorStatus & PXIS_FATAL) {
        /* The device knows nothing of it. */
        Fis->Command = IDE_STATUS_DRDY | IDE_STATUS_ERROR;
        Fis->Features = IDE_ERROR_COMMAND_ABORTED;
        if (Channel->ErrorStatus & PXIS_IFS) {
            Fis->Features |= IDE_ERROR_CRC_ERROR;
        }
    } else if (Fis->FisType != FIS_DEVICE_TO_HOST) {
        Fis->FisType = FIS_DEVICE_TO_HOST;
        Fis->Command = PXTFD_STATUS(Tfd);
        Fis->Features = PXTFD_ERROR(Tfd);
    }
}

static VOID AhciFailPlain(PAHCI_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = AhciTakeSlot(&Channel->PlainMask, Channel->Slot);
    REGISTER_FIS Fis;

    AhciReadError(Channel, &Fis);
    Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    if (IsAtapiCommand(Irb)) {
        Irb->AtaStatus = Fis.Command;
        Irb->AtaError = Fis.Features;
        if (NeedRequestSense(Irb) && !Channel->NeedReset) {
            Irb->IrbStatus = IRB_STATUS_PENDING;
            Channel->FailedIrb = Irb;
            Channel->Recovery = AhciRecoverSense;
            return;
        }
    } else {
        AhciSaveResult(Irb, &Fis);
    }
    AtaPortCompleteRequest(Channel, Irb);
}

/* The sense data is there, or will not be */
static VOID AhciFinishSense(PAHCI_CHANNEL Channel, BOOLEAN Valid)
{
    PIDE_REQUEST_BLOCK Irb = Channel->FailedIrb;

    if (Channel->SenseIrb != NULL) {
        AtaPortReleaseRequestSenseIrb(Channel, Channel->SenseIrb);
    }
    Channel->SenseIrb = NULL;
    Channel->FailedIrb = NULL;
    AhciComplete(Channel, Irb, Valid ? IRB_STATUS_DEVICE_ERROR | IRB_STATUS_AUTOSENSE_VALID
                                     : IRB_STATUS_DEVICE_ERROR);
}

/* Begin the walk from its start; ErrorStatus and Recovery say what for */
static VOID AhciRestart(PAHCI_CHANNEL Channel)
{
    PAHCI_PORT_REGISTERS Port = Channel->Port;

    AhciWrite(Port->Ie, 0);
    AhciWrite(Port->Cmd, AhciRead(Port->Cmd) & ~PXCMD_ST);
    AhciEnter(Channel, AhciStopEngine);
    AhciAdvance(Channel);
}

/* The first start, or the first after a power down */
VOID AhciBegin(PAHCI_CHANNEL Channel)
{
    Channel->Fresh = TRUE;
    Channel->NeedReset = TRUE;
    Channel->Resets = 0;
    Channel->Recovery = AhciRecoverGiveBack;
    AhciRestart(Channel);
}

/*
 * Synchronized routine, after AhciRecordError: what kind of error is it?  The
 * own command of a recovery may itself have failed.
 */
VOID AhciRecover(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    ULONG Status = Channel->ErrorStatus;
    ULONG Serr;

    if (Channel->State != AhciFailed) {
        return;             /* a reset came first */
    }
    Serr = AhciRead(Channel->Port->Serr);
    AhciWrite(Channel->Port->Serr, Serr);
    AtaPortDebugPrint(2, "ahci: channel %u: PxIS %08x PxSERR %08x\n", Channel->Number, Status,
                      Serr);

    if (Status & (PXIS_LINK | PXIS_FATAL)) {
        Channel->NeedReset = TRUE;
    }
    if (Status & PXIS_PCS) {
        Channel->Connected = TRUE;
    }

    switch (Channel->Recovery) {
    case AhciRecoverSense:
        AhciFinishSense(Channel, FALSE);
        Channel->Recovery = AhciRecoverNone;
        break;
    case AhciRecoverQueued:
        Channel->Device.ErrorLog = FALSE;
        Channel->Recovery = AhciRecoverOneByOne;
        Channel->NeedReset = TRUE;
        break;
    default:
        break;
    }

    Channel->DroppedMask |= Channel->QueuedMask;
    Channel->QueuedMask = 0;
    if (Status & PXIS_LINK) {
        Channel->Recovery = AhciRecoverGiveBack;
    } else if (Channel->PlainMask) {
        Channel->Recovery = AhciRecoverPlain;
    } else if (Channel->DroppedMask && Channel->Recovery == AhciRecoverNone) {
        if (Channel->Device.ErrorLog && !Channel->NeedReset) {
            Channel->Recovery = AhciRecoverQueued;
        } else {
            Channel->Recovery = AhciRecoverOneByOne;
            Channel->NeedReset = TRUE;
        }
    }
    AhciRestart(Channel);
}

/* From the walk: the engine has stopped, or never will */
VOID AhciEngineStopped(PAHCI_CHANNEL Channel)
{
    if (Channel->Recovery == AhciRecoverPlain) {
        Channel->Recovery = AhciRecoverNone;
        AhciFailPlain(Channel);
    } else if (Channel->Recovery == AhciRecoverQueued && Channel->NeedReset) {
        Channel->Recovery = AhciRecoverOneByOne;
    }
}

/* From the walk: the device has been reset, and works on no command any more */
VOID AhciResetSent(PAHCI_CHANNEL Channel)
{
    if (Channel->FailedIrb != NULL) {
        /* What it had to say about this one is lost. */
        AhciFinishSense(Channel, FALSE);
    }
    if (Channel->Recovery == AhciRecoverGiveBack) {
        AhciCompleteIssued(Channel, IRB_STATUS_BUS_RESET);
    } else {
        AhciRepeatDropped(Channel, TRUE);
    }
    if (Channel->ResetIrb != NULL) {
        AhciCompleteList(Channel, &Channel->Pending, IRB_STATUS_BUS_RESET);
    }
    Channel->Recovery = AhciRecoverNone;
}

/* Tell the port driver if a device came or went, which it did not ask for */
static VOID AhciReportPresence(PAHCI_CHANNEL Channel, BOOLEAN Present)
{
    BOOLEAN Changed = Channel->Settled && (Channel->Present != Present ||
                                           (Present && Channel->Connected));

    Channel->Present = Present;
    Channel->Settled = TRUE;
    Channel->Connected = FALSE;
    if (Changed) {
        AtaPortBusChangeDetected(Channel);
    }
}

static VOID AhciRun(PAHCI_CHANNEL Channel)
{
    Channel->Recovery = AhciRecoverNone;
    AhciEnter(Channel, AhciRunning);
    AhciApplyLinkPower(Channel);
    AhciCompleteResetIrb(Channel, IRB_STATUS_SUCCESS);
    AhciReportPresence(Channel, TRUE);
    AhciStartPending(Channel);
}

/* Our own command has slot and port for itself; the timer ends it otherwise */
static VOID AhciIssueOwn(PAHCI_CHANNEL Channel)
{
    Channel->Uncached->ReceivedFis.Register.FisType = 0;
    AhciEnter(Channel, AhciOwnCommand);
    AtaPortRequestTimer(Channel, AhciHwTimer, AHCI_OWN_COMMAND_TIME);
    AhciWrite(Channel->Port->Ie, Channel->InterruptEnable);
    AhciWrite(Channel->Port->Ci, 1U << OWN_SLOT);
}

/* READ LOG EXT of the NCQ command error log, 6.2.2.2 */
static VOID AhciIssueReadLog(PAHCI_CHANNEL Channel)
{
    PAHCI_UNCACHED Uncached = Channel->Uncached;
    PAHCI_COMMAND_HEADER Header = &Uncached->CommandList[OWN_SLOT];
    PREGISTER_FIS Fis = &Uncached->LogTable.Cfis;
    PAHCI_PRD Prd = &Uncached->LogTable.Prd[0];
    ULONGLONG Table = Channel->UncachedAddress.QuadPart + FIELD_OFFSET(AHCI_UNCACHED, LogTable);
    ULONGLONG Log = Channel->UncachedAddress.QuadPart + FIELD_OFFSET(AHCI_UNCACHED, Log);

    RtlZeroMemory(Fis, sizeof(*Fis));
    Fis->FisType = FIS_HOST_TO_DEVICE;
    Fis->CmdReg = 1;
    Fis->Command = IDE_COMMAND_READ_LOG_EXT;
    Fis->SectorNumber = IDE_GP_LOG_NCQ_COMMAND_ERROR_ADDRESS;
    Fis->SectorCount = 1;
    Fis->DeviceHead = IDE_LBA_MODE;

    Prd->Dba = (ULONG)Log;
    Prd->Dbau = (ULONG)(Log >> 32);
    Prd->Reserved = 0;
    Prd->Dbc = AHCI_LOG_SIZE - 1;

    Header->Flags = HEADER_FIS_LENGTH;
    Header->Prdtl = 1;
    Header->Prdbc = 0;
    Header->Ctba = (ULONG)Table;
    Header->Ctbau = (ULONG)(Table >> 32);
    AhciIssueOwn(Channel);
}

/* REQUEST SENSE for FailedIrb; FALSE if it is not to be had */
static BOOLEAN AhciIssueSense(PAHCI_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Sense = AtaPortBuildRequestSenseIrb(Channel, Channel->FailedIrb);

    Channel->SenseIrb = Sense;
    if (Sense == NULL || !AhciBuildCommand(Channel, Sense) ||
        !AhciFillSlot(Channel, OWN_SLOT, Sense)) {
        AhciFinishSense(Channel, FALSE);
        return FALSE;
    }
    AhciIssueOwn(Channel);
    return TRUE;
}

/* From the walk: the engine runs */
VOID AhciEngineStarted(PAHCI_CHANNEL Channel)
{
    switch (Channel->Recovery) {
    case AhciRecoverQueued:
        AhciIssueReadLog(Channel);
        return;
    case AhciRecoverSense:
        if (AhciIssueSense(Channel)) {
            return;
        }
        break;
    default:
        break;
    }
    AhciRun(Channel);
}

/* The error log was read: one command failed, the others are to be repeated */
static BOOLEAN AhciUseLog(PAHCI_CHANNEL Channel)
{
    PUCHAR Log = Channel->Uncached->Log;
    ULONG Bit = 1U << NCQ_LOG_TAG(Log);
    PIDE_REQUEST_BLOCK Irb;
    REGISTER_FIS Fis;

    if (NCQ_LOG_NOT_QUEUED(Log) || !(Channel->DroppedMask & Bit) ||
        Channel->Uncached->CommandList[OWN_SLOT].Prdbc != AHCI_LOG_SIZE) {
        return FALSE;
    }
    Irb = Channel->Slot[NCQ_LOG_TAG(Log)];
    Channel->DroppedMask &= ~Bit;

    RtlCopyMemory(&Fis, Log, sizeof(Fis));
    Fis.FisType = FIS_DEVICE_TO_HOST;
    Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    AhciSaveResult(Irb, &Fis);
    AtaPortCompleteRequest(Channel, Irb);
    AhciRepeatDropped(Channel, FALSE);
    return TRUE;
}

/* Interrupt in state AhciOwnCommand, without an error */
VOID AhciOwnCommandDone(PAHCI_CHANNEL Channel)
{
    if (AhciRead(Channel->Port->Ci) & (1U << OWN_SLOT)) {
        return;
    }
    if (Channel->Uncached->ReceivedFis.Register.FisType == FIS_DEVICE_TO_HOST &&
        (Channel->Uncached->ReceivedFis.Register.Command & IDE_STATUS_ERROR)) {
        return;             /* that interrupt is still to come */
    }
    AtaPortRequestTimer(Channel, AhciHwTimer, 0);
    if (Channel->Recovery == AhciRecoverSense) {
        AhciFinishSense(Channel, TRUE);
    } else if (!AhciUseLog(Channel)) {
        AhciOwnCommandFailed(Channel);
        return;
    }
    AhciRun(Channel);
}

/* No answer in time, or one that makes no sense: reset */
VOID AhciOwnCommandFailed(PAHCI_CHANNEL Channel)
{
    Channel->ErrorStatus = 0;
    Channel->NeedReset = TRUE;
    AhciWrite(Channel->Port->Ie, 0);
    Channel->State = AhciFailed;
    AhciRecover(Channel);
}

/* From the walk: there is no device */
VOID AhciDeviceAbsent(PAHCI_CHANNEL Channel)
{
    Channel->Recovery = AhciRecoverNone;
    AhciCompleteIssued(Channel, IRB_STATUS_SELECTION_TIMEOUT);
    AhciCompleteList(Channel, &Channel->Pending, IRB_STATUS_SELECTION_TIMEOUT);
    AhciCompleteResetIrb(Channel, IRB_STATUS_SUCCESS);
    AhciReportPresence(Channel, FALSE);
}

/*
 * LUN reset: the others end with BUS_RESET as soon as a COMRESET makes sure that
 * the device has let go of them, and it ends when the port is back.
 */
VOID AhciResetLun(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    AhciCompleteResetIrb(Channel, IRB_STATUS_BUS_RESET);
    Channel->ResetIrb = Irb;
    if (Channel->State == AhciStopped) {
        AhciCompleteIssued(Channel, IRB_STATUS_BUS_RESET);
        AhciCompleteList(Channel, &Channel->Pending, IRB_STATUS_BUS_RESET);
        AhciCompleteResetIrb(Channel, IRB_STATUS_SUCCESS);
        return;
    }
    Channel->NeedReset = TRUE;
    Channel->Resets = 0;
    Channel->Recovery = AhciRecoverGiveBack;
    AhciRestart(Channel);
}

/*
 * At DIRQL: everything goes back at once.  A walk that is under way is left
 * alone, since a slow device would never get ready otherwise.
 */
static VOID AhciResetChannel(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    BOOLEAN Walking = Channel->State > AhciStopped && Channel->State < AhciFailed;

    if (Channel->State != AhciStopped && !Walking) {
        AhciWrite(Channel->Port->Ie, 0);
        AhciStopEngineNow(Channel, AHCI_SHORT_STALL);
    }
    AhciCompleteIssued(Channel, IRB_STATUS_BUS_RESET);
    AhciCompleteList(Channel, &Channel->Incoming, IRB_STATUS_BUS_RESET);
    AhciCompleteList(Channel, &Channel->Pending, IRB_STATUS_BUS_RESET);
    AhciCompleteResetIrb(Channel, IRB_STATUS_BUS_RESET);
    if (Channel->State == AhciStopped) {
        return;
    }
    Channel->NeedReset = TRUE;
    Channel->Recovery = AhciRecoverNone;
    if (!Walking) {
        Channel->Resets = 0;
        AhciRestart(Channel);
    }
}

BOOLEAN AhciHwReset(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    if (Channel->SyncWithIsr) {
        AhciResetChannel(Channel);
        return TRUE;
    }
    return AtaPortRequestSynchronizedRoutine(Channel, AhciResetChannel);
}
