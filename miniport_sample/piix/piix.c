// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IDE function of Intel's PIIX3 and PIIX4: a miniport that only manages
 * the controller. It says which channels there are and programs the timing of
 * their devices; all I/O is done by the port driver's default channel driver.
 *
 * Registers are those of the 82371SB (PIIX3) and 82371AB (PIIX4) data sheets,
 * all in configuration space.
 */
#include <miniport.h>
#include <ata.h>
#include <irb.h>

#define PIIX_CHANNELS       2
#define PIIX_TARGETS        2
#define PIIX4_ID            0x71118086

/* IDETIM, one for each channel. */
#define IDETIM(Channel)     (0x40 + 2 * (Channel))
#define IDETIM_FAST(t)      (0x0001 << 4 * (t))     /* these timings, not the slow ones */
#define IDETIM_IORDY(t)     (0x0002 << 4 * (t))
#define IDETIM_PREFETCH(t)  (0x0004 << 4 * (t))
#define IDETIM_DMA_ONLY(t)  (0x0008 << 4 * (t))     /* fast for DMA, slow for PIO */
#define IDETIM_TARGET(t)    (0x000f << 4 * (t))
#define IDETIM_RECOVERY     8
#define IDETIM_SAMPLE       12
#define IDETIM_TIMES        0x3300
#define IDETIM_SLAVE        0x4000                  /* SIDETIM has the slave's times */
#define IDETIM_ENABLE       0x8000

/* SIDETIM: the slaves of both channels, sample and recovery times in four bits each. */
#define SIDETIM             0x44
/* PIIX4: Ultra DMA, which targets and how fast. */
#define UDMACTL             0x48
#define UDMATIM             0x4a

typedef struct _PIIX_CONTROLLER {
    ULONG   Id;
} PIIX_CONTROLLER, *PPIIX_CONTROLLER;

/* Sample point (five clocks less this) and recovery (four less this) of PIO 0 to 4. */
static const struct {
    UCHAR   Sample;
    UCHAR   Recovery;
} PiixTimes[] = {
    { 0, 0 }, { 0, 0 }, { 1, 0 }, { 2, 1 }, { 2, 3 },
};

/* The PIO mode whose times a DMA mode has. */
#define TIMES_OF_MWDMA(i)   ((i) + 2)

static BOOLEAN
PiixAdapterControl(PVOID ControllerExtension, IDE_CONTROL_ACTION Action, PVOID Parameters)
{
    PPIIX_CONTROLLER Controller = ControllerExtension;
    PIDE_CONTROLLER_CONFIGURATION Configuration = Parameters;

    if (Action != IdeStart)
        return Action != IdeVendorDefined;
    if (AtaPortGetBusData(Controller, &Controller->Id, 0, sizeof(Controller->Id)) !=
        sizeof(Controller->Id))
        return FALSE;
    Configuration->NumberOfChannels = PIIX_CHANNELS;
    Configuration->BusMaster = TRUE;
    Configuration->AtaBusType = IdeBusPata;
    return TRUE;
}

static IDE_CHANNEL_STATE
PiixChannelEnabled(PVOID ControllerExtension, ULONG ChannelNumber)
{
    USHORT Timing = 0;

    AtaPortGetBusData(ControllerExtension, &Timing, IDETIM(ChannelNumber), sizeof(Timing));
    return Timing & IDETIM_ENABLE ? ChannelStateEnabled : ChannelStateDisabled;
}

/* What this controller can do of what a device can. */
static ULONG
PiixSelect(PPIIX_CONTROLLER Controller, ULONG Supported)
{
    ULONG Pio = Supported & PIO_SUPPORT;
    ULONG Dma = Supported & (MWDMA_MODE1 | MWDMA_MODE2);

    if (Controller->Id == PIIX4_ID && (Supported & (UDMA_MODE0 | UDMA_MODE1 | UDMA_MODE2)))
        Dma = Supported & (UDMA_MODE0 | UDMA_MODE1 | UDMA_MODE2);
    return (Pio ? 1U << GetHighestBitSet(Pio) : 0) | (Dma ? 1U << GetHighestBitSet(Dma) : 0);
}

/* The two times of a target: the master's here, the slave's in SIDETIM. */
static VOID
PiixSetTimes(ULONG Channel, ULONG Target, ULONG Mode, PUSHORT Timing, PUCHAR Slaves)
{
    UCHAR Sample = PiixTimes[Mode].Sample;
    UCHAR Recovery = PiixTimes[Mode].Recovery;

    if (Target == 0) {
        *Timing &= ~IDETIM_TIMES;
        *Timing |= Sample << IDETIM_SAMPLE | Recovery << IDETIM_RECOVERY;
    } else {
        *Slaves &= ~(0x0f << 4 * Channel);
        *Slaves |= (Sample << 2 | Recovery) << 4 * Channel;
    }
}

