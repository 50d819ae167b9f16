// SPDX-License-Identifier: GPL-2.0-only
/*
 * The port: from whatever it was to ready, step by step.
 *
 * Nothing here waits. AhciPortStep looks whether what the present state waits
 * for has come, and asks for a timer to look again. It runs where the state
 * may be touched: at the level of the interrupt.
 */
#include "ahci.h"

#define AHCI_ENGINE_LIMIT       500000          /* 10.1.2: CR and FR clear in 500 ms */
#define AHCI_COMRESET_TIME      1000            /* 10.4.2: DET is 1 for a millisecond */
#define AHCI_DETECT_LIMIT       100000          /* nobody answers */
#define AHCI_LINK_LIMIT         2000000         /* somebody is there but does not speak */
#define AHCI_DEVICE_LIMIT       20000000        /* spin-up */
#define AHCI_POLL               1000
#define AHCI_SLOW_POLL          10000

static VOID AhciPortStep(PVOID ChannelExtension);

/* Run a routine with the interrupt kept away, or at once where it already is. */
BOOLEAN
AhciSynchronized(PAHCI_CHANNEL Channel, IDE_HW_DPC Routine)
{
    return AtaPortRequestSynchronizedRoutine(Channel, Routine);
}

static VOID
AhciPortTimer(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    if (Channel->Sync)
        AhciPortStep(Channel);
    else
        AhciSynchronized(Channel, AhciPortStep);
}

VOID
AhciPortHaveTimer(PAHCI_CHANNEL Channel, ULONG Microseconds)
{
    Channel->Waited += Microseconds;
    AtaPortRequestTimer(Channel, AhciPortTimer, Microseconds);
}

static VOID
AhciPortEnter(PAHCI_CHANNEL Channel, AHCI_PORT_STATE State, ULONG Microseconds)
{
    Channel->State = State;
    Channel->Waited = 0;
    AhciPortHaveTimer(Channel, Microseconds);
}

/* Begin to stop the command list; Next says who goes on when it has stopped. */
VOID
AhciPortStopEngine(PAHCI_CHANNEL Channel, AHCI_PORT_STATE Next)
{
    ULONG Cmd = Channel->Cmd;

    /* Where FISes are not received, AhciPortProgram first says where to. */
    if (!(AhciRead(Channel->Port, PORT_CMD) & CMD_FRE))
        Cmd &= ~CMD_FRE;
    AhciWrite(Channel->Port, PORT_IE, 0);
    AhciWrite(Channel->Port, PORT_CMD, Cmd);
    AhciPortEnter(Channel, Next, 10);
}

/*
 * Reset the link and all that hangs on it. What is issued comes back as
 * BUS_RESET; what waits, and what comes until the port is ready, goes on to wait.
 */
VOID
AhciPortRestart(PAHCI_CHANNEL Channel)
{
    AhciDropRecovery(Channel);
    AhciPortStopEngine(Channel, PortStopping);
    AhciCompleteIssued(Channel, IRB_STATUS_BUS_RESET);
}

/*
 * 10.1.2: where the command list and received FIS are. Written only when they
 * are not there yet: at the start, after sleep, and when somebody else has
 * reset the HBA, which also loses what AhciSetHba sets. No FIS may be received
 * before: it would go to where it went for whoever had the port last.
 */
static VOID
AhciPortProgram(PAHCI_CHANNEL Channel)
{
    ULONGLONG List = Channel->SharedAddress + FIELD_OFFSET(AHCI_SHARED, List);
    ULONGLONG Fis = Channel->SharedAddress + FIELD_OFFSET(AHCI_SHARED, ReceivedFis);
    PUCHAR Port = Channel->Port;

    AhciSetHba(Channel->Controller);
    if (AhciRead(Port, PORT_CLB) == (ULONG)List && AhciRead(Port, PORT_FB) == (ULONG)Fis &&
        AhciRead(Port, PORT_CLBU) == (ULONG)(List >> 32) &&
        AhciRead(Port, PORT_FBU) == (ULONG)(Fis >> 32) &&
        (AhciRead(Port, PORT_CMD) & CMD_FRE))
        return;
    AhciWrite(Port, PORT_CMD, Channel->Cmd & ~CMD_FRE);
    AhciWrite(Port, PORT_CLB, (ULONG)List);
    AhciWrite(Port, PORT_CLBU, (ULONG)(List >> 32));
    AhciWrite(Port, PORT_FB, (ULONG)Fis);
    AhciWrite(Port, PORT_FBU, (ULONG)(Fis >> 32));
    AhciWrite(Port, PORT_CMD, Channel->Cmd);
}

