// SPDX-License-Identifier: GPL-2.0-only
/*
 * The channel: a software reset, and who is there after it.
 *
 * Nothing here waits. IdeResetStep looks whether what the present state waits
 * for has come, and asks for a timer to look again; commands that come
 * meanwhile wait. All of it runs at the level of the interrupt.
 */
#include "ide.h"

#define RESET_TIME              10              /* microseconds; 5 are enough */
#define SETTLE_TIME             2000            /* before the status may be read */
#define PROBE_POLL              2000
#define PROBE_LIMIT             31000000        /* for a device to come out of reset */

static VOID IdeResetStep(PVOID ChannelExtension);

static VOID
IdeResetEnter(PIDE_CHANNEL Channel, IDE_STATE State, ULONG Microseconds)
{
    Channel->State = State;
    Channel->Waited = 0;
    AtaPortRequestTimer(Channel, IdeResetStep, Microseconds);
}

static VOID
IdeSelect(PIDE_CHANNEL Channel, UCHAR Target)
{
    IdeWrite(Channel, REG_DRIVE_HEAD, DRIVE_OBSOLETE | DRIVE_TARGET(Target));
    IdeStatus(Channel);
}

/* Are there registers that keep what is written to them? */
static BOOLEAN
IdeAnswers(PIDE_CHANNEL Channel, UCHAR Target)
{
    IdeSelect(Channel, Target);
    IdeWrite(Channel, REG_SECTOR_COUNT, 0x55);
    IdeWrite(Channel, REG_SECTOR_NUMBER, 0xaa);
    IdeWrite(Channel, REG_SECTOR_COUNT, 0xaa);
    IdeWrite(Channel, REG_SECTOR_NUMBER, 0x55);
    return IdeRead(Channel, REG_SECTOR_COUNT) == 0xaa &&
           IdeRead(Channel, REG_SECTOR_NUMBER) == 0x55;
}

/* Reset both devices; whatever was at one of them must have been completed. */
VOID
IdeResetBegin(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;
    UCHAR Target;

    if (Channel->BusMaster != NULL)
        IdeDmaStop(Channel);
    Channel->Polling = FALSE;
    Channel->Present = 0;
    Channel->Probing = 0;
    /* A device that hangs does not answer now, but is reset all the same. */
    for (Target = 0; Target < IDE_TARGETS; Target++)
        if (IdeAnswers(Channel, Target))
            Channel->Candidates |= 1 << Target;
    IdeSelect(Channel, 0);
    AtaPortWritePortUchar(Channel->Control, CONTROL_OBSOLETE | CONTROL_RESET);
    IdeResetEnter(Channel, StateReset, RESET_TIME);
}

/* Reset in the middle of things: the command at the device comes back as BUS_RESET. */
VOID
IdeRestart(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;

    Channel->Irb = NULL;
    if (Irb != NULL && IsRequestSenseIrb(Irb))
        AtaPortReleaseRequestSenseIrb(Channel, Irb);
    else if (Irb != NULL)
        IdeComplete(Channel, Irb, IRB_STATUS_BUS_RESET);
    IdeDropSense(Channel);
    IdeResetBegin(Channel);
}

/* The signature in the registers: section 9.12 of volume 1. */
static BOOLEAN
IdeSignature(PIDE_CHANNEL Channel, UCHAR Status)
{
    ULONG Signature = IdeRead(Channel, REG_CYLINDER_LOW) |
                      IdeRead(Channel, REG_CYLINDER_HIGH) << 8;

    switch (Signature) {
    case 0xeb14:
    case 0x9669:
        return TRUE;
    case 0x0000:
    case 0xc33c:
        /* A packet device may have no bit set; a disk is ready, or none. */
        return Status != 0;
    default:
        return FALSE;
    }
}

static VOID
IdeResetDone(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Reset = Channel->ResetIrb;

    Channel->State = StateIdle;
    Channel->ResetIrb = NULL;
    if (Reset != NULL)
        IdeComplete(Channel, Reset, IRB_STATUS_SUCCESS);
    IdeStartWaiting(Channel);
}

