// SPDX-License-Identifier: GPL-2.0-only
/*
 * The controller interface: DriverEntry, the adapter and its channels.
 */
#include "ahci.h"

/* 10.4.3: an HBA reset takes at most a second. */
#define AHCI_RESET_STEP         500
#define AHCI_RESET_STEPS        2000

/*
 * What all channels need and only a reset of the HBA clears, be it ours or
 * somebody else's.
 */
VOID
AhciSetHba(PAHCI_CONTROLLER Controller)
{
    if ((AhciRead(Controller->Abar, HBA_GHC) & (GHC_AE | GHC_IE)) != (GHC_AE | GHC_IE))
        AhciWrite(Controller->Abar, HBA_GHC, GHC_AE | GHC_IE);
    /* Firmware has written which ports there are; a reset may clear that. */
    if (AhciRead(Controller->Abar, HBA_PI) == 0)
        AhciWrite(Controller->Abar, HBA_PI, Controller->Implemented);
}

/* Registers of a controller that is not there any more read as all ones. */
BOOLEAN
AhciIsGone(PAHCI_CONTROLLER Controller)
{
    return AhciRead(Controller->Abar, HBA_CAP) == 0xffffffff;
}

static BOOLEAN
AhciResetController(PAHCI_CONTROLLER Controller)
{
    ULONG i;

    if (AhciIsGone(Controller))
        return FALSE;
    AhciWrite(Controller->Abar, HBA_GHC, GHC_AE);
    AhciWrite(Controller->Abar, HBA_GHC, GHC_AE | GHC_HR);
    for (i = 0; AhciRead(Controller->Abar, HBA_GHC) & GHC_HR; i++) {
        if (i == AHCI_RESET_STEPS)
            return FALSE;
        AtaPortStallExecution(AHCI_RESET_STEP);
    }
    AhciWrite(Controller->Abar, HBA_GHC, GHC_AE);
    AhciWrite(Controller->Abar, HBA_IS, AhciRead(Controller->Abar, HBA_IS));
    AhciSetHba(Controller);
    return TRUE;
}

static BOOLEAN
AhciFindAbar(PAHCI_CONTROLLER Controller, PIDE_MINIPORT_RESOURCES Resources)
{
    ULONG i;

    for (i = 0; i < Resources->NumberOfAccessRanges; i++) {
        PIDE_ACCESS_RANGE Range = &Resources->IdeAccessRange[i];

        if (Range->Bar != AHCI_BAR || !Range->InMemory)
            continue;
        Controller->Abar = AtaPortGetDeviceBase(Controller, Range->RangeStart,
                                                Range->RangeLength);
        return Controller->Abar != NULL &&
               Range->RangeLength >= (ULONG)PORT_BASE(1);
    }
    return FALSE;
}

static BOOLEAN
AhciAdapterStart(PAHCI_CONTROLLER Controller,
                 PIDE_CONTROLLER_CONFIGURATION Configuration)
{
    if (!AhciFindAbar(Controller, Configuration->ControllerResources)) {
        AtaPortDebugPrint(0, "ahci: no registers in BAR %d\n", AHCI_BAR);
        return FALSE;
    }
    Controller->Cap = AhciRead(Controller->Abar, HBA_CAP);
    Controller->Implemented = AhciRead(Controller->Abar, HBA_PI);
    Controller->LastAsked = AHCI_MAX_PORTS;
    if (Controller->Implemented == 0)
        Controller->Implemented = (2U << (Controller->Cap & CAP_NP)) - 1;
    if (Controller->Cap == 0xffffffff || !AhciResetController(Controller)) {
        AtaPortDebugPrint(0, "ahci: the controller does not come out of reset\n");
        return FALSE;
    }

    Configuration->NumberOfChannels =
        (UCHAR)(GetHighestBitSet(Controller->Implemented) + 1);
    Configuration->NumberOfPhysicalBreaks = AHCI_MAX_PRD - 1;
    Configuration->MaximumTransferLength = 65535 * 512;
    Configuration->Dma64BitAddress = (Controller->Cap & CAP_S64A) != 0;
    Configuration->BusMaster = TRUE;
    Configuration->NativeModeEnabled = TRUE;
    Configuration->AtaBusType = IdeBusSata;
    return TRUE;
}

