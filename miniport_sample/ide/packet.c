// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet commands.
 */
#include "ide.h"

/* Even, as devices of all ages want it, and a whole number of blocks. */
#define PACKET_LIMIT            0xf800

#define OP_READ_10              0x28
#define OP_WRITE_10             0x2a
#define OP_READ_12              0xa8
#define OP_WRITE_12             0xaa
#define OP_READ_CD_MSF          0xb9
#define OP_READ_CD              0xbe

/*
 * DMA for what moves whole blocks of the medium. What else there is tends to end
 * early, and only PIO tells where.
 */
BOOLEAN
IdePacketWantsDma(PIDE_REQUEST_BLOCK Irb)
{
    if (Irb->DataTransferLength & 15)
        return FALSE;
    switch (Irb->Cdb[0]) {
    case OP_READ_10:
    case OP_WRITE_10:
    case OP_READ_12:
    case OP_WRITE_12:
    case OP_READ_CD:
    case OP_READ_CD_MSF:
        return TRUE;
    default:
        return FALSE;
    }
}

/* The command that announces a packet. */
VOID
IdePacketBegin(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    ULONG Limit = 0;

    if (IRB_FOR_DATA_TRANSFER(Irb) && !Channel->UseDma)
        Limit = min((Irb->DataTransferLength + 1) & ~1U, PACKET_LIMIT);
    IdeWrite(Channel, REG_FEATURES, Channel->UseDma ? 1 : 0);
    IdeWrite(Channel, REG_SECTOR_COUNT, 0);
    IdeWrite(Channel, REG_CYLINDER_LOW, (UCHAR)Limit);
    IdeWrite(Channel, REG_CYLINDER_HIGH, (UCHAR)(Limit >> 8));
    IdeWrite(Channel, REG_COMMAND, IDE_COMMAND_ATAPI_PACKET);
}

/* The device is not busy any more: it wants the packet, or none at all. */
VOID
IdePacketSend(PIDE_CHANNEL Channel, UCHAR Status)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;

    if (Status & (IDE_STATUS_ERROR | IDE_STATUS_DEVICE_FAULT)) {
        IdeFail(Channel, Status);
        return;
    }
    if (!(Status & IDE_STATUS_DRQ)) {
        IdePoll(Channel);
        return;
    }
    Channel->State = Channel->UseDma ? StateDma : StatePacketData;
    AtaPortWritePortBufferUshort((PUSHORT)(Channel->Command + REG_DATA),
                                 (PUSHORT)Irb->Cdb, Irb->CdbLength / 2);
    if (Channel->UseDma)
        IdeDmaStart(Channel);
    else
        IdeStatus(Channel);
}

/* Data has no place to go to, or there is none to come. */
static VOID
IdeMoveNothing(PIDE_CHANNEL Channel, ULONG Length)
{
    PUSHORT Data = (PUSHORT)(Channel->Command + REG_DATA);
    BOOLEAN In = (Channel->Irb->IrbFlags & IRB_FLAGS_DATA_IN) != 0;

    for (; Length > 1; Length -= 2) {
        if (In)
            AtaPortReadPortUshort(Data);
        else
            AtaPortWritePortUshort(Data, 0);
    }
}

/* The device says how much it moves now, and which way. */
VOID
IdePacketData(PIDE_CHANNEL Channel, UCHAR Status)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    UCHAR Reason = IdeRead(Channel, REG_INTERRUPT_REASON);
    ULONG Count = IdeRead(Channel, REG_CYLINDER_LOW) |
                  IdeRead(Channel, REG_CYLINDER_HIGH) << 8;
    ULONG Here;
    UCHAR Wanted = Irb->IrbFlags & IRB_FLAGS_DATA_IN ? REASON_TO_HOST : 0;

    if (!(Status & IDE_STATUS_DRQ)) {
        IdeFail(Channel, Status);
        return;
    }
    if ((Reason & (REASON_COMMAND | REASON_TO_HOST)) != Wanted ||
        !IRB_FOR_DATA_TRANSFER(Irb) || Count == 0) {
        IdeRestart(Channel);
        return;
    }
    Here = min(Count, Irb->DataTransferLength - Channel->Done);
    IdeMove(Channel, Here);
    /* The register has two bytes: an odd one took its neighbour along. */
    Here += Here & 1;
    if (Count > Here)
        IdeMoveNothing(Channel, Count + (Count & 1) - Here);
    IdeStatus(Channel);
}

/* A packet command has failed: ask the device why. */
VOID
IdePacketFail(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->Irb;
    PIDE_REQUEST_BLOCK Sense;

    if (IsRequestSenseIrb(Irb)) {
        IdeSenseEnd(Channel, FALSE);
        return;
    }
    Sense = AtaPortBuildRequestSenseIrb(Channel, Irb);
    if (Sense == NULL) {
        IdeEnd(Channel, IRB_STATUS_DEVICE_ERROR);
        return;
    }
    Channel->SenseFor = Irb;
    MARK_IRB_FOR_PIO(Sense);
    IdeBegin(Channel, Sense);
}

VOID
IdeSenseEnd(PIDE_CHANNEL Channel, BOOLEAN Good)
{
    AtaPortReleaseRequestSenseIrb(Channel, Channel->Irb);
    Channel->Irb = Channel->SenseFor;
    Channel->SenseFor = NULL;
    IdeEnd(Channel, Good ? IRB_STATUS_DEVICE_ERROR | IRB_STATUS_AUTOSENSE_VALID :
                           IRB_STATUS_DEVICE_ERROR);
}

/* A reset takes the place of asking. */
VOID
IdeDropSense(PIDE_CHANNEL Channel)
{
    PIDE_REQUEST_BLOCK Irb = Channel->SenseFor;

    Channel->SenseFor = NULL;
    if (Irb != NULL)
        IdeComplete(Channel, Irb, IRB_STATUS_BUS_RESET);
}