static VOID
AhciPortComreset(PAHCI_CHANNEL Channel)
{
    AhciPortProgram(Channel);
    AhciWrite(Channel->Port, PORT_SCTL, SCTL_IPM_NONE | SCTL_DET_COMRESET);
    AhciPortEnter(Channel, PortComreset, AHCI_COMRESET_TIME);
}

/* The port is as ready as it will be: say who is there, and let commands go. */
static VOID
AhciPortDone(PAHCI_CHANNEL Channel, BOOLEAN Present)
{
    PIDE_REQUEST_BLOCK Reset = Channel->ResetIrb;

    if (Channel->Announce && Present != Channel->Present)
        AtaPortBusChangeDetected(Channel);
    Channel->Announce = TRUE;
    Channel->Present = Present;
    Channel->ResetIrb = NULL;
    if (Present) {
        AhciPortRun(Channel);
    } else {
        Channel->State = PortEmpty;
        AhciWrite(Channel->Port, PORT_SERR, 0xffffffff);
        AhciWrite(Channel->Port, PORT_IS, 0xffffffff);
        AhciWrite(Channel->Port, PORT_IE, IS_CHANGE);
        AhciCompleteWaiting(Channel, IRB_STATUS_SELECTION_TIMEOUT);
    }
    if (Reset != NULL)
        AhciComplete(Channel, Reset, IRB_STATUS_SUCCESS);
}

/* 10.3.1: start the command list, and what has waited for it. */
VOID
AhciPortRun(PAHCI_CHANNEL Channel)
{
    AhciWrite(Channel->Port, PORT_SERR, 0xffffffff);
    AhciWrite(Channel->Port, PORT_IS, 0xffffffff);
    AhciWrite(Channel->Port, PORT_CMD, Channel->Cmd | CMD_ST);
    Channel->State = PortReady;
    AhciApplyLinkPower(Channel);
    AhciStartWaiting(Channel);
}

static VOID
AhciPortStep(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    ULONG Value;

    switch (Channel->State) {
    case PortStopping:
    case PortRecovering:
        if ((AhciRead(Channel->Port, PORT_CMD) & CMD_CR) &&
            Channel->Waited < AHCI_ENGINE_LIMIT) {
            AhciPortHaveTimer(Channel, AHCI_POLL);
            break;
        }
        /* An engine that does not stop is stopped by the COMRESET. */
        if (Channel->State == PortRecovering && Channel->Waited < AHCI_ENGINE_LIMIT)
            AhciRecoverStopped(Channel);
        else if (Channel->State == PortRecovering)
            AhciPortRestart(Channel);
        else
            AhciPortComreset(Channel);
        break;

    case PortComreset:
        AhciWrite(Channel->Port, PORT_SCTL, SCTL_IPM_NONE);
        AhciPortEnter(Channel, PortLink, AHCI_POLL);
        break;

    case PortLink:
        Value = SSTS_DET(AhciRead(Channel->Port, PORT_SSTS));
        if (Value == DET_READY) {
            /* 10.1.2: errors of the link coming up would stop the FIS. */
            AhciWrite(Channel->Port, PORT_SERR, 0xffffffff);
            AhciPortEnter(Channel, PortDevice, 10);
        } else if (Channel->Waited < (Value == DET_ABSENT ?
                                      AHCI_DETECT_LIMIT : AHCI_LINK_LIMIT)) {
            AhciPortHaveTimer(Channel, AHCI_POLL);
        } else {
            AhciPortDone(Channel, FALSE);
        }
        break;

    case PortDevice:
        Value = AhciRead(Channel->Port, PORT_TFD);
        if (!(Value & TFD_BUSY))
            AhciPortDone(Channel, TRUE);
        else if (SSTS_DET(AhciRead(Channel->Port, PORT_SSTS)) != DET_READY)
            AhciPortEnter(Channel, PortLink, AHCI_POLL);
        else if (Channel->Waited < AHCI_DEVICE_LIMIT)
            AhciPortHaveTimer(Channel, Channel->Waited < AHCI_DETECT_LIMIT ?
                                       AHCI_POLL : AHCI_SLOW_POLL);
        else
            AhciPortDone(Channel, FALSE);
        break;

    default:
        break;
    }
}

static VOID
AhciReset(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    /* AhciHwReset completes all there is, by the port driver's own list. */
    Channel->WaitFirst = NULL;
    Channel->WaitLast = NULL;
    Channel->ResetIrb = NULL;
    Channel->SenseFor = NULL;
    Channel->LogFor = 0;
    Channel->Busy = 0;
    Channel->Queued = 0;
    AhciPortRestart(Channel);
}