static BOOLEAN
AhciAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action,
                   PVOID Parameters)
{
    PAHCI_CONTROLLER Controller = ControllerExtension;

    switch (Action) {
    case IdeStart:
        return AhciAdapterStart(Controller, Parameters);
    case IdePowerUp:
        return AhciResetController(Controller);
    case IdeStop:
    case IdePowerDown:
        AhciWrite(Controller->Abar, HBA_GHC, GHC_AE);
        return TRUE;
    default:
        return FALSE;
    }
}

static IDE_CHANNEL_STATE
AhciChannelEnabled(PVOID ControllerExtension, ULONG ChannelNumber)
{
    PAHCI_CONTROLLER Controller = ControllerExtension;

    return Controller->Implemented & (1U << ChannelNumber) ?
           ChannelStateEnabled : ChannelStateDisabled;
}

static BOOLEAN
AhciHwInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
                 PIDENTIFY_DEVICE_DATA Identify)
{
    PAHCI_CHANNEL Channel = ChannelExtension;
    BOOLEAN Ncq = Parameters->IdeDeviceType == DeviceIsAta &&
                  Channel->Slots > 1 && Identify->SerialAtaCapabilities.NCQ;

    Channel->Ncq = Ncq;
    Channel->NcqPriority = Ncq && Identify->SerialAtaCapabilities.NcqPriority;
    if (Ncq)
        Parameters->NumberOfOverlappedRequests =
            (UCHAR)min((ULONG)Channel->Slots, (ULONG)Identify->QueueDepth + 1);
    else
        Parameters->NumberOfOverlappedRequests = 1;
    if (Parameters->IdeDeviceType == DeviceIsAtapi)
        Channel->Cmd |= CMD_ATAPI;
    else
        Channel->Cmd &= ~CMD_ATAPI;
    return TRUE;
}

static BOOLEAN
AhciHwControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    switch (Action) {
    case IdeStart:
        return AhciPortStart(Channel, Parameters);
    case IdeStop:
        return AhciPortStop(Channel);
    case IdePowerDown:
        return AhciPortSleep(Channel);
    case IdePowerUp:
        return AhciSynchronized(Channel, AhciPortBegin);
    case IdeVendorDefined:
        return AhciSetLinkPower(Channel, Parameters);
    default:
        return FALSE;
    }
}

static BOOLEAN
AhciChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                PVOID ControllerExtension)
{
    PAHCI_CHANNEL Channel = ChannelExtension;

    Channel->Controller = ControllerExtension;
    Channel->Number = Interface->ChannelNumber;
    Channel->Bit = 1U << Channel->Number;
    Channel->Port = Channel->Controller->Abar + PORT_BASE(Channel->Number);

    Interface->IdeHwInitialize = AhciHwInitialize;
    Interface->IdeHwBuildIo = AhciHwBuildIo;
    Interface->IdeHwStartIo = AhciHwStartIo;
    Interface->IdeHwInterrupt = AhciHwInterrupt;
    Interface->IdeHwReset = AhciHwReset;
    Interface->IdeHwControl = AhciHwControl;
    return TRUE;
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    IDE_CONTROLLER_INTERFACE Interface;

    RtlZeroMemory(&Interface, sizeof(Interface));
    Interface.Version = sizeof(Interface);
    Interface.ControllerExtensionSize = sizeof(AHCI_CONTROLLER);
    Interface.ChannelExtensionSize = sizeof(AHCI_CHANNEL);
    Interface.AlignmentMask = 1;
    Interface.AtaChannelInitRoutine = AhciChannelInit;
    Interface.AtaControllerChannelEnabled = AhciChannelEnabled;
    Interface.AtaAdapterControl = AhciAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &Interface);
}
