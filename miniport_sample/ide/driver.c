// SPDX-License-Identifier: GPL-2.0-only
/*
 * The controller interface: DriverEntry, the adapter, its channels and their
 * transfer modes.
 */
#include "ide.h"

#define ID(Vendor, Device)      ((ULONG)(Device) << 16 | (Vendor))
#define ID_PIIX3                ID(0x8086, 0x7010)
#define ID_PIIX4                ID(0x8086, 0x7111)
#define ID_CMD646               ID(0x1095, 0x0646)

/* What these controllers have of their own: where a channel is enabled. */
#define PIIX_TIMING(n)          (0x41 + 2 * (n))
#define PIIX_DECODE             0x80
#define CMD_CONTROL             0x51
#define CMD_SECONDARY           0x08
/* Ultra DMA, from revision 5 on: for each target a bit and its cycle, two clocks in mode 2. */
#define CMD_REVISION            0x08
#define CMD_ULTRA_REVISION      5
#define CMD_ULTRA_MODES         (UDMA_MODE0 | UDMA_MODE1 | UDMA_MODE2)
#define CMD_ULTRA(n)            (0x73 + 8 * (n))
#define CMD_ULTRA_ON(Target)    (1 << (Target))
#define CMD_ULTRA_CYCLE(Clocks, Target) (((Clocks) - 1) << (4 + 2 * (Target)))
#define CMD_ULTRA_MASK(Target)  (CMD_ULTRA_CYCLE(4, Target) | 5 << (Target))

static UCHAR
IdeConfigUchar(PIDE_CONTROLLER Controller, ULONG Offset)
{
    UCHAR Value = 0;

    AtaPortGetBusData(Controller, &Value, Offset, sizeof(Value));
    return Value;
}

static VOID
IdeFindRanges(PIDE_CONTROLLER Controller, PIDE_MINIPORT_RESOURCES Resources)
{
    ULONG i;

    for (i = 0; i < Resources->NumberOfAccessRanges; i++) {
        PIDE_ACCESS_RANGE Range = &Resources->IdeAccessRange[i];
        PUCHAR Base;

        if (Range->Bar > 4 || Range->InMemory)
            continue;
        Base = AtaPortGetDeviceBase(Controller, Range->RangeStart, Range->RangeLength);
        if (Base == NULL)
            continue;
        if (Range->Bar == 4 && Range->RangeLength >= 8 * IDE_CHANNELS)
            Controller->BusMaster = Base;
        else if (Range->Bar == 4)
            continue;
        else if (Range->Bar & 1)
            /* The register alone, or the four bytes in which it is the third. */
            Controller->Control[Range->Bar / 2] = Base + (Range->RangeLength > 2 ? 2 : 0);
        else if (Range->RangeLength >= 8)
            Controller->Command[Range->Bar / 2] = Base;
    }
}

static BOOLEAN
IdeAdapterStart(PIDE_CONTROLLER Controller, PIDE_CONTROLLER_CONFIGURATION Configuration)
{
    ULONG n, Found = 0;

    AtaPortGetBusData(Controller, &Controller->Id, 0, sizeof(Controller->Id));
    IdeFindRanges(Controller, Configuration->ControllerResources);
    for (n = 0; n < IDE_CHANNELS; n++) {
        if (Controller->Command[n] == NULL || Controller->Control[n] == NULL)
            continue;
        Found++;
        /* Whoever had it before may have left an interrupt that nobody expects. */
        AtaPortWritePortUchar(Controller->Control[n], CONTROL_OBSOLETE | CONTROL_NO_INTERRUPT);
    }
    if (Found == 0) {
        AtaPortDebugPrint(0, "ide: no channel has both its command and its control block\n");
        return FALSE;
    }
    Configuration->NumberOfChannels = IDE_CHANNELS;
    Configuration->NumberOfPhysicalBreaks = IDE_MAX_ELEMENTS - 1;
    Configuration->MaximumTransferLength = IDE_MAX_TRANSFER;
    Configuration->BusMaster = Controller->BusMaster != NULL;
    Configuration->AtaBusType = IdeBusPata;
    return TRUE;
}

static BOOLEAN
IdeAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    if (Action == IdeStart)
        return IdeAdapterStart(ControllerExtension, Parameters);
    return Action != IdeVendorDefined;
}

static IDE_CHANNEL_STATE
IdeChannelEnabled(PVOID ControllerExtension, ULONG ChannelNumber)
{
    PIDE_CONTROLLER Controller = ControllerExtension;
    BOOLEAN Enabled = Controller->Command[ChannelNumber] != NULL &&
                      Controller->Control[ChannelNumber] != NULL;

    switch (Controller->Id) {
    case ID_PIIX3:
    case ID_PIIX4:
        if (!(IdeConfigUchar(Controller, PIIX_TIMING(ChannelNumber)) & PIIX_DECODE))
            Enabled = FALSE;
        break;
    case ID_CMD646:
        if (ChannelNumber == SECONDARY_CHANNEL_NUMBER &&
            !(IdeConfigUchar(Controller, CMD_CONTROL) & CMD_SECONDARY))
            Enabled = FALSE;
        break;
    }
    return Enabled ? ChannelStateEnabled : ChannelStateDisabled;
}

static ULONG
IdeFastest(ULONG Modes)
{
    return Modes != 0 ? 1U << GetHighestBitSet(Modes) : 0;
}

