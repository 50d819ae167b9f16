// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recovery from errors that the hardware reports (section 6.2.2).
 *
 * The interrupt routine notes the error and asks for AhciRecover, which stops
 * the command list. When that has stopped, AhciRecoverStopped finds out which
 * command failed and lets the others go on; the port driver need not reset
 * anything for an error of a device.
 */
#include "ahci.h"

#define LOG_NOT_QUEUED          0x80
#define LOG_TAG                 0x1f

/* Forget a recovery: a reset takes its place. */
VOID
AhciDropRecovery(PAHCI_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->SenseFor;

    Channel->ErrorStatus = 0;
    if (Channel->ReadingLog) {
        Channel->ReadingLog = FALSE;
        Channel->Busy = Channel->LogFor;
        Channel->LogFor = 0;
    }
    if (Channel->SenseIrb != NULL) {
        /* It is the port driver's own and must not be completed. */
        if (Channel->WaitFirst == Channel->SenseIrb)
            Channel->WaitFirst = Channel->SenseIrb->NextIrb;
        else
            Channel->Busy = 0;
        AtaPortReleaseRequestSenseIrb(Channel, Channel->SenseIrb);
        Channel->SenseIrb = NULL;
    }
    Channel->SenseFor = NULL;
    if (Irb != NULL)
        AhciComplete(Channel, Irb, IRB_STATUS_BUS_RESET);
}

/* A synchronized routine: the interrupt has seen an error. */
VOID
AhciRecover(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    if (Channel->State != PortReady || Channel->ErrorStatus == 0)
        return;
    if (Channel->ErrorStatus & IS_FATAL) {
        AhciPortRestart(Channel);
        return;
    }
    AhciPortStopEngine(Channel, PortRecovering);
}

static VOID
AhciFail(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, PREGISTER_FIS Fis)
{
    Irb->IrbStatus = IRB_STATUS_DEVICE_ERROR;
    AhciReturnTaskFile(Irb, Fis);
    AtaPortCompleteRequest(Channel, Irb);
}

/*
 * Send the issued commands again, one by one and not queued: each fails or
 * succeeds for itself.
 */
static VOID
AhciRetryPlain(PAHCI_CHANNEL Channel, ULONG Slots)
{
    ULONG Slot;

    for (; Slots != 0; Slots &= ~(1U << Slot)) {
        _BitScanReverse(&Slot, Slots);
        Channel->Slot[Slot]->QueueTag = AHCI_TAG_PLAIN;
        AhciBuildFis(Channel, Channel->Slot[Slot]);
        AhciWaitFirst(Channel, Channel->Slot[Slot]);
    }
}

/* Ask the device which queued command failed: READ LOG EXT, page 10h. */
static VOID
AhciReadLog(PAHCI_CHANNEL Channel)
{
    PAHCI_COMMAND_TABLE Table = &Channel->Shared->LogTable;
    ULONGLONG Log = Channel->SharedAddress + FIELD_OFFSET(AHCI_SHARED, Log);

    RtlZeroMemory(Table, FIELD_OFFSET(AHCI_COMMAND_TABLE, Prd));
    Table->Fis.FisType = FIS_TYPE_H2D;
    Table->Fis.CmdReg = 1;
    Table->Fis.Command = IDE_COMMAND_READ_LOG_EXT;
    Table->Fis.SectorNumber = IDE_GP_LOG_NCQ_COMMAND_ERROR_ADDRESS;
    Table->Fis.SectorCount = 1;
    Table->Fis.DeviceHead = IDE_LBA_MODE;
    Table->Prd[0].Address = Log;
    Table->Prd[0].ByteCount = sizeof(Channel->Shared->Log) - 1;

    /* What was queued has left the device; its IRBs stay in their slots. */
    Channel->ReadingLog = TRUE;
    Channel->LogFor = Channel->Busy;
    Channel->Busy = 0;
    Channel->Queued = 0;
    AhciIssueSlot(Channel, 0, Channel->SharedAddress + FIELD_OFFSET(AHCI_SHARED, LogTable),
                  1 << HEADER_PRDTL_SHIFT, FALSE);
}