/* Look at one target after the other. */
static VOID
IdeProbe(PIDE_CHANNEL Channel)
{
    UCHAR Status;

    for (; Channel->Probing < IDE_TARGETS; Channel->Probing++) {
        if (!(Channel->Candidates & (1 << Channel->Probing)))
            continue;
        IdeSelect(Channel, Channel->Probing);
        Status = IdeStatus(Channel);
        /* Nobody drives the bus: all ones, or bit 7 pulled down. */
        if (Status == 0xff || Status == 0x7f)
            continue;
        if (Status & IDE_STATUS_BUSY) {
            if (Channel->Waited < PROBE_LIMIT) {
                Channel->Waited += PROBE_POLL;
                AtaPortRequestTimer(Channel, IdeResetStep, PROBE_POLL);
                return;
            }
            AtaPortDebugPrint(0, "ide: channel %d target %d does not come out of reset\n",
                              Channel->Number, Channel->Probing);
            continue;
        }
        if (IdeSignature(Channel, Status))
            Channel->Present |= 1 << Channel->Probing;
    }
    IdeResetDone(Channel);
}

static VOID
IdeResetStep(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    switch (Channel->State) {
    case StateReset:
        AtaPortWritePortUchar(Channel->Control, CONTROL_OBSOLETE);
        IdeResetEnter(Channel, StateSettle, SETTLE_TIME);
        break;
    case StateSettle:
        Channel->State = StateProbe;
        IdeProbe(Channel);
        break;
    case StateProbe:
        IdeProbe(Channel);
        break;
    default:
        break;
    }
}

BOOLEAN
IdeHwReset(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    /* The next line completes all there is, by the port driver's own list. */
    Channel->WaitFirst = NULL;
    Channel->WaitLast = NULL;
    Channel->ResetIrb = NULL;
    if (Channel->Irb != NULL && IsRequestSenseIrb(Channel->Irb))
        AtaPortReleaseRequestSenseIrb(Channel, Channel->Irb);
    Channel->Irb = NULL;
    Channel->SenseFor = NULL;
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
    IdeResetBegin(Channel);
    return TRUE;
}

static BOOLEAN
IdeReadForcePio(PIDE_CHANNEL Channel)
{
    PULONG Buffer = AtaPortRegistryAllocateBuffer(Channel, sizeof(*Buffer));
    ULONG Length = sizeof(*Buffer);
    BOOLEAN Force = FALSE;

    if (Buffer == NULL)
        return FALSE;
    if (AtaPortRegistryControllerKeyRead(Channel, 0, "ForcePio", IDE_REG_DWORD,
                                         (PUCHAR)Buffer, &Length))
        Force = *Buffer != 0;
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    return Force;
}

/* IdeStart only begins; commands that come before the reset is over wait. */
BOOLEAN
IdeChannelStart(PIDE_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    Channel->ForcePio = IdeReadForcePio(Channel);
    Configuration->NumberOfOverlappedRequests = 1;
    Configuration->MaxTargetId = IDE_TARGETS - 1;
    Configuration->SyncWithIsr = TRUE;

    if (Channel->BusMaster != NULL) {
        Channel->Capable = AtaPortReadPortUchar(Channel->BusMaster + BM_STATUS);
        /* Both channels share one engine: it is the first one's. */
        if (Channel->Capable == 0xff ||
            ((Channel->Capable & BM_SIMPLEX) && Channel->Number != 0))
            Channel->BusMaster = NULL;
        Channel->Capable &= BM_CAPABLE;
    }
    if (Channel->BusMaster != NULL &&
        AtaPortGetUnCachedExtension(Channel, 1, 2 * IDE_TABLE_SIZE) == NULL)
        return FALSE;
    return AtaPortRequestSynchronizedRoutine(Channel, IdeResetBegin);
}

/* IdeStop, after the last interrupt and callback: nothing is outstanding. */
VOID
IdeChannelStop(PVOID ChannelExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    Channel->State = StateStopped;
    AtaPortWritePortUchar(Channel->Control, CONTROL_OBSOLETE | CONTROL_NO_INTERRUPT);
    if (Channel->BusMaster != NULL)
        IdeDmaStop(Channel);
}