/* Switch the Ultra DMA of a CMD646 to this mode of a target, a bit of its own, or off. */
static VOID
IdeCmdUltra(PIDE_CONTROLLER Controller, ULONG Channel, ULONG Target, ULONG Mode)
{
    UCHAR Value = IdeConfigUchar(Controller, CMD_ULTRA(Channel)) & ~CMD_ULTRA_MASK(Target);

    if (Mode & UDMA_SUPPORT)
        Value |= CMD_ULTRA_ON(Target) |
                 CMD_ULTRA_CYCLE(Mode == UDMA_MODE2 ? 2 : Mode == UDMA_MODE1 ? 3 : 4, Target);
    AtaPortSetBusData(Controller, &Value, CMD_ULTRA(Channel), sizeof(Value));
}

/*
 * Timings are left as firmware has set them, for they are different in each
 * controller. PIO and multiword DMA are timed by the controller, so that a device
 * which can do more than that does no harm. In Ultra DMA both must agree: a device
 * stays in the mode that it was put into, where the controller has Ultra DMA at all.
 * Of CMD646 it is known how that is set.
 */
static VOID
IdeTransferModeSelect(PVOID ControllerExtension, PIDE_TRANSFER_MODE_PARAMETERS Parameters)
{
    PIDE_CONTROLLER Controller = ControllerExtension;
    BOOLEAN Cmd = Controller->Id == ID_CMD646 &&
                  IdeConfigUchar(Controller, CMD_REVISION) >= CMD_ULTRA_REVISION;
    BOOLEAN Ultra = Controller->Id != ID_PIIX3 && Controller->Id != ID_CMD646;
    ULONG Target;

    for (Target = 0; Target < IDE_TARGETS; Target++) {
        ULONG Supported = Parameters->DeviceTransferModeSupported[Target];
        ULONG Current = Parameters->DeviceTransferModeCurrent[Target] & Supported & UDMA_SUPPORT;
        ULONG Dma = IdeFastest(Supported & MWDMA_SUPPORT);

        if (Parameters->DeviceType[Target] == DeviceNotExist)
            continue;
        if (Cmd && (Supported & CMD_ULTRA_MODES))
            Dma = IdeFastest(Supported & CMD_ULTRA_MODES);
        else if (Ultra && Current != 0)
            Dma = IdeFastest(Current);
        if (Controller->BusMaster == NULL)
            Dma = 0;
        if (Cmd)
            IdeCmdUltra(Controller, Parameters->ChannelNumber, Target, Dma);
        Parameters->DeviceTransferModeSelected[Target] =
            IdeFastest(Supported & PIO_SUPPORT) | Dma;
    }
}

static BOOLEAN
IdeHwInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
                PIDENTIFY_DEVICE_DATA Identify)
{
    PIDE_CHANNEL Channel = ChannelExtension;
    UCHAR Target = 1 << Parameters->TargetId;

    if (Channel->ForcePio || Channel->BusMaster == NULL)
        Parameters->TransferModeSelected &= PIO_SUPPORT;
    if (Parameters->TransferModeSelected & DMA_SUPPORT)
        Channel->Dma |= Target;
    else
        Channel->Dma &= ~Target;
    if (Parameters->DeviceCharacteristics & DFLAGS_INT_DRQ)
        Channel->Interrupting |= Target;
    else
        Channel->Interrupting &= ~Target;
    Channel->Multiple[Parameters->TargetId] = 0;
    if (Parameters->IdeDeviceType == DeviceIsAta && Identify->MultiSectorSettingValid)
        Channel->Multiple[Parameters->TargetId] = Identify->CurrentMultiSectorSetting;
    return TRUE;
}

static BOOLEAN
IdeHwControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PIDE_CHANNEL Channel = ChannelExtension;

    switch (Action) {
    case IdeStart:
        return IdeChannelStart(Channel, Parameters);
    case IdeStop:
        IdeChannelStop(Channel);
        return TRUE;
    case IdePowerDown:
        /* The interrupt may still come. */
        return AtaPortRequestSynchronizedRoutine(Channel, IdeChannelStop);
    case IdePowerUp:
        return AtaPortRequestSynchronizedRoutine(Channel, IdeResetBegin);
    default:
        return FALSE;
    }
}

static BOOLEAN
IdeChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
               PVOID ControllerExtension)
{
    PIDE_CHANNEL Channel = ChannelExtension;
    PIDE_CONTROLLER Controller = ControllerExtension;

    Channel->Controller = Controller;
    Channel->Number = Interface->ChannelNumber;
    Channel->Command = Controller->Command[Channel->Number];
    Channel->Control = Controller->Control[Channel->Number];
    if (Controller->BusMaster != NULL)
        Channel->BusMaster = Controller->BusMaster + 8 * Channel->Number;

    Interface->IdeHwInitialize = IdeHwInitialize;
    Interface->IdeHwBuildIo = IdeHwBuildIo;
    Interface->IdeHwStartIo = IdeHwStartIo;
    Interface->IdeHwInterrupt = IdeHwInterrupt;
    Interface->IdeHwReset = IdeHwReset;
    Interface->IdeHwControl = IdeHwControl;
    return TRUE;
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    IDE_CONTROLLER_INTERFACE Interface;

    RtlZeroMemory(&Interface, sizeof(Interface));
    Interface.Version = sizeof(Interface);
    Interface.ControllerExtensionSize = sizeof(IDE_CONTROLLER);
    Interface.ChannelExtensionSize = sizeof(IDE_CHANNEL);
    Interface.AlignmentMask = 1;
    Interface.AtaChannelInitRoutine = IdeChannelInit;
    Interface.AtaControllerChannelEnabled = IdeChannelEnabled;
    Interface.AtaControllerTransferModeSelect = IdeTransferModeSelect;
    Interface.AtaAdapterControl = IdeAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &Interface);
}