/* The log has come, or not: fail the command it names, send the others again. */
VOID
AhciLogRead(PAHCI_CHANNEL Channel, BOOLEAN Good)
{
    PUCHAR Log = Channel->Shared->Log;
    ULONG Slots = Channel->LogFor, Failed = 0;
    REGISTER_FIS Fis;

    Channel->ReadingLog = FALSE;
    Channel->LogFor = 0;
    if (Good && !(Log[0] & LOG_NOT_QUEUED))
        Failed = Slots & (1U << (Log[0] & LOG_TAG));
    AtaPortDebugPrint(1, "ahci: port %d: error of queued commands %x, %s names %x\n",
                      Channel->Number, Slots, Good ? "the log" : "no log", Failed);
    AhciRetryPlain(Channel, Slots & ~Failed);
    if (Failed != 0) {
        /* The rest of the page is laid out as the register FIS. */
        RtlCopyMemory(&Fis, Log, sizeof(Fis));
        Fis.FisType = FIS_TYPE_D2H;
        AhciFail(Channel, Channel->Slot[Log[0] & LOG_TAG], &Fis);
    }
}

/* Issue a REQUEST SENSE for a packet command, or fail it without. */
static VOID
AhciReadSense(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb)
{
    PIDE_REQUEST_BLOCK Sense = AtaPortBuildRequestSenseIrb(Channel, Irb);

    if (Sense == NULL) {
        AhciComplete(Channel, Irb, IRB_STATUS_DEVICE_ERROR);
        return;
    }
    Channel->SenseFor = Irb;
    Channel->SenseIrb = Sense;
    AhciBuildFis(Channel, Sense);
    AhciWaitFirst(Channel, Sense);
}

VOID
AhciSenseRead(PAHCI_CHANNEL Channel, BOOLEAN Good)
{
    PIDE_REQUEST_BLOCK Irb = Channel->SenseFor;

    AtaPortReleaseRequestSenseIrb(Channel, Channel->SenseIrb);
    Channel->SenseIrb = NULL;
    Channel->SenseFor = NULL;
    AhciComplete(Channel, Irb, Good ?
                 IRB_STATUS_DEVICE_ERROR | IRB_STATUS_AUTOSENSE_VALID :
                 IRB_STATUS_DEVICE_ERROR);
}

/* A command that was not queued has failed. */
static VOID
AhciFailPlain(PAHCI_CHANNEL Channel, ULONG Slot)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Slot[Slot];
    REGISTER_FIS Fis;

    Channel->Busy = 0;
    if (Channel->ReadingLog) {
        AhciLogRead(Channel, FALSE);
    } else if (Irb == Channel->SenseIrb) {
        AhciSenseRead(Channel, FALSE);
    } else {
        RtlCopyMemory(&Fis, Channel->Shared->ReceivedFis + RFIS_D2H, sizeof(Fis));
        if (IsAtapiCommand(Irb)) {
            Irb->AtaStatus = Fis.Command;
            Irb->AtaError = Fis.Features;
            AhciReadSense(Channel, Irb);
        } else {
            AhciFail(Channel, Irb, &Fis);
        }
    }
}

/* The command list has stopped after an error of the device. */
VOID
AhciRecoverStopped(PAHCI_CHANNEL Channel)
{
    ULONG Slot;

    Channel->ErrorStatus = 0;
    if (AhciRead(Channel->Port, PORT_TFD) & TFD_BUSY) {
        /* 6.2.2.1: the device is stuck in the middle of a command. */
        AhciPortRestart(Channel);
        return;
    }
    if (Channel->Queued != 0) {
        AhciWrite(Channel->Port, PORT_SERR, 0xffffffff);
        AhciWrite(Channel->Port, PORT_IS, 0xffffffff);
        AhciWrite(Channel->Port, PORT_CMD, Channel->Cmd | CMD_ST);
        Channel->State = PortReady;
        AhciReadLog(Channel);
        AhciApplyLinkPower(Channel);
        return;
    }
    if (Channel->Busy != 0) {
        _BitScanForward(&Slot, Channel->Busy);
        AhciFailPlain(Channel, Slot);
    }
    AhciPortRun(Channel);
}
