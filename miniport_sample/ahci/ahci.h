/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers, structures in memory and state of the AHCI miniport.
 *
 * Section numbers are those of the Serial ATA AHCI 1.3.1 specification.
 */
#ifndef _AHCI_H_
#define _AHCI_H_

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#define AHCI_MAX_PORTS          32
#define AHCI_MAX_SLOTS          32
#define AHCI_BAR                5

/* 3.1: generic host control, offsets in the ABAR. */
#define HBA_CAP                 0x00
#define HBA_GHC                 0x04
#define HBA_IS                  0x08
#define HBA_PI                  0x0c

#define CAP_NP                  0x0000001f      /* ports, less one */
#define CAP_NCS_SHIFT           8               /* command slots, less one */
#define CAP_PSC                 0x00002000      /* Partial */
#define CAP_SSC                 0x00004000      /* Slumber */
#define CAP_SCLO                0x01000000      /* command list override */
#define CAP_SALP                0x04000000      /* aggressive link power */
#define CAP_SSS                 0x08000000      /* staggered spin-up */
#define CAP_SNCQ                0x40000000
#define CAP_S64A                0x80000000

#define GHC_HR                  0x00000001
#define GHC_IE                  0x00000002
#define GHC_AE                  0x80000000

/* 3.3: one set of port registers each 128 bytes. */
#define PORT_BASE(n)            (0x100 + (n) * 0x80)
#define PORT_CLB                0x00
#define PORT_CLBU               0x04
#define PORT_FB                 0x08
#define PORT_FBU                0x0c
#define PORT_IS                 0x10
#define PORT_IE                 0x14
#define PORT_CMD                0x18
#define PORT_TFD                0x20
#define PORT_SSTS               0x28
#define PORT_SCTL               0x2c
#define PORT_SERR               0x30
#define PORT_SACT               0x34
#define PORT_CI                 0x38

#define SERR_PHY_READY_CHANGE   0x00010000      /* PxIS.PRCS follows it */

#define IS_DHRS                 0x00000001
#define IS_PSS                  0x00000002
#define IS_DSS                  0x00000004
#define IS_SDBS                 0x00000008
#define IS_UFS                  0x00000010
#define IS_PCS                  0x00000040
#define IS_PRCS                 0x00400000
#define IS_OFS                  0x01000000
#define IS_INFS                 0x04000000
#define IS_IFS                  0x08000000
#define IS_HBDS                 0x10000000
#define IS_HBFS                 0x20000000
#define IS_TFES                 0x40000000
/* The device has failed a command: its task file says how. */
#define IS_DEVICE_ERROR         IS_TFES
/* The port is in no state to go on: only a COMRESET helps. */
#define IS_FATAL                (IS_UFS | IS_IFS | IS_HBDS | IS_HBFS)
#define IS_CHANGE               (IS_PCS | IS_PRCS)
/* What says no more than that a command has ended. */
#define IS_ROUTINE              (IS_DHRS | IS_PSS | IS_DSS | IS_SDBS)
#define IS_WANTED              (IS_ROUTINE | IS_OFS | IS_DEVICE_ERROR | IS_FATAL | IS_CHANGE)

#define CMD_ST                  0x00000001
#define CMD_SUD                 0x00000002
#define CMD_POD                 0x00000004
#define CMD_CLO                 0x00000008
#define CMD_FRE                 0x00000010
#define CMD_CCS_SHIFT           8
#define CMD_FR                  0x00004000
#define CMD_CR                  0x00008000
#define CMD_ATAPI               0x01000000
#define CMD_ALPE                0x04000000
#define CMD_ASP                 0x08000000
#define CMD_ICC_ACTIVE          0x10000000

#define SSTS_DET(s)             ((s) & 0xf)
#define DET_ABSENT              0
#define DET_READY               3

#define SCTL_DET_COMRESET       0x001
#define SCTL_IPM_NONE           0x300           /* neither Partial nor Slumber */
#define SCTL_IPM_MASK           0xf00

#define TFD_BUSY                (IDE_STATUS_BUSY | IDE_STATUS_DRQ)

