/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Registers and state of the miniport for PCI IDE bus masters: parallel ATA
 * as in ATA/ATAPI-7, volume 2, behind the registers of "Programming Interface
 * for Bus Master IDE Controller" 1.0.
 */
#ifndef _IDE_H_
#define _IDE_H_

#include <miniport.h>
#include <ata.h>
#include <irb.h>

#define IDE_CHANNELS            2
#define IDE_TARGETS             2

/* The command block. Some registers are another one when written. */
#define REG_DATA                0
#define REG_ERROR               1
#define REG_FEATURES            1
#define REG_SECTOR_COUNT        2
#define REG_INTERRUPT_REASON    2
#define REG_SECTOR_NUMBER       3
#define REG_CYLINDER_LOW        4
#define REG_CYLINDER_HIGH       5
#define REG_DRIVE_HEAD          6
#define REG_STATUS              7
#define REG_COMMAND             7

#define DRIVE_OBSOLETE          0xa0
#define DRIVE_TARGET(n)         ((n) << 4)

/* Device control; reading it gives the status and acknowledges nothing. */
#define CONTROL_NO_INTERRUPT    0x02
#define CONTROL_RESET           0x04
#define CONTROL_OBSOLETE        0x08
#define CONTROL_HIGH_ORDER      0x80

#define REASON_COMMAND          0x01
#define REASON_TO_HOST          0x02

/* The bus master, eight bytes for each channel. */
#define BM_COMMAND              0
#define BM_STATUS               2
#define BM_TABLE                4
#define BM_START                0x01
#define BM_TO_MEMORY            0x08
#define BM_ERROR                0x02
#define BM_INTERRUPT            0x04
#define BM_CAPABLE              0x60            /* kept as firmware has set it */
#define BM_SIMPLEX              0x80

/*
 * The PRD table. A region has at most 64 KiB and crosses no boundary of 64 KiB;
 * so does the table itself, for which there is room twice, that one of them does.
 * An element of the list becomes two regions and one more for each 64 KiB at worst.
 */
#define IDE_MAX_ELEMENTS        128
#define IDE_MAX_TRANSFER        (64 * 0x10000)
#define IDE_MAX_REGIONS         (2 * IDE_MAX_ELEMENTS + IDE_MAX_TRANSFER / 0x10000)
#define PRD_LAST                0x80000000

typedef struct _IDE_PRD {
    ULONG   Address;
    ULONG   Length;                             /* 0 is 64 KiB */
} IDE_PRD, *PIDE_PRD;

#define IDE_TABLE_SIZE          (IDE_MAX_REGIONS * sizeof(IDE_PRD))

typedef enum _IDE_STATE {
    StateStopped,           /* before IdeStart, after IdeStop, powered down */
    StateReset,             /* the reset bit is set */
    StateSettle,            /* and clear again: devices make up their minds */
    StateProbe,             /* wait for a device, then see what it is */
    StateIdle,
    /* A command: IdeStep takes the next step. */
    StateSelect,            /* wait until the device takes commands */
    StateFirstData,         /* data out: the first block is not announced */
    StatePacket,            /* wait to be asked for the packet */
    StateData,              /* wait for the interrupt */
    StatePacketData,        /* the same, of a packet command */
    StateDma,               /* the same, of the bus master */
    StateLast               /* data in: the device comes to rest */
} IDE_STATE;

typedef struct _IDE_CONTROLLER {
    PUCHAR  Command[IDE_CHANNELS];
    PUCHAR  Control[IDE_CHANNELS];
    PUCHAR  BusMaster;
    ULONG   Id;                                 /* device and vendor */
} IDE_CONTROLLER, *PIDE_CONTROLLER;