/* Program one target for what was selected; its bits have been cleared. */
static VOID
PiixProgram(ULONG Channel, ULONG Target, IDE_DEVICE_TYPE Type, BOOLEAN IoReady,
            ULONG Selected, PUSHORT Timing, PUCHAR Slaves)
{
    ULONG Pio = GetHighestBitSet(Selected & PIO_SUPPORT);
    ULONG Multiword = Selected & MWDMA_SUPPORT;
    ULONG Times = Pio, Dma;

    if (Pio >= 2)
        *Timing |= IDETIM_FAST(Target);
    /* From PIO mode 3 on a device must have it. */
    if (IoReady || Pio >= 3)
        *Timing |= IDETIM_IORDY(Target);
    if (Type == DeviceIsAta)
        *Timing |= IDETIM_PREFETCH(Target);
    if (Multiword) {
        Dma = TIMES_OF_MWDMA(GetHighestBitSet(Multiword) - MWDMA0);
        if (Pio < Dma) {
            /* One pair of times for both kinds of transfers: it is DMA's. */
            Times = Dma;
            *Timing |= IDETIM_FAST(Target) | IDETIM_DMA_ONLY(Target);
        }
    }
    PiixSetTimes(Channel, Target, Times, Timing, Slaves);
}

static VOID
PiixProgramUltra(PVOID ControllerExtension, ULONG Channel, PIDE_TRANSFER_MODE_PARAMETERS Parameters)
{
    ULONG Target;
    UCHAR Enable = 0;
    USHORT Speed = 0;

    AtaPortGetBusData(ControllerExtension, &Enable, UDMACTL, sizeof(Enable));
    AtaPortGetBusData(ControllerExtension, &Speed, UDMATIM, sizeof(Speed));
    for (Target = 0; Target < PIIX_TARGETS; Target++) {
        ULONG Ultra = Parameters->DeviceTransferModeSelected[Target] & UDMA_SUPPORT;
        ULONG Index = 2 * Channel + Target;

        Enable &= ~(1 << Index);
        Speed &= ~(3 << 4 * Index);
        if (Parameters->DeviceType[Target] == DeviceNotExist || Ultra == 0)
            continue;
        Enable |= 1 << Index;
        Speed |= (GetHighestBitSet(Ultra) - UDMA0) << 4 * Index;
    }
    AtaPortSetBusData(ControllerExtension, &Speed, UDMATIM, sizeof(Speed));
    AtaPortSetBusData(ControllerExtension, &Enable, UDMACTL, sizeof(Enable));
}

static VOID
PiixTransferModeSelect(PVOID ControllerExtension, PIDE_TRANSFER_MODE_PARAMETERS Parameters)
{
    PPIIX_CONTROLLER Controller = ControllerExtension;
    ULONG Channel = Parameters->ChannelNumber;
    USHORT Timing = 0;
    UCHAR Slaves = 0;
    ULONG Target;

    AtaPortGetBusData(Controller, &Timing, IDETIM(Channel), sizeof(Timing));
    AtaPortGetBusData(Controller, &Slaves, SIDETIM, sizeof(Slaves));
    for (Target = 0; Target < PIIX_TARGETS; Target++) {
        if (Parameters->DeviceType[Target] == DeviceNotExist)
            continue;
        Parameters->DeviceTransferModeSelected[Target] =
            PiixSelect(Controller, Parameters->DeviceTransferModeSupported[Target]);
        Timing &= ~IDETIM_TARGET(Target);
        PiixProgram(Channel, Target, Parameters->DeviceType[Target],
                    Parameters->IoReadySupported[Target],
                    Parameters->DeviceTransferModeSelected[Target], &Timing, &Slaves);
    }
    Timing |= IDETIM_SLAVE;
    AtaPortSetBusData(Controller, &Slaves, SIDETIM, sizeof(Slaves));
    AtaPortSetBusData(Controller, &Timing, IDETIM(Channel), sizeof(Timing));
    if (Controller->Id == PIIX4_ID)
        PiixProgramUltra(Controller, Channel, Parameters);
}

ULONG
DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
    IDE_CONTROLLER_INTERFACE Interface;

    RtlZeroMemory(&Interface, sizeof(Interface));
    Interface.Version = sizeof(Interface);
    Interface.ControllerExtensionSize = sizeof(PIIX_CONTROLLER);
    Interface.AlignmentMask = 1;
    Interface.AtaControllerChannelEnabled = PiixChannelEnabled;
    Interface.AtaControllerTransferModeSelect = PiixTransferModeSelect;
    Interface.AtaAdapterControl = PiixAdapterControl;
    return AtaPortInitializeEx(DriverObject, RegistryPath, &Interface);
}