BOOLEAN
AhciHwReset(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    /*
     * The slots are free only when the engine has stopped, and no command is
     * started before.
     */
    if (Channel->Sync)
        AhciReset(Channel);
    else
        AhciSynchronized(Channel, AhciReset);
    AtaPortCompleteAllActiveRequests(Channel, IDE_UNTAGGED, 0, IRB_STATUS_BUS_RESET);
    return TRUE;
}

static BOOLEAN
AhciSyncWithIsr(PAHCI_CHANNEL Channel)
{
    PULONG Buffer = AtaPortRegistryAllocateBuffer(Channel, sizeof(*Buffer));
    ULONG Length = sizeof(*Buffer);
    BOOLEAN Sync = TRUE;

    if (Buffer == NULL)
        return TRUE;
    if (AtaPortRegistryControllerKeyRead(Channel, 0, "SyncWithIsr", IDE_REG_DWORD,
                                         (PUCHAR)Buffer, &Length))
        Sync = *Buffer != 0;
    AtaPortRegistryFreeBuffer(Channel, Buffer);
    return Sync;
}

VOID
AhciPortBegin(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    Channel->Cmd = CMD_ICC_ACTIVE | CMD_SUD | CMD_POD | CMD_FRE |
                   (Channel->Cmd & CMD_ATAPI);
    AhciPortRestart(Channel);
}

/* IdeStart only begins; commands that come before the port is ready wait. */
BOOLEAN
AhciPortStart(PAHCI_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration)
{
    PAHCI_CONTROLLER Controller = Channel->Controller;
    ULONG Length;

    Channel->Slots = 1;
    if (Controller->Cap & CAP_SNCQ)
        Channel->Slots = (UCHAR)((Controller->Cap >> CAP_NCS_SHIFT & 0x1f) + 1);
    Channel->Sync = AhciSyncWithIsr(Channel);
    Configuration->NumberOfOverlappedRequests = Channel->Slots;
    Configuration->MaxTargetId = 0;
    Configuration->SyncWithIsr = Channel->Sync;
    AhciListPowerSettings(Channel, Configuration);

    Channel->Shared = AtaPortGetUnCachedExtension(Channel, sizeof(AHCI_SHARED),
                                                  sizeof(AHCI_COMMAND_TABLE));
    if (Channel->Shared == NULL)
        return FALSE;
    Channel->SharedAddress = AtaPortGetPhysicalAddress(Channel, NULL, Channel->Shared,
                                                       &Length).QuadPart;
    if (Length < sizeof(AHCI_SHARED))
        return FALSE;
    return AhciSynchronized(Channel, AhciPortBegin);
}

/* From here on nothing goes on by itself: neither by an interrupt nor by a timer. */
static VOID
AhciPortQuiet(PVOID ChannelExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    Channel->State = PortStopped;
    /* Nothing of a controller that was pulled out has to be stopped. */
    if (AhciIsGone(Channel->Controller))
        return;
    AhciWrite(Channel->Port, PORT_IE, 0);
    AhciWrite(Channel->Port, PORT_CMD, Channel->Cmd);
}

/* IdePowerDown: nothing is outstanding, but the interrupt may come. */
BOOLEAN
AhciPortSleep(PAHCI_CHANNEL Channel)
{
    return AhciSynchronized(Channel, AhciPortQuiet) && AhciPortStop(Channel);
}

/* IdeStop, after the last interrupt and callback: nothing is outstanding. */
BOOLEAN
AhciPortStop(PAHCI_CHANNEL Channel)
{
    ULONG Waited;

    AhciPortQuiet(Channel);
    if (AhciIsGone(Channel->Controller))
        return TRUE;
    for (Waited = 0; AhciRead(Channel->Port, PORT_CMD) & CMD_CR; Waited += AHCI_POLL) {
        if (Waited >= AHCI_ENGINE_LIMIT)
            return FALSE;
        AtaPortStallExecution(AHCI_POLL);
    }
    AhciWrite(Channel->Port, PORT_CMD, Channel->Cmd & ~CMD_FRE);
    for (Waited = 0; AhciRead(Channel->Port, PORT_CMD) & CMD_FR; Waited += AHCI_POLL) {
        if (Waited >= AHCI_ENGINE_LIMIT)
            return FALSE;
        AtaPortStallExecution(AHCI_POLL);
    }
    AhciWrite(Channel->Port, PORT_IS, 0xffffffff);
    return TRUE;
}