typedef struct _IDE_CHANNEL {
    PIDE_CONTROLLER     Controller;
    UCHAR               Number;
    PUCHAR              Command;
    PUCHAR              Control;
    PUCHAR              BusMaster;      /* NULL where it must not be used */
    UCHAR               Capable;
    BOOLEAN             ForcePio;

    IDE_STATE           State;
    ULONG               Waited;         /* microseconds in this state */
    BOOLEAN             Polling;
    UCHAR               Probing;        /* target that StateProbe is at */
    UCHAR               Candidates;     /* masks of targets: somebody may be there, */
    UCHAR               Present;        /* somebody is, */
    UCHAR               Dma;            /* has a DMA mode, */
    UCHAR               Interrupting;   /* and interrupts to ask for a packet */
    UCHAR               Multiple[IDE_TARGETS];  /* sectors in a block, 0 for none */

    PIDE_REQUEST_BLOCK  Irb;            /* the one at the device */
    BOOLEAN             UseDma;
    ULONG               Block;          /* bytes that come or go at a time */
    ULONG               Done;           /* bytes that have */
    PIDE_REQUEST_BLOCK  WaitFirst;
    PIDE_REQUEST_BLOCK  WaitLast;
    PIDE_REQUEST_BLOCK  ResetIrb;       /* completed when the channel is idle */
    PIDE_REQUEST_BLOCK  SenseFor;       /* failed packet command */
} IDE_CHANNEL, *PIDE_CHANNEL;

static __inline UCHAR
IdeRead(PIDE_CHANNEL Channel, ULONG Register)
{
    return AtaPortReadPortUchar(Channel->Command + Register);
}

static __inline VOID
IdeWrite(PIDE_CHANNEL Channel, ULONG Register, UCHAR Value)
{
    AtaPortWritePortUchar(Channel->Command + Register, Value);
}

/* The status, once it may be believed: 400 ns after what may have changed it. */
static __inline UCHAR
IdeStatus(PIDE_CHANNEL Channel)
{
    AtaPortReadPortUchar(Channel->Control);
    AtaPortStallExecution(1);
    return AtaPortReadPortUchar(Channel->Control);
}

/* channel.c */
BOOLEAN IdeChannelStart(PIDE_CHANNEL Channel, PIDE_CHANNEL_CONFIGURATION Configuration);
VOID IdeChannelStop(PVOID ChannelExtension);
VOID IdeResetBegin(PVOID ChannelExtension);
VOID IdeRestart(PIDE_CHANNEL Channel);
BOOLEAN IdeHwReset(PVOID ChannelExtension);

/* io.c */
BOOLEAN IdeHwBuildIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN IdeHwStartIo(PVOID ChannelExtension, PIDE_REQUEST_BLOCK Irb);
BOOLEAN IdeHwInterrupt(PVOID ChannelExtension);
VOID IdeBegin(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID IdeEnd(PIDE_CHANNEL Channel, UCHAR IrbStatus);
VOID IdeFail(PIDE_CHANNEL Channel, UCHAR Status);
VOID IdeComplete(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb, UCHAR IrbStatus);
VOID IdeStartWaiting(PIDE_CHANNEL Channel);
VOID IdePoll(PIDE_CHANNEL Channel);
VOID IdeMove(PIDE_CHANNEL Channel, ULONG Length);

/* packet.c */
BOOLEAN IdePacketWantsDma(PIDE_REQUEST_BLOCK Irb);
VOID IdePacketBegin(PIDE_CHANNEL Channel);
VOID IdePacketSend(PIDE_CHANNEL Channel, UCHAR Status);
VOID IdePacketData(PIDE_CHANNEL Channel, UCHAR Status);
VOID IdePacketFail(PIDE_CHANNEL Channel);
VOID IdeSenseEnd(PIDE_CHANNEL Channel, BOOLEAN Good);
VOID IdeDropSense(PIDE_CHANNEL Channel);

/* dma.c */
BOOLEAN IdeDmaPrepare(PIDE_CHANNEL Channel, PIDE_REQUEST_BLOCK Irb);
VOID IdeDmaStart(PIDE_CHANNEL Channel);
BOOLEAN IdeDmaStop(PIDE_CHANNEL Channel);
BOOLEAN IdeDmaInterrupt(PIDE_CHANNEL Channel);
VOID IdeDmaAcknowledge(PIDE_CHANNEL Channel);

#endif