/* 4.2.1: received FIS, by offset. */
#define RFIS_PIO_SETUP          0x20
#define RFIS_D2H                0x40
#define RFIS_SDB                0x58            /* set device bits */
#define RFIS_SIZE               256
#define FIS_TYPE_H2D            0x27
#define FIS_TYPE_D2H            0x34
#define FIS_TYPE_PIO_SETUP      0x5f
#define PIO_SETUP_E_STATUS      15

/* 4.2.2: command header. */
#define HEADER_CFL              5               /* a register FIS, in dwords */
#define HEADER_ATAPI            0x0020
#define HEADER_WRITE            0x0040
#define HEADER_PRDTL_SHIFT      16

typedef struct _AHCI_COMMAND_HEADER {
    ULONG   Flags;
    ULONG   ByteCount;
    ULONG   TableLow;
    ULONG   TableHigh;
    ULONG   Reserved[4];
} AHCI_COMMAND_HEADER, *PAHCI_COMMAND_HEADER;

/* 4.2.3: command table; one in each IRB extension. */
#define AHCI_MAX_PRD            168

typedef struct _AHCI_PRD {
    ULONGLONG   Address;
    ULONG       Reserved;
    ULONG       ByteCount;                      /* less one, always odd */
} AHCI_PRD, *PAHCI_PRD;

typedef struct _AHCI_COMMAND_TABLE {
    REGISTER_FIS    Fis;
    UCHAR           FisReserved[64 - sizeof(REGISTER_FIS)];
    UCHAR           Packet[16];
    UCHAR           Reserved[48];
    AHCI_PRD        Prd[AHCI_MAX_PRD];
} AHCI_COMMAND_TABLE, *PAHCI_COMMAND_TABLE;

C_ASSERT(FIELD_OFFSET(AHCI_COMMAND_TABLE, Prd) == 0x80);

/* What a channel shares with the hardware besides the IRB extensions. */
typedef struct _AHCI_SHARED {
    AHCI_COMMAND_HEADER List[AHCI_MAX_SLOTS];
    UCHAR               ReceivedFis[RFIS_SIZE];
    AHCI_COMMAND_TABLE  LogTable;
    UCHAR               Log[512];
} AHCI_SHARED, *PAHCI_SHARED;

typedef enum _AHCI_PORT_STATE {
    PortStopped,            /* before IdeStart, after IdeStop, powered down */
    PortReady,              /* commands may be issued */
    PortEmpty,              /* nobody is there */
    /* On the way to ready; AhciPortStep takes the next step. */
    PortStopping,           /* wait for CR to clear, then COMRESET */
    PortComreset,           /* DET has been 1 for long enough */
    PortLink,               /* wait for a device */
    PortDevice,             /* wait for BSY and DRQ to clear */
    PortRecovering          /* wait for CR to clear, then error.c goes on */
} AHCI_PORT_STATE;

typedef struct _AHCI_CONTROLLER {
    PUCHAR  Abar;
    ULONG   Cap;
    ULONG   Implemented;
    /*
     * The interrupt status of the HBA as the first channel of a pass has read
     * it, and the channel that asked last. See AhciHwInterrupt.
     */
    ULONG   Snapshot;
    UCHAR   LastAsked;
} AHCI_CONTROLLER, *PAHCI_CONTROLLER;

/* Values of the link power setting. */
#define LINK_POWER_ACTIVE       0
#define LINK_POWER_HIPM         1
#define LINK_POWER_HIPM_DIPM    2
#define LINK_POWER_DIPM         3
#define LINK_POWER_LOWEST       4

