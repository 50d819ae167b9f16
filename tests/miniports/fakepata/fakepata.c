// SPDX-License-Identifier: GPL-2.0-only
/*
 * The disk in memory on a parallel channel. It says what it is asked about
 * transfer modes, and answers as it is told:
 *
 *   Controller0\Channel0\Select   modes that AtaControllerTransferModeSelect
 *                                 selects; all ones: the fastest it is offered
 *   Controller0\Channel0\Allow    modes that IdeHwInitialize leaves
 */
#include <miniport.h>
#include <ata.h>
#include <irb.h>

static ULONG PataInitializeEx(PVOID DriverObject, PVOID RegistryPath,
                              PIDE_CONTROLLER_INTERFACE Interface);
ULONG FakeDriverEntry(PVOID DriverObject, PVOID RegistryPath);

#define DriverEntry         FakeDriverEntry
#define AtaPortInitializeEx PataInitializeEx
#include "../fakedisk/fakedisk.c"
#undef DriverEntry
#undef AtaPortInitializeEx

#define SET_TRANSFER_MODE   3

static ULONG PataSelect = 0xffffffff;
static ULONG PataAllow = ALL_MODE_SUPPORT;

static VOID
PataTransferModeSelect(PVOID ControllerExtension, PIDE_TRANSFER_MODE_PARAMETERS Parameters)
{
    ULONG Offered = Parameters->DeviceTransferModeSupported[0];
    ULONG Pio = Offered & PIO_SUPPORT, Dma = Offered & DMA_SUPPORT;

    UNREFERENCED_PARAMETER(ControllerExtension);
    AtaPortDebugPrint(0, "fakepata: channel %d types %d %d offered %x %x current %x iordy %d\n",
                      Parameters->ChannelNumber, Parameters->DeviceType[0],
                      Parameters->DeviceType[1], Offered,
                      Parameters->DeviceTransferModeSupported[1],
                      Parameters->DeviceTransferModeCurrent[0], Parameters->IoReadySupported[0]);
    if (PataSelect != 0xffffffff)
        Parameters->DeviceTransferModeSelected[0] = PataSelect;
    else
        Parameters->DeviceTransferModeSelected[0] =
            1U << GetHighestBitSet(Pio) | (Dma ? 1U << GetHighestBitSet(Dma) : 0);
}

static BOOLEAN
PataHwInitialize(PVOID ChannelExtension, PIDE_DEVICE_PARAMETERS Parameters,
                 PIDENTIFY_DEVICE_DATA Identify)
{
    AtaPortDebugPrint(0, "fakepata: initialize supported %x selected %x\n",
                      Parameters->TransferModeSupported, Parameters->TransferModeSelected);
    Parameters->TransferModeSelected &= PataAllow;
    return FakeInitialize(ChannelExtension, Parameters, Identify);
}

static BOOLEAN
PataHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb)
{
    if (Irb->Function == IRB_FUNCTION_ATA_COMMAND &&
        Irb->IdeTaskFile.Current.bCommandReg == IDE_COMMAND_SET_FEATURE &&
        Irb->IdeTaskFile.Current.bFeaturesReg == SET_TRANSFER_MODE)
        AtaPortDebugPrint(0, "fakepata: set features, mode %x\n",
                          Irb->IdeTaskFile.Current.bSectorCountReg);
    return FakeStartIo(ChannelExtension, Irb);
}

static BOOLEAN
PataHwControl(PVOID ChannelExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PULONG Buffer;

    if (Action == IdeStart) {
        Buffer = AtaPortRegistryAllocateBuffer(ChannelExtension, sizeof(*Buffer));
        if (Buffer == NULL)
            return FALSE;
        PataSelect = FakeSetting(ChannelExtension, Buffer, "Select", 0xffffffff);
        PataAllow = FakeSetting(ChannelExtension, Buffer, "Allow", ALL_MODE_SUPPORT);
        AtaPortRegistryFreeBuffer(ChannelExtension, Buffer);
    }
    return FakeControl(ChannelExtension, Action, Parameters);
}

static BOOLEAN
PataChannelInit(PVOID ChannelExtension, PIDE_CHANNEL_INTERFACE Interface,
                PVOID ControllerExtension)
{
    FakeChannelInit(ChannelExtension, Interface, ControllerExtension);
    Interface->IdeHwInitialize = PataHwInitialize;
    Interface->IdeHwStartIo = PataHwStartIo;
    Interface->IdeHwControl = PataHwControl;
    return TRUE;
}

static BOOLEAN
PataAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PIDE_CONTROLLER_CONFIGURATION Configuration = Parameters;
    BOOLEAN Ok = FakeAdapterControl(ControllerExtension, Action, Parameters);

    if (Action == IdeStart)
        Configuration->AtaBusType = IdeBusPata;
    return Ok;
}

static ULONG
PataInitializeEx(PVOID DriverObject, PVOID RegistryPath, PIDE_CONTROLLER_INTERFACE Interface)
{
    Interface->AtaChannelInitRoutine = PataChannelInit;
    Interface->AtaAdapterControl = PataAdapterControl;
    Interface->AtaControllerTransferModeSelect = PataTransferModeSelect;
    return AtaPortInitializeEx(DriverObject, RegistryPath, Interface);
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    return FakeDriverEntry(DriverObject, RegistryPath);
}