typedef struct _AHCI_CHANNEL {
    PAHCI_CONTROLLER    Controller;
    PUCHAR              Port;
    ULONG               Bit;            /* of the channel in HBA_IS */
    UCHAR               Number;
    BOOLEAN             Sync;           /* SyncWithIsr */
    UCHAR               Slots;
    PAHCI_SHARED        Shared;
    ULONGLONG           SharedAddress;

    AHCI_PORT_STATE     State;
    ULONG               Waited;         /* microseconds in this state */
    BOOLEAN             Present;        /* when the port was ready last */
    BOOLEAN             Announce;       /* tell of a change of that */
    ULONG               Cmd;            /* PxCMD while ready, but for ST */

    BOOLEAN             Ncq;            /* the device queues */
    BOOLEAN             NcqPriority;
    ULONG               Busy;           /* slots that hold a command */
    ULONG               Queued;         /* those of them sent as FPDMA */
    PIDE_REQUEST_BLOCK  Slot[AHCI_MAX_SLOTS];
    PIDE_REQUEST_BLOCK  WaitFirst;      /* until the port can take them */
    PIDE_REQUEST_BLOCK  WaitLast;
    ULONG               TableLength;    /* asked for with a table's address */
    PIDE_REQUEST_BLOCK  Starting;       /* handed to AhciStartSynchronized */
    PIDE_REQUEST_BLOCK  ResetIrb;       /* completed when the port is ready */

    ULONG               ErrorStatus;    /* PxIS of an error not yet handled */
    BOOLEAN             ReadingLog;
    ULONG               LogFor;         /* slots whose error the log explains */
    PIDE_REQUEST_BLOCK  SenseFor;       /* failed packet command */
    PIDE_REQUEST_BLOCK  SenseIrb;

    ULONG               LinkPower;      /* value of the HIPM/DIPM setting */
    ULONG               LinkPowerWanted;
} AHCI_CHANNEL, *PAHCI_CHANNEL;

/* QueueTag of an IRB whose command must not be queued (again). */
#define AHCI_TAG_PLAIN          0xff

static __inline ULONG
AhciRead(PUCHAR Base, ULONG Offset)
{
    return AtaPortReadRegisterUlong((PULONG)(Base + Offset));
}

static __inline VOID
AhciWrite(PUCHAR Base, ULONG Offset, ULONG Value)
{
    AtaPortWriteRegisterUlong((PULONG)(Base + Offset), Value);
}

/* driver.c */
VOID AhciSetHba(PAHCI_CONTROLLER Controller);
BOOLEAN AhciIsGone(PAHCI_CONTROLLER Controller);

/* port.c */
BOOLEAN AhciPortStart(PAHCI_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration);
BOOLEAN AhciPortStop(PAHCI_CHANNEL Channel);
BOOLEAN AhciPortSleep(PAHCI_CHANNEL Channel);
VOID AhciPortBegin(PVOID ChannelExtension);
VOID AhciPortRestart(PAHCI_CHANNEL Channel);
VOID AhciPortRun(PAHCI_CHANNEL Channel);
VOID AhciPortStopEngine(PAHCI_CHANNEL Channel, AHCI_PORT_STATE Next);
VOID AhciPortHaveTimer(PAHCI_CHANNEL Channel, ULONG Microseconds);
BOOLEAN AhciHwReset(PVOID ChannelExtension);
BOOLEAN AhciSynchronized(PAHCI_CHANNEL Channel, IDE_HW_DPC Routine);

/* io.c */
BOOLEAN AhciHwBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN AhciHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN AhciHwInterrupt(PVOID ChannelExtension);
VOID AhciStart(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID AhciStartWaiting(PAHCI_CHANNEL Channel);
VOID AhciWaitLast(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID AhciCompleteWaiting(PAHCI_CHANNEL Channel, UCHAR IrbStatus);
VOID AhciCompleteIssued(PAHCI_CHANNEL Channel, UCHAR IrbStatus);
VOID AhciWaitFirst(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID AhciComplete(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR IrbStatus);
BOOLEAN AhciFinish(PAHCI_CHANNEL Channel);
VOID AhciReturnTaskFile(PIDE_REQUEST_BLOCK Irb, PREGISTER_FIS Fis);
VOID AhciBuildFis(PAHCI_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID AhciIssueSlot(PAHCI_CHANNEL Channel, ULONG Slot, ULONGLONG Table,
                   ULONG Flags, BOOLEAN Queued);

/* error.c */
VOID AhciRecover(PVOID ChannelExtension);
VOID AhciRecoverStopped(PAHCI_CHANNEL Channel);
VOID AhciLogRead(PAHCI_CHANNEL Channel, BOOLEAN Good);
VOID AhciSenseRead(PAHCI_CHANNEL Channel, BOOLEAN Good);
VOID AhciDropRecovery(PAHCI_CHANNEL Channel);

/* power.c */
VOID AhciListPowerSettings(PAHCI_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration);
BOOLEAN AhciSetLinkPower(PAHCI_CHANNEL Channel, PIDE_VENDOR_DEFINED_POWER_INFO Info);
VOID AhciApplyLinkPower(PAHCI_CHANNEL Channel);

#endif
